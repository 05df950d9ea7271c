import Glibc
import Market
import Synchronization
import Trading

/// Builds a core on a thread of its own and looks on: following the journal runs strategies, and one that does not come
/// back must not keep the engine from starting.
struct WatchedBuild {
    /// How many strategies' steps are left out before building is given up: one that gets stuck wherever it is followed
    /// would leave a thread behind each time.
    private static let attempts = 4

    let builder: CoreBuilder
    let recorder: Recorder
    /// How long a strategy may take for one step, in nanoseconds.
    let budget: Int64

    private final class Result: Sendable {
        let outcome = Mutex<Swift.Result<TransferBox<CoreBuilder.Build>, EngineError>?>(nil)
        let finished = FinishedFlag()
    }

    /// Builds a core that leaves out the strategies of `suspensions`, and those that get stuck on the way.
    ///
    /// - Throws: `EngineError` as building does, also when strategy after strategy gets stuck.
    func run(continues: Bool, suspensions: [Suspension]) throws(EngineError) -> CoreBuilder.Build {
        var suspensions = suspensions
        for _ in 0..<WatchedBuild.attempts {
            builder.probe?.forget()
            let result = Result()
            let fence = Fence()
            let builder = builder
            let recorder = recorder
            let given = suspensions
            try EngineThread.start {
                do throws(EngineError) {
                    let build = try builder.build(recorder, continues: continues, suspensions: given, fence: fence)
                    result.outcome.withLock { $0 = .success(TransferBox(build)) }
                } catch {
                    result.outcome.withLock { $0 = .failure(error) }
                }
                result.finished.set()
            }
            guard let stuck = watch(result) else {
                guard let outcome = result.outcome.withLock({ $0 }) else {
                    throw .system(action: "build the engine", code: EIO)
                }
                return try outcome.get().value
            }
            fence.raise()
            suspensions.append(stuck)
        }
        let steps = suspensions.map { "strategy \($0.strategy.rawValue) at record \($0.input)" }
        throw .journal(
            "strategies get stuck wherever they are followed: \(steps.joined(separator: ", "))",
            remedy: "disable them ('wick strategy disable'), or start a release in which they are mended")
    }

    /// Waits until the build is done; gives the strategy that holds it up when one does.
    private func watch(_ result: Result) -> Suspension? {
        var watch = StrategyWatch(budget: budget)
        while !result.finished.wait(milliseconds: 5) {
            guard let probe = builder.probe else { continue }
            if let stuck = watch.look(probe.reading, at: EngineClock.monotonic()) { return stuck }
        }
        return nil
    }
}

/// Tells from a probe's readings when a strategy has not come back from a step for too long.
struct StrategyWatch {
    /// How long a strategy may take for one step, in nanoseconds.
    var budget: Int64
    private var seen: ProbePage.Reading?
    private var since: Int64 = 0

    init(budget: Int64) { self.budget = budget }

    /// Takes a reading; gives what is to be done about a strategy that is over its budget.
    mutating func look(_ reading: ProbePage.Reading, at monotonic: Int64, budget shorter: Int64? = nil) -> Suspension? {
        guard reading.strategy != 0, reading.input != 0 else {
            seen = nil
            return nil
        }
        if seen != reading {
            seen = reading
            since = monotonic
            return nil
        }
        guard monotonic - since >= min(shorter ?? budget, budget) else { return nil }
        seen = nil
        return Suspension(
            input: reading.input, strategy: StrategyID(rawValue: reading.strategy),
            reason: "it did not come back from one candle within \(budget / 1_000_000) ms")
    }
}
