import Market

/// A trade as the exchange numbers and publishes it.
struct PublicTrade: Sendable, Hashable {
    var id: Int64
    var time: Timestamp
    var price: Price
    var quantity: Quantity
    /// Whether the buyer was there first, so that a seller took.
    var isBuyerMaker: Bool
    /// Which of the exchange's own takers made it, 0 for the synthetic market's: trades of one taker at one price are
    /// one aggregate.
    var taker: Int64 = 0
}

/// Trades of one taker at one price and one millisecond, as `aggTrades` shows them.
struct AggregateTrade: Sendable, Hashable {
    var id: Int64
    var first: PublicTrade
    var quantity: Quantity
    var lastID: Int64

    /// Whether a trade belongs to it.
    func includes(_ trade: PublicTrade) -> Bool {
        trade.price == first.price && trade.isBuyerMaker == first.isBuyerMaker && trade.taker == first.taker
            && trade.time.milliseconds == first.time.milliseconds
    }
}

/// The trades of one symbol since the exchange started and a little before, the newest kept.
///
/// Ids count up one by one. They begin far above whatever an earlier start of the same market could have reached.
struct Tape: Sendable {
    /// How many trades and aggregates are kept.
    static let capacity = 50_000

    private(set) var trades: [PublicTrade] = []
    private(set) var aggregates: [AggregateTrade] = []
    private(set) var nextID: Int64
    private var nextAggregateID: Int64
    private var open: AggregateTrade?

    /// A tape whose first trade gets the id `firstID`.
    init(firstID: Int64) {
        nextID = firstID
        nextAggregateID = firstID
    }

    /// The last trade.
    var last: PublicTrade? { trades.last }

    /// Numbers and keeps a trade.
    ///
    /// - Returns: the trade with its id, and the aggregate that is complete because of it.
    mutating func add(_ trade: PublicTrade) -> (trade: PublicTrade, completed: AggregateTrade?) {
        var trade = trade
        trade.id = nextID
        nextID += 1
        if trades.count >= Tape.capacity * 2 { trades.removeFirst(Tape.capacity) }
        trades.append(trade)
        if var running = open, running.includes(trade) {
            running.quantity = running.quantity + trade.quantity
            running.lastID = trade.id
            open = running
            return (trade, nil)
        }
        let completed = closeAggregate()
        open = AggregateTrade(id: nextAggregateID, first: trade, quantity: trade.quantity, lastID: trade.id)
        nextAggregateID += 1
        return (trade, completed)
    }

    /// Completes the aggregate that further trades could still have joined; `nil` when there is none.
    mutating func closeAggregate() -> AggregateTrade? {
        guard let done = open else { return nil }
        open = nil
        if aggregates.count >= Tape.capacity * 2 { aggregates.removeFirst(Tape.capacity) }
        aggregates.append(done)
        return done
    }

    /// The newest trades, oldest first.
    func newest(_ limit: Int) -> ArraySlice<PublicTrade> { trades.suffix(limit) }

    /// Trades from an id on, oldest first. O(log trades).
    func trades(from id: Int64, _ limit: Int) -> ArraySlice<PublicTrade> {
        trades[trades.partition { $0.id >= id }...].prefix(limit)
    }
}

extension Array {
    /// The first place from which on `isAtOrAfter` holds, in an array ordered by it. O(log n).
    func partition(_ isAtOrAfter: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isAtOrAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
