import Engine
import Terminal

/// Draws a search: what it looks for, how far it is, and a tab of what came of it.
struct SearchDrawing {
    let context: PaneContext
    let search: SearchView

    private var theme: Theme { context.theme }
    private var board: SearchBoard { search.board }

    func draw(_ area: Rect, into canvas: inout Canvas) {
        guard !area.isEmpty else { return }
        let rows = area.rows([
            .fixed(area.height >= 5 ? 1 : 0), .fixed(1), .fixed(area.height >= 4 ? 1 : 0), .weight(1),
        ])
        if !rows[0].isEmpty { drawHead(rows[0], into: &canvas) }
        drawState(rows[1], into: &canvas)
        let sections = BacktestsState.SearchSection.shown(search)
        let section =
            sections.contains(context.view.backtests.searchSection) ? context.view.backtests.searchSection : .summary
        TabRow.draw(
            sections.map(\.name), chosen: sections.firstIndex(of: section) ?? 0, rows[2], into: &canvas, theme)
        let body = rows[3]
        guard !body.isEmpty else { return }
        switch section {
        case .summary: drawSummary(body, into: &canvas)
        case .windows: drawWindows(body, into: &canvas)
        case .equity: drawEquity(body, into: &canvas)
        case .map: SearchMap(search, context).draw(body, into: &canvas)
        case .scatter: SearchScatter(search, context).draw(body, into: &canvas)
        case .trials: drawTrials(SearchActions.ranked(board), selects: true, body, into: &canvas)
        }
    }

    /// What was asked, whole parts only.
    private func drawHead(_ row: Rect, into canvas: inout Canvas) {
        let request = search.request
        let fixed = request.run.parameters.filter { !SearchRequest.isRange($0.value) }.sorted { $0.key < $1.key }
        var parts = [
            ([request.run.classTitle] + request.ranges.map { "\($0.name)=\($0.text)" }).joined(separator: " "),
            "\(request.run.series) \(request.run.timeframe)", "objective \(request.objective)",
        ]
        if !request.constraints.isEmpty { parts.append("where \(request.constraints.joined(separator: ", "))") }
        if request.kind == .walkForward {
            parts.append("train \(request.train)\(request.isAnchored ? " anchored" : "") test \(request.test)")
        }
        if request.kind != .sweep { parts.append("\(request.sampler) seed \(request.seed)") }
        if !fixed.isEmpty { parts.append(fixed.map { "\($0.key)=\($0.value)" }.joined(separator: " ")) }
        var x = row.x + 1
        for (index, part) in parts.enumerated() {
            let text = part.plain(theme)
            guard index == 0 || x + DisplayWidth.columns(of: text) <= row.maxX else { return }
            x += canvas.put(text, x: x, y: row.y, style: theme[.textStrong], maxWidth: max(0, row.maxX - x)) + 2
        }
    }

    private func drawState(_ row: Rect, into canvas: inout Canvas) {
        switch search.state {
        case .running(let ended, let total, let secondsLeft) where total > 0:
            let width = min(36, max(0, row.width - 2))
            guard width >= 8 else { return }
            Bar.progress(
                Double(ended) / Double(total), into: &canvas, x: row.x + 1, y: row.y, width: width, theme: theme)
            let left = secondsLeft.map { ", \(SearchWords.duration($0)) left" } ?? ""
            let words =
                ended == total ? "all \(total) have ended: measuring what they are worth" : "\(ended) of \(total)"
            canvas.put(
                "\(words)\(left)", x: row.x + width + 3, y: row.y, style: theme[.textDim],
                maxWidth: max(0, row.maxX - row.x - width - 3))
        case .failed(let reason):
            canvas.put(
                "Failed: \(reason)", x: row.x + 1, y: row.y, style: theme[.statusBad], maxWidth: max(0, row.width - 1))
        default:
            let cell = SearchWords.state(search)
            var text = cell.text
            func count(_ state: SearchTrial.State, _ words: String) {
                let count = board.trials.count { $0.state == state }
                if count > 0 { text += ", \(count) \(words)" }
            }
            if board.trialCount > 0, case .done = search.state { text += ": \(Words.count(board.trialCount, "trial"))" }
            count(.pruned, "given up early")
            count(.infeasible, "broke a constraint")
            count(.undefined, "undefined")
            count(.invalid, "contradict themselves")
            if board.trials.count < board.trialCount { text += ", the first \(board.trials.count) shown" }
            switch search.state {
            case .cancelled, .interrupted: text += "; r goes on"
            case .kept: text += "; r measures what it is worth"
            default: break
            }
            canvas.put(text, x: row.x + 1, y: row.y, style: theme[cell.key], maxWidth: max(0, row.width - 1))
        }
    }

    // MARK: Summary

