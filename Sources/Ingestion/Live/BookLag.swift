import Market
import Venues

/// Notices a book that the venue's best prices have left behind: its changes come no more, though its connection stands and
/// brings everything else.
///
/// Best prices are told at once and changes of a book each tenth of a second, so that a book is behind most of the time, but
/// never for long. The numbers of their updates say which is ahead. Best prices that are those of the book say nothing: they may
/// have moved and moved back within a tenth of a second.
struct BookLag {
    /// For how long, by the venue's time, best prices may be ahead.
    private static let patience: Int64 = 3_000_000_000

    /// The first update that the book has not come to, and when best prices told of it, by the venue's time.
    private var first: (id: Int64, time: Timestamp)?
    /// The last such update.
    private var last: Int64 = 0

    /// Best prices came.
    ///
    /// - Parameters:
    ///   - isAhead: whether they are of an update that the book has not come to, and others than its.
    ///   - time: the venue's time; `nil` where it is not known yet.
    mutating func note(_ ticker: BookTicker, isAhead: Bool, at time: () -> Timestamp?) {
        guard isAhead else {
            first = nil
            return
        }
        if first == nil {
            guard let time = time() else { return }
            first = (ticker.updateID, time)
        }
        last = ticker.updateID
    }

    /// The book has come to an update.
    mutating func note(bookID: Int64, at time: Timestamp) {
        guard let id = first?.id, id <= bookID else { return }
        first = last > bookID ? (last, time) : nil
    }

    /// Whether best prices have been ahead for too long.
    func isOver(at time: Timestamp) -> Bool {
        first.map { time.nanoseconds(since: $0.time) > BookLag.patience } ?? false
    }

    /// Forgets everything.
    mutating func reset() { first = nil }
}

extension LocalBook {
    /// Whether its best levels are those that a ticker tells.
    func hasTop(of ticker: BookTicker) -> Bool {
        let (bid, ask) = (bestBid, bestAsk)
        return (bid?.price ?? .zero) == ticker.bid && (bid?.quantity ?? .zero) == ticker.bidSize
            && (ask?.price ?? .zero) == ticker.ask && (ask?.quantity ?? .zero) == ticker.askSize
    }
}
