import Backtesting
import Market
import Strategies
import Testing
import Trading

/// The order of simultaneous things, and that nothing of the future is seen.
@Suite struct PortfolioOrderTests {
    /// Three instruments whose candles begin, end and miss at different times, one of five minutes.
    static let market: [CandleSeries] = {
        let minutes = walk(6_000, seed: 54, start: 700_000, instrument: free("CCC"))
        let fives = CandleSeries(
            instrument: minutes.instrument, timeframe: Timeframe("5m")!,
            candles: CandleResampler.resample(minutes.candles, to: Timeframe("5m")!))
        return [
            walk(6_000, seed: 52, instrument: free("AAA", kind: .linearPerpetual)),
            walk(5_000, seed: 53, start: 900_000, instrument: free("BBB")).dropping(400), fives,
        ]
    }()

    static func mixed() throws -> PortfolioConfiguration {
        var configuration = portfolio([
            try trader(1, "sma-crossover", on: "AAA", [("fast", "5"), ("slow", "20")], share: 25),
            try trader(2, "rsi-mean-reversion", on: "BBB", timeframe: Timeframe("15m"), share: 20),
            try trader(3, "supertrend", on: "CCC", timeframe: .oneHour, share: 15),
            try trader(4, "bollinger-breakout", on: "AAA", timeframe: .oneHour, share: 25),
            try trader(5, "ema-crossover", on: "CCC", share: 15),
        ])
        for index in configuration.strategies.indices {
            configuration.strategies[index].protection = Protection(stopLoss: .percent(2), trailingStop: .percent(3))
        }
        return configuration
    }

