public import Market

extension BookFeature {
    /// The feature of a book; `nil` when it can't be read or a side is empty.
    public init?(_ book: borrowing LocalBook, at time: Timestamp, _ definition: Definition = Definition()) {
        guard let quote = book.quote else { return nil }
        let (bid, ask) = (Double(quote.bid.mantissa), Double(quote.ask.mantissa))
        let mid = (bid + ask) / 2
        let bids = BookFeature.quantity(book.bids, levels: definition.levels)
        let asks = BookFeature.quantity(book.asks, levels: definition.levels)
        let reach = mid * definition.band / 10_000
        let bidsNear = BookFeature.quantity(book.bids) { Double($0.mantissa) >= mid - reach }
        let asksNear = BookFeature.quantity(book.asks) { Double($0.mantissa) <= mid + reach }
        self.init(
            time: time, imbalance: bids + asks > 0 ? (bids - asks) / (bids + asks) : 0,
            spreadBps: (ask - bid) / mid * 10_000,
            depthRatio: bidsNear.flatMap { bids in asksNear.flatMap { $0 > 0 ? bids / $0 : nil } })
    }

    private static func quantity(_ side: BookSide, levels: Int) -> Double {
        var (sum, left) = (0.0, levels)
        guard levels > 0 else { return 0 }
        side.forEachKnown { level in
            sum += Double(level.quantity.mantissa)
            left -= 1
            return left > 0
        }
        return sum
    }

    /// The quantity of the levels near enough; `nil` when not all of them are known.
    private static func quantity(_ side: BookSide, where isNear: (Price) -> Bool) -> Double? {
        var sum = 0.0
        let isKnown = side.forEachKnown { level in
            guard isNear(level.price) else { return false }
            sum += Double(level.quantity.mantissa)
            return true
        }
        return isKnown ? sum : nil
    }
}

/// Takes the features of a book at whole seconds of the venue's time.
public struct BookFeatureSampler: Sendable {
    private var second: Int64?
    private let definition: BookFeature.Definition

    /// A sampler that has seen nothing.
    public init(_ definition: BookFeature.Definition = BookFeature.Definition()) { self.definition = definition }

    /// Passes over what is before `time`: nobody knows what the book was like.
    public mutating func pass(over time: Timestamp) { second = max(second ?? time.seconds, time.seconds) }

    /// To be called before each change of the book is applied, with the change's time, and once a second when there is
    /// none.
    ///
    /// - Returns: the feature of the last whole second at or before `time`, when that is a new one and the book can be
    ///   read. Seconds that were passed over have none.
    public mutating func sample(_ book: borrowing LocalBook, before time: Timestamp) -> BookFeature? {
        let seconds = time.seconds
        guard let second else {
            self.second = seconds
            return nil
        }
        guard seconds > second else { return nil }
        self.second = seconds
        return BookFeature(book, at: Timestamp(seconds: seconds), definition)
    }
}
