import Backtesting
import Market
import Optimization
import Storage
import Studies
import Testing

@Suite("Walking forward")
struct WalkForwardTests {
    private func outcome(_ series: CandleSeries, _ windows: WalkForwardPlan, _ plan: StudyPlan) throws
        -> WalkForwardOutcome
    {
        let store = try Store.inMemory()
        let id = try study(store, "a", series, plan)
        return try WalkForwardRunner(
            runner(store, id, plan), plan, over: series, windows: windows.windows(of: series), isCancelled: { false }
        ).run()
    }

    private let windows = WalkForwardPlan(train: 20 * 86_400, test: 5 * 86_400, purge: 86_400, embargo: 3_600)

    @Test("each test begins with the cash that the one before ended with, and the whole is their product")
    func stitched() throws {
        let series = walk(24 * 60)
        let result = try outcome(series, windows, makePlan([("fast", "2..20"), ("slow", "10..60")], count: 20))
        let tests = result.steps.compactMap(\.test)
        #expect(tests.count == 7)
        for (before, after) in zip(tests, tests.dropFirst()) {
            #expect(after.initialEquity == before.finalEquity)
            #expect(!before.hasOpenTrade)
        }
        let whole = try #require(result.stitched)
        #expect(whole.initialEquity == tests[0].initialEquity && whole.finalEquity == tests[6].finalEquity)
        #expect(whole.bars == 7 * 5 * 24)
        #expect(whole.from == series.candles[0].openTime.adding(seconds: 20 * 86_400 + 3_600))
        #expect(whole.metrics.tradeCount == tests.reduce(0) { $0 + $1.trips.count })
        let product = tests.reduce(1.0) { $0 * ($1.finalEquity.approximation / $1.initialEquity.approximation) }
        #expect(abs(whole.metrics.totalReturn - (product - 1)) < 1e-9)
        // Profits of round trips are all that moves the equity.
        let profit = whole.trips.reduce(Money.zero(.usdt)) { $0 + $1.profit }
        #expect(whole.finalEquity - whole.initialEquity == profit)
    }

    @Test("candles behind a window change nothing that was chosen or measured before")
    func blind() throws {
        let long = walk(24 * 60)
        let plan = try makePlan([("fast", "2..20"), ("slow", "10..60")], count: 15)
        let short = CandleSeries(
            instrument: instrument, timeframe: long.timeframe, candles: Array(long.candles.prefix(24 * 40)))
        let (all, some) = (try outcome(long, windows, plan), try outcome(short, windows, plan))
        #expect(some.steps.count == 3)
        for (a, b) in zip(all.steps, some.steps) {
            #expect(a.window == b.window && a.best == b.best)
            // The last window keeps its position open.
            #expect(a.test?.trips.first == b.test?.trips.first || b.test?.trips.count == 1)
        }
    }

    @Test("warm candles before a test let it trade from its first candle on, and are not counted")
    func warm() throws {
        let series = walk(24 * 40)
        let result = try outcome(series, windows, makePlan([("fast", "2,3"), ("slow", "60,70")], sampler: .grid))
        for step in result.steps {
            #expect(step.test?.bars == 5 * 24)
            #expect(step.test?.from == step.window.testFrom)
        }
        // Without warming up an average of sixty hours would leave the first two and a half days of each window idle.
        let opened = result.steps.compactMap { step in
            step.test?.trips.first.map { $0.openedAt.nanoseconds(since: step.window.testFrom) / 3_600_000_000_000 }
        }
        #expect(opened.contains { $0 < 60 })
    }

    @Test("windows that were not traded count, wherever they lie")
    func idleWindows() throws {
        // Nothing moves any more from hour 600 on: the training of the last window, from 720 on, has no trade.
        var series = walk(24 * 60)
        let still = series.candles[600].open
        for place in 600..<series.candles.count {
            series.candles[place].open = still
            series.candles[place].high = still
            series.candles[place].low = still
            series.candles[place].close = still
        }
        let plan = try makePlan(
            [("fast", "2,3"), ("slow", "20,30")], sampler: .grid, constraints: ["trade_count > 0"])
        let result = try outcome(series, windows, plan)
        let whole = try #require(result.stitched)
        #expect(result.steps.count == 7 && result.steps[0].test != nil && result.steps[6].test == nil)
        #expect(whole.from == result.steps[0].window.testFrom)
        #expect(whole.to == result.steps[6].window.testTo)
        #expect(whole.bars == 7 * 5 * 24)
        // The windows begin at 1:00 and so do their days: 35 whole days touch 36.
        #expect(whole.daily.count == 36)
        let marks = whole.daily.returns.reduce(1) { $0 * (1 + $1) }
        #expect(abs(marks - 1 - whole.metrics.totalReturn) < 1e-12)
    }

    @Test("a window in which no trial keeps the constraints is not traded")
    func idle() throws {
        let series = walk(24 * 40)
        let plan = try makePlan(
            [("fast", "2,3"), ("slow", "60,70")], sampler: .grid, constraints: ["trade_count > 1000000"])
        let result = try outcome(series, windows, plan)
        #expect(result.steps.count == 3 && result.steps.allSatisfy { $0.best == nil && $0.test == nil })
        #expect(result.stitched == nil && result.efficiency == nil)
    }
}