    private func drawSummary(_ area: Rect, into canvas: inout Canvas) {
        if case .failed(let reason) = search.state, board.trials.isEmpty {
            canvas.paragraph(reason, in: area.inset(left: 1), style: theme[.statusBad])
            return
        }
        let verdictRows = board.verdicts.isEmpty ? 0 : min(area.height, verdictHeight(area.width) + 1)
        let isWide = area.width >= (search.request.kind == .walkForward ? 180 : 130) && verdictRows > 0
        if isWide {
            let columns = area.columns([.weight(1), .fixed(60)], gap: 2)
            drawBest(columns[0], into: &canvas)
            drawVerdicts(columns[1], into: &canvas)
            return
        }
        let rows = area.rows([.weight(1), .fixed(min(verdictRows, area.height * 2 / 3))])
        drawBest(rows[0], into: &canvas)
        if rows[1].height > 1 { drawVerdicts(rows[1].inset(top: 1), into: &canvas) }
    }

    private func drawBest(_ area: Rect, into canvas: inout Canvas) {
        if search.request.kind == .walkForward { return drawWindows(area, into: &canvas, selects: false) }
        drawTrials(
            Array(SearchActions.ranked(board).prefix(max(1, area.height - 1))), selects: false, area, into: &canvas)
    }

    private static let nameWidth = 17
    private static let valueWidth = 9

    private func verdictLines(_ width: Int) -> [[String]] {
        let room = max(20, width - Self.nameWidth - Self.valueWidth - 6)
        return board.verdicts.map { TextLines.wrapped($0.text, width: room) }
    }

    private func verdictHeight(_ width: Int) -> Int { verdictLines(width).reduce(0) { $0 + max(1, $1.count) } }

    /// Draws a mark, the measure and what it means; the words go first where there is no room for them.
    func drawVerdicts(_ area: Rect, into canvas: inout Canvas) {
        guard area.width >= 8 else { return }
        let texts = verdictLines(area.width)
        let isFull = verdictHeight(area.width) <= area.height
        var y = area.y
        for (verdict, lines) in zip(board.verdicts, texts) {
            guard y < area.maxY else { return }
            let (mark, key): (String, ThemeKey) =
                switch verdict.judgement {
                case .good: ("✓", .statusOk)
                case .bad: ("✗", .statusBad)
                case .open: ("?", .textDim)
                }
            let style = theme[key].on(theme[.background].background)
            canvas.put(mark.plain(theme), x: area.x + 1, y: y, style: style)
            canvas.put(
                verdict.name, x: area.x + 3, y: y, style: theme[.text], maxWidth: min(Self.nameWidth, area.width - 3))
            let end = area.x + 3 + Self.nameWidth + Self.valueWidth
            guard end <= area.maxX else {
                y += 1
                continue
            }
            canvas.put(verdict.value, endingAt: end, y: y, style: style)
            let shown = isFull ? lines : Array(lines.prefix(1))
            for (row, line) in shown.enumerated() where y + row < area.maxY {
                let text = row == shown.count - 1 && shown.count < lines.count ? line + " …" : line
                canvas.put(
                    text.plain(theme), x: end + 2, y: y + row, style: theme[.textDim],
                    maxWidth: max(0, area.maxX - end - 2))
            }
            y += max(1, shown.count)
        }
    }

    // MARK: Tables

    private func drawTrials(_ places: [Int], selects: Bool, _ area: Rect, into canvas: inout Canvas) {
        guard !places.isEmpty else {
            canvas.put(
                "no trial has ended yet", x: area.x + 1, y: area.y, style: theme[.textDim],
                maxWidth: max(0, area.width - 1))
            return
        }
        let hasWindows = search.request.kind == .walkForward
        let hasOwnObjective = !["sharpe", "total_return"].contains(search.request.objective)
        var columns = [TableColumn("#", .number, priority: 1)]
        if hasWindows { columns.append(TableColumn("window", .number, priority: 1)) }
        columns += board.axes.map { TableColumn($0.name, .number) }
        if hasOwnObjective { columns.append(TableColumn("objective", .number)) }
        columns += [
            TableColumn("return", .number, priority: 2), TableColumn("Sharpe", .number, priority: 2),
            TableColumn("max DD", .number, priority: 3), TableColumn("trades", .number, priority: 4),
            TableColumn("", .text(minimum: 4), priority: 5),
        ]
        let selected = selects ? min(max(0, context.view.backtests.trip), places.count - 1) : -1
        let first = max(0, min(max(0, selected) - area.height, places.count - area.height * 2))
        let last = min(places.count, first + area.height * 2)
        let rows = (first..<last).map { index -> TableRow<Int> in
            let trial = board.trials[places[index]]
            var cells = [TableCell(String(trial.number), style: theme[.textDim])]
            if hasWindows { cells.append(TableCell(String(trial.window))) }
            cells += trial.values.map { TableCell($0) }
            if hasOwnObjective { cells.append(TableCell(SearchWords.objective(trial.objective).plain(theme))) }
            let gain: ThemeKey = (trial.totalReturn ?? 0) < 0 ? .pnlLoss : .pnlGain
            cells += [
                TableCell(BacktestFigures.text("total_return", trial.totalReturn).plain(theme), style: theme[gain]),
                TableCell(BacktestFigures.text("sharpe", trial.sharpe).plain(theme)),
                TableCell(BacktestFigures.text("max_drawdown", trial.drawdown).plain(theme)),
                TableCell(BacktestFigures.text("trade_count", trial.trips).plain(theme)),
                TableCell(SearchWords.remark(trial), style: theme[.textDim]),
            ]
            return TableRow(id: index, cells)
        }
        var selection = ListSelection<Int>(selected: selects ? selected : nil)
        Table(columns).draw(
            rows, selection: &selection, into: &canvas, rect: area, theme: theme,
            isFocused: context.isFocused && selects)
    }

