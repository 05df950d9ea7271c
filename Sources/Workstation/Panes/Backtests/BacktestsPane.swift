import Engine
import Market
import Terminal
import Trading

extension Action {
    static let backtestNew = Action("backtests.new")
    static let backtestCompare = Action("backtests.compare")
    static let backtestCancel = Action("backtests.cancel")
}

/// Backtests: all runs, the result of one, or two side by side.
enum BacktestsPane: Pane {
    static let id = PaneID.backtests

    static let bindings = [
        Binding(.backtestNew, "i", in: .pane(id), hint: "new", help: "New backtest"),
        Binding(
            .backtestCompare, "c", in: .pane(id), hint: "compare", help: "Compare the two marked runs (Space marks)"),
        Binding(.backtestCancel, "x", in: .pane(id), hint: "cancel", help: "Cancel the running backtest"),
    ]

    static func title(_ context: PaneContext) -> String {
        switch page(context.view.backtests, context.snapshot) {
        case .list:
            let running = context.snapshot.backtests.filter { if case .running = $0.state { true } else { false } }
                .count
            return running == 0 ? "" : "\(running) running"
        case .result(let run): return "\(BacktestList.number(run.id)) \(run.request.classTitle)"
        case .comparison(let first, let second):
            return "\(BacktestList.number(first.id)) against \(BacktestList.number(second.id))"
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
        case comparison(BacktestView, BacktestView)
    }

    static func page(_ state: BacktestsState, _ snapshot: Snapshot) -> ShownPage {
        func run(_ id: Int64) -> BacktestView? { snapshot.backtests.first { $0.id == id } }
        switch state.page {
        case .list: return .list
        case .result(let id): return run(id).map { .result($0) } ?? .list
        case .comparison(let first, let second):
            guard let first = run(first), let second = run(second) else { return .list }
            return .comparison(first, second)
        }
    }

    static func draw(_ area: Rect, into canvas: inout Canvas, _ context: PaneContext) {
        guard !area.isEmpty else { return }
        switch page(context.view.backtests, context.snapshot) {
        case .list: BacktestList.draw(area, into: &canvas, context)
        case .result(let run): BacktestResultDrawing(context: context, run: run).draw(area, into: &canvas)
        case .comparison(let first, let second):
            BacktestComparisonDrawing(context: context, first: first, second: second).draw(area, into: &canvas)
        }
    }

    static func handle(_ action: Action, _ view: inout ViewState, _ context: HandlerContext) -> [Consequence]? {
        switch action {
        case .backtestNew: return new(view, context)
        case .backtestCompare: return compare(&view, context)
        default: break
        }
        switch page(view.backtests, context.snapshot) {
        case .list: return BacktestList.handle(action, &view, context)
        case .result(let run): return handleResult(action, run, &view, context)
        case .comparison:
            guard action == .back else { return nil }
            view.backtests.page = .list
            return []
        }
    }

    private static func new(_ view: ViewState, _ context: HandlerContext) -> [Consequence] {
        guard !view.catalog.classes.isEmpty else {
            return [.reloadCatalog, .toast(.info, "Reading the strategy classes …")]
        }
        guard !view.catalog.series.isEmpty else { return [.reloadCatalog, .toast(.warning, BacktestForm.noSeries)] }
        return [.form(BacktestForm(view.catalog, start: BacktestList.selected(view, context.snapshot)?.request))]
    }

    private static func compare(_ view: inout ViewState, _ context: HandlerContext) -> [Consequence] {
        let marked = view.backtests.marked.filter { id in
            guard let run = context.snapshot.backtests.first(where: { $0.id == id }) else { return false }
            if case .done = run.state { return true }
            return false
        }
        guard marked.count == 2 else {
            return [.toast(.info, "Mark two finished runs with Space, then c compares them")]
        }
        view.backtests.page = .comparison(marked[0], marked[1])
        return []
    }

    private static func handleResult(
        _ action: Action, _ run: BacktestView, _ view: inout ViewState, _ context: HandlerContext
    ) -> [Consequence]? {
        var tripCount = 0
        if case .done(let report) = run.state { tripCount = report.trips.count }
        let page = max(1, context.area.height / 2)
        switch action {
        case .back: view.backtests.page = .list
        case .left, .right:
            let count = BacktestsState.Section.allCases.count
            let next = (view.backtests.section.rawValue + (action == .right ? 1 : count - 1)) % count
            view.backtests.section = BacktestsState.Section(rawValue: next) ?? .figures
        case .down: view.backtests.trip += 1
        case .up: view.backtests.trip -= 1
        case .pageDown, .halfPageDown: view.backtests.trip += page
        case .pageUp, .halfPageUp: view.backtests.trip -= page
        case .top: view.backtests.trip = 0
        case .bottom: view.backtests.trip = tripCount - 1
        case .backtestCancel: return BacktestList.cancel(run)
        case .copy:
            guard case .done(let report) = run.state else { return [.toast(.info, "There is no result yet")] }
            return [
                .copy(report.figures.map { "\($0.key)\t\($0.value.map { String($0) } ?? "")" }.joined(separator: "\n"))
            ]
        default: return nil
        }
        view.backtests.trip = max(0, min(view.backtests.trip, tripCount - 1))
        return []
    }
}
