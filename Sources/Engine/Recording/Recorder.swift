import Glibc
import Journal
import Market
import Storage
import Synchronization
import Trading

/// Writes what happens into the store, on a thread of its own and in order: the store is a projection of the journal and
/// may lag it, and takes in nothing that the journal might still lose. What happened close together goes into one
/// transaction, with the place in the journal that it reaches.
///
/// **When the store fails** (locked, full, gone) the job at the head waits and is tried again, from a quarter of a second
/// up to five seconds apart, and everything behind it queues in memory; nothing is dropped. From `capacity` rows on (far
/// more than five minutes of a busy session) `isOverfull` tells the engine to open nothing any more. A job that the store
/// refuses for what it contains is taken apart and its bad part reported, so that it can't hold up the rest for ever.
final class Recorder: Sendable {
    /// Rows that may wait before the engine stops opening.
    static let capacity = 200_000
    /// How often the store is asked whether another process changed something.
    private static let watchNanoseconds: Int64 = 300_000_000

    /// How many jobs one transaction takes at most.
    private static let groupSize = 500

    private struct Queue {
        var jobs: [RecorderEntry] = []
        var problem: String?
        var isStopping = false
    }

    private let queue = Mutex(Queue())
    private let backlogRows = Atomic<Int>(0)
    private let wake: WakeDescriptor
    private let isStarted = Atomic<Bool>(false)
    private let finished = FinishedFlag()
    private let store: Store
    private let journal: Journal?
    private let log: EngineLog
    private let inbox: Inbox

    /// A recorder into `store` of what `journal` holds, where there is one; news of the store go to `inbox`.
    init(store: Store, journal: Journal? = nil, log: EngineLog, inbox: Inbox) throws(EngineError) {
        self.store = store
        self.journal = journal
        self.log = log
        self.inbox = inbox
        wake = try WakeDescriptor()
    }

    /// Begins to write. `watch` looks for changes that others make in the store.
    func start(_ writer: StoreWriter) throws(EngineError) {
        let box = TransferBox(writer)
        try EngineThread.start { self.run(box.value) }
        isStarted.store(true, ordering: .releasing)
    }

    /// Rows that wait.
    var backlog: Int { backlogRows.load(ordering: .relaxed) }

    /// Whether so much waits that the engine should open nothing any more.
    var isOverfull: Bool { backlog > Recorder.capacity }

    /// What is wrong with the store, or `nil`.
    var problem: String? { queue.withLock { $0.problem } }

    /// Hands in a job, with the number of the decision record that it comes from; returns at once.
    func add(_ job: RecorderJob, _ sequence: UInt64? = nil) {
        backlogRows.add(job.weight, ordering: .relaxed)
        queue.withLock { $0.jobs.append(RecorderEntry(job: job, sequence: sequence)) }
        wake.signal()
    }

    /// Writes what waits and ends the thread. What the journal did not take by then is not written; it must be closed first.
    ///
    /// - Returns: whether everything was written within the time.
    func stop(milliseconds: Int32) -> Bool {
        queue.withLock { $0.isStopping = true }
        wake.signal()
        let isOver = !isStarted.load(ordering: .acquiring) || finished.wait(milliseconds: milliseconds)
        return isOver && backlog == 0
    }

    /// Everything that waits, in order; it counts as waiting until `isDone`.
    func takeJobs() -> [RecorderEntry] {
        queue.withLock { queue in
            defer { queue.jobs = [] }
            return queue.jobs
        }
    }

    /// Takes a job off the count of what waits.
    func isDone(_ entry: RecorderEntry) { backlogRows.subtract(entry.job.weight, ordering: .relaxed) }

    /// Cuts jobs into what goes into one transaction each, in order.
    static func groups(_ jobs: [RecorderEntry]) -> [ArraySlice<RecorderEntry>] {
        var groups: [ArraySlice<RecorderEntry>] = []
        var start = 0
        for index in jobs.indices.dropFirst()
        where !(jobs[index].job.joins && jobs[index - 1].job.joins) || index - start >= groupSize {
            groups.append(jobs[start..<index])
            start = index
        }
        if start < jobs.count { groups.append(jobs[start...]) }
        return groups
    }

