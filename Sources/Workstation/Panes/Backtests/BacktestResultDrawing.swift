import Engine
import Market
import Terminal

/// Draws the result of one run, a tab at a time.
struct BacktestResultDrawing {
    let context: PaneContext
    let run: BacktestView

    private var theme: Theme { context.theme }

    func draw(_ area: Rect, into canvas: inout Canvas) {
        let head = area.height >= 4 ? drawHead(area, into: &canvas) : 0
        let body = area.inset(top: head)
        switch run.state {
        case .running(let progress, let secondsLeft):
            let left =
                secondsLeft.map { "  \(Words.duration(Int64($0.isFinite ? min(max($0, 0), 1e9) : 0))) left" } ?? ""
            Bar.progress(
                progress, into: &canvas, x: body.x + 1, y: body.y, width: min(40, max(0, body.width - 2)), theme: theme)
            canvas.put(
                left, x: body.x + 42, y: body.y, style: theme[.textDim], maxWidth: max(0, body.maxX - body.x - 42))
        case .failed(let reason):
            canvas.paragraph("Failed: \(reason)", in: body.inset(left: 1), style: theme[.statusBad])
        case .cancelled:
            canvas.paragraph("Cancelled", in: body.inset(left: 1), style: theme[.textDim])
        case .done(let report):
            draw(report, body, into: &canvas)
        }
    }

    private func drawHead(_ area: Rect, into canvas: inout Canvas) -> Int {
        BacktestResultDrawing.drawHead(run, "", area, theme[.textStrong], context, into: &canvas)
        return 1
    }

    /// Draws what was asked, whole parts only: a cut amount would be a wrong one.
    static func drawHead(
        _ run: BacktestView, _ prefix: String, _ area: Rect, _ style: Style, _ context: PaneContext,
        into canvas: inout Canvas
    ) {
        var x = area.x + 1
        for (index, part) in ([prefix].filter { !$0.isEmpty } + head(run)).enumerated() {
            let text = part.plain(context.theme)
            guard index == 0 || x + DisplayWidth.columns(of: text) <= area.maxX else { return }
            x += canvas.put(text, x: x, y: area.y, style: style, maxWidth: max(0, area.maxX - x)) + 2
        }
    }

    /// `sma-crossover fast=9 slow=21`, `BINANCE:BTCUSDT 1m`, the dates, cash, fee, slippage and sizing.
    static func head(_ run: BacktestView) -> [String] {
        let request = run.request
        let parameters = request.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let range = [request.from?.date, request.to?.date].map { $0 ?? "" }
        var parts = [
            ([request.classTitle] + parameters).joined(separator: " "), "\(request.series) \(request.timeframe)",
        ]
        if range != ["", ""] { parts.append("\(range[0])…\(range[1])") }
        return parts + [
            "cash \(request.cash)", "fee \(request.feeBasisPoints) bps", "slippage \(request.slippageBasisPoints) bps",
            request.sizing,
        ]
    }

    private func draw(_ report: BacktestReport, _ area: Rect, into canvas: inout Canvas) {
        let section = context.view.backtests.section
        let rows = area.rows([.fixed(area.height >= 4 ? 1 : 0), .weight(1)])
        TabRow.draw(
            BacktestsState.Section.allCases.map { "\($0)" }, chosen: section.rawValue, rows[0], into: &canvas, theme)
        switch section {
        case .overview: drawOverview(report, rows[1], into: &canvas)
        case .equity: BacktestCurves(context: context, area: rows[1]).draw(report, into: &canvas)
        case .months:
            MonthsDrawing(context: context, returns: MonthlyReturns(report)).draw(rows[1], into: &canvas)
        case .trades: drawTrips(report, rows[1], hasTitleRow: false, into: &canvas)
        case .figures: drawFigures(BacktestFigures.rows(report), rows[1], into: &canvas)
        }
    }

    /// Draws the figures that everybody looks at first and, where there is room, the curve and the trades.
    private func drawOverview(_ report: BacktestReport, _ area: Rect, into canvas: inout Canvas) {
        let figures = BacktestFigures.firstRows(report)
        guard area.width >= 80, area.height >= 12 else { return drawFigures(figures, area, into: &canvas) }
        let tripRows = area.height >= 20 ? max(6, area.height * 2 / 5) : 0
        let rows = area.rows([.weight(1), .fixed(tripRows)])
        let columns = rows[0].columns([.fixed(32), .weight(1)], gap: 2)
        drawFigures(figures, columns[0], into: &canvas)
        BacktestCurves(context: context, area: columns[1]).draw(report, into: &canvas)
        if tripRows > 0 { drawTrips(report, rows[1].inset(top: 1), hasTitleRow: true, into: &canvas) }
    }

