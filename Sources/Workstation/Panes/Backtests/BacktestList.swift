import Engine
import Market
import Terminal
import Trading

/// The list of runs.
enum BacktestList: ListPane {
    static let id = PaneID.backtests

    static func columns(_ context: PaneContext) -> [ListColumn] {
        [
            .words("", rank: 0, minimum: 1), .number("#", rank: 4), .words("strategy", rank: 0, minimum: 10),
            .words("parameters", rank: 7, minimum: 8), .words("series", rank: 3, minimum: 8),
            .words("tf", rank: 5, minimum: 2),
            .words("state", rank: 0, minimum: 8), .number("return", rank: 1), .number("Sharpe", rank: 2),
            .number("max DD", rank: 3), .number("trades", rank: 6),
        ]
    }

    static func emptyText(_ context: PaneContext) -> String { "No backtests. i runs one over stored candles." }

    static func rowID(_ id: Int64) -> RowID { RowID("backtest \(id)") }

    /// The run's number; a run that isn't stored yet has none.
    static func number(_ id: Int64) -> String { id > 0 ? "#\(id)" : "run" }

    /// The selected run, or `nil`.
    static func selected(_ view: ViewState, _ snapshot: Snapshot) -> BacktestView? {
        let rows = rows(snapshot, view)
        let index = ListTable.selection(rows, id, view)
        guard rows.indices.contains(index) else { return nil }
        return snapshot.backtests.first { rowID($0.id) == rows[index].id }
    }

    static func allRows(_ snapshot: Snapshot, _ view: ViewState) -> [ListRow] {
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
        guard [.open, .toggle, .backtestCancel].contains(action) else { return nil }
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
                view.backtests.marked = Array(view.backtests.marked.suffix(1)) + [run.id]
            }
            return []
        default: return cancel(run)
        }
    }

    /// Cancels a run that is running.
    static func cancel(_ run: BacktestView) -> [Consequence] {
        guard case .running = run.state else { return [.toast(.info, "Only a running backtest can be cancelled")] }
        return [.request(.cancelBacktest(run.id))]
    }
}
