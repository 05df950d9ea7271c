import Engine
import Terminal

/// Draws the months of a run as a heat map of years by months: the number says how much, the look says how far from 0.
struct MonthsDrawing {
    let context: PaneContext
    let returns: MonthlyReturns

    private var theme: Theme { context.theme }
    private static let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Draws as many of the newest years as there is room for; on a narrow area the months one below the other.
    func draw(_ area: Rect, into canvas: inout Canvas) {
        guard !area.isEmpty else { return }
        guard !returns.years.isEmpty else {
            canvas.put(
                "no equity curve", x: area.x + 1, y: area.y, style: theme[.textDim], maxWidth: max(0, area.width - 1))
            return
        }
        let (cell, decimals) = area.width >= 6 + 13 * 7 ? (7, 2) : area.width >= 6 + 13 * 6 ? (6, 1) : (5, 1)
        guard area.width >= 6 + 12 * cell, area.height >= 2 else { return drawList(area, into: &canvas) }
        let hasYear = area.width >= 6 + 13 * cell
        for month in 0..<12 {
            canvas.put(
                MonthsDrawing.names[month], endingAt: area.x + 6 + (month + 1) * cell, y: area.y,
                style: theme[.textDim])
        }
        canvas.put("%", x: area.x + 1, y: area.y, style: theme[.textDim])
        if hasYear { canvas.put("year", endingAt: area.x + 6 + 13 * cell, y: area.y, style: theme[.textDim]) }
        let room = area.height - 1
        for (row, year) in returns.years.suffix(room).enumerated() {
            let y = area.y + 1 + row
            canvas.put("\(year.year)", x: area.x + 1, y: y, style: theme[.text])
            for (month, value) in year.months.enumerated() {
                drawCell(value, area.x + 6 + month * cell, y, cell, decimals, into: &canvas)
            }
            if hasYear, let total = year.total {
                let text = MonthsDrawing.text(total, decimals, width: cell)
                canvas.put(text, endingAt: area.x + 6 + 13 * cell, y: y, style: style(total).adding(.bold))
            }
        }
    }

    private func drawCell(
        _ value: Double?, _ x: Int, _ y: Int, _ width: Int, _ decimals: Int, into canvas: inout Canvas
    ) {
        guard let value else {
            canvas.put(theme.glyphs == .ascii ? "." : "·", endingAt: x + width, y: y, style: theme[.textDim])
            return
        }
        let style = look(value)
        // A column of ground at the left keeps neighbours apart.
        canvas.fill(Rect(x: x + 1, y: y, width: width - 1, height: 1), Cell(" ", style: style))
        canvas.put(MonthsDrawing.text(value, decimals, width: width - 1), endingAt: x + width, y: y, style: style)
    }

    /// A share in percent without the sign of it, with as many decimals as fit.
    static func text(_ value: Double, _ decimals: Int, width: Int) -> String {
        for count in stride(from: decimals, through: 0, by: -1) {
            let text = Words.signedPercent(value, decimals: count).filter { $0 != "%" }
            if text.utf8.count <= width { return text }
        }
        return value > 0 ? ">" : "<"
    }

    /// The further from 0, the louder: dim, plain, and reversed beyond half of the largest.
    private func look(_ value: Double) -> Style {
        let base = style(value)
        let share = returns.largest > 0 ? abs(value) / returns.largest : 0
        if share >= 0.5 { return base.adding(.reverse) }
        return share < 0.1 ? base.adding(.dim) : base
    }

    private func style(_ value: Double) -> Style {
        theme[value > 0 ? .pnlGain : value < 0 ? .pnlLoss : .pnlZero].removing([.underline, .reverse])
    }

    private func drawList(_ area: Rect, into canvas: inout Canvas) {
        var rows: [(String, Double)] = []
        for year in returns.years {
            for (month, value) in year.months.enumerated() {
                if let value { rows.append(("\(year.year) \(MonthsDrawing.names[month])", value)) }
            }
        }
        let columns = max(1, area.width / 20)
        let shown = rows.suffix(area.height * columns)
        for (index, row) in shown.enumerated() {
            let x = area.x + 1 + index / area.height * 20
            let y = area.y + index % area.height
            let text = Words.signedPercent(row.1)
            canvas.put(row.0, x: x, y: y, style: theme[.textDim], maxWidth: max(0, area.maxX - x))
            guard x + 9 + text.utf8.count <= area.maxX else { continue }
            canvas.put(text, endingAt: min(x + 18, area.maxX), y: y, style: style(row.1))
        }
    }
}