    /// Draws names and figures in as many columns as fit.
    private func drawFigures(
        _ figures: [(key: String, name: String, text: String)], _ area: Rect, into canvas: inout Canvas
    ) {
        guard area.height > 0, area.width > 0 else { return }
        let columnWidth = 32
        for (index, figure) in figures.enumerated() {
            let x = area.x + 1 + index / area.height * (columnWidth + 2)
            let y = area.y + index % area.height
            let text = figure.text.plain(theme)
            let width = min(columnWidth - 1, area.maxX - x)
            guard width >= DisplayWidth.columns(of: text) + min(12, figure.name.utf8.count) + 1 else { return }
            canvas.put(
                figure.name, x: x, y: y, style: theme[.textDim], maxWidth: width - DisplayWidth.columns(of: text) - 1)
            canvas.put(text, endingAt: x + width, y: y, style: style(figure.key, figure.text))
        }
    }

    private func style(_ key: String, _ text: String) -> Style {
        switch key {
        case "total_return", "annualized_return":
            theme[text.hasPrefix("+") ? .pnlGain : text.hasPrefix("-") ? .pnlLoss : .pnlZero]
        case "max_drawdown": theme[.pnlLoss]
        default: theme[.text]
        }
    }

    /// Draws the round trips around the selected one.
    ///
    /// - Parameter hasTitleRow: whether the row above the area is free for the count.
    private func drawTrips(_ report: BacktestReport, _ area: Rect, hasTitleRow: Bool, into canvas: inout Canvas) {
        guard !report.trips.isEmpty else {
            canvas.put("No trades", x: area.x + 1, y: area.y, style: theme[.textDim], maxWidth: max(0, area.width - 1))
            return
        }
        let table = Table([
            TableColumn("#", .number, priority: 2), TableColumn("opened", .text(minimum: 16)),
            TableColumn("closed", .text(minimum: 16), priority: 4), TableColumn("side", .text(minimum: 5), priority: 1),
            TableColumn("quantity", .number, priority: 5), TableColumn("entry", .number, priority: 2),
            TableColumn("exit", .number, priority: 3), TableColumn("profit", .number),
            TableColumn("why", .text(minimum: 4), priority: 6),
        ])
        let selected = min(max(0, context.view.backtests.trip), report.trips.count - 1)
        var selection = ListSelection<Int>(selected: selected)
        // Only rows around the selection are made: a year of minutes has thousands of trips.
        let first = max(0, min(selected - area.height, report.trips.count - area.height * 2))
        let last = min(report.trips.count, first + area.height * 2)
        let rows = (first..<last).map { index in row(report.trips[index], index) }
        table.draw(rows, selection: &selection, into: &canvas, rect: area, theme: theme, isFocused: context.isFocused)
        let count = "\(selected + 1) of \(report.trips.count)"
        if hasTitleRow, count.utf8.count < area.width {
            canvas.put(count, endingAt: area.maxX, y: area.y - 1, style: theme[.textDim])
        }
    }

    private func row(_ trip: [String], _ index: Int) -> TableRow<Int> {
        func cell(_ place: Int) -> String { trip.indices.contains(place) ? trip[place] : "" }
        let profit = cell(6)
        let key: ThemeKey = profit.hasPrefix("-") ? .pnlLoss : .pnlGain
        return TableRow(
            id: index,
            [
                TableCell(String(index + 1), style: theme[.textDim]), TableCell(Self.time(cell(0))),
                TableCell(Self.time(cell(1))), TableCell(cell(2)), TableCell(cell(3)), TableCell(cell(4)),
                TableCell(cell(5)), TableCell(profit, style: theme[key]), TableCell(cell(7), style: theme[.textDim]),
            ])
    }

    /// An ISO time without seconds and letters: `2023-03-24 12:40`.
    private static func time(_ text: String) -> String {
        text.count >= 16 ? "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))" : text
    }
}
