public import Market

/// What a book says about the next moments, at a whole second. Features are floating point; nothing here is a price.
public struct BookFeature: Sendable, Hashable {
    /// The second. What it describes is the book right before it: every change with an earlier time, no other.
    public var time: Timestamp
    /// (B − A) ÷ (B + A), where B and A are the quantities in the best `Definition.levels` levels of bids and asks:
    /// −1 (only asks) … 1 (only bids).
    public var imbalance: Double
    /// (best ask − best bid) ÷ mid × 10,000, the mid half way between: basis points, above 0.
    public var spreadBps: Double
    /// B ÷ A, where B and A are the quantities bid and asked within `Definition.band` basis points of the mid: above 1
    /// when more is bid. `nil` when nothing is asked there, or the book is not known so far.
    public var depthRatio: Double?

    /// A feature of its parts.
    public init(time: Timestamp, imbalance: Double, spreadBps: Double, depthRatio: Double?) {
        self.time = time
        self.imbalance = imbalance
        self.spreadBps = spreadBps
        self.depthRatio = depthRatio
    }

    /// How features are computed. Features of two definitions are not to be mixed.
    public struct Definition: Sendable, Hashable {
        /// How many levels a side the imbalance is of.
        public var levels = 10
        /// How far from the mid the depth ratio looks, in basis points.
        public var band = 10.0

        /// The defaults.
        public init() {}
    }

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
