import Market
public import Venues

/// Compares the top of a book kept from changes with the best bid and ask that the venue tells by itself.
///
/// The venue tells a ticker at each change of the top, with the number of the update. So between two tickers the top is
/// that of the first one, and a book after an update in between must have it. Which of the two streams is ahead does not
/// matter: some hundred tickers are kept for a book that comes later, and a top waits for the ticker behind it. None may be
/// left out: where some were or may be, as before the first of another connection, all begins anew (`reset`).
public struct TopCheck: Sendable {
    /// The top of a book after an update.
    private struct Top: Sendable {
        var id: Int64
        var bid: BookLevel?
        var ask: BookLevel?
    }

    /// What came of the tops that could be compared.
    public enum Result: Sendable, Hashable {
        /// There was nothing that could be.
        case undecided
        /// This many were equal to the venue's.
        case agreed(Int)
        /// After update `id` the book had another top than the venue. Further ones that could be compared were left out.
        case disagreed(id: Int64, book: BookTicker, venue: BookTicker)
    }

    /// How many tops were compared so far.
    public private(set) var compared = 0
    /// Tops that no two tickers enclose so far.
    private var waiting: [Top] = []
    /// The last tickers, their updates rising.
    private var tickers: [BookTicker] = []
    /// The most tops that wait, six seconds of changes, and the most tickers kept. The older ones of more are forgotten.
    private static let (mostTops, mostTickers) = (64, 512)

    /// A check that has seen nothing.
    public init() {
        waiting.reserveCapacity(TopCheck.mostTops)
        tickers.reserveCapacity(TopCheck.mostTickers)
    }

    /// Notes the top of a live book after a change, and compares it when a later ticker came already.
    public mutating func note(_ book: borrowing LocalBook) -> Result {
        guard book.state == .live else { return .undecided }
        if waiting.count == TopCheck.mostTops { waiting.removeFirst(TopCheck.mostTops / 4) }
        waiting.append(Top(id: book.lastID, bid: book.bestBid, ask: book.bestAsk))
        return decide()
    }

    /// Notes a ticker, and compares the tops that it decides. One that does not come behind the last is passed over.
    public mutating func note(_ ticker: BookTicker) -> Result {
        guard tickers.last.map({ $0.updateID < ticker.updateID }) ?? true else { return .undecided }
        if tickers.count == TopCheck.mostTickers { tickers.removeFirst(TopCheck.mostTickers / 2) }
        tickers.append(ticker)
        return decide()
    }

    /// Forgets everything: what comes next does not follow what came before.
    public mutating func reset() {
        waiting.removeAll(keepingCapacity: true)
        tickers.removeAll(keepingCapacity: true)
    }

    private mutating func decide() -> Result {
        guard let last = tickers.last?.updateID else { return .undecided }
        var agreed = 0
        while let top = waiting.first, top.id < last {
            waiting.removeFirst()
            // The last that is not behind the top; what was before the first ticker can't be told.
            guard let venue = tickers.last(where: { $0.updateID <= top.id }) else { continue }
            compared += 1
            let found = TopCheck.ticker(top, like: venue)
            guard found == venue else { return .disagreed(id: top.id, book: found, venue: venue) }
            agreed += 1
        }
        return agreed == 0 ? .undecided : .agreed(agreed)
    }

    private static func ticker(_ top: Top, like ticker: BookTicker) -> BookTicker {
        BookTicker(
            instrument: ticker.instrument, updateID: ticker.updateID, bid: top.bid?.price ?? .zero,
            bidSize: top.bid?.quantity ?? .zero, ask: top.ask?.price ?? .zero, askSize: top.ask?.quantity ?? .zero)
    }
}
