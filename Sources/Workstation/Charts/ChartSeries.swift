import Indicators
import Market
import Trading

/// The candles of a chart: closed ones and, at the end, the one that is forming.
struct ChartSeries: Sendable {
    /// The candles, oldest first.
    var candles: [Candle]
    /// Whether the last candle is still forming.
    var isLastForming: Bool
    /// Their length.
    var timeframe: Timeframe
    /// What they are of.
    var instrument: Instrument

    /// Where the candles stand along the axis.
    var slots: CandleSlots { CandleSlots(candles, timeframe) }
}

/// Derives candles from minutes as they come, so that a frame looks only at what is new.
///
/// The candles are kept in one array that changes in place: two weeks of minutes are not copied for every trade.
struct SeriesBuilder: Sendable {
    private var resampler: CandleResampler
    private var lastMinute: Candle?
    /// Closed candles and, when `hasForming`, the unfinished one at the end.
    private var candles: [Candle] = []
    private var hasForming = false
    private var forming: Candle?

    /// Candles older than the minutes are kept up to this many, then dropped together.
    private static let slack = 4_096

    init(_ timeframe: Timeframe) { resampler = CandleResampler(to: timeframe) }

    /// The candles of minutes that have grown, or started anew, since the last call. O(new minutes), and O(candles) when
    /// somebody still holds the candles of the last call.
    mutating func candles(_ minutes: [Candle], forming newForming: Candle?) -> (candles: [Candle], hasForming: Bool) {
        let start = firstNew(minutes)
        guard start < minutes.count || newForming != forming || candles.isEmpty else { return (candles, hasForming) }
        if hasForming {
            candles.removeLast()
            hasForming = false
        }
        for minute in minutes[start...] {
            if let candle = resampler.add(minute) { candles.append(candle) }
            if let candle = resampler.takeIfComplete(after: minute) { candles.append(candle) }
        }
        lastMinute = minutes.last
        forming = newForming
        let most = minutes.count / resampler.timeframe.minutes + SeriesBuilder.slack
        if candles.count > most { candles.removeFirst(SeriesBuilder.slack) }
        if let unfinished = unfinished(newForming) {
            candles.append(unfinished)
            hasForming = true
        }
        return (candles, hasForming)
    }

    /// The index of the first minute not seen yet. The minutes seen last time must still be there: otherwise the market
    /// is another one, and everything begins anew.
    private mutating func firstNew(_ minutes: [Candle]) -> Int {
        guard let lastMinute else { return 0 }
        let index = CandleSlots(minutes, .oneMinute).lastIndex(notAfter: lastMinute.openTime)
        if index >= 0, minutes[index] == lastMinute { return index + 1 }
        resampler = CandleResampler(to: resampler.timeframe)
        candles = []
        hasForming = false
        forming = nil
        self.lastMinute = nil
        return 0
    }

    private func unfinished(_ forming: Candle?) -> Candle? {
        guard let forming else { return resampler.unfinished }
        if let lastMinute, forming.openTime <= lastMinute.openTime { return resampler.unfinished }
        let start = forming.openTime.floored(to: resampler.timeframe)
        guard var candle = resampler.unfinished, candle.openTime == start else {
            var candle = forming
            candle.openTime = start
            return candle
        }
        candle.merge(forming)
        return candle
    }
}
