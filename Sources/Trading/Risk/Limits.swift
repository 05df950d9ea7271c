public import Market

/// The account's limits. `nil` switches a check off.
public struct RiskLimits: Sendable, Hashable {
    /// The most orders working at once.
    public var maximumOpenOrders: Int?
    /// The largest notional of one order.
    public var maximumOrderNotional: Money?
    /// The largest notional of one instrument's position, all owners together.
    public var maximumPositionNotional: Money?
    /// The largest notional of all positions, as a share of equity.
    public var maximumExposure: Ratio?
    /// How far the equity may fall below its peak before only reductions are allowed.
    public var maximumDrawdown: Ratio?
    /// How much of the day's first equity may be lost before only reductions are allowed.
    public var maximumDailyLoss: Ratio?
    /// How old an instrument's data may be for an order that opens, in seconds.
    public var maximumDataAgeSeconds: Int64?
    /// How far a limit or trigger price may stand from the last price, as a share of it.
    public var priceBand: Ratio?

    /// Limits of their parts.
    public init(
        maximumOpenOrders: Int? = nil, maximumOrderNotional: Money? = nil, maximumPositionNotional: Money? = nil,
        maximumExposure: Ratio? = nil, maximumDrawdown: Ratio? = nil, maximumDailyLoss: Ratio? = nil,
        maximumDataAgeSeconds: Int64? = nil, priceBand: Ratio? = nil
    ) {
        self.maximumOpenOrders = maximumOpenOrders
        self.maximumOrderNotional = maximumOrderNotional
        self.maximumPositionNotional = maximumPositionNotional
        self.maximumExposure = maximumExposure
        self.maximumDrawdown = maximumDrawdown
        self.maximumDailyLoss = maximumDailyLoss
        self.maximumDataAgeSeconds = maximumDataAgeSeconds
        self.priceBand = priceBand
    }

    /// No limits but those of halt, instrument rules and balance.
    public static let none = RiskLimits()
}

/// One strategy's own limits. `nil` switches a check off.
public struct StrategyLimits: Sendable, Hashable {
    /// The largest notional of its position.
    public var maximumPositionNotional: Money?
    /// The largest notional of its position as a share of the account's equity.
    public var maximumShare: Ratio?
    /// How far its own equity (its capital share and its results) may fall below its peak before it is halted.
    public var maximumDrawdown: Ratio?

    /// Limits of their parts.
    public init(
        maximumPositionNotional: Money? = nil, maximumShare: Ratio? = nil, maximumDrawdown: Ratio? = nil
    ) {
        self.maximumPositionNotional = maximumPositionNotional
        self.maximumShare = maximumShare
        self.maximumDrawdown = maximumDrawdown
    }

    /// Whether the size of its position is limited.
    var limitsSize: Bool { maximumPositionNotional != nil || maximumShare != nil }

    /// No limits of its own.
    public static let none = StrategyLimits()
}
