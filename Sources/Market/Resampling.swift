/// Derives candles of a longer timeframe from one-minute candles, one at a time and in order.
///
/// An interval without a single minute gives no candle; one with fewer minutes than it holds is marked
/// `Candle.Flags.isPartial`. Nothing is invented, and an interval is given out only when a later minute or `finish`
/// proves that it has ended.
public struct CandleResampler: Sendable {
    /// The timeframe of the candles given out.
    public let timeframe: Timeframe
    private var current: Candle?

    /// A resampler to `timeframe`.
    public init(to timeframe: Timeframe) { self.timeframe = timeframe }

    init(to timeframe: Timeframe, unfinished: Candle?) {
        self.timeframe = timeframe
        current = unfinished
    }

    /// The unfinished candle, for the screen; strategies never see it.
    public var unfinished: Candle? { current }

    /// Takes the next closed minute; gives the candle that it shows to have ended, if any.
    ///
    /// A minute that is the last of its interval completes the candle at once: call `takeIfComplete` after it.
    public mutating func add(_ minute: Candle) -> Candle? {
        let start = minute.openTime.floored(to: timeframe)
        guard var candle = current else {
            begin(minute, at: start)
            return nil
        }
        if candle.openTime == start {
            candle.merge(minute)
            current = candle
            return nil
        }
        begin(minute, at: start)
        return marked(candle)
    }

    /// Gives the current candle when `lastMinute` was the last minute of its interval.
    public mutating func takeIfComplete(after lastMinute: Candle) -> Candle? {
        guard let candle = current,
            lastMinute.closeTime(.oneMinute) == candle.closeTime(timeframe)
        else { return nil }
        current = nil
        return marked(candle)
    }

    /// Gives the unfinished candle, when there is one, at the end of the data.
    public mutating func finish() -> Candle? {
        defer { current = nil }
        return current.map(marked)
    }

    private mutating func begin(_ minute: Candle, at start: Timestamp) {
        var candle = minute
        candle.openTime = start
        current = candle
    }

    private func marked(_ candle: Candle) -> Candle {
        var result = candle
        if Int(candle.minutes) < timeframe.minutes {
            result.flags.insert(.isPartial)
        } else {
            result.flags.remove(.isPartial)
        }
        return result
    }

    /// All candles of `timeframe` from one-minute candles in order. The last may be partial. O(n).
    public static func resample(_ minutes: some Sequence<Candle>, to timeframe: Timeframe) -> [Candle] {
        if timeframe == .oneMinute { return Array(minutes) }
        var resampler = CandleResampler(to: timeframe)
        var candles: [Candle] = []
        for minute in minutes {
            if let candle = resampler.add(minute) { candles.append(candle) }
        }
        if let last = resampler.finish() { candles.append(last) }
        return candles
    }
}
