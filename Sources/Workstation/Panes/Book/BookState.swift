import Market
import Synchronization
import Trading

/// What the book pane remembers between frames.
struct BookState: Sendable {
    /// The price groups that the person chose, by symbol; others follow the book.
    var groups: [InstrumentID: Price] = [:]
    /// Levels of each side that are shown, at most.
    var depth = 20
    /// Whether the spread is kept near the middle.
    var isCentred = true
    /// The best grouped ask that stood above the middle when the rows were fixed.
    var anchor: Price?
    /// The price that the cursor is on.
    var cursor: Cursor?
    /// What was shown, for steadiness.
    let memo = BookMemo()

    /// A price of a symbol.
    struct Cursor: Hashable, Sendable {
        /// Of what.
        var symbol: InstrumentID
        /// Which.
        var price: Price
    }

    /// The depths there are.
    static let depths = [10, 20, 50]
}

/// Remembers where the ladder's rows stood and how prices were grouped, so that prices stay on their rows while the
/// market moves a little, and the ladder jumps when it has moved much.
final class BookMemo: Sendable {
    private struct Shown: Sendable {
        var symbol = InstrumentID(0)
        var rows = 0
        var group: Price?
        var anchor: Price?
    }

    private let shown = Mutex(Shown())

    /// The group to show a book in: the one shown before while it suits, else one that fits the book to the rows.
    func group(_ symbol: InstrumentID, _ book: BookDepth, tick: Price, rows: Int) -> Price {
        shown.withLock { shown in
            if shown.symbol != symbol || shown.rows != rows { shown = Shown(symbol: symbol, rows: rows) }
            let fitting = BookLadder.fittingGroup(book, tick: tick, rows: rows)
            // Twice too fine or too coarse is still readable; a group that changes back and forth is not.
            if let group = shown.group, fitting.mantissa <= group.mantissa * 2, group.mantissa <= fitting.mantissa * 5 {
                return group
            }
            shown.group = fitting
            shown.anchor = nil
            return fitting
        }
    }

    /// The best ask that stands right above the middle: the one kept while the present best is within `reach` rows.
    func anchor(_ best: Price, group: Price, reach: Int) -> Price {
        shown.withLock { shown in
            if let anchor = shown.anchor, abs(best.mantissa - anchor.mantissa) <= Int64(reach) * group.mantissa,
                (best.mantissa - anchor.mantissa) % group.mantissa == 0
            {
                return anchor
            }
            shown.anchor = best
            return best
        }
    }
}
