public import Market

/// How big a strategy's entries are.
public enum Sizing: Sendable, Hashable {
    /// All free cash, fees included.
    case allIn
    /// A fixed quantity of the base asset.
    case quantity(Quantity)
    /// A share of the account's equity at the decision, fees included, at most the free cash.
    case equityShare(Ratio)
}

/// Protective orders that follow each entry of a strategy. `nil` switches one off.
public struct Protection: Sendable, Hashable {
    /// A stop this share beyond the average entry price.
    public var stopLoss: Ratio?
    /// A target this share in front of the average entry price.
    public var takeProfit: Ratio?
    /// A stop that follows the best close since entry at this share.
    public var trailingStop: Ratio?

    /// Protection of its parts.
    public init(stopLoss: Ratio? = nil, takeProfit: Ratio? = nil, trailingStop: Ratio? = nil) {
        self.stopLoss = stopLoss
        self.takeProfit = takeProfit
        self.trailingStop = trailingStop
    }

    /// No protective orders.
    public static let none = Protection()

    /// Whether any is on.
    public var isActive: Bool { stopLoss != nil || takeProfit != nil || trailingStop != nil }
}

/// Whether a registered strategy trades.
public enum StrategyStatus: String, Sendable, Hashable, Codable {
    /// It sees candles and trades.
    case enabled
    /// It rests; its open position and protective orders stay.
    case disabled
    /// It was stopped by a breaker or a fault; a person enables it again.
    case halted
}

/// A strategy as registered: what, where, how much, within which limits.
public struct StrategyRegistration: Sendable, Hashable {
    /// Its number, 1 or more, never used again.
    public var id: StrategyID
    /// The name people gave it.
    public var name: String
    /// The class, by name.
    public var className: String
    /// What people call the class.
    public var classTitle: String { StrategyClass.title(of: className) }
    /// The checked parameters of the class.
    public var parameters: Parameters
    /// What it trades.
    public var instrument: InstrumentID
    /// The candles it sees.
    public var timeframe: Timeframe
    /// How big its entries are.
    public var sizing: Sizing
    /// The share of the account's equity it may use: the basis of its own drawdown and of its exposure limit.
    public var capitalShare: Ratio
    /// Its protective orders.
    public var protection: Protection
    /// Its own limits.
    public var limits: StrategyLimits
    /// Whether it trades.
    public var status: StrategyStatus

    /// A registration of its parts.
    public init(
        id: StrategyID, name: String, className: String, parameters: Parameters, instrument: InstrumentID,
        timeframe: Timeframe, sizing: Sizing, capitalShare: Ratio = .one, protection: Protection = .none,
        limits: StrategyLimits = .none, status: StrategyStatus = .enabled
    ) {
        self.id = id
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
    }
}
