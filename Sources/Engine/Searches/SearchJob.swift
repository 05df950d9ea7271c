import Backtesting
import Market
import Storage
import Strategies
import Studies
import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One search on its way: plans it, opens its study, runs what is missing of it, and says what it came to.
struct SearchJob {
    /// What every search needs.
    struct Means: Sendable {
        let store: Store
        let candles: BacktestCandles
        let archive: SearchArchive
        let catalog: StrategyCatalog
        let clock: EngineClock
    }

    let request: SearchRequest
    let means: Means
    /// Whether it is to end, for whatever reason.
    let isCancelled: @Sendable () -> Bool
    /// Whether that is because the engine ends.
    let isStopping: @Sendable () -> Bool

    /// A view is sent over a socket whole: seldom while it is large.
    private static let smallBoard = 500

    /// Runs it on this thread.
    ///
    /// - Parameters:
    ///   - id: the number it is shown under until its study is open.
    ///   - show: called with what changed, some times a second at most.
    /// - Returns: how it ended.
    /// - Throws: what kept it from being run.
    func run(_ id: Int64, show: (SearchView) -> Void) throws -> SearchView {
        var view = SearchView(id: id, request: request, state: .cancelled)
        if isCancelled() { return view }
        let candles = try means.candles.candles(request.run)
        let series = candles.series
        let planned = try PlannedSearch(request, over: candles, means.catalog)
        let record = StudyRecord(
            name: request.study, kind: request.kind.rawValue, plan: planned.plan, over: series, text: planned.text,
            more: planned.definition, at: means.clock.now())
        let (study, isNew) = try means.store.open(record)
        if !isNew, !study.isSame(as: record) {
            let differences = study.differences(from: record).joined(separator: "; ")
            throw SearchProblem("the study '\(study.name)' is another search: \(differences)")
        }
        view.id = study.id
        view.name = study.name
        // What it goes on with later is this stretch of candles, whatever comes behind it.
        view.request.run.from = study.firstOpen
        view.request.run.to = study.lastClose
        view.request.study = study.name
        let descriptors = planned.plan.configuration.parameters.descriptors
        view.board.axes = planned.plan.space.axes(descriptors)
        view.board.windows = planned.windows.map {
            SearchWindow(
                number: $0.number, trainFrom: $0.trainFrom, trainTo: $0.trainTo, testFrom: $0.testFrom,
                testTo: $0.testTo)
        }
        view.state = .running(ended: 0, total: planned.total, secondsLeft: nil)
        try means.archive.keep(view, at: means.clock.now())
        show(view)
        let runner = StudyRunner(
            store: means.store, study: study.id, plan: planned.plan, workers: SearchJob.workers(request.workers),
            priority: .low, clock: { [clock = means.clock] in clock.now() }, isCancelled: isCancelled)
        var watch = Watch(
            ledger: SearchLedger(varying: view.board.axes.map(\.name), of: descriptors), total: planned.total)
        let progress: (Int, Int) -> Void = { ended, found in
            watch.take(ended, found, &view, study.id, means.store, show)
        }
        let verdicts = SearchVerdicts(plan: planned.plan, series: series, isCancelled: isCancelled)
        if request.kind == .walkForward {
            let outcome = try WalkForwardRunner(
                runner, planned.plan, over: series, windows: planned.windows, isCancelled: isCancelled
            ).run(progress: progress)
            view.board.take(outcome, planned.plan)
            if outcome.steps.count == outcome.windows || outcome.isRuined {
                measure(&watch, &view, study.id, planned.total, show)
                view.board.verdicts = verdicts.ofWindows(outcome)
                view.state = .done
            }
        } else {
            let trials = try runner.run(stage: 0, over: series, progress: progress)
            if trials.count == planned.plan.count {
                measure(&watch, &view, study.id, planned.total, show)
                view.board.verdicts = verdicts.ofTrials(trials, combinations: try combinations(study))
                view.state = .done
            }
        }
        watch.finish(&view, study.id, means.store)
        if case .running = view.state {
            view.state = isStopping() ? .interrupted : .cancelled
        } else if isStopping() {
            // The verdicts may have been cut short.
            view.state = .interrupted
        }
        try means.archive.keep(view, at: means.clock.now())
        return view
    }

