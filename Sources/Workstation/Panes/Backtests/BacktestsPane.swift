import Engine
import Market
import Terminal
import Trading

extension Action {
    static let backtestNew = Action("backtests.new")
    static let backtestSearch = Action("backtests.search")
    static let backtestCompare = Action("backtests.compare")
    static let backtestUse = Action("backtests.use")
    static let backtestResume = Action("backtests.resume")
    static let backtestAxis = Action("backtests.axis")
    static let backtestCancel = Action("backtests.cancel")
}

/// Backtests: all runs and searches, what came of one, or several runs side by side.
enum BacktestsPane: Pane {
    static let id = PaneID.backtests

    static let bindings = [
        Binding(.backtestNew, "i", in: .pane(id), hint: "new", help: "New backtest"),
        Binding(
            .backtestSearch, "S", in: .pane(id), hint: "search",
            help: "Search for parameters: sweep, optimise or walk forward"),
        Binding(.backtestCompare, "c", in: .pane(id), hint: "compare", help: "Compare the marked runs (Space marks)"),
        Binding(
            .backtestUse, "a", in: .pane(id), hint: "use",
            help: "Use the shown parameters for a strategy; asks before one is changed"),
        Binding(.backtestCancel, "x", in: .pane(id), hint: "cancel", help: "Cancel the running backtest or search"),
        Binding(.backtestResume, "r", in: .pane(id), help: "Go on with a search that was cancelled or interrupted"),
        Binding(.backtestAxis, "v", in: .pane(id), help: "Next parameter along the side of a search's scatter or map"),
    ]

    /// Runs and searches that wait or run.
    static func runningCount(_ snapshot: Snapshot) -> Int {
        snapshot.backtests.count { if case .running = $0.state { true } else { false } }
            + snapshot.searches.count { if case .running = $0.state { true } else { false } }
    }

    static func title(_ context: PaneContext) -> String {
        switch page(context.view.backtests, context.snapshot) {
        case .list:
            let running = runningCount(context.snapshot)
            return running == 0 ? "" : "\(running) running"
        case .result(let run): return "\(BacktestList.number(run.id)) \(run.request.classTitle)"
        case .comparison(let runs): return runs.map { BacktestList.number($0.id) }.joined(separator: " ")
        case .search(let search):
            return "\(search.name.isEmpty ? "search" : search.name) \(search.request.run.classTitle)"
        }
    }

    static func note(_ context: PaneContext) -> String {
        if case .list = page(context.view.backtests, context.snapshot) { return BacktestList.note(context) }
        return "Esc back"
    }

    /// What is shown, looked up; the list when what was open is gone.
    enum ShownPage {
        case list
        case result(BacktestView)
        case comparison([BacktestView])
        case search(SearchView)
    }

    static func page(_ state: BacktestsState, _ snapshot: Snapshot) -> ShownPage {
        func run(_ id: Int64) -> BacktestView? { snapshot.backtests.first { $0.id == id } }
        switch state.page {
        case .list: return .list
        case .result(let id): return run(id).map { .result($0) } ?? .list
        case .comparison(let ids):
            let runs = ids.compactMap(run)
            return runs.count == ids.count && runs.count > 1 ? .comparison(runs) : .list
        case .search(let id): return snapshot.searches.first { $0.id == id }.map { .search($0) } ?? .list
        }
    }

    static func draw(_ area: Rect, into canvas: inout Canvas, _ context: PaneContext) {
        guard !area.isEmpty else { return }
        switch page(context.view.backtests, context.snapshot) {
        case .list: BacktestList.draw(area, into: &canvas, context)
        case .result(let run): BacktestResultDrawing(context: context, run: run).draw(area, into: &canvas)
        case .comparison(let runs): BacktestComparisonDrawing(context: context, runs: runs).draw(area, into: &canvas)
        case .search(let search): SearchDrawing(context: context, search: search).draw(area, into: &canvas)
        }
    }

    static func handle(_ action: Action, _ view: inout ViewState, _ context: HandlerContext) -> [Consequence]? {
        switch action {
        case .backtestNew: return new(view, context)
        case .backtestSearch: return search(view, context)
        case .backtestCompare: return compare(&view, context)
        default: break
        }
        switch page(view.backtests, context.snapshot) {
        case .list:
            if action == .backtestAxis { return [.toast(.info, "Open a search first: Enter")] }
            return BacktestList.handle(action, &view, context)
        case .result(let run): return handleResult(action, run, &view, context)
        case .comparison:
            guard action == .back else { return nil }
            view.backtests.page = .list
            return []
        case .search(let search): return handleSearch(action, search, &view, context)
        }
    }

    /// What is selected or open, as a run to begin a form with.
    private static func shownRequest(_ view: ViewState, _ snapshot: Snapshot) -> BacktestRequest? {
        switch page(view.backtests, snapshot) {
        case .result(let run): return run.request
        case .search(let search): return search.request.run
        case .comparison(let runs): return runs.first?.request
        case .list:
            return BacktestList.selected(view, snapshot)?.request
                ?? BacktestList.selectedSearch(view, snapshot)?.request.run
        }
    }

