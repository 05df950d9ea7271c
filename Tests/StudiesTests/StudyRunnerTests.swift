import Backtesting
import Market
import Optimization
import Storage
import Synchronization
import Testing

@testable import Studies

@Suite("Studies")
struct StudyRunnerTests {
    private let ranges = [("fast", "2..60"), ("slow", "10..300")]

    @Test(
        "the trials of a seed are the same with one worker and with eight", arguments: Sampler.allCases, [true, false])
    func workers(_ sampler: Sampler, _ isPruning: Bool) throws {
        let series = walk(1_500)
        let written = sampler == .grid ? [("fast", "5..30/5"), ("slow", "20,50,10")] : ranges
        let plan = try makePlan(written, sampler: sampler, count: sampler == .grid ? nil : 60, isPruning: isPruning)
        let results = try [1, 8].map { workers in
            let store = try Store.inMemory()
            return try runner(store, study(store, "a", series, plan), plan, workers: workers).run(
                stage: 0, over: series)
        }
        #expect(results[0].count == plan.count)
        #expect(results[0] == results[1])
        if isPruning, sampler != .grid { #expect(results[0].contains { $0.state == .pruned }) }
        let other = try makePlan(written, sampler: sampler, count: plan.count, seed: 8)
        let store = try Store.inMemory()
        let again = try runner(store, study(store, "a", series, other), other).run(stage: 0, over: series)
        if sampler != .grid { #expect(again.map(\.point) != results[0].map(\.point)) }
    }

    @Test("a grid is every combination once; those that contradict themselves are invalid and never run")
    func grid() throws {
        let series = walk(600)
        let plan = try makePlan([("fast", "5..50/5"), ("slow", "20,50,100")], sampler: .grid)
        let store = try Store.inMemory()
        let trials = try runner(store, study(store, "a", series, plan), plan).run(stage: 0, over: series)
        #expect(trials.count == 30)
        for trial in trials {
            #expect((trial.state == .invalid) == (trial.point[0] >= trial.point[1]))
            #expect(trial.figures.isEmpty == (trial.state == .invalid))
        }
        let best = plan.ranked(trials)[0]
        let alone = try Backtest.run(series, plan.configuration(best.point, past: []))
        #expect(best.figures == FigureNames.values(alone))
        #expect(best.objective == alone.metrics.totalReturn)
        #expect(trials.allSatisfy { ($0.objective ?? -9) <= alone.metrics.totalReturn })
    }

    @Test("what is in the store comes back as it was, and a study that is complete runs nothing again")
    func kept() throws {
        let series = walk(800)
        let plan = try makePlan(ranges, count: 30, isPruning: true, constraints: ["trade_count >= 20"])
        let store = try Store.inMemory()
        let id = try study(store, "a", series, plan)
        let trials = try runner(store, id, plan).run(stage: 0, over: series)
        let found = Mutex(0)
        let again = try runner(store, id, plan).run(stage: 0, over: walk(10)) { _, known in
            found.withLock { $0 = known }
        }
        #expect(again == trials && found.withLock { $0 } == 30)
        #expect(trials.contains { $0.state == .infeasible && $0.violation! > 0 })
        let summary = try store.trialSummaries()[0]
        #expect(summary.trials == 30 && summary.studies == 1 && summary.combinations <= 30)
    }

    @Test("a study that was interrupted goes on to what it would have been")
    func resumed() throws {
        let series = walk(1_500)
        let plan = try makePlan(ranges, count: 40)
        let store = try Store.inMemory()
        let whole = try runner(store, study(store, "whole", series, plan), plan).run(stage: 0, over: series)
        let id = try study(store, "parts", series, plan)
        for limit in [5, 13, 14, 29, 1_000] {
            let asked = Atomic<Int>(0)
            let ended = Mutex(0)
            let part = try StudyRunner(
                store: store, study: id, plan: plan, workers: 3, clock: { now },
                isCancelled: {
                    asked.wrappingAdd(1, ordering: .relaxed)
                    return ended.withLock { $0 } >= limit
                }
            ).run(stage: 0, over: series) { count, _ in ended.withLock { $0 = count } }
            #expect(part == Array(whole.filter { trial in part.contains { $0.number == trial.number } }))
            #expect(limit < 1_000 ? part.count >= limit && part.count < 40 : part == whole)
        }
    }

    @Test("what a process took and left is another's, once it is gone or has had it for too long")
    func abandoned() throws {
        let series = walk(300)
        let plan = try makePlan(ranges, count: 12)
        let store = try Store.inMemory()
        let id = try study(store, "a", series, plan)
        // No process has the number 2³¹ − 1 here, and none of another machine needs so long.
        let here = TrialOwner.this.text.split(separator: ":")[0]
        for (owner, age, range) in [("\(here):2147483647", Int64(1), 0..<3), ("elsewhere:1", 700, 3..<5)] {
            let taken = try store.exchangeTrials(
                of: id, stage: 0, ended: [], takeFrom: range, limit: 9, owner: owner, now: now.adding(seconds: -age),
                isAbandoned: { _, _ in false })
            #expect(taken == Array(range))
        }
        #expect(try runner(store, id, plan).run(stage: 0, over: series).count == 12)
        #expect(!TrialOwner.this.mayTake(at: now)("elsewhere:1", now.adding(seconds: -500)))
        #expect(!TrialOwner.this.mayTake(at: now)("\(here):1", now))
    }

    @Test("two runners share a study: no trial runs twice, and the result is that of one")
    func shared() async throws {
        let series = walk(4_000)
        let plan = try makePlan(ranges, count: 40)
        let store = try Store.inMemory()
        let whole = try runner(store, study(store, "whole", series, plan), plan).run(stage: 0, over: series)
        let id = try study(store, "shared", series, plan)
        async let first = Task.detached { try runner(store, id, plan, workers: 1).run(stage: 0, over: series) }.value
        async let second = Task.detached { try runner(store, id, plan, workers: 2).run(stage: 0, over: series) }.value
        #expect(try await first == whole)
        #expect(try await second == whole)
    }
}
