/// How many standard deviations a value lies above the mean of the window it ends.
///
/// `(value - mean) / deviation` over the last `period` values, the value included. A window without any deviation
/// gives 0.
@frozen
public struct ZScore: ValueIndicator {
    @usableFromInline var deviation: StandardDeviation
    @usableFromInline var latest = Double.nan

    /// The score, without unit; NaN while warming up.
    @inlinable
    public var value: Double { latest }

    /// Makes a score against the last `period` values, 2 to `maximumPeriod`.
    @inlinable
    public init(period: Int = 20, divisor: StandardDeviation.Divisor = .population) {
        requirePeriod(period, atLeast: 2)
        deviation = StandardDeviation(period: period, divisor: divisor)
    }

    /// How many values the first defined output takes: `period`.
    @inlinable
    public static func warmUp(period: Int) -> Int { period }

    /// How many values, the current one included, the first defined output takes.
    @inlinable
    public var warmUp: Int { deviation.warmUp }

    /// Whether the last update yielded a defined output.
    @inlinable
    public var isReady: Bool { deviation.isReady }

    /// Takes the next value and returns the new output, NaN while warming up. A hole (see `ValueIndicator`) starts the
    /// indicator afresh.
    @inlinable
    @discardableResult
    public mutating func update(_ value: Double) -> Double {
        let spread = deviation.update(value)
        latest = spread == 0 ? 0 : deviation.distance(of: value) / spread
        return latest
    }
}
