public import Market

/// An order of a list; how much, and on which side, the list says.
public struct SpotLeg: Sendable, Hashable {
    /// How it meets the market.
    public var terms: SpotTerms
    /// Its client order number.
    public var clientOrderID: String
    /// How much of it the book shows.
    public var icebergQuantity: Quantity?

    /// A leg of its parts.
    public init(_ terms: SpotTerms, clientOrderID: String, icebergQuantity: Quantity? = nil) {
        self.terms = terms
        self.clientOrderID = clientOrderID
        self.icebergQuantity = icebergQuantity
    }
}

/// Two orders of which one cancels the other: a target and a stop.
public struct SpotPair: Sendable, Hashable {
    /// Buy or sell, both of them.
    public var side: Side
    /// How much, each of them.
    public var quantity: Quantity
    /// The one above the market.
    public var above: SpotLeg
    /// The one below the market.
    public var below: SpotLeg

    /// A pair of its parts.
    public init(_ side: Side, _ quantity: Quantity, above: SpotLeg, below: SpotLeg) {
        self.side = side
        self.quantity = quantity
        self.above = above
        self.below = below
    }
}

/// Orders that are placed together.
public struct NewSpotOrderList: Sendable, Hashable {
    /// What is traded.
    public var instrument: Instrument
    /// The number under which the list is looked for.
    public var clientListID: String
    /// Its orders.
    public var content: Content
    /// What happens when one meets an own order; as the symbol's rules say by default.
    public var selfTradePrevention: SelfTradePrevention?

    /// What the orders of a list are to each other.
    public enum Content: Sendable, Hashable {
        /// One cancels the other (OCO).
        case pair(SpotPair)
        /// When the first has filled, the second begins to work (OTO).
        case entry(SpotOrderOfList, then: SpotOrderOfList)
        /// When the first has filled, a pair begins to work (OTOCO): an entry with its target and its stop.
        case entryWithPair(SpotOrderOfList, SpotPair)
    }

    /// A list of its parts.
    public init(
        _ instrument: Instrument, _ content: Content, clientListID: String,
        selfTradePrevention: SelfTradePrevention? = nil
    ) {
        self.instrument = instrument
        self.content = content
        self.clientListID = clientListID
        self.selfTradePrevention = selfTradePrevention
    }

    /// Whether its orders all work from the beginning.
    var isPair: Bool {
        if case .pair = content { return true }
        return false
    }

    /// Its orders, each as if it were placed alone.
    public var orders: [NewSpotOrder] {
        func order(_ side: Side, _ quantity: Quantity, _ leg: SpotLeg) -> NewSpotOrder {
            NewSpotOrder(
                instrument, side, .quantity(quantity), leg.terms, clientOrderID: leg.clientOrderID,
                icebergQuantity: leg.icebergQuantity, selfTradePrevention: selfTradePrevention)
        }
        func orders(_ pair: SpotPair) -> [NewSpotOrder] {
            [order(pair.side, pair.quantity, pair.above), order(pair.side, pair.quantity, pair.below)]
        }
        switch content {
        case .pair(let pair): return orders(pair)
        case .entry(let first, let second):
            return [first, second].map { order($0.side, $0.quantity, $0.leg) }
        case .entryWithPair(let first, let pair):
            return [order(first.side, first.quantity, first.leg)] + orders(pair)
        }
    }
}

/// An order of a list with a side and a quantity of its own.
public struct SpotOrderOfList: Sendable, Hashable {
    /// Buy or sell.
    public var side: Side
    /// How much.
    public var quantity: Quantity
    /// The rest.
    public var leg: SpotLeg

    /// An order of its parts.
    public init(_ side: Side, _ quantity: Quantity, _ leg: SpotLeg) {
        self.side = side
        self.quantity = quantity
        self.leg = leg
    }
}

extension SpotParameters {
    mutating func add(_ leg: SpotLeg, prefix: String) {
        add(leg.terms, prefix: prefix, iceberg: leg.icebergQuantity)
        add(prefix + "ClientOrderId", leg.clientOrderID)
    }

    /// An order with its own side and quantity (`workingSide`).
    mutating func add(_ order: SpotOrderOfList, prefix: String) {
        add(prefix + "Side", order.side.wireName)
        add(prefix + "Quantity", order.quantity)
        add(order.leg, prefix: prefix)
    }

    mutating func add(_ list: NewSpotOrderList) {
        add("listClientOrderId", list.clientListID)
        switch list.content {
        case .pair(let pair):
            add("side", pair.side.wireName)
            add("quantity", pair.quantity)
            add(pair.above, prefix: "above")
            add(pair.below, prefix: "below")
        case .entry(let first, let second):
            add(first, prefix: "working")
            add(second, prefix: "pending")
        case .entryWithPair(let first, let pair):
            add(first, prefix: "working")
            add("pendingSide", pair.side.wireName)
            add("pendingQuantity", pair.quantity)
            add(pair.above, prefix: "pendingAbove")
            add(pair.below, prefix: "pendingBelow")
        }
        add("selfTradePreventionMode", list.selfTradePrevention?.rawValue)
        add("newOrderRespType", "FULL")
    }
}
