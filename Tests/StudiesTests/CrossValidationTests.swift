import Backtesting
import Market
import Statistics
import Storage
import Testing

@testable import Studies

@Suite("Combinatorial cross-validation")
struct CrossValidationTests {
    private let ranges = [("fast", "5,10,20"), ("slow", "40,80")]

    private func outcome(
        _ series: CandleSeries, _ plan: StudyPlan, _ cut: CombinatorialSplits, store: Store? = nil, workers: Int = 2
    ) throws -> ValidationOutcome {
        let store = try store ?? Store.inMemory()
        let id = try study(store, "a", series, plan)
        return try CrossValidationRunner(
            runner(store, id, plan, workers: workers), plan, over: series, cut: cut, workers: workers,
            isCancelled: { false }
        ).run()
    }

    @Test("every split has its trials in the ledger, its best is the best, and the paths are as many as they must be")
    func whole() throws {
        let series = walk(1_200)
        let plan = try makePlan(ranges, sampler: .grid)
        let cut = try #require(CombinatorialSplits(count: 1_200, folds: 5, testFolds: 2, purge: 24, embargo: 12))
        let store = try Store.inMemory()
        let outcome = try outcome(series, plan, cut, store: store)
        #expect(outcome.splits.count == 10 && outcome.planned == 10)
        #expect(outcome.paths.count == 4)
        let id = try #require(try store.study(named: "a")).id
        for split in outcome.splits {
            let trials = try store.trials(of: id, stage: split.number)
            #expect(trials.count == 6 && split.trials == 6)
            #expect(trials.compactMap(\.objective).max() == split.best?.objective)
            #expect(split.returns.count == 2)
        }
    }

    @Test("a trial of two stretches is both runs one behind the other, each ended flat")
    func stretches() throws {
        let series = walk(1_000)
        let plan = try makePlan([("fast", "5"), ("slow", "20,40")], sampler: .grid)
        let store = try Store.inMemory()
        let trials = try runner(store, study(store, "a", series, plan), plan).run(
            stage: 1, over: series, in: [100..<400, 600..<900])
        var cash = plan.configuration.cash
        for range in [100..<400, 600..<900] {
            var configuration = try plan.configuration(trials[0].point, past: series.candles[..<range.lowerBound])
            configuration.cash = cash
            let part = CandleSeries(
                instrument: series.instrument, timeframe: series.timeframe, candles: Array(series.candles[range]))
            cash = try Backtest.run(part, configuration).closedOut().finalEquity
        }
        let start = Double(plan.configuration.cash.units)
        #expect(trials[0].figure("total_return") == Double(cash.units - plan.configuration.cash.units) / start)
    }

    @Test("a path is made of the tests of its splits")
    func path() throws {
        let series = walk(900)
        let plan = try makePlan(ranges, sampler: .grid)
        let cut = try #require(CombinatorialSplits(count: 900, folds: 4, testFolds: 2))
        let outcome = try outcome(series, plan, cut)
        // Folds from the splits 0, 0, 1, 2: (0 1), (0 1), (0 2), (0 3).
        let splits = outcome.splits
        let returns = splits[0].returns[0] + splits[0].returns[1] + splits[1].returns[1] + splits[2].returns[1]
        // Folds of 225 hours end at 9:00, 18:00 and 3:00: three of the 38 days are of two folds each.
        #expect(returns.count == 41)
        let growth = returns.reduce(1) { $0 * (1 + $1) }
        #expect(abs(outcome.paths[0].totalReturn - (growth - 1)) < 1e-12)
    }

    @Test("what a test holds changes nothing of its own training")
    func unseen() throws {
        let series = walk(900)
        let plan = try makePlan(ranges, sampler: .grid)
        let cut = try #require(CombinatorialSplits(count: 900, folds: 3, testFolds: 1))
        var other = series
        // The last fold is replaced by another walk from where the second ends.
        let change = walk(900, seed: 9)
        for place in cut.fold(2) {
            other.candles[place].open = change.candles[place].open
            other.candles[place].high = change.candles[place].high
            other.candles[place].low = change.candles[place].low
            other.candles[place].close = change.candles[place].close
        }
        let (first, second) = (try outcome(series, plan, cut), try outcome(other, plan, cut))
        #expect(first.splits[2].best == second.splits[2].best)
        #expect(first.splits[2].returns != second.splits[2].returns)
        #expect(first.splits[0].best?.figures != second.splits[0].best?.figures)
    }

    @Test("threads change nothing, and a study that is complete runs nothing again")
    func again() throws {
        let series = walk(700)
        let plan = try makePlan([("fast", "2..30"), ("slow", "40..90")], count: 12)
        let cut = try #require(CombinatorialSplits(count: 700, folds: 4, testFolds: 1, purge: 5))
        let store = try Store.inMemory()
        let first = try outcome(series, plan, cut, store: store, workers: 1)
        let id = try #require(try store.study(named: "a")).id
        var found = 0
        let second = try CrossValidationRunner(
            runner(store, id, plan), plan, over: series, cut: cut, workers: 2, isCancelled: { false }
        ).run { found = $1 }
        #expect(found == 48)
        #expect(first.paths == second.paths)
        #expect(try outcome(series, plan, cut, workers: 5).paths == first.paths)
    }

    @Test("quantiles and losses of paths")
    func quantiles() {
        var outcome = ValidationOutcome(splits: [], planned: 0, paths: [])
        #expect(outcome.quantile(0.5) == nil && outcome.lossShare == nil)
        outcome.paths = [[0.01, 0.02], [0.02, 0.01, 0.0], [-0.01, -0.02], [0, 0]].enumerated().map {
            ValidationPath(number: $0, returns: $1)
        }
        #expect(outcome.sharpes.count == 3)
        #expect(outcome.quantile(0) == outcome.sharpes[0] && outcome.quantile(1) == outcome.sharpes[2])
        #expect(outcome.quantile(0.5) == outcome.sharpes[1])
        #expect(outcome.quantile(0.25) == (outcome.sharpes[0] + outcome.sharpes[1]) / 2)
        #expect(outcome.lossShare == 0.5)
    }
}
