import Market
import Storage
import Strategies
import Studies
import Synchronization
import Trading

/// Runs searches over parameters in the background, one after the other: on threads of their own that step back behind
/// every other one of the machine, and on one processor less than there is.
final class SearchRunner: Sendable {
    /// Searches that may wait.
    static let capacity = 4

    private struct State {
        var nextID: Int64 = -1
        var waiting: [(id: Int64, request: SearchRequest)] = []
        var cancelled: Set<Int64> = []
        /// The number that the running search was given, and that of its study once it has one.
        var running: (id: Int64, study: Int64?)?
        var isStopping = false
    }

    private let state = Mutex(State())
    private let wake: WakeDescriptor
    private let means: SearchJob.Means
    private let inbox: Inbox
    private let isStarted = Atomic<Bool>(false)
    private let finished = FinishedFlag()

    /// A runner whose studies are kept in `store`; what becomes of searches goes to `inbox`.
    init(
        store: Store, synthetic: SyntheticSeries?, catalog: StrategyCatalog, clock: EngineClock, inbox: Inbox
    ) throws(EngineError) {
        means = SearchJob.Means(
            store: store, candles: BacktestCandles(store: store, synthetic: synthetic, clock: clock),
            archive: SearchArchive(store: store, catalog: catalog), catalog: catalog, clock: clock)
        self.inbox = inbox
        wake = try WakeDescriptor()
    }

    /// Begins: the studies of the ledger come first, then whatever is asked.
    func start() throws(EngineError) {
        try EngineThread.start { self.serve() }
        isStarted.store(true, ordering: .releasing)
    }

    /// Takes a search in.
    ///
    /// - Returns: its number, negative until its study is open; `nil` when too many wait.
    func run(_ request: SearchRequest) -> Int64? {
        let id = state.withLock { state -> Int64? in
            guard state.waiting.count < SearchRunner.capacity, !state.isStopping else { return nil }
            let id = state.nextID
            state.nextID -= 1
            state.waiting.append((id, request))
            return id
        }
        guard let id else { return nil }
        show(
            SearchView(
                id: id, name: request.study, request: request, state: .running(ended: 0, total: 0, secondsLeft: nil)),
            replacing: id)
        wake.signal()
        return id
    }

    /// Cancels a search that waits or is under way; false when there is none of that number.
    func cancel(_ id: Int64) -> Bool {
        state.withLock { state in
            if let running = state.running, running.id == id || running.study == id {
                state.cancelled.insert(running.id)
                return true
            }
            guard state.waiting.contains(where: { $0.id == id }) else { return false }
            state.cancelled.insert(id)
            return true
        }
    }

    /// How long the thread may take to end: longer only makes candles, and nothing of what it has is lost.
    private static let patience: Int32 = 10_000

    /// Ends what runs, whose trials are kept, and waits for the thread to end.
    func stop() {
        state.withLock { $0.isStopping = true }
        wake.signal()
        if isStarted.load(ordering: .acquiring) { finished.wait(milliseconds: SearchRunner.patience) }
    }

    private func serve() {
        WorkerThread.stepBack()
        if let views = try? means.archive.views() { inbox.tell { $0.searchesLoaded(views) } }
        while true {
            let (next, isStopping) = state.withLock { state -> ((id: Int64, request: SearchRequest)?, Bool) in
                let next = state.waiting.isEmpty ? nil : state.waiting.removeFirst()
                state.running = next.map { ($0.id, nil) }
                return (next, state.isStopping)
            }
            if isStopping { break }
            guard let next else {
                wake.wait(milliseconds: -1)
                continue
            }
            carryOut(next.id, next.request)
            state.withLock { state in
                state.running = nil
                state.cancelled.remove(next.id)
            }
        }
        finished.set()
    }

    private func carryOut(_ id: Int64, _ request: SearchRequest) {
        var shown = id
        var revision: UInt64 = 0
        let job = SearchJob(
            request: request, means: means,
            isCancelled: { [self] in state.withLock { $0.isStopping || $0.cancelled.contains(id) } },
            isStopping: { [self] in state.withLock { $0.isStopping } })
        var last = SearchView(id: id, request: request, state: .cancelled)
        do {
            last = try job.run(id) { [self] view in
                if view.id != shown { state.withLock { $0.running?.study = view.id } }
                var view = view
                revision += 1
                view.revision = revision
                show(view, replacing: shown)
                shown = view.id
                last = view
            }
        } catch {
            last.state = .failed(String(describing: error))
        }
        last.revision = revision + 1
        show(last, replacing: shown)
    }

    private func show(_ view: SearchView, replacing id: Int64) {
        inbox.tell { $0.searchChanged(view, replacing: id) }
    }
}
