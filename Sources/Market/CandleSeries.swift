/// The candles of one instrument and timeframe in order of time, without duplicates.
public struct CandleSeries: Sendable {
    /// What the candles are of.
    public var instrument: Instrument
    /// Their length.
    public var timeframe: Timeframe
    /// The candles, oldest first, open times strictly increasing.
    public var candles: [Candle]

    /// A series of its parts.
    ///
    /// - Precondition: open times strictly increase.
    public init(instrument: Instrument, timeframe: Timeframe, candles: [Candle]) {
        self.instrument = instrument
        self.timeframe = timeframe
        self.candles = candles
        var last: Timestamp?
        for candle in candles {
            precondition(last.map { $0 < candle.openTime } ?? true, "open times strictly increase")
            last = candle.openTime
        }
    }

    /// The stretches between the first and the last candle in which candles are missing. O(n).
    public var gaps: [Gap] {
        guard candles.count > 1 else { return [] }
        var gaps: [Gap] = []
        for index in 1..<candles.count {
            let expected = candles[index - 1].closeTime(timeframe)
            if candles[index].openTime > expected {
                gaps.append(Gap(from: expected, to: candles[index].openTime))
            }
        }
        return gaps
    }

    /// The series in a longer timeframe.
    ///
    /// - Precondition: this series is of one-minute candles.
    public func resampled(to timeframe: Timeframe) -> CandleSeries {
        precondition(self.timeframe == .oneMinute, "longer timeframes derive from one minute")
        return CandleSeries(
            instrument: instrument, timeframe: timeframe,
            candles: CandleResampler.resample(candles, to: timeframe))
    }
}
