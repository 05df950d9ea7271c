import Engine
import Market
import Terminal

/// Draws equity curves and drawdowns.
struct BacktestCurves {
    let context: PaneContext
    let area: Rect

    /// Draws a report's equity with its drawdown below, when there is room for both, and the dates under them.
    func draw(_ report: BacktestReport, into canvas: inout Canvas) {
        guard area.height >= 2, area.width >= 12 else { return }
        guard report.equity.count > 1 else {
            canvas.put(
                "no equity curve", x: area.x + 1, y: area.y, style: context.theme[.textDim],
                maxWidth: max(0, area.width - 1))
            return
        }
        let values = report.equity.map(\.value)
        let axisWidth = Words.fixed(values.max() ?? 0, 0).utf8.count + 2
        let dateRows = area.height >= 6 ? 1 : 0
        let drawdownRows = area.height >= 8 ? max(2, area.height / 4) : 0
        let rows = area.rows([.weight(1), .fixed(drawdownRows), .fixed(dateRows)])
        let width = max(1, area.width - axisWidth)
        let plot = Rect(x: area.x, y: rows[0].y, width: width, height: rows[0].height)
        let curve = EquityCurve(report.equity, count: width * 2)
        drawEquity(curve, plot, start: report.equity[0].value, into: &canvas)
        if drawdownRows > 0 {
            drawDrawdown(
                curve, Rect(x: area.x, y: rows[1].y, width: width, height: drawdownRows), into: &canvas)
        }
        if dateRows > 0 {
            drawDates(curve.from, curve.to, Rect(x: area.x, y: rows[2].y, width: width, height: 1), into: &canvas)
        }
    }

    private func drawEquity(_ curve: EquityCurve, _ plot: Rect, start: Double, into canvas: inout Canvas) {
        let (low, high) = Self.range(curve.values)
        let scale = PriceScale(low: low, high: high, rows: plot.height)
        if let row = scale.row(start) {
            for x in stride(from: plot.x, to: plot.maxX, by: 3) {
                canvas[x, plot.y + row] = Cell(context.glyphs == .ascii ? "." : "·", style: context.theme[.chartGrid])
            }
        }
        LineGraph(low: low, high: high, samplesPerColumn: 2).draw(
            curve.values, into: &canvas, rect: plot, style: context.theme[.line1], set: context.glyphs)
        var taken: Set<Int> = []
        for (value, key) in [(curve.values.last ?? 0, ThemeKey.priceLast), (high, .chartAxis), (low, .chartAxis)] {
            guard let row = scale.row(value), taken.insert(row).inserted else { continue }
            canvas.put(Words.fixed(value, 0), endingAt: area.maxX, y: plot.y + row, style: context.theme[key])
        }
    }

    /// Columns that hang from the upper edge: the lower, the deeper below the peak.
    private func drawDrawdown(_ curve: EquityCurve, _ plot: Rect, into canvas: inout Canvas) {
        let deepest = curve.drawdowns.max() ?? 0
        let style = context.theme[.pnlLoss].removing([.underline, .reverse])
        let isAscii = context.glyphs == .ascii
        for x in 0..<plot.width where deepest > 0 {
            let drawdown = max(curve.drawdowns[x * 2], curve.drawdowns[min(x * 2 + 1, curve.drawdowns.count - 1)])
            guard drawdown > 0 else { continue }
            let halves = max(1, Int((drawdown / deepest * Double(plot.height * 2)).rounded()))
            for row in 0..<(halves + 1) / 2 {
                let isFull = halves - row * 2 >= 2
                canvas[plot.x + x, plot.y + row] = Cell(
                    isAscii ? (isFull ? "#" : "'") : isFull ? "█" : "▀", style: style)
            }
        }
        let text = deepest > 0 ? "-\(Words.percent(deepest, decimals: 1))" : "0%"
        if text.utf8.count < area.maxX - plot.maxX {
            canvas.put(text, endingAt: area.maxX, y: plot.maxY - 1, style: style)
        }
    }

