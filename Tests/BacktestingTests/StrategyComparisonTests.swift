import Market
import Statistics
import Strategies
import Testing
import Trading

@testable import Backtesting

/// Runs side by side.
@Suite struct StrategyComparisonTests {
    /// A run whose days have these returns.
    private func entrant(_ name: String, _ returns: [Double], benchmark: Bool = false) throws
        -> StrategyComparison.Entrant
    {
        var result = try Backtest.run(series([(10, 10), (10, 10)]), configuration("sma-crossover"))
        result.daily = daily(returns)
        return StrategyComparison.Entrant(name: name, result: result, isBenchmark: benchmark)
    }

    private func mixed(_ count: Int = 400) throws -> [StrategyComparison.Entrant] {
        let others = (0..<count).map { day in
            let rank = (day * day * 17 + day * 104_729) % 997
            return Double(rank - 430) / 20_000
        }
        return [
            try entrant("a", formulaReturns(count)), try entrant("b", others),
            try entrant("hold", formulaReturns(count, shift: 505), benchmark: true),
        ]
    }

    @Test("the same runs, options and seed give the same comparison, another seed other intervals")
    func seeds() throws {
        let first = StrategyComparison(try mixed())
        let second = StrategyComparison(try mixed())
        #expect(first.rows.map(\.sharpeInterval) == second.rows.map(\.sharpeInterval))
        #expect(first.rows.map(\.difference?.test) == second.rows.map(\.difference?.test))
        let other = StrategyComparison(try mixed(), ComparisonOptions(seed: 2))
        #expect(first.rows.map(\.sharpeInterval) != other.rows.map(\.sharpeInterval))
    }

    @Test("intervals hold the figures they are of, and a run differs from itself by nothing")
    func intervals() throws {
        let comparison = StrategyComparison(try mixed() + [try entrant("a again", formulaReturns(400))])
        for row in comparison.rows {
            let sharpe = try #require(DailyReturns(row.entrant.result.daily.returns).sharpe)
            let interval = try #require(row.sharpeInterval)
            #expect(interval.low < sharpe && sharpe < interval.high)
            let total = row.entrant.result.daily.returns.reduce(1) { $0 * (1 + $1) } - 1
            let returns = try #require(row.returnInterval)
            #expect(returns.low < total && total < returns.high)
        }
        let same = try #require(comparison.rows[3].difference)
        #expect(same.yearly == 0 && same.sharpe == 0 && same.test.statistic == nil)
        #expect(same.sharpeInterval?.low == 0 && same.sharpeInterval?.high == 0)
    }

    @Test("of runs that earned the same every day none is the best, and one that is named twice counts once")
    func same() throws {
        let twins = StrategyComparison([try entrant("a", formulaReturns(400)), try entrant("b", formulaReturns(400))])
        #expect(twins.overfitting == nil)
        #expect(twins.undefined.map(\.key) == ["overfitting"])
        let pair = StrategyComparison(try mixed())
        let trio = StrategyComparison(try mixed() + [try entrant("a again", formulaReturns(400))])
        #expect(pair.overfitting?.probability == trio.overfitting?.probability)
    }

    @Test("the interval of the Sharpe ratio is about as wide as Lo's formula says where days don't depend on others")
    func width() throws {
        let comparison = StrategyComparison([try entrant("a", formulaReturns(400))], ComparisonOptions(blockDays: 1))
        let interval = try #require(comparison.rows[0].sharpeInterval)
        // ±1.96 √((1 + SR² ÷ 2) ÷ n) a day.
        let expected = 2 * 1.959964 * (1.0 / 400).squareRoot() * 365.0.squareRoot()
        #expect(abs((interval.high - interval.low) / expected - 1) < 0.06)
    }

