import Market
import Simulation
import Trading

/// Everything public of one symbol: book, tape, candles, rules.
///
/// The published book is the synthetic market's, less what clients took of it and plus what clients have resting there.
struct SymbolMarket {
    let id: InstrumentID
    let instrument: Instrument
    var filters: SymbolFilters
    /// `TRADING`, or another status of the venue's.
    var status = "TRADING"
    /// Whether orders may wait for others (`otoAllowed`).
    var allowsSequences = true
    /// Whether orders may sell what another one buys (`opoAllowed`).
    var allowsPaying = true
    var book: LiveBook
    var fast: DepthGathering
    var slow: DepthGathering
    var tape: Tape
    var candles: CandleBook
    var liquidity: MarketLiquidity
    /// The last trade's price; that of the last minute before anything was told.
    var lastPrice: Price

    init(_ id: InstrumentID, _ instrument: Instrument, start: Timestamp, lastPrice: Price) {
        self.id = id
        self.instrument = instrument
        filters = SymbolFilters(instrument.rules)
        // Ids of a later start begin above those of an earlier one, whatever happened in it.
        let firstID = MarketHistory.firstID(at: start)
        book = LiveBook(updateID: firstID)
        fast = DepthGathering(after: firstID)
        slow = DepthGathering(after: firstID)
        tape = Tape(firstID: firstID)
        candles = CandleBook(instrument: id)
        liquidity = MarketLiquidity()
        self.lastPrice = lastPrice
    }

    var symbol: String { instrument.symbol }

    /// The average of the last minutes that the percent filters refer to: quote ÷ base, or the last price.
    var averagePrice: Price {
        guard let window = candles.window(minutes: filters.averageMinutes), !window.isEmpty else { return lastPrice }
        return window.averagePrice
    }
}

/// What the synthetic market shows to be taken, less what has been taken.
///
/// A level that a client took from stays that much smaller for about a second, then it is as the market has it again.
struct MarketLiquidity: Sendable {
    /// Ticks of the market until a level has filled up again.
    static let refillTicks = 8

    private struct Taken {
        var side: Side
        var price: Price
        var quantity: Quantity
        var until: Int
    }

    private var bids: [BookLevel] = []
    private var asks: [BookLevel] = []
    private var taken: [Taken] = []
    private var tick = 0

    /// The market's book of a new tick.
    mutating func show(_ depth: BookDepth) {
        bids = depth.bids
        asks = depth.asks
        tick += 1
        taken.removeAll { $0.until <= tick }
    }

    /// What is there on a side of the book, best first. O(levels × what was taken lately).
    func levels(_ side: Side) -> [BookLevel] {
        let levels = side == .buy ? bids : asks
        guard taken.contains(where: { $0.side == side }) else { return levels }
        return levels.compactMap { level in
            var rest = level.quantity
            for part in taken where part.side == side && part.price == level.price { rest = rest - part.quantity }
            return rest.mantissa > 0 ? BookLevel(price: level.price, quantity: rest) : nil
        }
    }

    /// What is there at one price.
    func quantity(_ side: Side, at price: Price) -> Quantity {
        levels(side).first { $0.price == price }?.quantity ?? .zero
    }

    /// Takes from a level.
    mutating func take(_ side: Side, _ price: Price, _ quantity: Quantity) {
        taken.append(Taken(side: side, price: price, quantity: quantity, until: tick + MarketLiquidity.refillTicks))
    }
}
