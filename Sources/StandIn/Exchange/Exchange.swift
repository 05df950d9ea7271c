import Market
import Simulation
import Trading

/// What happened at the exchange and somebody may want to hear.
enum ExchangeEvent {
    /// A trade of a symbol.
    case trade(Int, PublicTrade)
    /// An aggregate that is complete.
    case aggregate(Int, AggregateTrade)
    /// The best bid and ask after the change `updateID`.
    case top(Int, updateID: Int64, bid: BookLevel?, ask: BookLevel?)
    /// Something of an account, for its user-data streams.
    case user(Int, JSONValue)
}

/// The exchange: markets, accounts and orders. It knows nothing of connections.
///
/// Everything happens in one thread. Time comes from outside with each call, so that a test can say what time it is;
/// what happened is gathered in `events` until whoever drives it takes them.
final class Exchange {
    /// How many levels of the synthetic market a side of the book has.
    static let bookLevels = 200

    /// The symbols in the order in which they are listed.
    var markets: [SymbolMarket]
    let history: MarketHistory
    var accounts: [Account] = []
    /// How far the venue's clock is beside the true one, in milliseconds; see the fault `skew`.
    var skew: Int64 = 0
    /// The true time: of the last call, or of what the market does while that is taken in.
    private(set) var now: Timestamp
    /// Whether something of the market is being taken in.
    private var isTaking = false
    /// The numbers of the next order, order list, execution, prevented match and allocation.
    var nextOrderID: Int64
    var nextListID: Int64 = 1
    var nextExecutionID: Int64 = 1
    var nextPreventedMatchID: Int64 = 1
    var nextAllocationID: Int64 = 1
    /// Makes the client order ids that clients leave out.
    var names: SeededGenerator
    /// Orders that may still act, by symbol, oldest first.
    var working: [[Order]]
    /// Order lists by their number.
    var lists: [Int64: OrderList] = [:]
    /// Lists that are over, oldest first.
    var closedLists: [OrderList] = []
    /// Lists whose first order has filled, and whose others come in once what is going on is over.
    var activations: [OrderList] = []
    let limits: ExchangeLimits
    private(set) var events: [ExchangeEvent] = []
    private var synthetic: SyntheticMarket?
    private let indices: [String: Int]

    /// An exchange of a synthetic market that has been open for some minutes, a day and more by default.
    convenience init(
        seed: UInt64, profiles: [SyntheticInstrument], limits: ExchangeLimits, start: Timestamp,
        before minutes: Int = CandleBook.capacity
    ) {
        // What happens within a millisecond is told once the millisecond is over.
        let told = Timestamp(milliseconds: start.milliseconds).adding(nanoseconds: -1)
        let market = SyntheticMarket(
            seed: seed, instruments: profiles, start: told, bookLevels: Exchange.bookLevels)
        self.init(market, profiles.map(\.instrument), limits: limits, start: start)
        synthetic = market
        for index in markets.indices { open(index, market, told, minutes) }
    }

    /// An exchange whose market somebody else tells by `take`.
    init(_ market: SyntheticMarket, _ instruments: [Instrument], limits: ExchangeLimits, start: Timestamp) {
        history = MarketHistory(market)
        self.limits = limits
        now = start
        nextOrderID = start.seconds
        names = SeededGenerator(seed: UInt64(bitPattern: start.nanoseconds))
        markets = instruments.enumerated().map { index, instrument in
            let last = market.candle(InstrumentID(index), at: start.adding(seconds: -60)).close
            return SymbolMarket(InstrumentID(index), instrument, start: start.adding(seconds: -600), lastPrice: last)
        }
        working = Array(repeating: [], count: instruments.count)
        indices = Dictionary(uniqueKeysWithValues: instruments.enumerated().map { ($1.symbol, $0) })
    }

    /// Puts what was before the start in: minutes as functions of the seed, the last ten minutes trade by trade.
    private func open(_ index: Int, _ market: SyntheticMarket, _ told: Timestamp, _ count: Int) {
        let id = InstrumentID(index)
        let minute = CandleInterval.oneMinute.open(told)
        let first = minute.adding(seconds: -60 * Int64(max(count, 10)))
        let tapeStart = minute.adding(seconds: -600)
        var minutes: [MarketCandle] = []
        var time = first
        while time < tapeStart {
            minutes.append(history.minute(id, time))
            time = time.adding(seconds: 60)
        }
        markets[index].candles.begin(with: minutes)
        for trade in history.trades(id, from: tapeStart, to: told.adding(nanoseconds: 1)) {
            let numbered = markets[index].tape.add(trade).trade
            markets[index].candles.take(numbered)
            markets[index].lastPrice = trade.price
        }
        markets[index].liquidity.show(market.depth(id, at: told))
        publish(index)
    }

