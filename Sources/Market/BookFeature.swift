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

        /// A definition of its parts.
        public init(levels: Int, band: Double) {
            self.levels = levels
            self.band = band
        }
    }
}
