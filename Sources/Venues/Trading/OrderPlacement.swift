public import Market
public import Network
public import Trading

/// An order that is to be placed: the terms of the kernel's order with what a venue needs besides.
public struct OrderPlacement: Sendable, Hashable {
    /// What is traded.
    public var instrument: Instrument
    /// The number under which it is looked for when its fate is not known; never used for another order.
    public var clientOrderID: String
    /// Buy or sell.
    public var side: Side
    /// How it meets the market.
    public var type: OrderType
    /// How much; zero when `spend` says it in the quote currency.
    public var quantity: Quantity
    /// What to spend, or to bring, in the quote currency instead of a quantity; market orders only.
    public var spend: Money?
    /// The limit price; of a take-profit it is optional.
    public var limitPrice: Price?
    /// The price that wakes it.
    public var triggerPrice: Price?
    /// How far the market has to come back from its best to wake it, in hundredths of a percent; stops and targets only.
    public var trailing: Int?
    /// How long it works.
    public var timeInForce: TimeInForce
    /// Refused rather than taking liquidity.
    public var isPostOnly: Bool
    /// What happens when it meets an own order; as the venue has it by default.
    public var selfTradePrevention: SelfTradePrevention?
    /// What it is for: `open`, `reduce` or `protective`. Decides who goes first when limits are near.
    public var priority: RequestPriority

    /// An order of its parts.
    public init(
        _ instrument: Instrument, clientOrderID: String, _ side: Side, _ type: OrderType, quantity: Quantity = .zero,
        spend: Money? = nil, limitPrice: Price? = nil, triggerPrice: Price? = nil, trailing: Int? = nil,
        timeInForce: TimeInForce = .goodTilCancelled, isPostOnly: Bool = false,
        selfTradePrevention: SelfTradePrevention? = nil, priority: RequestPriority = .open
    ) {
        self.instrument = instrument
        self.clientOrderID = clientOrderID
        self.side = side
        self.type = type
        self.quantity = quantity
        self.spend = spend
        self.limitPrice = limitPrice
        self.triggerPrice = triggerPrice
        self.trailing = trailing
        self.timeInForce = timeInForce
        self.isPostOnly = isPostOnly
        self.selfTradePrevention = selfTradePrevention
        self.priority = priority
    }

    /// What the kernel wants of a venue. Whether an order only reduces is the kernel's to judge; here it decides the
    /// priority.
    public init(_ request: OrderRequest, of instrument: Instrument, clientOrderID: ClientOrderID) {
        self.init(
            instrument, clientOrderID: clientOrderID.description, request.side, request.type,
            quantity: request.quantity, spend: request.spend, limitPrice: request.limitPrice,
            triggerPrice: request.triggerPrice, trailing: request.trailing, timeInForce: request.timeInForce,
            isPostOnly: request.isPostOnly,
            priority: OrderPlacement.priority(of: request))
    }

    private static func priority(of request: OrderRequest) -> RequestPriority {
        if request.purpose.isProtective { return .protective }
        return request.isReduceOnly || request.purpose == .exit || request.purpose == .close ? .reduce : .open
    }

    /// What in it contradicts itself, in words; `nil` when nothing does.
    var contradiction: String? {
        if spend != nil, type != .market { return "only a market order says what to spend" }
        if (spend == nil) == quantity.isZero { return "an order has a quantity or an amount to spend, and not both" }
        if quantity.mantissa < 0 { return "a quantity is positive" }
        if type.hasLimit != (limitPrice != nil), type != .takeProfit {
            return type.hasLimit ? "a \(type.name) order has a limit price" : "a \(type.name) order has no limit price"
        }
        if type.hasTrigger != (triggerPrice != nil || trailing != nil) {
            return type.hasTrigger ? "a \(type.name) order has a trigger" : "a \(type.name) order has no trigger"
        }
        if type == .trailingStop, trailing == nil { return "a trailing-stop order says how far it follows" }
        if isPostOnly, type != .limit || timeInForce != .goodTilCancelled {
            return "post-only is for limit orders that work until cancelled"
        }
        return nil
    }
}

/// Orders that are placed together.
public struct OrderListPlacement: Sendable, Hashable {
    /// The number under which the list is looked for.
    public var clientListID: String
    /// What its orders are to each other.
    public var kind: Kind
    /// Its orders: the two of a pair in any order; otherwise the entry first.
    public var orders: [OrderPlacement]

    /// What the orders of a list are to each other.
    public enum Kind: Sendable, Hashable, CaseIterable {
        /// Two orders of one side and quantity, a target and a stop; one cancels the other.
        case pair
        /// Two orders; the second begins to work when the first has filled.
        case sequence
        /// Three orders; the last two are a pair that begins to work when the first has filled.
        case bracket
    }

    /// A list of its parts.
    public init(clientListID: String, _ kind: Kind, _ orders: [OrderPlacement]) {
        self.clientListID = clientListID
        self.kind = kind
        self.orders = orders
    }

    /// What in it contradicts itself, in words; `nil` when nothing does.
    var contradiction: String? {
        let count = kind == .bracket ? 3 : 2
        guard orders.count == count else { return "a list of this kind has \(count) orders" }
        guard Set(orders.map(\.instrument)).count == 1 else { return "a list is of one instrument" }
        if orders.contains(where: { $0.spend != nil }) { return "the orders of a list have quantities" }
        guard kind != .sequence else { return nil }
        let pair = orders.suffix(2)
        guard Set(pair.map(\.side)).count == 1, Set(pair.map(\.quantity)).count == 1 else {
            return "the two of a pair have one side and one quantity"
        }
        let stops = pair.count(where: \.type.isStop)
        return stops == 1 ? nil : "a pair is a target and a stop"
    }
}

/// What an order is judged against besides the rules.
public struct PlacementCircumstances: Sendable, Hashable {
    /// The venue's reference price, or the last; `nil` leaves what hangs on it to the venue.
    public var referencePrice: Price?
    /// What the account holds; `nil` leaves what hangs on it to the venue.
    public var balances: [VenueBalance]?
    /// The account's orders that are open besides, of whatever client and instrument, as far as they are known.
    public var openOrders: [OpenOrder]
    /// Orders that will follow on this one where it fills: what protects the position that it opens.
    public var following: [OpenOrder]

    /// An open order as far as it counts for another.
    public struct OpenOrder: Sendable, Hashable {
        /// The name of what is traded.
        public var instrument: String
        /// Buy or sell.
        public var side: Side
        /// How it meets the market.
        public var type: OrderType
        /// How much of it may still fill.
        public var leaves: Quantity
        /// What names the list that it belongs to; `nil` for one alone.
        public var list: String?

        /// An order of its parts.
        public init(instrument: String, side: Side, type: OrderType, leaves: Quantity, list: String? = nil) {
            self.instrument = instrument
            self.side = side
            self.type = type
            self.leaves = leaves
            self.list = list
        }
    }

    /// Circumstances of their parts.
    public init(
        referencePrice: Price? = nil, balances: [VenueBalance]? = nil, openOrders: [OpenOrder] = [],
        following: [OpenOrder] = []
    ) {
        self.referencePrice = referencePrice
        self.balances = balances
        self.openOrders = openOrders
        self.following = following
    }
}