    private func run(_ writer: StoreWriter) {
        var lastWatch: Int64 = 0
        var waiting: [RecorderEntry] = []
        while true {
            let isStopping = queue.withLock { $0.isStopping }
            waiting += takeJobs()
            let jobs = takeDurable(&waiting)
            for group in Recorder.groups(jobs) {
                carryOut(group, writer)
                for entry in group { isDone(entry) }
            }
            log.flush()
            if jobs.isEmpty && isStopping { break }
            let now = EngineClock.monotonic()
            if now - lastWatch >= Recorder.watchNanoseconds {
                lastWatch = now
                writer.watch(inbox)
            }
            if jobs.isEmpty { wake.wait(milliseconds: waiting.isEmpty ? 250 : 50) }
        }
        finished.set()
    }

    /// Takes those jobs whose records are on the disk, and what comes before them. Rows are in no hurry: the journal is
    /// not asked to bring anything there any sooner.
    private func takeDurable(_ waiting: inout [RecorderEntry]) -> [RecorderEntry] {
        guard let durable = journal?.durable(.decisions) else {
            defer { waiting = [] }
            return waiting
        }
        let count = waiting.firstIndex { $0.sequence.map { $0 > durable } ?? false } ?? waiting.count
        defer { waiting.removeFirst(count) }
        return Array(waiting[..<count])
    }

    private func carryOut(_ group: ArraySlice<RecorderEntry>, _ writer: StoreWriter) {
        let problems = refusals(of: group, writer)
        if !problems.isEmpty { report(problems) }
    }

    /// Has jobs written, again and again where that may help. Of those that the store does not take together each is tried by
    /// itself, as patiently.
    ///
    /// - Returns: what is wrong with those that it does not take at all; they are passed over.
    private func refusals(of group: ArraySlice<RecorderEntry>, _ writer: StoreWriter) -> [String] {
        var pause: Int64 = 250_000_000
        while true {
            do {
                try writer.write(group, inbox)
                recovered()
                return []
            } catch {
                if !Recorder.isTransient(error) {
                    if group.count > 1 { return group.flatMap { refusals(of: [$0], writer) } }
                    for entry in group { writer.passOver(entry) }
                    return [error.description]
                }
                failed(error)
            }
            wait(nanoseconds: pause)
            pause = min(pause * 2, 5_000_000_000)
        }
    }

    /// Whether trying again may help: everything but a contradiction in what is written.
    private static func isTransient(_ error: StoreError) -> Bool {
        switch error.kind {
        case .conflict, .failed, .notFound: return false
        default: return true
        }
    }

    private func failed(_ error: StoreError) {
        let isNew = queue.withLock { queue in
            defer { queue.problem = error.description }
            return queue.problem == nil
        }
        guard isNew else { return }
        inbox.tell { core in
            core.raise(
                .critical, "store-failed",
                "nothing can be stored: \(error.description). Trading goes on and everything waits in memory")
        }
    }

    private func recovered() {
        let hadProblem = queue.withLock { queue in
            defer { queue.problem = nil }
            return queue.problem != nil
        }
        guard hadProblem else { return }
        inbox.tell { core in core.raise(.info, "store-recovered", "the store works again; everything was written") }
    }

    private func report(_ problems: [String]) {
        for problem in problems {
            inbox.tell { core in core.raise(.critical, "store-refused", "a record could not be stored: \(problem)") }
        }
    }

    /// Waits while the log goes on; a stop does not cut the wait short, its deadline belongs to whoever stops.
    private func wait(nanoseconds: Int64) {
        log.flush()
        let end = EngineClock.monotonic() + nanoseconds
        while EngineClock.monotonic() < end { usleep(20_000) }
    }
}

/// Carries a value that is not sendable to the one thread that will own it.
struct TransferBox<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
