/// The best bid and ask of a book at an instant.
@frozen
public struct Quote: Hashable, Sendable {
    /// When it held, by the venue's clock.
    public var time: Timestamp
    /// The highest price bid.
    public var bid: Price
    /// The lowest price asked.
    public var ask: Price
    /// The quantity bid at that price.
    public var bidSize: Quantity
    /// The quantity asked at that price.
    public var askSize: Quantity

    /// A quote of its parts.
    @inlinable
    public init(time: Timestamp, bid: Price, ask: Price, bidSize: Quantity, askSize: Quantity) {
        self.time = time
        self.bid = bid
        self.ask = ask
        self.bidSize = bidSize
        self.askSize = askSize
    }

    /// Half way between bid and ask, rounded toward the bid where it falls between two units.
    @inlinable
    public var mid: Price { Price(mantissa: bid.mantissa + (ask.mantissa - bid.mantissa) / 2) }
}

/// One trade print of a venue's public tape.
@frozen
public struct TradePrint: Hashable, Sendable {
    /// When it traded, by the venue's clock.
    public var time: Timestamp
    /// The price.
    public var price: Price
    /// The base quantity.
    public var quantity: Quantity
    /// The side that took liquidity.
    public var aggressor: Side
    /// The venue's identifier, unique within the instrument.
    public var id: UInt64

    /// A print of its parts.
    @inlinable
    public init(time: Timestamp, price: Price, quantity: Quantity, aggressor: Side, id: UInt64) {
        self.time = time
        self.price = price
        self.quantity = quantity
        self.aggressor = aggressor
        self.id = id
    }
}

/// One price level of an order book.
@frozen
public struct BookLevel: Hashable, Sendable {
    /// The price of the level.
    public var price: Price
    /// The total quantity resting there.
    public var quantity: Quantity

    /// A level of its parts.
    @inlinable
    public init(price: Price, quantity: Quantity) {
        self.price = price
        self.quantity = quantity
    }
}

/// The visible depth of a book at an instant, best levels first.
public struct BookDepth: Hashable, Sendable {
    /// When it held.
    public var time: Timestamp
    /// Bids, highest price first.
    public var bids: [BookLevel]
    /// Asks, lowest price first.
    public var asks: [BookLevel]

    /// A depth of its levels.
    public init(time: Timestamp, bids: [BookLevel], asks: [BookLevel]) {
        self.time = time
        self.bids = bids
        self.asks = asks
    }

    /// The best bid and ask, or `nil` when a side is empty.
    public var quote: Quote? {
        guard let bid = bids.first, let ask = asks.first else { return nil }
        return Quote(time: time, bid: bid.price, ask: ask.price, bidSize: bid.quantity, askSize: ask.quantity)
    }

    /// (bid − ask) ÷ (bid + ask) of the quantity in the best `levels` of each side, −1…1; 0 for an empty book.
    public func imbalance(levels: Int) -> Double {
        var bid: Int64 = 0
        var ask: Int64 = 0
        for level in bids.prefix(levels) { bid += level.quantity.mantissa }
        for level in asks.prefix(levels) { ask += level.quantity.mantissa }
        return bid + ask == 0 ? 0 : Double(bid - ask) / Double(bid + ask)
    }
}
