/// Where a strategy wants to be.
public enum Direction: Int8, Sendable, Hashable, Codable {
    /// Holding the instrument.
    case long = 1
    /// Holding nothing.
    case flat = 0
    /// Owing the instrument.
    case short = -1

    /// `long`, `flat` or `short`.
    public var name: String {
        switch self {
        case .long: return "long"
        case .flat: return "flat"
        case .short: return "short"
        }
    }
}

/// An indicator value that explains a signal.
public struct NamedValue: Sendable, Hashable, Codable {
    /// What it is, `fast` or `RSI(14)`.
    public var name: String
    /// Its value.
    public var value: Double

    /// A value of its parts.
    public init(_ name: String, _ value: Double) {
        self.name = name
        self.value = value
    }
}

/// What a strategy says at the close of a candle.
public struct Signal: Sendable, Hashable {
    /// Where it wants to be.
    public var direction: Direction
    /// How strongly, 0…1: the share of its sizing that an entry takes.
    public var strength: Double
    /// How sure it is, 0…1.
    public var confidence: Double
    /// The rule that fired, in words.
    public var rule: String
    /// The indicator values that made it fire.
    public var values: [NamedValue]
    /// The protection that goes with an entry, in place of what the registration says; the registration says it from then
    /// on. `nil` leaves it as it is.
    public var protection: Protection?

    /// A signal of its parts.
    public init(
        _ direction: Direction, strength: Double = 1, confidence: Double = 1, rule: String, values: [NamedValue]
    ) {
        self.direction = direction
        self.strength = strength
        self.confidence = confidence
        self.rule = rule
        self.values = values
    }
}
