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

/// Derives longer candles from minutes as they come, so that a frame looks only at what is new.
struct SeriesBuilder: Sendable {
    private var resampler: CandleResampler
    private var closed: [Candle] = []
    private var lastMinute: Candle?
    private var forming: Candle?
    private var built: [Candle] = []
    private var isBuilt = false
    private var isFormingShown = false

    init(_ timeframe: Timeframe) { resampler = CandleResampler(to: timeframe) }

    /// The candles of minutes that have grown, or started anew, since the last call. O(new minutes + candles) when
    /// something changed, O(1) otherwise.
    mutating func candles(_ minutes: [Candle], forming newForming: Candle?) -> (candles: [Candle], hasForming: Bool) {
        take(minutes)
        if newForming != forming {
            forming = newForming
            isBuilt = false
        }
        if !isBuilt {
            built = closed
            isFormingShown = false
            if let unfinished = unfinished(newForming) {
                built.append(unfinished)
                isFormingShown = true
            }
            isBuilt = true
        }
        return (built, isFormingShown)
    }

    private mutating func take(_ minutes: [Candle]) {
        var start = 0
        if let lastMinute {
            // The minutes seen last time must still be there: otherwise the market is another one.
            let slots = CandleSlots(minutes, .oneMinute)
            let index = slots.lastIndex(notAfter: lastMinute.openTime)
            if index >= 0, minutes[index] == lastMinute {
                start = index + 1
            } else {
                restart()
            }
        }
        guard start < minutes.count else { return }
        for minute in minutes[start...] {
            if let candle = resampler.add(minute) { closed.append(candle) }
            if let candle = resampler.takeIfComplete(after: minute) { closed.append(candle) }
        }
        lastMinute = minutes.last
        isBuilt = false
    }

    private mutating func restart() {
        resampler = CandleResampler(to: resampler.timeframe)
        closed = []
        lastMinute = nil
        isBuilt = false
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
