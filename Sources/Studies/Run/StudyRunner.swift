public import Market
import Optimization
public import Storage

/// Runs a study's trials on several threads, writes each down in the store, and shares the study with every process that
/// runs it at the same time.
///
/// Which parameters a trial tries, and what comes of it, depends on the plan, the candles and the trial's number only:
/// neither on how many threads or processes there are, nor on which of them runs it, nor on how often it was
/// interrupted.
public struct StudyRunner: Sendable {
    private let store: Store
    private let study: Int64
    private let plan: StudyPlan
    private let workers: Int
    private let priority: WorkerPriority
    private let clock: @Sendable () -> Timestamp
    private let isCancelled: @Sendable () -> Bool
    private let owner = TrialOwner.this

    /// A runner of a stored study.
    ///
    /// - Parameters:
    ///   - workers: how many threads, 1 or more.
    ///   - priority: how its threads stand to those of others.
    ///   - clock: what time it is, for the store.
    ///   - isCancelled: asked often, on all threads; once `true`, it ends within a fraction of a second.
    public init(
        store: Store, study: Int64, plan: StudyPlan, workers: Int, priority: WorkerPriority = .normal,
        clock: @escaping @Sendable () -> Timestamp, isCancelled: @escaping @Sendable () -> Bool
    ) {
        self.store = store
        self.study = study
        self.plan = plan
        self.workers = workers
        self.priority = priority
        self.clock = clock
        self.isCancelled = isCancelled
    }

    /// Runs what is missing of a stage, and waits for what other processes have taken of it.
    ///
    /// - Parameters:
    ///   - past: the candles before the series; they warm strategies up and count for nothing.
    ///   - progress: called some times a second with how many of the stage's trials have ended, and how many of them
    ///     were found in the store.
    /// - Returns: the stage's trials that have ended, by number: all of them unless it was cancelled.
    /// - Throws: `StoreError`; trials that ended are kept as far as the store took them.
    public func run(
        stage: Int, over series: CandleSeries, past: ArraySlice<Candle> = [],
        progress: (_ ended: Int, _ found: Int) -> Void = { _, _ in }
    ) throws(StoreError) -> [Trial] {
        let trial = TrialRun(plan: plan, series: series, past: past, stage: stage, isCancelled: isCancelled)
        return try run(trial, progress: progress)
    }

    /// The same over stretches of a series: each trial trades them one after the other, with the cash going on and what is
    /// open at the end of one sold there; the candles before each warm strategies up. Trials are not given up early.
    public func run(
        stage: Int, over series: CandleSeries, in stretches: [Range<Int>],
        progress: (_ ended: Int, _ found: Int) -> Void = { _, _ in }
    ) throws(StoreError) -> [Trial] {
        precondition(!stretches.isEmpty && stretches.allSatisfy { !$0.isEmpty }, "there is something to train on")
        let trial = TrialRun(
            plan: plan, series: series, past: [], stage: stage, stretches: stretches, isCancelled: isCancelled)
        return try run(trial, progress: progress)
    }

    private func run(
        _ run: TrialRun, progress: (_ ended: Int, _ found: Int) -> Void
    ) throws(StoreError) -> [Trial] {
        let stage = run.stage
        var board = TrialBoard(plan, stage: stage)
        var ended: [TrialRecord] = []
        var pace = Pace(workers: workers)
        board.add(try store.trials(of: study, stage: stage))
        let found = board.count
        progress(found, found)
        while !isCancelled() {
            guard let range = board.open else { break }
            let numbers = try store.exchangeTrials(
                of: study, stage: stage, ended: ended, takeFrom: range, limit: pace.limit, owner: owner.text,
                now: clock(), isAbandoned: owner.mayTake(at: clock()))
            ended = []
            if numbers.isEmpty {
                // Others have what is missing: their results are soon here.
                TrialOwner.rest()
                board.add(try store.trials(of: study, stage: stage, from: range.lowerBound))
                progress(board.count, found)
                continue
            }
            let work = board.work(numbers)
            let before = board.count
            let trials: [Trial?] = pace.measured(numbers.count) {
                Workers.map(
                    numbers.count, workers: workers, priority: priority, meanwhile: { progress(before + $0, found) }
                ) { piece in
                    let (number, point, known) = work.pieces[piece]
                    guard var known else { return run.trial(number, point, work.pruner) }
                    known.number = number
                    return known
                }
            }
            for trial in trials.compactMap({ $0 }) {
                board.add(trial)
                ended.append(TrialText.record(trial, plan, at: clock()))
            }
            // The batch may hold trials of others, which the next one must know.
            if !board.isComplete(range), numbers.count < pace.limit {
                board.add(try store.trials(of: study, stage: stage, from: range.lowerBound))
            }
            progress(board.count, found)
        }
        _ = try store.exchangeTrials(
            of: study, stage: stage, ended: ended, takeFrom: 0..<0, limit: 0, owner: owner.text, now: clock(),
            isAbandoned: { _, _ in false })
        try store.withdrawTrials(of: study, owner: owner.text)
        return board.trials
    }
}

/// How many trials are taken at once: about a second of work, so that a kill loses no more, and the store is asked seldom.
struct Pace {
    private let workers: Int
    private(set) var limit: Int
    private static let most = 64

    init(workers: Int) {
        self.workers = workers
        limit = workers
    }

    mutating func measured<Result>(_ count: Int, _ work: () -> Result) -> Result {
        let start = ContinuousClock.now
        let result = work()
        let seconds = max(start.duration(to: .now) / .seconds(1), 1e-6)
        let rounds = min(max(Int(Double(count) / seconds) / workers, 1), Pace.most)
        limit = rounds * workers
        return result
    }
}
