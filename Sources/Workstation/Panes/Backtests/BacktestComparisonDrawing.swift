import Engine
import Terminal

/// Draws several runs side by side: what each was, their figures with the best marked, what a test says of their
/// differences, and their curves over each other.
struct BacktestComparisonDrawing {
    let context: PaneContext
    let runs: [BacktestView]

    private var theme: Theme { context.theme }
    private static let nameWidth = 22
    private static let columnWidth = 13

    private var reports: [BacktestReport] {
        runs.compactMap { if case .done(let report) = $0.state { report } else { nil } }
    }

    func draw(_ area: Rect, into canvas: inout Canvas) {
        let reports = reports
        guard reports.count == runs.count, !area.isEmpty else { return }
        let heads = min(runs.count, max(1, area.height / 4))
        for (row, run) in runs.prefix(heads).enumerated() {
            BacktestResultDrawing.drawHead(
                run, "\(Self.letter(row)) \(BacktestList.number(run.id))",
                Rect(x: area.x, y: area.y + row, width: area.width, height: 1), theme[BacktestCurves.lines[row]],
                context, into: &canvas)
        }
        let body = area.inset(top: heads + 1)
        guard !body.isEmpty else { return }
        let tableWidth = Self.nameWidth + runs.count * Self.columnWidth + 1
        let tests = testLines
        let isWide = body.width >= tableWidth + 40
        if isWide {
            let columns = body.columns([.fixed(tableWidth), .weight(1)], gap: 2)
            let rows = columns[1].rows([.weight(1), .fixed(min(tests.count + 1, max(0, body.height - 4)))])
            drawTable(reports, columns[0], into: &canvas)
            BacktestCurves(context: context, area: rows[0]).draw(reports, into: &canvas)
            drawTests(tests, rows[1].inset(top: 1), into: &canvas)
        } else {
            let curveRows = body.height >= 16 ? max(5, body.height / 3) : 0
            let testRows = body.height >= 8 ? min(tests.count, body.height / 3) : 0
            let rows = body.rows([.weight(1), .fixed(testRows), .fixed(curveRows)])
            drawTable(reports, rows[0], into: &canvas)
            drawTests(tests, rows[1], into: &canvas)
            if curveRows > 0 {
                BacktestCurves(context: context, area: rows[2].inset(top: 1)).draw(reports, into: &canvas)
            }
        }
    }

    /// The letter of a run by its place.
    static func letter(_ place: Int) -> String { ["A", "B", "C", "D", "E", "F"][min(place, 5)] }

    private func drawTable(_ reports: [BacktestReport], _ area: Rect, into canvas: inout Canvas) {
        guard !area.isEmpty else { return }
        // Where not all columns fit, whole ones go from the right; a cut number would be a wrong one.
        let room = max(0, area.width - Self.nameWidth)
        let width = min(Self.columnWidth, max(9, room / max(1, runs.count)))
        let shown = min(runs.count, room / width)
        for place in 0..<shown {
            canvas.put(
                "\(Self.letter(place)) \(BacktestList.number(runs[place].id))",
                endingAt: area.x + Self.nameWidth + (place + 1) * width - 1, y: area.y,
                style: theme[BacktestCurves.lines[place]])
        }
        var keys: [(key: String, name: String)] = []
        for report in reports {
            for row in BacktestFigures.rows(report) where !keys.contains(where: { $0.key == row.key }) {
                keys.append((row.key, row.name))
            }
        }
        for (row, figure) in keys.prefix(max(0, area.height - 1)).enumerated() {
            let y = area.y + 1 + row
            let values = reports.map { $0[figure.key] }
            let best = BacktestFigures.best(figure.key, values)
            canvas.put(
                figure.name, x: area.x + 1, y: y, style: theme[.textDim],
                maxWidth: max(0, min(Self.nameWidth - 2, area.width - 1)))
            for place in 0..<shown {
                let text = BacktestFigures.text(figure.key, values[place]).plain(theme)
                let isBest = best.contains(place)
                let end = area.x + Self.nameWidth + (place + 1) * width - 1
                let fits = DisplayWidth.columns(of: text) < width
                canvas.put(
                    fits ? text : "~", endingAt: end, y: y,
                    style: isBest ? theme[.pnlGain].removing([.reverse, .underline]).adding(.bold) : theme[.text])
                if isBest { canvas.put("<", x: end, y: y, style: theme[.pnlGain].removing([.reverse, .underline])) }
            }
        }
    }

    /// What the comparison over the common days says, a line each.
    private var testLines: [(text: String, key: ThemeKey)] {
        guard let comparison = context.view.backtests.comparison else { return [] }
        if let problem = comparison.problem { return [("No test: \(problem)", .textDim)] }
        var lines: [(String, ThemeKey)] = [
            (
                "\(comparison.from.date)…\(comparison.to.date), \(comparison.days) days in common; intervals of 95%",
                .textDim
            )
        ]
        for (place, row) in comparison.rows.enumerated() {
            var text = "\(Self.letter(place))  Sharpe \(row.sharpe.map { Words.fixed($0, 2) } ?? "–")"
            if let low = row.sharpeLow, let high = row.sharpeHigh {
                text += " (\(Words.fixed(low, 2))…\(Words.fixed(high, 2)))"
            }
            if let low = row.returnLow, let high = row.returnHigh {
                text += "  return \(Words.signedPercent(low, decimals: 1))…\(Words.signedPercent(high, decimals: 1))"
            }
            lines.append((text, .text))
        }
        for (place, row) in comparison.rows.enumerated().dropFirst() {
            guard let daily = row.dailyDifference else { continue }
            let chance = row.bootstrapProbability ?? row.probability
            let isSure = chance.map { $0 < 0.05 } ?? false
            let text =
                "\(Self.letter(place)) less A: \(Words.signedPercent(daily, decimals: 3)) a day, p \(Self.chance(chance)) "
                + "(paired test \(Self.chance(row.probability))): \(isSure ? "they differ" : "may be chance")"
            lines.append((text, isSure ? .textStrong : .text))
        }
        return lines
    }

    /// A chance with three decimals; the smallest are not 0.
    private static func chance(_ value: Double?) -> String {
        value.map { $0 < 0.0005 ? "<0.001" : Words.fixed($0, 3) } ?? "–"
    }

    private func drawTests(_ lines: [(text: String, key: ThemeKey)], _ area: Rect, into canvas: inout Canvas) {
        let ellipsis: Unicode.Scalar = theme.glyphs == .ascii ? "~" : "…"
        for (row, line) in lines.prefix(max(0, area.height)).enumerated() {
            let text = DisplayWidth.truncated(line.text.plain(theme), to: max(0, area.width - 1), ellipsis: ellipsis)
            canvas.put(text, x: area.x + 1, y: area.y + row, style: theme[line.key])
        }
    }
}
