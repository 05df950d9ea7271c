import Backtesting
import Market
import Strategies
import Testing
import Trading

/// The same input gives the same output, and nothing depends on what comes later.
@Suite struct DeterminismTests {
    static let strategies = StrategyCatalog.bundled.classes.map { $0.descriptor.name }

    func guarded(_ strategy: String) throws -> BacktestConfiguration {
        var configuration = try configuration(strategy, slippage: "2")
        configuration.protection = Protection(stopLoss: .percent(2), takeProfit: .percent(4), trailingStop: .percent(3))
        return configuration
    }

    @Test(arguments: strategies)
    func twoRunsAreEqualToTheLastByte(_ strategy: String) throws {
        let series = walk(4_000, seed: 21)
        let first = try Backtest.run(series, guarded(strategy))
        let second = try Backtest.run(series, guarded(strategy))
        #expect(!first.trips.isEmpty)
        let extended = (ExtendedMetrics(first, series), ExtendedMetrics(second, series))
        #expect(first.json(seconds: 0, extended: extended.0) == second.json(seconds: 0, extended: extended.1))
        #expect(first.tradesCSV(extended.0) == second.tradesCSV(extended.1))
        #expect(first.equity?.json == second.equity?.json)
    }

    @Test(arguments: strategies)
    func whatHappenedUntilAnInstantDoesNotDependOnWhatFollows(_ strategy: String) throws {
        let series = walk(4_000, seed: 22)
        let whole = try Backtest.run(series, guarded(strategy))
        let wholeCurve = try #require(whole.equity)
        var numbers = SeededNumbers(state: 3)
        for _ in 0..<6 {
            let end = Int.random(in: 1..<series.candles.count, using: &numbers)
            let part = try Backtest.run(
                CandleSeries(
                    instrument: series.instrument, timeframe: series.timeframe,
                    candles: Array(series.candles[..<end])), guarded(strategy))
            let curve = try #require(part.equity)
            #expect((0..<end).allSatisfy { curve.equity($0) == wholeCurve.equity($0) })
            let closed = part.trips.filter { !$0.isOpen }
            #expect(closed == Array(whole.trips.prefix(closed.count)))
        }
    }
}
