public import Market

/// A stretch of an instrument's minutes that did not come in time, and what became of it.
///
/// It is the log of what a live market missed: known by its begin and by when it was found. What is stored of those minutes
/// now the series says; this says what a strategy did not see when it happened.
public struct CandleGap: Sendable, Hashable {
    /// What became of a stretch.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Its minutes are being asked for.
        case open
        /// Every minute of it came.
        case filled
        /// The venue does not have some of its minutes.
        case absent
        /// Too many were open beside it; the next start asks for them.
        case unanswered
        /// The program ended while its minutes were being asked for.
        case interrupted
    }

    /// Whose minutes they are.
    public var instrument: Instrument
    /// The open time of the first minute that was missing when it was found.
    public var from: Timestamp
    /// When the last one closes.
    public var to: Timestamp
    /// When it was found.
    public var foundAt: Timestamp
    /// What became of it.
    public var state: State
    /// How many of its minutes are missing still.
    public var missing: Int
    /// When it was filled or given up; `nil` while it is open.
    public var endedAt: Timestamp?

    /// How many minutes it has.
    public var count: Int { Int(clamping: to.nanoseconds(since: from) / Timeframe.oneMinute.nanoseconds) }

    /// A stretch that is asked for, of which nothing has come.
    ///
    /// - Precondition: it ends behind its begin.
    public init(of instrument: Instrument, from: Timestamp, to: Timestamp, foundAt: Timestamp) {
        precondition(from < to, "a stretch has a minute")
        self.instrument = instrument
        (self.from, self.to, self.foundAt) = (from, to, foundAt)
        state = .open
        missing = 0
        missing = count
    }

    /// The same stretch, ended.
    public func ended(_ state: State, missing: Int, at time: Timestamp) -> CandleGap {
        var ended = self
        ended.state = state
        ended.missing = missing
        ended.endedAt = time
        return ended
    }
}