    /// Shows that every trial has ended, and that what they are worth is measured.
    private func measure(
        _ watch: inout Watch, _ view: inout SearchView, _ study: Int64, _ total: Int, _ show: (SearchView) -> Void
    ) {
        watch.finish(&view, study, means.store)
        view.state = .running(ended: total, total: total, secondsLeft: nil)
        show(view)
    }

    private func combinations(_ study: StudyRecord) throws -> Int? {
        try means.store.trialSummaries().first {
            $0.className == study.className && $0.series == study.series && $0.timeframe == study.timeframe
        }?.combinations
    }

    /// As many threads as were asked for, and one processor less than there is: that one is for trading.
    static func workers(_ asked: Int?) -> Int {
        let free = max(1, ProcessInfo.processInfo.activeProcessorCount - 1)
        return max(1, min(asked ?? free, free))
    }

    /// Follows the progress: how far it is, how long it will take, and which trials came.
    private struct Watch {
        var ledger: SearchLedger
        let total: Int
        let started = EngineClock.monotonic()
        var lastShown: Int64 = 0
        var lastRead: Int64 = 0

        init(ledger: SearchLedger, total: Int) {
            self.ledger = ledger
            self.total = total
        }

        mutating func take(
            _ ended: Int, _ found: Int, _ view: inout SearchView, _ study: Int64, _ store: Store,
            _ show: (SearchView) -> Void
        ) {
            let now = EngineClock.monotonic()
            let pause: Int64 = ledger.trials.count > SearchJob.smallBoard ? 1_000_000_000 : 250_000_000
            guard now - lastShown >= pause else { return }
            lastShown = now
            if now - lastRead >= 1_000_000_000 {
                lastRead = now
                finish(&view, study, store)
            }
            var left: Double?
            let seconds = Double(now - started) / 1e9
            if ended > found, seconds > 0.5 { left = Double(total - ended) * seconds / Double(ended - found) }
            view.state = .running(ended: ended, total: total, secondsLeft: left)
            show(view)
        }

        /// Takes the trials that the store has.
        mutating func finish(_ view: inout SearchView, _ study: Int64, _ store: Store) {
            guard let records = try? store.trials(of: study), ledger.take(records) else { return }
            view.board.trials = ledger.trials
            view.board.trialCount = records.count
            if view.request.kind != .walkForward { view.board.best = ledger.best }
        }
    }
}

extension SearchBoard {
    /// Takes what came of the windows of a walk-forward.
    mutating func take(_ outcome: WalkForwardOutcome, _ plan: StudyPlan) {
        let parts = outcome.steps.compactMap(\.test)
        for step in outcome.steps {
            guard let place = windows.firstIndex(where: { $0.number == step.window.number }) else { continue }
            let overrides = step.best.map { plan.overrides($0.point) } ?? []
            windows[place].chosen = overrides.map { "\($0.name)=\($0.text)" }
            windows[place].returnInside = step.best?.figure("total_return")
            windows[place].sharpeInside = step.best?.figure("sharpe")
            windows[place].returnOutside = step.test?.metrics.totalReturn
            windows[place].sharpeOutside = step.test?.metrics.sharpe
            windows[place].drawdownOutside = step.test?.metrics.maximumDrawdown
            windows[place].tripsOutside = step.test.map { Double($0.metrics.tradeCount) }
        }
        let limit = max(8, BacktestArchive.equityPoints / max(parts.count, 1))
        stitched = parts.flatMap { part in
            (part.equity?.thinned(to: limit) ?? []).map { SearchPoint(time: $0.time, value: $0.value) }
        }
        stitchedFigures = (outcome.stitched?.figures ?? []).compactMap { figure in
            switch figure.value {
            case .text, .time: return nil
            default: return SearchFigure(key: figure.key, value: figure.number)
            }
        }
    }
}
