import Market
import Testing

@Suite struct ResamplingTests {
    private func minute(_ index: Int, _ open: Int64, _ high: Int64, _ low: Int64, _ close: Int64) -> Candle {
        Candle(
            openTime: Timestamp(seconds: 1_672_531_200 + Int64(index) * 60), open: Price(mantissa: open),
            high: Price(mantissa: high), low: Price(mantissa: low), close: Price(mantissa: close),
            volume: Quantity(mantissa: 10))
    }

    @Test func `a whole interval takes first open, extremes, last close and the sum of volume`() {
        let minutes = [minute(0, 10, 12, 9, 11), minute(1, 11, 15, 11, 14), minute(2, 14, 14, 8, 9)]
        let candles = CandleResampler.resample(minutes, to: Timeframe("3m")!)
        #expect(candles.count == 1)
        #expect(candles[0].open.mantissa == 10 && candles[0].high.mantissa == 15)
        #expect(candles[0].low.mantissa == 8 && candles[0].close.mantissa == 9)
        #expect(candles[0].volume.mantissa == 30 && !candles[0].flags.contains(.isPartial))
    }

    @Test func `an interval inside an outage is absent and one cut by it is partial`() {
        let minutes = [minute(0, 10, 10, 10, 10), minute(1, 11, 11, 11, 11), minute(9, 12, 12, 12, 12)]
        let candles = CandleResampler.resample(minutes, to: Timeframe("3m")!)
        #expect(candles.map(\.openTime.seconds) == [1_672_531_200, 1_672_531_200 + 540])
        #expect(candles.allSatisfy { $0.flags.contains(.isPartial) })
    }

    @Test func `an interval is given out at its last minute when asked, and only once`() {
        var resampler = CandleResampler(to: Timeframe("3m")!)
        var closed: [Candle] = []
        for index in 0..<7 {
            let candle = minute(index, 10, 10, 10, 10)
            if let ended = resampler.add(candle) { closed.append(ended) }
            if let complete = resampler.takeIfComplete(after: candle) { closed.append(complete) }
        }
        #expect(closed.map(\.openTime.seconds) == [1_672_531_200, 1_672_531_380])
        #expect(resampler.unfinished?.minutes == 1)
    }

    @Test func `streaming and batch agree on any gaps`() {
        var state: UInt64 = 3
        var minutes: [Candle] = []
        for index in 0..<3_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1
            if state >> 60 < 3 { continue }
            let price = Int64(state >> 50) + 1
            minutes.append(minute(index, price, price + 3, max(1, price - 3), price + 1))
        }
        for timeframe in Timeframe.all.dropFirst() {
            var resampler = CandleResampler(to: timeframe)
            var streamed: [Candle] = []
            for candle in minutes {
                if let ended = resampler.add(candle) { streamed.append(ended) }
                if let complete = resampler.takeIfComplete(after: candle) { streamed.append(complete) }
            }
            if let last = resampler.finish() { streamed.append(last) }
            let batch = CandleResampler.resample(minutes, to: timeframe)
            #expect(streamed == batch)
            #expect(batch.reduce(0) { $0 + Int($1.minutes) } == minutes.count)
        }
    }

    @Test func `gaps are the missing intervals`() {
        let instrument = Instrument(
            venue: "TEST", symbol: "X", base: Currency("X")!, quote: .usdt,
            rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))
        let series = CandleSeries(
            instrument: instrument, timeframe: .oneMinute,
            candles: [minute(0, 1, 1, 1, 1), minute(1, 1, 1, 1, 1), minute(5, 1, 1, 1, 1)])
        #expect(series.gaps.map { $0.count(of: .oneMinute) } == [3])
    }
}
