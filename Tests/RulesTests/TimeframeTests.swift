import Market
import Rules
import Testing
import Trading

/// Longer timeframes: what is seen of them, and when.
@Suite struct TimeframeTests {
    /// Minutes of one price each, by minute of the day and close.
    static func minutes(_ values: [(minute: Int, close: Double)]) -> [Bar] {
        values.map { minute, close in
            let price = Price(mantissa: Int64((close * 100).rounded()))
            return Bar(
                Candle(
                    openTime: Timestamp(seconds: 1_672_531_200 + Int64(minute) * 60), open: price, high: price,
                    low: price, close: price, volume: Quantity(mantissa: 1)),
                timeframe: .oneMinute, priceUnits: 100, quantityUnits: 1)
        }
    }

    @Test("a longer candle is seen from the candle that closes it, or the next one where that is missing")
    func visible() throws {
        let made = try strategy(rules("name: a\ntimeframe: 1m\nentry: close@3m > 0\nsize: close@3m / 100"))
        // The candle of minutes 0…2 is not seen whole; that of 3…5 is closed by 5; that of 6…8 misses its last minute and is
        // shown by 9 to have ended; 12…14 has its last minute alone.
        let bars = Self.minutes([
            (1, 10), (2, 11), (3, 20), (4, 21), (5, 22), (6, 30), (7, 31), (9, 40), (10, 41), (14, 50), (15, 60),
        ])
        let seen = try signals(made, bars).map { "\($0.index) \($0.signal.strength)" }
        // The warm-up is six candles: one longer candle, and one for that which was under way.
        #expect(made.warmUp == 6)
        #expect(seen == ["5 0.22", "6 0.22", "7 0.31", "8 0.31", "9 0.5", "10 0.5"])
    }

    @Test("highs, lows, opens and volumes of a longer candle are those of the candles it is made of")
    func columns() throws {
        let text = """
            name: a
            timeframe: 1m
            entry: open@3m == 20 and high@3m == 25 and low@3m == 19 and close@3m == 22 and volume@3m == 3
            """
        let made = try strategy(rules(text))
        let values: [(Int, Double)] = [(0, 1), (1, 1), (2, 1), (3, 20), (4, 25), (5, 22), (6, 1), (7, 1), (8, 1)]
        var bars = Self.minutes(values)
        var candle = bars[5].candle
        candle.low = Price(mantissa: 1_900)
        bars[5] = Bar(candle, timeframe: .oneMinute, priceUnits: 100, quantityUnits: 1)
        #expect(try signals(made, bars).map(\.index) == [5, 6, 7])
    }

    @Test("an indicator of a longer timeframe is that of the candles made beforehand")
    func resampled() throws {
        let series = walk(6_000, seed: 3)
        let text = "name: a\ntimeframe: 1m\nentry: crosses_above(ema(close, 5)@15m, ema(close, 12)@15m)"
        let base = try signals(strategy(rules(text)), bars(series))
        let longer = CandleSeries(
            instrument: series.instrument, timeframe: Timeframe("15m")!,
            candles: CandleResampler.resample(series.candles, to: Timeframe("15m")!))
        let made = try signals(
            strategy(rules("name: a\nentry: crosses_above(ema(close, 5), ema(close, 12))")), bars(longer))
        // The first candle of the walk begins at midnight, so that none is left out.
        let firstSeen = made.map { signal -> Int in
            let end = longer.candles[signal.index].closeTime(longer.timeframe)
            return series.candles.firstIndex { $0.closeTime(.oneMinute) >= end } ?? -1
        }
        #expect(!firstSeen.isEmpty && base.map(\.index) == firstSeen.filter { $0 >= 0 })
    }

    @Test("what is said until an instant does not depend on what follows", arguments: 1...10)
    func noLookAhead(_ seed: Int) throws {
        let made = try bundledRules("trend-pullback")
        let all = bars(walk(4_000, seed: UInt64(seed), timeframe: Timeframe("5m")!))
        let whole = try signals(strategy(made), all)
        var numbers = SeededNumbers(state: UInt64(seed))
        for _ in 0..<5 {
            let end = Int.random(in: 1..<all.count, using: &numbers)
            let part = try signals(strategy(made), Array(all[..<end]))
            #expect(part.map(\.signal) == whole.filter { $0.index < end }.map(\.signal))
        }
    }

    @Test("rules that look at longer candles fault on candles they are not for")
    func otherCandles() throws {
        let made = try strategy(bundledRules("trend-pullback"))
        #expect(throws: StrategyFault.self) { try signals(made, closes([1, 2, 3])) }
    }
}
