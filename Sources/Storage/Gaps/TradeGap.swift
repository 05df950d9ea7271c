public import Market

/// A stretch of an instrument's trades that was not heard when it happened, and what became of it.
///
/// It is the log of what a live market missed: known by its first trade and by when it was found, so that the same numbers of
/// a venue that counts anew are another stretch.
public struct TradeGap: Sendable, Hashable {
    /// What became of a stretch.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Its trades are being asked for.
        case open
        /// Every trade of it came.
        case filled
        /// It is too long to be asked for.
        case tooLong = "too-long"
        /// The venue does not have some of its trades.
        case absent
        /// It was asked for in vain for too long.
        case unanswered
        /// The program ended while its trades were being asked for.
        case interrupted
    }

    /// Whose trades they are.
    public var instrument: Instrument
    /// The number of the first trade that was missing when it was found.
    public var firstTrade: UInt64
    /// The number of the last one.
    public var lastTrade: UInt64
    /// When the trade before it happened, by the venue's clock.
    public var from: Timestamp
    /// When the trade behind it did.
    public var to: Timestamp
    /// When it was found.
    public var foundAt: Timestamp
    /// What became of it.
    public var state: State
    /// How many of its trades are missing still.
    public var missing: UInt64
    /// When it was filled or given up; `nil` while it is open.
    public var endedAt: Timestamp?

    /// How many trades it has.
    public var count: UInt64 { lastTrade - firstTrade + 1 }

    /// A stretch that is asked for.
    ///
    /// - Precondition: `trades` are numbers below 2⁶³.
    public init(
        of instrument: Instrument, _ trades: ClosedRange<UInt64>, from: Timestamp, to: Timestamp, foundAt: Timestamp,
        missing: UInt64
    ) {
        precondition(trades.upperBound <= TradeGap.highest, "the store keeps numbers of 63 bits")
        self.instrument = instrument
        (firstTrade, lastTrade) = (trades.lowerBound, trades.upperBound)
        (self.from, self.to, self.foundAt) = (from, to, foundAt)
        self.missing = missing
        state = .open
    }

    /// The same stretch, ended.
    public func ended(_ state: State, missing: UInt64, at time: Timestamp) -> TradeGap {
        var ended = self
        ended.state = state
        ended.missing = missing
        ended.endedAt = time
        return ended
    }

    /// The highest number of a trade that can be kept.
    public static let highest = UInt64(Int64.max)
}