    private func drawWindows(_ area: Rect, into canvas: inout Canvas, selects: Bool = true) {
        guard !board.windows.isEmpty else {
            canvas.put(
                "no windows yet", x: area.x + 1, y: area.y, style: theme[.textDim], maxWidth: max(0, area.width - 1))
            return
        }
        // A value that is cut is another value: the column goes whole, or not at all.
        let longest = board.windows.map { $0.chosen.joined(separator: " ").count }.max() ?? 8
        let columns = [
            TableColumn("#", .number, priority: 1), TableColumn("train from", .text(minimum: 10), priority: 6),
            TableColumn("test from", .text(minimum: 10)), TableColumn("to", .text(minimum: 10), priority: 5),
            TableColumn("chosen", .text(minimum: longest), priority: 1), TableColumn("return in", .number, priority: 3),
            TableColumn("out", .number), TableColumn("Sharpe in", .number, priority: 3),
            TableColumn("out", .number, priority: 2), TableColumn("max DD", .number, priority: 4),
            TableColumn("trades", .number, priority: 5),
        ]
        func money(_ value: Double?) -> TableCell {
            let key: ThemeKey = (value ?? 0) < 0 ? .pnlLoss : (value ?? 0) > 0 ? .pnlGain : .text
            return TableCell(BacktestFigures.text("total_return", value).plain(theme), style: theme[key])
        }
        func cell(_ key: String, _ value: Double?) -> TableCell {
            TableCell(BacktestFigures.text(key, value).plain(theme))
        }
        let rows = board.windows.enumerated().map { index, window in
            TableRow(
                id: index,
                [
                    TableCell("\(window.number)", style: theme[.textDim]), TableCell(window.trainFrom.date),
                    TableCell(window.testFrom.date), TableCell(window.testTo.date),
                    TableCell(window.chosen.isEmpty ? "–".plain(theme) : window.chosen.joined(separator: " ")),
                    money(window.returnInside), money(window.returnOutside), cell("sharpe", window.sharpeInside),
                    cell("sharpe", window.sharpeOutside), cell("max_drawdown", window.drawdownOutside),
                    cell("trade_count", window.tripsOutside),
                ])
        }
        let selected = min(max(0, context.view.backtests.trip), rows.count - 1)
        var selection = ListSelection<Int>(selected: selects ? selected : nil)
        Table(columns).draw(
            rows, selection: &selection, into: &canvas, rect: area, theme: theme,
            isFocused: context.isFocused && selects)
    }

    /// The equity over all test windows as one.
    private func drawEquity(_ area: Rect, into canvas: inout Canvas) {
        guard !board.stitched.isEmpty else {
            canvas.put(
                "the curve over all test windows comes when they have ended", x: area.x + 1, y: area.y,
                style: theme[.textDim], maxWidth: max(0, area.width - 1))
            return
        }
        let report = BacktestReport(
            figures: board.stitchedFigures.map { ($0.key, $0.value) },
            equity: board.stitched.map { ($0.time, $0.value) }, trips: [])
        let isWide = area.width >= 80 && area.height >= 8
        let columns = isWide ? area.columns([.fixed(32), .weight(1)], gap: 2) : [area]
        if isWide {
            for (row, figure) in BacktestFigures.firstRows(report).prefix(columns[0].height).enumerated() {
                canvas.put(
                    figure.name, x: columns[0].x + 1, y: columns[0].y + row, style: theme[.textDim], maxWidth: 18)
                canvas.put(
                    figure.text.plain(theme), endingAt: columns[0].maxX, y: columns[0].y + row, style: theme[.text])
            }
        }
        BacktestCurves(context: context, area: columns[columns.count - 1]).draw(report, into: &canvas)
    }
}