    private static func missing(_ view: ViewState) -> [Consequence]? {
        guard !view.catalog.classes.isEmpty else {
            return [.reloadCatalog, .toast(.info, "Reading the strategy classes …")]
        }
        guard !view.catalog.series.isEmpty else { return [.reloadCatalog, .toast(.warning, BacktestForm.noSeries)] }
        return nil
    }

    private static func new(_ view: ViewState, _ context: HandlerContext) -> [Consequence] {
        if let missing = missing(view) { return missing }
        var request = shownRequest(view, context.snapshot)
        // Where a search stands a run has no single values: those are the defaults.
        if let ranges = request?.parameters { request?.parameters = ranges.filter { !SearchRequest.isRange($0.value) } }
        return [.form(BacktestForm(view.catalog, start: request))]
    }

    private static func search(_ view: ViewState, _ context: HandlerContext) -> [Consequence] {
        if let missing = missing(view) { return missing }
        let snapshot = context.snapshot
        var known: SearchRequest?
        if case .search(let search) = page(view.backtests, snapshot) { known = search.request }
        if case .list = page(view.backtests, snapshot) {
            known = BacktestList.selectedSearch(view, snapshot)?.request
        }
        known?.study = ""
        let first = view.catalog.series[0]
        let run =
            shownRequest(view, snapshot)
            ?? BacktestRequest(
                className: view.catalog.classes[0].name, series: first.name, timeframe: first.timeframe)
        return [.form(SearchForm(view.catalog, start: known ?? SearchRequest(.optimize, run)))]
    }

    private static func compare(_ view: inout ViewState, _ context: HandlerContext) -> [Consequence] {
        let runs = view.backtests.marked.compactMap { id -> (id: Int64, report: BacktestReport)? in
            guard let run = context.snapshot.backtests.first(where: { $0.id == id }), case .done(let report) = run.state
            else { return nil }
            return (id, report)
        }
        guard runs.count > 1 else {
            return [.toast(.info, "Mark two to six finished runs with Space, then c compares them")]
        }
        view.backtests.page = .comparison(runs.map(\.id))
        view.backtests.comparison = BacktestComparison(runs)
        return []
    }

    private static func handleResult(
        _ action: Action, _ run: BacktestView, _ view: inout ViewState, _ context: HandlerContext
    ) -> [Consequence]? {
        var tripCount = 0
        if case .done(let report) = run.state { tripCount = report.trips.count }
        switch action {
        case .back: view.backtests.page = .list
        case .left, .right:
            let count = BacktestsState.Section.allCases.count
            let next = (view.backtests.section.rawValue + (action == .right ? 1 : count - 1)) % count
            view.backtests.section = BacktestsState.Section(rawValue: next) ?? .overview
        case .backtestCancel: return BacktestList.cancel(run)
        case .backtestUse: return UseParameters.opening(run.request, run.request.parameters, view, context.snapshot)
        case .copy:
            guard case .done(let report) = run.state else { return [.toast(.info, "There is no result yet")] }
            return [
                .copy(report.figures.map { "\($0.key)\t\($0.value.map { String($0) } ?? "")" }.joined(separator: "\n"))
            ]
        default: return move(action, count: tripCount, &view, context) ? [] : nil
        }
        return []
    }

    private static func handleSearch(
        _ action: Action, _ search: SearchView, _ view: inout ViewState, _ context: HandlerContext
    ) -> [Consequence]? {
        let sections = BacktestsState.SearchSection.shown(search)
        let place = sections.firstIndex(of: view.backtests.searchSection) ?? 0
        let section = sections[place]
        switch action {
        case .back: view.backtests.page = .list
        case .left, .right:
            let count = sections.count
            view.backtests.searchSection = sections[(place + (action == .right ? 1 : count - 1)) % count]
            view.backtests.trip = 0
        case .backtestAxis:
            guard section == .scatter || section == .map else {
                return [.toast(.info, "v goes through the parameters of the scatter and the map")]
            }
            let axes = search.board.axes.count
            let count = section == .scatter ? axes + 1 : max(1, SearchMap.pairs(axes).count)
            view.backtests.axis = (view.backtests.axis + 1) % count
        case .backtestUse, .backtestCancel, .backtestResume, .open, .copy:
            let ranked = section == .trials ? SearchActions.ranked(search.board) : []
            let trial = ranked.indices.contains(view.backtests.trip) ? ranked[view.backtests.trip] : search.board.best
            return SearchActions.act(action, search, trial: trial, view, context)
        default:
            let count = section == .windows ? search.board.windows.count : search.board.trials.count
            return move(action, count: count, &view, context) ? [] : nil
        }
        return []
    }

    /// Moves the selected row of what is open.
    ///
    /// - Returns: whether the action was a movement.
    private static func move(_ action: Action, count: Int, _ view: inout ViewState, _ context: HandlerContext) -> Bool {
        let page = max(1, context.area.height / 2)
        switch action {
        case .down: view.backtests.trip += 1
        case .up: view.backtests.trip -= 1
        case .pageDown, .halfPageDown: view.backtests.trip += page
        case .pageUp, .halfPageUp: view.backtests.trip -= page
        case .top: view.backtests.trip = 0
        case .bottom: view.backtests.trip = count - 1
        default: return false
        }
        view.backtests.trip = max(0, min(view.backtests.trip, count - 1))
        return true
    }
}
