import Optimization
import Storage

/// What is known of a stage: which trials have ended, which batch is open, and what its trials try.
struct TrialBoard {
    private let plan: StudyPlan
    private let stage: Int
    private let schedule: TrialSchedule
    private var ended: [Trial?]
    /// How many have ended.
    private(set) var count = 0
    /// Every trial below it has ended.
    private var firstMissing = 0
    /// The points of the open batch, and where it begins.
    private var drawn: (start: Int, points: [[Double]]) = (-1, [])

    init(_ plan: StudyPlan, stage: Int) {
        self.plan = plan
        self.stage = stage
        schedule = plan.schedule
        ended = Array(repeating: nil, count: plan.count)
    }

    /// The trials that have ended, by number.
    var trials: [Trial] { ended.compactMap { $0 } }

    /// The numbers that may be taken: what is missing of the open batch and what has ended in between; `nil` when all
    /// have ended.
    var open: Range<Int>? {
        guard firstMissing < plan.count else { return nil }
        return firstMissing..<schedule.range(of: firstMissing).upperBound
    }

    func isComplete(_ range: Range<Int>) -> Bool { firstMissing >= range.upperBound }

    mutating func add(_ trial: Trial) {
        guard trial.number < ended.count, ended[trial.number] == nil else { return }
        ended[trial.number] = trial
        count += 1
        while firstMissing < ended.count, ended[firstMissing] != nil { firstMissing += 1 }
    }

    mutating func add(_ records: [TrialRecord]) {
        for record in records where record.number < ended.count && ended[record.number] == nil {
            if let trial = TrialText.trial(record, plan) { add(trial) }
        }
    }

    /// What the trials of these numbers try.
    struct Work: Sendable {
        /// Number and point of each; and the result, where an earlier trial tried the same.
        var pieces: [(number: Int, point: [Double], known: Trial?)]
        /// What gives trials up, where that is wanted.
        var pruner: MedianPruner?
    }

    /// The work of trials of the open batch.
    mutating func work(_ numbers: [Int]) -> Work {
        guard let first = numbers.first else { return Work(pieces: []) }
        let batch = schedule.range(of: first)
        let past = ended[..<min(batch.lowerBound, ended.count)].compactMap { $0 }
        let pruner =
            plan.isPruning
            ? MedianPruner(
                past.filter { $0.state != .invalid }.map { $0.looks.map { look in look.map { -$0 } } },
                looks: StudyPlan.looks) : nil
        guard plan.sampler == .tpe else {
            let pieces = numbers.map { number in (number, point(number), nil as Trial?) }
            return Work(pieces: pieces, pruner: pruner)
        }
        if drawn.start != batch.lowerBound { drawn = (batch.lowerBound, points(batch, past)) }
        let pieces = numbers.map { number in
            let point = drawn.points[number - batch.lowerBound]
            return (number, point, past.first { $0.point == point && $0.state != .pruned })
        }
        return Work(pieces: pieces, pruner: pruner)
    }

    /// The stage has random numbers of its own.
    private var seed: UInt64 { plan.seed &+ UInt64(stage) &* 0xA076_1D64_78BD_642F }

    private func point(_ number: Int) -> [Double] {
        let point = plan.sampler.point(number, in: plan.space, seed: seed) { (try? plan.parameters($0)) != nil }
        guard let point else { preconditionFailure("the grid has as many trials as points") }
        return point
    }

    /// The points of a batch, each drawn as if those before it had failed.
    private func points(_ batch: Range<Int>, _ past: [Trial]) -> [[Double]] {
        let history = past.map { Observation(point: $0.point, standing: plan.standing($0)) }
        let tried = Set(past.map(\.point))
        var points: [[Double]] = []
        for number in batch {
            let point = plan.sampler.point(
                number, in: plan.space, seed: seed, history: history, pending: points,
                isWanted: { !tried.contains($0) && !points.contains($0) && (try? plan.parameters($0)) != nil })
            if let point { points.append(point) }
        }
        return points
    }
}