    private func drawDates(_ from: Timestamp, _ to: Timestamp, _ row: Rect, into canvas: inout Canvas) {
        let style = context.theme[.chartAxis]
        canvas.put(from.date, x: row.x, y: row.y, style: style, maxWidth: row.width)
        if row.width >= 24 { canvas.put(to.date, endingAt: row.maxX, y: row.y, style: style) }
        if row.width >= 48 {
            let middle = Timestamp(nanoseconds: from.nanoseconds + to.nanoseconds(since: from) / 2).date
            canvas.put(middle, x: row.x + (row.width - middle.utf8.count) / 2, y: row.y, style: style)
        }
    }

    /// The looks of curves that are laid over each other, in their order.
    static let lines: [ThemeKey] = [.line1, .line2, .line3, .line4, .line5, .line6]

    /// Draws several curves on one scale, as multiples of what each began with, over all the time that they cover.
    func draw(_ reports: [BacktestReport], into canvas: inout Canvas) {
        guard area.height >= 2, area.width >= 12 else { return }
        let width = area.width - 8
        let spans = reports.compactMap { report in
            report.equity.first.map { ($0.time, report.equity[report.equity.count - 1].time) }
        }
        guard let from = spans.map(\.0).min(), let to = spans.map(\.1).max(), to > from else { return }
        let samples = width * 2
        let length = Double(to.nanoseconds(since: from))
        let curves = reports.map { report -> [Double] in
            guard let first = report.equity.first, let last = report.equity.last else { return [] }
            let start = Int((Double(first.time.nanoseconds(since: from)) / length * Double(samples - 1)).rounded())
            let end = Int((Double(last.time.nanoseconds(since: from)) / length * Double(samples - 1)).rounded())
            let own = EquityCurve(report.equity, count: max(1, end - start + 1)).normalized
            return Array(repeating: Double.nan, count: start) + own
        }
        let (low, high) = Self.range(curves.flatMap { $0 }.filter(\.isFinite))
        let dateRows = area.height >= 6 ? 1 : 0
        let plot = Rect(x: area.x, y: area.y, width: width, height: area.height - dateRows)
        let scale = PriceScale(low: low, high: high, rows: plot.height)
        if let row = scale.row(1) {
            for x in stride(from: plot.x, to: plot.maxX, by: 3) {
                canvas[x, plot.y + row] = Cell(context.glyphs == .ascii ? "." : "·", style: context.theme[.chartGrid])
            }
        }
        for (curve, key) in zip(curves, Self.lines) {
            LineGraph(low: low, high: high, samplesPerColumn: 2).draw(
                curve, into: &canvas, rect: plot, style: context.theme[key], set: context.glyphs)
        }
        drawLetters(curves, plot, scale, into: &canvas)
        for (value, y) in [(high, plot.y), (low, plot.maxY - 1)] {
            canvas.put(
                "×\(Words.fixed(value, 2))".plain(context.theme), endingAt: area.maxX, y: y,
                style: context.theme[.chartAxis])
        }
        if dateRows > 0 {
            drawDates(from, to, Rect(x: area.x, y: area.maxY - 1, width: width, height: 1), into: &canvas)
        }
    }

    /// Draws the letter of each curve where it ends, so that they are told apart without colours; letters that meet make
    /// room for each other.
    private func drawLetters(
        _ curves: [[Double]], _ plot: Rect, _ scale: PriceScale, into canvas: inout Canvas
    ) {
        var taken: Set<Int> = []
        for (place, curve) in curves.enumerated() {
            guard let last = curve.last, last.isFinite, let row = scale.row(last) else { continue }
            let free = (0..<plot.height).sorted { abs($0 - row) < abs($1 - row) }.first { !taken.contains($0) }
            guard let free else { return }
            taken.insert(free)
            canvas.put(
                BacktestComparisonDrawing.letter(place), x: plot.x + (curve.count + 1) / 2, y: plot.y + free,
                style: context.theme[Self.lines[min(place, Self.lines.count - 1)]].adding(.bold))
        }
    }

    private static func range(_ values: [Double]) -> (low: Double, high: Double) {
        let low = values.min() ?? 0
        let high = values.max() ?? 1
        return high > low ? (low, high) : (low - 1, high + 1)
    }
}
