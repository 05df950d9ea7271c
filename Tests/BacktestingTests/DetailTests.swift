import Market
import Simulation
import Strategies
import Testing
import Trading

@testable import Backtesting

/// Shorter candles under longer ones, for fills.
@Suite struct DetailTests {
    static let strategies = StrategyCatalog.bundled.classes.map { $0.descriptor.name }
    private static let quarter = Timeframe(seconds: 900)!

    private func bracketed(_ strategy: String, _ instrument: Instrument = freeInstrument) throws
        -> BacktestConfiguration
    {
        var configuration = try configuration(strategy, slippage: "2", instrument: instrument)
        configuration.protection = Protection(stopLoss: .percent(1), takeProfit: .percent(2))
        return configuration
    }

    @Test(arguments: strategies)
    func `minutes that no order can meet are passed over, and nothing changes by it`(_ strategy: String) throws {
        for seed in [71, 72] as [UInt64] {
            let minutes = walk(8_000, seed: seed)
            let series = minutes.resampled(to: DetailTests.quarter)
            var configuration = try bracketed(strategy)
            configuration.detail = minutes
            let quick = try Backtest.run(series, configuration)
            // With something that is paid at instants every minute is looked at; here it is nothing.
            configuration.conditions.funding = .constant(rate: .zero, interval: 3_600_000_000_000)
            let whole = try Backtest.run(series, configuration)
            #expect(!whole.trips.isEmpty)
            #expect(quick.trips == whole.trips)
            #expect(quick.equity?.json == whole.equity?.json)
            #expect(quick.daily.returns == whole.daily.returns)
            #expect(quick.metrics.exposure == whole.metrics.exposure)
        }
    }

    @Test func `a run over a part of the candles meets the minutes inside that part alone`() throws {
        let minutes = walk(8_000, seed: 73)
        let series = minutes.resampled(to: DetailTests.quarter)
        var part = series
        part.candles = Array(series.candles[100..<300])
        var configuration = try bracketed("sma-crossover")
        configuration.detail = minutes
        let whole = try Backtest.run(part, configuration)
        configuration.detail = minutes.within(part)
        #expect(configuration.detail?.candles.first?.openTime ?? .epoch >= part.candles[0].openTime)
        #expect(configuration.detail?.candles.count ?? 0 < minutes.candles.count)
        let cut = try Backtest.run(part, configuration)
        #expect(!cut.trips.isEmpty)
        #expect(whole.trips == cut.trips && whole.finalEquity == cut.finalEquity)
    }

    @Test func `minutes are taken only where every candle holds some`() {
        let minutes = walk(600, seed: 74)
        let series = minutes.resampled(to: DetailTests.quarter)
        #expect(RunCandles(series, whereWhole: minutes).detail?.candles == minutes.candles)
        var holed = minutes
        holed.candles.removeAll { $0.openTime.floored(to: DetailTests.quarter) == series.candles[3].openTime }
        #expect(series.firstWithout(holed) == series.candles[3].openTime)
        #expect(RunCandles(series, whereWhole: holed).detail == nil)
    }

    @Test func `corporate actions bring candles and minutes to the shares of the end`() throws {
        // Two for one on the fourth minute, which is the first of the second candle.
        let minutes = AssumptionTests.minutes(
            Array(repeating: (100, 100, 100, 100), count: 3) + Array(repeating: (50, 51, 49, 50), count: 3))
        let candles = RunCandles(minutes.resampled(to: Timeframe(seconds: 180)!), detail: minutes)
        let actions = AssumptionText.TextFile(name: "actions", text: "2023-01-01T00:03:00Z,2,0\n")
        let adjusted = try candles.adjusted(by: actions)
        #expect(adjusted.series.candles.map(\.close) == [cents(5_000), cents(5_000)])
        #expect(adjusted.detail?.candles.map(\.open) == Array(repeating: cents(5_000), count: 6))
        #expect(try candles.adjusted(by: nil).series.candles == candles.series.candles)
    }

