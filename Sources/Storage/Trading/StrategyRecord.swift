public import Market
public import Trading

/// A strategy as the store keeps it: everything in the words that people write, so that a class may gain parameters
/// without the stored ones losing their meaning.
public struct StrategyRecord: Sendable, Hashable {
    /// Its number; 0 for one that was not stored yet. Numbers are never used again.
    public var id: StrategyID
    /// The name people gave it; unique among those that are not removed.
    public var name: String
    /// The class, by name.
    public var className: String
    /// Its parameters by name, as people write them.
    public var parameters: [String: String]
    /// What it trades.
    public var instrument: Instrument
    /// The candles it sees.
    public var timeframe: Timeframe
    /// How big its entries are.
    public var sizing: Sizing
    /// The share of the account's equity it may use.
    public var capitalShare: Ratio
    /// Its protective orders.
    public var protection: Protection
    /// Its own limits.
    public var limits: StrategyLimits
    /// Whether it trades.
    public var status: StrategyStatus
    /// Why it has this status, in words; empty when a person set it without a reason.
    public var reason: String
    /// Counts every change of this strategy; tells a running engine what to look at.
    public internal(set) var revision: Int64
    /// When it was registered.
    public internal(set) var createdAt: Timestamp
    /// When it last changed.
    public internal(set) var updatedAt: Timestamp
    /// Whether it was removed; its trades remain.
    public internal(set) var isRemoved: Bool

    /// A strategy that is to be stored with `Store.add`.
    public init(
        name: String, className: String, parameters: [String: String] = [:], instrument: Instrument,
        timeframe: Timeframe, sizing: Sizing = .allIn, capitalShare: Ratio = .one, protection: Protection = .none,
        limits: StrategyLimits = .none, status: StrategyStatus = .disabled, reason: String = ""
    ) {
        id = .manual
        self.name = name
        self.className = className
        self.parameters = parameters
        self.instrument = instrument
        self.timeframe = timeframe
        self.sizing = sizing
        self.capitalShare = capitalShare
        self.protection = protection
        self.limits = limits
        self.status = status
        self.reason = reason
        revision = 0
        createdAt = .epoch
        updatedAt = .epoch
        isRemoved = false
    }

    /// The record of a registration.
    public init(_ registration: StrategyRegistration, instrument: Instrument, reason: String = "") {
        self.init(
            name: registration.name, className: registration.className,
            parameters: Dictionary(
                registration.parameters.texts.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first }),
            instrument: instrument, timeframe: registration.timeframe, sizing: registration.sizing,
            capitalShare: registration.capitalShare, protection: registration.protection,
            limits: registration.limits, status: registration.status, reason: reason)
        id = registration.id
    }

    /// The registration for a kernel.
    ///
    /// - Parameters:
    ///   - descriptors: the parameters of its class.
    ///   - instrument: the number of its instrument in this run.
    /// - Throws: `ParameterErrors` when the class no longer takes the stored parameters.
    public func registration(
        descriptors: [ParameterDescriptor], instrument: InstrumentID
    ) throws(ParameterErrors) -> StrategyRegistration {
        let overrides = parameters.sorted { $0.key < $1.key }.map { (name: $0.key, text: $0.value) }
        return StrategyRegistration(
            id: id, name: name, className: className,
            parameters: try Parameters(descriptors, overrides: overrides), instrument: instrument,
            timeframe: timeframe, sizing: sizing, capitalShare: capitalShare, protection: protection,
            limits: limits, status: status)
    }
}
