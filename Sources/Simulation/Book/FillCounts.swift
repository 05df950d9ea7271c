/// What a fill of the simulated venue was made from.
enum FillBasis: Sendable {
    case book
    case trade
    case quote
    case bar
}

/// How many fills were made from what, best knowledge first.
public struct FillCounts: Sendable, Hashable {
    /// From the levels of a recorded book.
    public var book = 0
    /// Of limits that rested, from prints of the tape: by the place in the queue, or beyond the limit.
    public var trade = 0
    /// From a best bid and ask, or where there is none what traded, for want of a book.
    public var quote = 0
    /// From a bar, for want of anything else.
    public var bar = 0

    /// No fills.
    public init() {}

    /// All of them.
    public var total: Int { book + trade + quote + bar }

    mutating func add(_ basis: FillBasis) {
        switch basis {
        case .book: book += 1
        case .trade: trade += 1
        case .quote: quote += 1
        case .bar: bar += 1
        }
    }
}