    // MARK: - Portfolios

    @Test(arguments: strategies, [InstrumentKind.spot, .linearPerpetual])
    func `a portfolio of one that is filled on minutes is the backtest that is`(
        _ strategy: String, _ kind: InstrumentKind
    ) throws {
        let minutes = walk(8_000, seed: 75, instrument: free("BTCUSDT", kind: kind))
        let series = minutes.resampled(to: DetailTests.quarter)
        var single = try bracketed(strategy, series.instrument)
        single.detail = minutes
        let run = try Backtest.run(series, single)
        let account = try PortfolioBacktest.run([series], PortfolioConfiguration(single, instrument: "TEST:BTCUSDT"))
            .account
        #expect(!run.trips.isEmpty)
        #expect(account.trips == run.trips)
        #expect(account.equity?.json == run.equity?.json)
        #expect(account.metrics.maximumDrawdown == run.metrics.maximumDrawdown)
        #expect(account.metrics.exposure == run.metrics.exposure)
        #expect(account.bars == run.bars)
        #expect(account.assumptions?.detail == .oneMinute)
        let portfolio = try PortfolioBacktest.run(
            [series], PortfolioConfiguration(single, instrument: "TEST:BTCUSDT"))
        #expect(
            ExtendedMetrics(portfolio, [series], details: [minutes]).excursions
                == ExtendedMetrics(run, series, detail: minutes).excursions)
    }

    @Test func `two that share nothing are filled on minutes as each alone is`() throws {
        let minutes = [("AAA", 76), ("BBB", 77)].map { name, seed in
            walk(6_000, seed: UInt64(seed), instrument: free(name))
        }
        let series = minutes.map { $0.resampled(to: DetailTests.quarter) }
        var both = portfolio([
            try trader(1, "sma-crossover", on: "AAA", share: 50), try trader(2, "sma-crossover", on: "BBB", share: 50),
        ])
        for index in both.strategies.indices { both.strategies[index].protection = Protection(stopLoss: .percent(1)) }
        both.details = minutes
        let together = try PortfolioBacktest.run(series, both)
        for index in 0...1 {
            var single = try configuration("sma-crossover", cash: "5000", instrument: series[index].instrument)
            single.protection = Protection(stopLoss: .percent(1))
            single.detail = minutes[index]
            let alone = try Backtest.run(series[index], single)
            #expect(!alone.trips.isEmpty)
            #expect(together.strategies[index].attribution.profit == alone.finalEquity - alone.initialEquity)
        }
    }

    @Test func `each share of a portfolio pays its own dividends`() throws {
        let day = Timeframe.oneDay
        let series = ["AAA", "BBB"].map { name in
            CandleSeries(
                instrument: free(name), timeframe: day,
                candles: (0..<4).map { index in
                    Candle(
                        openTime: Timestamp(seconds: 1_672_531_200 + Int64(index) * 86_400), open: cents(10_000),
                        high: cents(10_000), low: cents(10_000), close: cents(10_000),
                        volume: Quantity(mantissa: 100_000_000))
                })
        }
        var both = portfolio(
            [
                try trader(1, "timed", on: "AAA", share: 50, catalog: TimedStrategy.catalog),
                try trader(2, "timed", on: "BBB", share: 50, catalog: TimedStrategy.catalog),
            ], catalog: TimedStrategy.catalog)
        both.venue.makerFee = .zero
        both.venue.takerFee = .zero
        // Half of 10,000 buys 50 shares at 100 on the second day; 0.5 each are paid on the fourth.
        both.conditions.payments["TEST:AAA"] = .recorded([
            FundingPoint(time: series[0].candles[3].openTime, rate: .zero, dividend: cents(50))
        ])
        let result = try PortfolioBacktest.run(series, both)
        #expect(result.account.finalEquity == Money(whole: 10_025, .usdt))
        #expect(result.strategies.map(\.attribution.profit) == [Money(whole: 25, .usdt), .zero(.usdt)])
    }
}
