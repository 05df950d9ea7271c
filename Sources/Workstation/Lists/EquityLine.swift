import Engine
import Market
import Terminal

/// One row about the account: the day, and the equity of the last hours as a line.
enum EquityLine {
    /// Draws the row.
    static func draw(_ row: Rect, into canvas: inout Canvas, _ context: PaneContext) {
        let theme = context.theme
        let account = context.snapshot.account
        let key: ThemeKey = account.dayProfit.isZero ? .pnlZero : account.dayProfit.units > 0 ? .pnlGain : .pnlLoss
        let profit = Words.profit(account.dayProfit)
        guard row.width >= profit.utf8.count + 5 else { return }
        var x = row.x + 1
        x += canvas.put("day ", x: x, y: row.y, style: theme[.textDim])
        x += canvas.put(profit, x: x, y: row.y, style: theme[key].adding(.bold)) + 3
        let history = account.equityHistory
        guard let first = history.first, let last = history.last, first.time < last.time else { return }
        let span = last.time.nanoseconds(since: first.time) / 1_000_000_000
        let share = (last.equity.approximation - first.equity.approximation) / max(first.equity.approximation, 1)
        let note = " \(Words.signedPercent(share)) in \(Words.duration(span))"
        let label = "equity "
        let width = row.maxX - 1 - x - label.utf8.count - DisplayWidth.columns(of: note)
        guard width >= 8 else { return }
        x += canvas.put(label, x: x, y: row.y, style: theme[.textDim])
        let values = sampled(history, count: width)
        let glyphs = Bar.sparkline(values, set: context.glyphs)
        for (index, scalar) in glyphs.enumerated() {
            canvas.put(scalar: scalar, x: x + index, y: row.y, style: theme[.spark])
        }
        canvas.put(note, x: x + glyphs.count, y: row.y, style: theme[.textDim])
    }

    /// So many points of the history, evenly spread, the last one among them.
    private static func sampled(_ history: [EquityPoint], count: Int) -> [Double] {
        guard history.count > count else { return history.map(\.equity.approximation) }
        return (0..<count).map { history[(history.count - 1) * $0 / (count - 1)].equity.approximation }
    }
}
