import Backtesting
import Market
import Storage
import Strategies
import Trading

/// Runs backtests in the background, one after the other on a thread of their own, and keeps their results.
final class BacktestRunner: Sendable {
    /// Runs that may wait.
    private static let capacity = 16
    /// Stored runs that a session begins with.
    private static let storedCount = 50

    private let jobs: JobQueue<BacktestRequest>
    private let store: Store
    private let candles: BacktestCandles
    private let catalog: StrategyCatalog
    private let clock: EngineClock
    private let inbox: Inbox

    /// A runner over the series of `store` and the past of a synthetic market, where there is one; what becomes of runs
    /// goes to `inbox`.
    init(
        store: Store, synthetic: SyntheticSeries?, catalog: StrategyCatalog, clock: EngineClock, inbox: Inbox
    ) throws(EngineError) {
        self.store = store
        candles = BacktestCandles(store: store, synthetic: synthetic, clock: clock)
        self.catalog = catalog
        self.clock = clock
        self.inbox = inbox
        jobs = try JobQueue(capacity: BacktestRunner.capacity)
    }

    /// Begins: the stored runs come first, then whatever is asked.
    func start() throws(EngineError) {
        try jobs.start({ self.showStored() }) { id, request in
            let view = self.carryOut(id, request)
            self.inbox.tell { $0.backtestChanged(view, replacing: id) }
        }
    }

    /// Takes a run in.
    ///
    /// - Returns: its number, negative until it is stored; `nil` when too many wait.
    func run(_ request: BacktestRequest) -> Int64? {
        jobs.add(request) { id in
            let view = BacktestView(id: id, request: request, state: .running(progress: 0, secondsLeft: nil))
            inbox.tell { $0.backtestChanged(view, replacing: id) }
        }
    }

    /// Cancels a run that waits or is under way; false when there is none of that number.
    func cancel(_ id: Int64) -> Bool { jobs.cancel(id) }

    /// Cancels everything and waits for the thread to end.
    func stop() { jobs.stop() }

    private func carryOut(_ id: Int64, _ request: BacktestRequest) -> BacktestView {
        if jobs.isCancelled(id) { return BacktestView(id: id, request: request, state: .cancelled) }
        do {
            let candles = try candles.candles(request)
            var text = BacktestText(
                strategy: request.className,
                parameters: request.parameters.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) })
            text.cash = request.cash
            text.feeBasisPoints = request.feeBasisPoints
            text.slippageBasisPoints = request.slippageBasisPoints
            text.sizing = request.sizing
            var configuration = try text.configuration(over: candles, catalog: catalog)
            configuration.keepsEquityCurve = true
            let started = EngineClock.monotonic()
            var lastShown = started
            let result = try Backtest.run(
                candles.series, configuration,
                progress: { share in
                    let now = EngineClock.monotonic()
                    guard now - lastShown > 100_000_000 else { return }
                    lastShown = now
                    let passed = Double(now - started) / 1e9
                    let left = share > 0.02 ? passed / share - passed : nil
                    self.inbox.tell {
                        $0.backtestChanged(
                            BacktestView(id: id, request: request, state: .running(progress: share, secondsLeft: left)),
                            replacing: id)
                    }
                },
                isCancelled: { self.jobs.isCancelled(id) })
            let seconds = Double(EngineClock.monotonic() - started) / 1e9
            return keep(id, request, result, candles, seconds)
        } catch BacktestError.cancelled {
            return BacktestView(id: id, request: request, state: .cancelled)
        } catch {
            return BacktestView(id: id, request: request, state: .failed(String(describing: error)))
        }
    }

    /// Stores a result; one that can't be stored is shown all the same, under its negative number.
    private func keep(
        _ id: Int64, _ request: BacktestRequest, _ result: BacktestResult, _ played: RunCandles, _ seconds: Double
    ) -> BacktestView {
        let series = played.series
        let isStored =
            (try? store.series(venue: series.instrument.venue, symbol: series.instrument.symbol).isEmpty) == false
        let seed = isStored ? nil : candles.synthetic?.market.seed
        let origin = RunOrigin(
            RunLabel.Strategy(result.strategy, result.parameters.texts), series, detail: played.detail,
            source: seed == nil ? .store : .synthetic, seed: seed, words: request.words(seed: seed))
        let extended = ExtendedMetrics(result, series, detail: played.detail)
        let json = result.json(seconds: seconds, extended: extended, stamp: origin.stamp)
        let report = BacktestArchive.report(result, json: json)
        let stored = try? BacktestArchive.keep(
            result, extended, DayCurve(result, series), origin, request, json: json, in: store, at: clock.now())
        if stored == nil {
            inbox.tell {
                $0.raise(.warning, "backtest-not-stored", "the backtest of \(request.classTitle) could not be stored")
            }
        }
        return BacktestView(id: stored ?? id, request: request, state: .done(report))
    }

    private func showStored() {
        guard let records = try? store.backtests(limit: BacktestRunner.storedCount) else { return }
        let views = records.compactMap { record -> BacktestView? in
            guard let request = BacktestArchive.request(record), let curves = try? store.backtestCurves(record.id)
            else {
                return nil
            }
            let report = BacktestReport(
                figures: BacktestArchive.figures(record.result), equity: BacktestArchive.points(curves.equity),
                trips: BacktestArchive.trips(curves.trades))
            return BacktestView(id: record.id, request: request, state: .done(report))
        }
        inbox.tell { $0.backtestsLoaded(views) }
    }
}