    @Test(arguments: CapitalUse.allCases)
    func theOrderInWhichSeriesAndStrategiesAreGivenChangesNothing(_ capital: CapitalUse) throws {
        var configuration = try Self.mixed()
        configuration.capital = capital
        let first = try PortfolioBacktest.run(Self.market, configuration)
        #expect(first.account.trips.count > 20)
        // In a pool one may never find anything free.
        #expect(capital == .pooled || first.strategies.allSatisfy { $0.attribution.tradeCount > 0 })
        configuration.strategies.reverse()
        let second = try PortfolioBacktest.run(Self.market.reversed(), configuration)
        #expect(first.json(seconds: 0) == second.json(seconds: 0))
        #expect(first.account.equity?.json == second.account.equity?.json)
        #expect(
            first.tradesCSV(ExtendedMetrics(first, Self.market))
                == second.tradesCSV(ExtendedMetrics(second, Self.market)))
    }

    @Test(arguments: CapitalUse.allCases)
    func whatHappenedUntilAnInstantDoesNotDependOnWhatFollows(_ capital: CapitalUse) throws {
        var configuration = try Self.mixed()
        configuration.capital = capital
        let whole = try PortfolioBacktest.run(Self.market, configuration)
        let wholeCurve = try #require(whole.account.equity)
        var numbers = SeededNumbers(state: 5)
        for _ in 0..<8 {
            // Ends with two of the series begun and the third too, in most places inside an hour.
            let end = Self.market[1].candles[Int.random(in: 100..<4_500, using: &numbers)].closeTime(.oneMinute)
            let part = try PortfolioBacktest.run(Self.market.map { $0.cut(at: end) }, configuration)
            let curve = try #require(part.account.equity)
            #expect(
                (0..<curve.count).allSatisfy {
                    curve.time($0) == wholeCurve.time($0) && curve.equity($0) == wholeCurve.equity($0)
                })
            #expect(wholeCurve.time(curve.count) > end)
            let closed = part.account.trips.filter { !$0.isOpen }
            #expect(closed == Array(whole.account.trips.prefix(closed.count)))
        }
    }

    // MARK: Longer candles

    @Test func aStrategyOnTheHourSeesEveryHourThatHasEndedAndNoOther() throws {
        let series = walk(3_000, seed: 61, instrument: free("AAA"))
        let watch = Watch()
        _ = try PortfolioBacktest.run(
            [series],
            portfolio(
                [try trader(1, "watcher", on: "AAA", timeframe: .oneHour, catalog: watch.catalog)],
                catalog: watch.catalog))
        let end = try #require(series.candles.last?.closeTime(.oneMinute))
        let hours = CandleResampler.resample(series.candles, to: .oneHour)
        #expect(hours.last.map { $0.closeTime(.oneHour) > end } == true)
        #expect(watch.seen.map(\.bar.candle) == hours.filter { $0.closeTime(.oneHour) <= end })
        #expect(watch.seen.contains { $0.bar.candle.flags.contains(.isPartial) })
    }

    @Test func whatAnHourDecidesMeetsTheFirstMinuteAfterIt() throws {
        let minutes = (0..<120).map { (open: Int64(100 + $0), close: Int64(100 + $0)) }
        let series = series(minutes, instrument: free("AAA"))
        let result = try PortfolioBacktest.run(
            [series],
            portfolio(
                [try trader(1, "timed", on: "AAA", timeframe: .oneHour, catalog: TimedStrategy.catalog)],
                catalog: TimedStrategy.catalog))
        let trip = try #require(result.account.trips.first)
        #expect(trip.openedAt == series.candles[60].openTime)
        #expect(freeInstrument.averagePrice(trip.entryNotional, trip.quantity, rounding: .halfEven) == cents(16_000))
    }

    @Test func aStoredHourIsTakenForADerivedOneAndDoesNotMark() throws {
        let minutes = walk(600, seed: 62, instrument: free("AAA"))
        var stored = CandleSeries(
            instrument: minutes.instrument, timeframe: .oneHour,
            candles: CandleResampler.resample(minutes.candles, to: .oneHour))
        for index in stored.candles.indices { stored.candles[index].close = cents(1) }
        let watch = Watch()
        var configuration = portfolio(
            [
                try trader(1, "watcher", on: "AAA", timeframe: .oneHour, share: 50, catalog: watch.catalog)
            ], catalog: watch.catalog)
        _ = try PortfolioBacktest.run([minutes, stored], configuration)
        #expect(watch.seen.count > 5 && watch.seen.allSatisfy { $0.bar.candle.close == cents(1) })
        // A position held over the hours is marked by the minutes.
        configuration = portfolio(
            [
                try trader(1, "timed", on: "AAA", share: 50, catalog: TimedStrategy.catalog),
                try trader(
                    2, "timed", on: "AAA", [("long", "999999")], timeframe: .oneHour, share: 50,
                    catalog: TimedStrategy.catalog),
            ], catalog: TimedStrategy.catalog)
        let with = try PortfolioBacktest.run([minutes, stored], configuration)
        let without = try PortfolioBacktest.run([minutes], configuration)
        #expect(with.account.equity?.json == without.account.equity?.json)
        #expect(with.account.metrics.exposure > 0.9)
    }

    @Test func derivedCandlesAreThoseOfTheResampler() throws {
        let series = walk(3_000, seed: 63, instrument: free("AAA"))
        for timeframe in Timeframe.all where timeframe > .oneMinute {
            let watch = Watch()
            _ = try PortfolioBacktest.run(
                [series],
                portfolio(
                    [try trader(1, "watcher", on: "AAA", timeframe: timeframe, catalog: watch.catalog)],
                    catalog: watch.catalog))
            let end = try #require(series.candles.last?.closeTime(.oneMinute))
            #expect(
                watch.seen.map(\.bar.candle)
                    == CandleResampler.resample(series.candles, to: timeframe).filter {
                        $0.closeTime(timeframe) <= end
                    })
        }
    }

    // MARK: One instant

    @Test func closesGoByTimeframeThenInstrumentThenStrategy() throws {
        let bars = (0..<60).map { _ in (open: Int64(100), close: Int64(100)) }
        let watch = Watch()
        func watcher(_ number: Int, _ symbol: String, _ timeframe: Timeframe?) throws -> PortfolioStrategy {
            var strategy = try trader(
                number, "watcher \(number)", on: symbol, timeframe: timeframe, share: 10, catalog: watch.catalog)
            strategy.name = "\(number)"
            return strategy
        }
        _ = try PortfolioBacktest.run(
            [series(bars, instrument: free("BBB")), series(bars, instrument: free("AAA"))],
            portfolio(
                [
                    try watcher(1, "BBB", .oneHour), try watcher(2, "BBB", nil), try watcher(3, "AAA", .oneHour),
                    try watcher(4, "AAA", nil), try watcher(5, "AAA", nil), try watcher(6, "AAA", Timeframe("30m")),
                ], catalog: watch.catalog))
        let last = watch.seen.suffix(6).map { $0.name.split(separator: " ").last.map(String.init) }
        #expect(last == ["4", "5", "2", "6", "3", "1"])
    }

    @Test func whoComesFirstTakesWhatIsFreeOfAPool() throws {
        let bars = (0..<4).map { _ in (open: Int64(100), close: Int64(100)) }
        func profits(_ numbers: (a: Int, b: Int), sameInstrument: Bool) throws -> [Int: Int] {
            var configuration = portfolio(
                [
                    try trader(numbers.a, "timed", on: "AAA", catalog: TimedStrategy.catalog),
                    try trader(numbers.b, "timed", on: sameInstrument ? "AAA" : "BBB", catalog: TimedStrategy.catalog),
                ], catalog: TimedStrategy.catalog)
            configuration.capital = .pooled
            let result = try PortfolioBacktest.run(
                [series(bars, instrument: free("AAA")), series(bars, instrument: free("BBB"))], configuration)
            return Dictionary(
                uniqueKeysWithValues: result.strategies.map { ($0.strategy.number, $0.attribution.tradeCount) })
        }
        // The instrument goes before the number of the strategy.
        #expect(try profits((1, 2), sameInstrument: false) == [1: 1, 2: 0])
        #expect(try profits((2, 1), sameInstrument: false) == [1: 0, 2: 1])
        #expect(try profits((2, 1), sameInstrument: true) == [1: 1, 2: 0])
    }

    @Test func everyBarThatEndsAtAnInstantTradesBeforeAnyCloses() throws {
        // A sells on its third candle what it bought, B buys with what that brings: B decides at the close at which A's
        // exit is filled, and spends it at the next open.
        let bars = (0..<8).map { _ in (open: Int64(100), close: Int64(100)) }
        var configuration = portfolio(
            [
                try trader(1, "timed", on: "BBB", [("long", "4")], catalog: TimedStrategy.catalog),
                try trader(2, "timed", on: "AAA", [("long", "1"), ("flat", "3")], catalog: TimedStrategy.catalog),
            ], catalog: TimedStrategy.catalog)
        configuration.capital = .pooled
        configuration.venue.takerFee = .zero
        configuration.venue.makerFee = .zero
        for symbols in [("AAA", "BBB"), ("BBB", "AAA")] {
            configuration.strategies[0].instrument = "TEST:\(symbols.1)"
            configuration.strategies[1].instrument = "TEST:\(symbols.0)"
            let result = try PortfolioBacktest.run(
                [series(bars, instrument: free("AAA")), series(bars, instrument: free("BBB"))], configuration)
            #expect(result.account.trips.map(\.entryNotional.decimalText) == ["10000", "10000"])
            #expect(result.account.trips.last?.openedAt == series(bars).candles[4].openTime)
        }
    }
}
