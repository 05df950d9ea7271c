import Backtesting
import Market
import Optimization
import Statistics
import Storage
import Testing

@testable import Studies

@Suite("What the best of many trials is worth")
struct TrialBeliefTests {
    /// The trials of a sweep over a random walk.
    private func sweep(_ series: CandleSeries) throws -> (plan: StudyPlan, trials: [Trial]) {
        let plan = try makePlan([("fast", "5..40/5"), ("slow", "50..200/25")], sampler: .grid, objective: "sharpe")
        let store = try Store.inMemory()
        return (plan, try runner(store, study(store, "a", series, plan), plan).run(stage: 0, over: series))
    }

    @Test("on a random walk the best of many is not believed", arguments: 1...6 as ClosedRange<UInt64>)
    func noise(_ seed: UInt64) throws {
        let series = walk(8_760, seed: seed)
        let (plan, trials) = try sweep(series)
        let belief = try #require(plan.belief(in: plan.ranked(trials)[0], among: trials, over: series))
        #expect(belief.trials == 56)
        #expect(try #require(belief.deflated) < 0.95)
        // The more was tried, the less it is worth; a smaller count than ran changes nothing.
        #expect(try #require(belief.deflated(among: 5_600)) < #require(belief.deflated))
        #expect(belief.deflated(among: 3) == belief.deflated)
    }

    @Test("the figures are those of the best one's days and of the trials' ratios")
    func figures() throws {
        let series = walk(4_000, seed: 9)
        let (plan, trials) = try sweep(series)
        let best = plan.ranked(trials)[0]
        let belief = try #require(plan.belief(in: best, among: trials, over: series))
        let run = try Backtest.run(series, plan.configuration(best.point, past: []))
        let days = Moments(run.daily.returns)
        #expect(belief.probabilistic == SharpeInference(days)?.probability(above: 0))
        let ratios = trials.compactMap { $0.figure("sharpe") }
        #expect(ratios.count == 56)
        let deviation = try #require(Moments(ratios).deviation)
        let expected = SharpeInference.expectedMaximum(trials: 56, variance: deviation * deviation)
        #expect(abs(belief.expectedMaximum - expected) < 1e-12 * abs(expected))
    }

    @Test("a small search whose trials lie close together does not hide how many were tried before it")
    func smallSearch() throws {
        // 100 days of +1.2 % and −0.8 % in turn: by themselves they are believed.
        let days = (0..<100).map { $0.isMultiple(of: 2) ? 0.012 : -0.008 }
        let belief = try #require(TrialBelief(days: days, sharpes: [0.199, 0.1991], trials: 2))
        #expect(try #require(belief.deflated) > 0.95)
        let inference = try #require(SharpeInference(Moments(days)))
        #expect(belief.deflated(among: 1_000) == inference.deflated(trials: 1_000, variance: 1 / 99.0))
        // √(1 ÷ 99) × 3.26 is a daily ratio of 0.327, far above the 0.199 that there is.
        #expect(try #require(belief.deflated(among: 1_000)) < 0.15)
    }

    @Test("ratios that lie further apart than luck's are taken for those that are not known too")
    func wideSearch() throws {
        let days = (0..<100).map { $0.isMultiple(of: 2) ? 0.012 : -0.008 }
        let belief = try #require(TrialBelief(days: days, sharpes: [-0.2, 0.2], trials: 2))
        let inference = try #require(SharpeInference(Moments(days)))
        let deflated = try #require(belief.deflated(among: 10))
        // The variance of −0.2 and 0.2 is 0.08, of luck 1 ÷ 99.
        #expect(abs(deflated - (inference.deflated(trials: 10, variance: 0.08) ?? 0)) < 1e-12)
    }

    @Test("trials that were given up count as tried, and have at least the variance of luck")
    func givenUp() throws {
        let days = (0..<100).map { $0.isMultiple(of: 2) ? 0.012 : -0.008 }
        let belief = try #require(TrialBelief(days: days, sharpes: [0.199, 0.1991], trials: 50))
        let inference = try #require(SharpeInference(Moments(days)))
        #expect(belief.deflated == inference.deflated(trials: 50, variance: 1 / 99.0))
        let expected = SharpeInference.expectedMaximum(trials: 50, variance: 1 / 99.0) * 365.0.squareRoot()
        #expect(abs(belief.expectedMaximum - expected) < 1e-12)
    }

    @Test("too few days, and a single trial, are worth nothing that could be said")
    func tooLittle() throws {
        let short = walk(19 * 24)
        let (plan, trials) = try sweep(short)
        #expect(plan.belief(in: plan.ranked(trials)[0], among: trials, over: short) == nil)
        let series = walk(2_000)
        let whole = try sweep(series)
        let best = whole.plan.ranked(whole.trials)[0]
        #expect(whole.plan.belief(in: best, among: [best], over: series) == nil)
    }

    @Test("overfitting is that of the trials' days, once each, and is not measured of what was cancelled or too short")
    func overfitting() throws {
        let series = walk(100 * 24, seed: 3)
        let plan = try makePlan([("fast", "5..20/5"), ("slow", "50,100")], sampler: .grid, objective: "sharpe")
        let store = try Store.inMemory()
        let trials = try runner(store, study(store, "a", series, plan), plan).run(stage: 0, over: series)
        let result = plan.overfitting(among: trials + trials, over: series, isCancelled: { false })
        let (measured, count) = try #require(result)
        #expect(count == 8)
        let returns = try trials.map {
            try Backtest.run(series, plan.configuration($0.point, past: [])).daily.returns
        }
        #expect(measured == OverfittingProbability(returns: returns, blocks: 16))
        #expect(plan.overfitting(among: trials, over: series, isCancelled: { true }) == nil)
        #expect(plan.overfitting(among: [trials[0]], over: series, isCancelled: { false }) == nil)
        let short = walk(30 * 24, seed: 3)
        #expect(plan.overfitting(among: trials, over: short, isCancelled: { false }) == nil)
    }
}
