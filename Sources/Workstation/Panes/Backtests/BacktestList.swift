import Engine
import Market
import Terminal
import Trading

/// The list of searches and runs.
enum BacktestList: ListPane {
    static let id = PaneID.backtests

    static func columns(_ context: PaneContext) -> [ListColumn] {
        [
            .words("", rank: 0, minimum: 1), .number("#", rank: 4), .words("strategy", rank: 0, minimum: 10),
            .words("parameters", rank: 4, minimum: 12), .words("series", rank: 3, minimum: 8),
            .words("tf", rank: 5, minimum: 2),
            .words("state", rank: 0, minimum: 8), .number("return", rank: 1), .number("Sharpe", rank: 2),
            .number("max DD", rank: 3), .number("trades", rank: 6),
        ]
    }

    static func emptyText(_ context: PaneContext) -> String {
        "No backtests. i runs one over stored candles, S searches."
    }

    static func rowID(_ id: Int64) -> RowID { RowID("backtest \(id)") }

    static func searchRowID(_ id: Int64) -> RowID { RowID("search \(id)") }

    /// The run's number; a run that isn't stored yet has none.
    static func number(_ id: Int64) -> String { id > 0 ? "#\(id)" : "run" }

    /// The selected run, or `nil`.
    static func selected(_ view: ViewState, _ snapshot: Snapshot) -> BacktestView? {
        let rows = rows(snapshot, view)
        let index = ListTable.selection(rows, id, view)
        guard rows.indices.contains(index) else { return nil }
        return snapshot.backtests.first { rowID($0.id) == rows[index].id }
    }

    /// The selected search, or `nil`.
    static func selectedSearch(_ view: ViewState, _ snapshot: Snapshot) -> SearchView? {
        let rows = rows(snapshot, view)
        let index = ListTable.selection(rows, id, view)
        guard rows.indices.contains(index) else { return nil }
        return snapshot.searches.first { searchRowID($0.id) == rows[index].id }
    }

    static func allRows(_ snapshot: Snapshot, _ view: ViewState) -> [ListRow] {
        snapshot.searches.map(searchRow) + runRows(snapshot, view)
    }

    /// A search: its ranges, how it stands, and the figures of its best trial or of all its test windows.
    private static func searchRow(_ search: SearchView) -> ListRow {
        let board = search.board
        let best = board.best.map { board.trials[$0] }
        func figure(_ key: String, _ own: Double?) -> ListCell {
            let value = own ?? board.stitchedFigures.first { $0.key == key }?.value
            return ListCell(value.map { BacktestFigures.text(key, $0) } ?? "")
        }
        let ranges = search.request.ranges.map { "\($0.name)=\($0.text)" }.joined(separator: " ")
        return ListRow(
            id: searchRowID(search.id),
            cells: [
                ListCell("?", .mark), ListCell(search.name.isEmpty ? "search" : search.name, .textDim),
                ListCell(search.request.run.classTitle), ListCell(ranges, .textDim),
                ListCell(search.request.run.series), ListCell(search.request.run.timeframe.description),
                SearchWords.state(search), figure("total_return", best?.totalReturn),
                figure("sharpe", best?.sharpe), figure("max_drawdown", best?.drawdown),
                figure("trade_count", best?.trips),
            ])
    }

    private static func runRows(_ snapshot: Snapshot, _ view: ViewState) -> [ListRow] {
        snapshot.backtests.map { run in
            let isMarked = view.backtests.marked.contains(run.id)
            let parameters = run.request.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            var report: BacktestReport?
            if case .done(let done) = run.state { report = done }
            let total = report?["total_return"]
            return ListRow(
                id: rowID(run.id),
                cells: [
                    ListCell(isMarked ? "*" : "", .mark), ListCell(number(run.id), .textDim),
                    ListCell(run.request.classTitle), ListCell(parameters.joined(separator: " "), .textDim),
                    ListCell(run.request.series), ListCell(run.request.timeframe.description), state(run.state),
                    ListCell(
                        report == nil ? "" : BacktestFigures.text("total_return", total),
                        (total ?? 0) > 0 ? .pnlGain : (total ?? 0) < 0 ? .pnlLoss : .pnlZero),
                    ListCell(report.map { BacktestFigures.text("sharpe", $0["sharpe"]) } ?? ""),
                    ListCell(report.map { BacktestFigures.text("max_drawdown", $0["max_drawdown"]) } ?? ""),
                    ListCell(report.map { BacktestFigures.text("trade_count", $0["trade_count"]) } ?? ""),
                ])
        }
    }

    private static func state(_ state: BacktestView.State) -> ListCell {
        switch state {
        case .running(let progress, let secondsLeft):
            let left =
                secondsLeft.map { ", \(Words.duration(Int64($0.isFinite ? min(max($0, 0), 1e9) : 0))) left" } ?? ""
            return ListCell("\(Words.percent(progress))\(left)", .statusWarn)
        case .done: return ListCell("done", .statusOk)
        case .failed: return ListCell("failed", .statusBad)
        case .cancelled: return ListCell("cancelled", .textDim)
        }
    }

    static func act(
        _ action: Action, on selected: RowID?, _ view: inout ViewState, _ context: HandlerContext
    ) -> [Consequence]? {
        guard [.open, .toggle, .backtestCancel, .backtestUse, .backtestResume].contains(action) else { return nil }
        if let search = context.snapshot.searches.first(where: { searchRowID($0.id) == selected }) {
            return act(action, on: search, &view, context)
        }
        guard let run = context.snapshot.backtests.first(where: { rowID($0.id) == selected }) else {
            return [.toast(.info, "There is no backtest; i runs one")]
        }
        switch action {
        case .open:
            view.backtests.page = .result(run.id)
            view.backtests.trip = 0
            return []
        case .toggle:
            if let index = view.backtests.marked.firstIndex(of: run.id) {
                view.backtests.marked.remove(at: index)
            } else {
                let kept = view.backtests.marked.filter { id in context.snapshot.backtests.contains { $0.id == id } }
                view.backtests.marked = Array(kept.suffix(BacktestsState.mostMarked - 1)) + [run.id]
            }
            return []
        case .backtestUse: return UseParameters.opening(run.request, run.request.parameters, view, context.snapshot)
        case .backtestResume: return [.toast(.info, "Only a search goes on; i runs a backtest again")]
        default: return cancel(run)
        }
    }

    private static func act(
        _ action: Action, on search: SearchView, _ view: inout ViewState, _ context: HandlerContext
    ) -> [Consequence] {
        switch action {
        case .open:
            view.backtests.page = .search(search.id)
            view.backtests.searchSection = .summary
            view.backtests.trip = 0
            view.backtests.axis = 0
            return []
        case .toggle: return [.toast(.info, "Runs are compared, not searches; Enter shows what came of this one")]
        default: return SearchActions.act(action, search, trial: search.board.best, view, context) ?? []
        }
    }

    /// Cancels a run that is running.
    static func cancel(_ run: BacktestView) -> [Consequence] {
        guard case .running = run.state else { return [.toast(.info, "Only a running backtest can be cancelled")] }
        return [.request(.cancelBacktest(run.id))]
    }
}
