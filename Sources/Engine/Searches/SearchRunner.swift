import Market
import Storage
import Strategies
import Studies
import Trading

/// Runs searches over parameters in the background, one after the other: on threads of their own that step back behind
/// every other one of the machine, and on one processor less than there is.
final class SearchRunner: Sendable {
    /// Searches that may wait.
    static let capacity = 4

    private let jobs: JobQueue<SearchRequest>
    private let means: SearchJob.Means
    private let inbox: Inbox

    /// A runner whose studies are kept in `store`; what becomes of searches goes to `inbox`.
    init(
        store: Store, synthetic: SyntheticSeries?, catalog: StrategyCatalog, clock: EngineClock, inbox: Inbox
    ) throws(EngineError) {
        means = SearchJob.Means(
            store: store, candles: BacktestCandles(store: store, synthetic: synthetic, clock: clock),
            archive: SearchArchive(store: store, catalog: catalog), catalog: catalog, clock: clock)
        self.inbox = inbox
        jobs = try JobQueue(capacity: SearchRunner.capacity)
    }

    /// Begins: the studies of the ledger come first, then whatever is asked.
    func start() throws(EngineError) {
        try jobs.start({
            WorkerThread.stepBack()
            if let views = try? self.means.archive.views() { self.inbox.tell { $0.searchesLoaded(views) } }
        }) { self.carryOut($0, $1) }
    }

    /// Takes a search in.
    ///
    /// - Returns: its number, negative until its study is open; `nil` when too many wait.
    func run(_ request: SearchRequest) -> Int64? {
        jobs.add(request) { id in
            let state = SearchView.State.running(ended: 0, total: 0, secondsLeft: nil)
            show(SearchView(id: id, name: request.study, request: request, state: state), replacing: id)
        }
    }

    /// Cancels a search that waits or is under way; false when there is none of that number.
    func cancel(_ id: Int64) -> Bool { jobs.cancel(id) }

    /// How long the thread may take to end: longer only makes candles, and nothing of what it has is lost.
    private static let patience: Int32 = 10_000

    /// Ends what runs, whose trials are kept, and waits for the thread to end.
    func stop() { jobs.stop(milliseconds: SearchRunner.patience) }

    private func carryOut(_ id: Int64, _ request: SearchRequest) {
        var shown = id
        var revision: UInt64 = 0
        let job = SearchJob(
            request: request, means: means,
            isCancelled: { [jobs] in jobs.isCancelled(id) },
            isStopping: { [jobs] in jobs.isStopping })
        var last = SearchView(id: id, request: request, state: .cancelled)
        do {
            last = try job.run(id) { [self] view in
                if view.id != shown { jobs.name(view.id) }
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
