import Market
public import Venues

/// Compares the top of a book kept from changes with the best bid and ask that the venue tells by itself.
///
/// The venue tells a ticker at each change of the top, with the number of the update. So between two tickers the top is
/// that of the first one, and a book after an update in between must have it. Which of the two streams is ahead does not
/// matter: a top waits until a later ticker came. Only tickers of one connection may be given, none left out.
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
        /// After update `id` the book had another top than the venue.
        case disagreed(id: Int64, book: BookTicker, venue: BookTicker)
    }

    /// How many tops were compared so far.
    public private(set) var compared = 0
    private var waiting: [Top] = []
    private var last: BookTicker?
    /// The most tops that wait: six seconds of changes. Further ones replace the oldest.
    private static let most = 64

    /// A check that has seen nothing.
    public init() { waiting.reserveCapacity(TopCheck.most) }

    /// Notes the top of a live book after a change.
    public mutating func note(_ book: borrowing LocalBook) {
        guard book.state == .live else { return }
        if waiting.count == TopCheck.most { waiting.removeFirst(TopCheck.most / 4) }
        waiting.append(Top(id: book.lastID, bid: book.bestBid, ask: book.bestAsk))
    }

    /// Notes a ticker, and compares the tops that it decides. One that does not come behind the last is passed over.
    public mutating func note(_ ticker: BookTicker) -> Result {
        guard let previous = last else {
            last = ticker
            // What was before the first ticker can't be told.
            waiting.removeAll { $0.id < ticker.updateID }
            return .undecided
        }
        guard ticker.updateID > previous.updateID else { return .undecided }
        last = ticker
        var agreed = 0
        while let top = waiting.first, top.id < ticker.updateID {
            waiting.removeFirst()
            guard top.id >= previous.updateID else { continue }
            compared += 1
            let found = TopCheck.ticker(top, like: previous)
            guard found == previous else { return .disagreed(id: top.id, book: found, venue: previous) }
            agreed += 1
        }
        return agreed == 0 ? .undecided : .agreed(agreed)
    }

    /// Forgets everything, for another connection.
    public mutating func reset() {
        waiting.removeAll(keepingCapacity: true)
        last = nil
    }

    private static func ticker(_ top: Top, like ticker: BookTicker) -> BookTicker {
        BookTicker(
            instrument: ticker.instrument, updateID: ticker.updateID, bid: top.bid?.price ?? .zero,
            bidSize: top.bid?.quantity ?? .zero, ask: top.ask?.price ?? .zero, askSize: top.ask?.quantity ?? .zero)
    }
}