    @Test("benchmarks are no trials, and what was tried elsewhere counts when it is said")
    func trials() throws {
        let comparison = StrategyComparison(try mixed())
        #expect(comparison.trials == 2)
        #expect(comparison.rows[2].deflatedSharpe == nil && comparison.rows[2].probabilisticSharpe != nil)
        let more = StrategyComparison(try mixed(), ComparisonOptions(trials: 100))
        #expect(more.trials == 100)
        let ratios = try mixed().prefix(2).map { try #require(Moments($0.result.daily.returns).sharpe) }
        #expect(isClose(comparison.variance, (ratios[0] - ratios[1]) * (ratios[0] - ratios[1]) / 2))
        #expect(try #require(more.variance) >= 1.0 / 399)
        for (few, many) in zip(comparison.rows.prefix(2), more.rows) {
            #expect(try #require(many.deflatedSharpe) < #require(few.deflatedSharpe))
            #expect(try #require(few.deflatedSharpe) < #require(few.probabilisticSharpe))
        }
    }

    @Test("a single strategy is not deflated, but by trials of the variance of a ratio without skill")
    func single() throws {
        let one = [try entrant("a", formulaReturns(400)), try entrant("hold", formulaReturns(400), benchmark: true)]
        let comparison = StrategyComparison(one)
        #expect(comparison.rows[0].deflatedSharpe == comparison.rows[0].probabilisticSharpe)
        #expect(comparison.variance == 1.0 / 399)
        #expect(comparison.overfitting == nil)
        #expect(comparison.undefined.contains { $0 == ("overfitting", "it needs two strategies to choose from") })
        let tried = StrategyComparison(one, ComparisonOptions(trials: 10))
        let expected = SharpeInference.expectedMaximum(trials: 10, variance: 1.0 / 399) * 365.0.squareRoot()
        #expect(tried.expectedMaximumSharpe == expected)
    }

    @Test("blocks are sixteen from 80 days on, eight from 40, and below there is no measure", arguments: [39, 40, 80])
    func blocks(_ days: Int) throws {
        let comparison = StrategyComparison(try mixed(days))
        #expect(comparison.overfitting?.blocks == [39: nil, 40: 8, 80: 16][days])
        #expect(comparison.undefined.isEmpty == (days >= 40))
    }

    @Test("few days say nothing, and the reason is given")
    func few() throws {
        let comparison = StrategyComparison(try mixed(19))
        #expect(comparison.rows.allSatisfy { $0.sharpeInterval == nil && $0.deflatedSharpe == nil })
        #expect(comparison.blockDays == nil && comparison.variance == nil)
        #expect(comparison.undefined.contains { $0 == ("statistics", "there are 19 days; it needs 20") })
    }

    @Test("a run that lost everything or never traded does not disturb the others")
    func broken() throws {
        var lost = try entrant("lost", formulaReturns(400))
        let units = lost.result.daily.units.enumerated().map { $0.offset == 100 ? 0 : $0.element }
        lost.result.daily = DailyEquity(
            initial: lost.result.daily.initial, firstDay: lost.result.daily.firstDay, units: units)
        let still = try entrant("still", Array(repeating: 0, count: 400))
        let comparison = StrategyComparison([try entrant("a", formulaReturns(400)), lost, still])
        #expect(comparison.rows[0].sharpeInterval != nil)
        #expect(comparison.rows[1].sharpeInterval == nil && comparison.rows[1].difference == nil)
        #expect(comparison.rows[2].sharpeInterval == nil && comparison.rows[2].probabilisticSharpe == nil)
        #expect(comparison.rows[2].returnInterval?.high == 0)
        #expect(comparison.overfitting != nil)
    }

    @Test("hold buys at the second open and never sells")
    func hold() throws {
        let text = BacktestText(strategy: "hold")
        let series = walk(2_000, seed: 3)
        let result = try Backtest.run(series, text.configuration(for: freeInstrument, catalog: .withBenchmark))
        let trip = try #require(result.trips.first)
        #expect(result.trips.count == 1 && result.hasOpenTrade)
        #expect(trip.openedAt == series.candles.first { $0.openTime > series.candles[0].openTime }?.openTime)
        #expect(result.metrics.exposure > 0.99)
        #expect(StrategyCatalog.bundled.strategyClass(named: "hold") == nil)
    }

    @Test("returns alone say the same as the runs that they are of, and too few days nothing")
    func returnsAlone() throws {
        let entrants = try mixed()
        let whole = StrategyComparison(entrants)
        let alone = try #require(ReturnsComparison(entrants.map(\.result.daily.returns)))
        #expect(alone.blockDays == whole.blockDays)
        #expect(alone.rows.map(\.returnInterval) == whole.rows.map(\.returnInterval))
        #expect(alone.rows.map(\.sharpeInterval) == whole.rows.map(\.sharpeInterval))
        #expect(alone.rows.map(\.difference?.test) == whole.rows.map(\.difference?.test))
        #expect(alone.rows[1].sharpe == DailyReturns(entrants[1].result.daily.returns).sharpe)
        let few = formulaReturns(ReturnsComparison.minimumDays - 1)
        #expect(ReturnsComparison([few, few]) == nil)
    }
}