    /// The venue's time in milliseconds: what it answers, and what it judges requests by.
    var serverTime: Int64 { now.milliseconds + skew }

    /// The place of a symbol.
    func index(_ symbol: String) throws(APIError) -> Int {
        guard let index = indices[symbol] else { throw .badSymbol }
        return index
    }

    /// The place of the symbol that a request names.
    func index(_ parameters: Parameters) throws(APIError) -> Int {
        let symbol = try parameters.required("symbol")
        let isLegal = symbol.utf8.allSatisfy {
            (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || [0x2D, 0x5F, 0x2E].contains($0) || $0 >= 0x80
        }
        guard isLegal, symbol.utf8.count <= 60 else { throw .illegal("symbol", range: "^[A-Z0-9-_.]{1,20}$") }
        return try index(symbol)
    }

    /// The open orders of an account in a symbol, oldest first. O(open orders of the symbol).
    func open(_ account: Account, _ index: Int) -> [Order] {
        working[index].filter { $0.account == account.id && $0.status.isOpen }
    }

    func emit(_ event: ExchangeEvent) { events.append(event) }

    /// Takes what has happened.
    func takeEvents() -> [ExchangeEvent] {
        defer { events.removeAll(keepingCapacity: true) }
        return events
    }

    // MARK: - The market

    /// Lets the market go on until `time`, whole milliseconds at a time.
    func advance(to time: Timestamp) {
        guard time > now else { return }
        let told = Timestamp(milliseconds: time.milliseconds).adding(nanoseconds: -1)
        synthetic?.advance(to: told) { event in
            now = event.time
            take(event)
        }
        now = time
        guard synthetic != nil else { return }
        for index in markets.indices {
            markets[index].candles.roll(to: time)
            if let done = markets[index].tape.closeAggregate() { emit(.aggregate(index, done)) }
        }
    }

    /// Leaves the market to the clients: the books are emptied, and nothing happens any more but what they do.
    func endMarket() {
        synthetic = nil
        for index in markets.indices {
            markets[index].liquidity.show(BookDepth(time: now, bids: [], asks: []))
            publish(index)
        }
    }

    /// Sets the time of a market that somebody else tells.
    func setTime(_ time: Timestamp) { now = max(now, time) }

    /// The time of a trade that happens now. Requests trade at the begin of their millisecond, because the market of the
    /// rest of it is told after them.
    var tradeTime: Timestamp { isTaking ? now : Timestamp(milliseconds: now.milliseconds) }

    /// Takes an event of the market in: resting orders meet it before it is published.
    func take(_ event: MarketEvent) {
        isTaking = true
        defer { isTaking = false }
        switch event {
        case .depth(let id, let depth):
            markets[id.index].liquidity.show(depth)
            meetBook(id.index)
            settle(id.index)
        case .print(let id, let print):
            meetPrint(id.index, print)
            record(id.index, PublicTrade(print))
            settle(id.index)
        case .quote, .closedCandle: break
        }
    }

    /// Puts a trade on the tape and into the candles.
    @discardableResult
    func record(_ index: Int, _ trade: PublicTrade) -> PublicTrade {
        let (numbered, completed) = markets[index].tape.add(trade)
        if let completed { emit(.aggregate(index, completed)) }
        markets[index].candles.take(numbered)
        markets[index].lastPrice = trade.price
        emit(.trade(index, numbered))
        return numbered
    }

    /// Publishes the book of a symbol: what the market shows and what clients have resting.
    func publish(_ index: Int) {
        let changes = markets[index].book.publish(bids: visible(.buy, index), asks: visible(.sell, index))
        guard !changes.isEmpty else { return }
        markets[index].fast.take(changes)
        markets[index].slow.take(changes)
        let book = markets[index].book
        // The top changed when a change stands at or before the best level of its side.
        let isTop = changes.contains { change in
            switch change.side {
            case .buy: return change.level.price >= (book.bids.first?.price ?? .zero)
            case .sell: return change.level.price <= (book.asks.first?.price ?? change.level.price)
            }
        }
        if isTop {
            emit(.top(index, updateID: book.updateID, bid: book.bids.first, ask: book.asks.first))
        }
    }

    /// The levels of one side that the public sees, best first. O(levels + orders).
    private func visible(_ side: Side, _ index: Int) -> [BookLevel] {
        var levels = markets[index].liquidity.levels(side)
        for order in working[index] where order.side == side && order.isResting {
            let shown = order.shown
            let place = levels.partition { side == .buy ? $0.price <= order.price : $0.price >= order.price }
            if place < levels.count, levels[place].price == order.price {
                levels[place].quantity = levels[place].quantity + shown
            } else {
                levels.insert(BookLevel(price: order.price, quantity: shown), at: place)
            }
        }
        return levels
    }
}
