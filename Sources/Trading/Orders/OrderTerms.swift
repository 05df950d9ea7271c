public import Market

/// How an order meets the market.
public enum OrderType: UInt8, Sendable, Hashable, Codable, CaseIterable {
    /// At once, at the prices that are there.
    case market = 0
    /// At the limit price or better.
    case limit = 1
    /// Becomes a market order when the trigger price trades.
    case stop = 2
    /// Becomes a limit order when the trigger price trades.
    case stopLimit = 3
    /// Becomes a market order when the trigger price trades, on the profitable side of the market.
    case takeProfit = 4
    /// Becomes a limit order when the trigger price trades, on the profitable side of the market.
    case takeProfitLimit = 5
    /// Becomes a market order when the market has come back from its best by a distance.
    case trailingStop = 6

    /// The name used in commands and files.
    public var name: String {
        switch self {
        case .market: return "market"
        case .limit: return "limit"
        case .stop: return "stop"
        case .stopLimit: return "stop-limit"
        case .takeProfit: return "take-profit"
        case .takeProfitLimit: return "take-profit-limit"
        case .trailingStop: return "trailing-stop"
        }
    }

    /// The names of all types as people read them: `market, limit or stop`.
    public static var names: String {
        let names = allCases.map(\.name)
        return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    }

    /// The type with this name, or `nil`.
    public init?(name: some StringProtocol) {
        guard let match = OrderType.allCases.first(where: { $0.name == name.lowercased() }) else { return nil }
        self = match
    }

    /// Whether the order carries a limit price.
    @inlinable
    public var hasLimit: Bool { self == .limit || self == .stopLimit || self == .takeProfitLimit }
    /// Whether the order waits for a trigger: a price, or for one that trails a distance.
    @inlinable
    public var hasTrigger: Bool { isStop || isTarget }
    /// Whether the order waits for a price on the losing side of the market.
    @inlinable
    public var isStop: Bool { self == .stop || self == .stopLimit || self == .trailingStop }
    /// Whether the order waits for a price on the profitable side of the market.
    @inlinable
    public var isTarget: Bool { self == .takeProfit || self == .takeProfitLimit }
}

/// How long an order works.
public enum TimeInForce: UInt8, Sendable, Hashable, Codable, CaseIterable {
    /// Until cancelled.
    case goodTilCancelled = 0
    /// What fills at once fills, the rest is cancelled.
    case immediateOrCancel = 1
    /// All of it at once, or nothing.
    case fillOrKill = 2

    /// `GTC`, `IOC` or `FOK`.
    public var name: String {
        switch self {
        case .goodTilCancelled: return "GTC"
        case .immediateOrCancel: return "IOC"
        case .fillOrKill: return "FOK"
        }
    }

    /// The time in force with this name in any case, or `nil`.
    public init?(name: some StringProtocol) {
        guard let match = TimeInForce.allCases.first(where: { $0.name == name.uppercased() }) else { return nil }
        self = match
    }
}

/// Why an order exists.
public enum OrderPurpose: UInt8, Sendable, Hashable, Codable {
    /// A strategy opens or adds.
    case entry = 0
    /// A strategy leaves.
    case exit = 1
    /// Closes at a loss limit.
    case stopLoss = 2
    /// Closes at a profit target.
    case takeProfit = 3
    /// Closes when the price falls back from its best by a given share.
    case trailingStop = 4
    /// A person placed it.
    case manual = 5
    /// Closes a position on a person's word or by the emergency stop.
    case close = 6
    /// Brings a position in line with what its venue proved; never sent.
    case reconciliation = 7
    /// The venue closed a position whose margin no longer carried it; never sent.
    case liquidation = 8

    /// The name shown to people and kept in files.
    public var name: String {
        switch self {
        case .entry: return "entry"
        case .exit: return "exit"
        case .stopLoss: return "stop-loss"
        case .takeProfit: return "take-profit"
        case .trailingStop: return "trailing-stop"
        case .manual: return "manual"
        case .close: return "close"
        case .reconciliation: return "reconciliation"
        case .liquidation: return "liquidation"
        }
    }

    /// Whether the order protects an open position.
    public var isProtective: Bool { isStop || self == .takeProfit }

    /// Whether the order closes a position at a loss limit, fixed or trailing.
    public var isStop: Bool { self == .stopLoss || self == .trailingStop }
}

/// What is asked of a venue: an order before it has a number and a life.
public struct OrderRequest: Sendable, Hashable {
    /// The instrument.
    public var instrument: InstrumentID
    /// Buy or sell.
    public var side: Side
    /// How it meets the market.
    public var type: OrderType
    /// How much; zero when `spend` says it in the quote currency.
    public var quantity: Quantity
    /// The most to spend in the quote currency, fees included, instead of a quantity; market orders only: buys, and sales
    /// of what may be sold short. The venue turns it into a quantity at the price of the fill, rounded down to the step.
    public var spend: Money?
    /// The limit price of limit, stop-limit and take-profit-limit orders.
    public var limitPrice: Price?
    /// The trigger price of stops and take-profits; of a trailing stop the price from which on it follows, where it has one.
    public var triggerPrice: Price?
    /// How far the market has to come back from its best to set off a trailing stop, in basis points.
    public var trailing: Int?
    /// How long it works.
    public var timeInForce: TimeInForce
    /// Refused rather than taking liquidity.
    public var isPostOnly: Bool
    /// May only make the owner's position smaller.
    public var isReduceOnly: Bool
    /// Why it exists.
    public var purpose: OrderPurpose
    /// Orders of one group other than zero cancel each other when one fills (one-cancels-the-other).
    public var group: UInt64
    /// What is to protect the position that it opens; manual entries only. No venue is told of it: it is placed as orders.
    public var protection: EntryProtection?

    /// A request of its parts.
    public init(
        instrument: InstrumentID, side: Side, type: OrderType, quantity: Quantity, spend: Money? = nil,
        limitPrice: Price? = nil, triggerPrice: Price? = nil, trailing: Int? = nil,
        timeInForce: TimeInForce = .goodTilCancelled,
        isPostOnly: Bool = false, isReduceOnly: Bool = false, purpose: OrderPurpose, group: UInt64 = 0,
        protection: EntryProtection? = nil
    ) {
        self.instrument = instrument
        self.side = side
        self.type = type
        self.quantity = quantity
        self.spend = spend
        self.limitPrice = limitPrice
        self.triggerPrice = triggerPrice
        self.trailing = trailing
        self.timeInForce = timeInForce
        self.isPostOnly = isPostOnly
        self.isReduceOnly = isReduceOnly
        self.purpose = purpose
        self.group = group
        self.protection = protection
    }
}
