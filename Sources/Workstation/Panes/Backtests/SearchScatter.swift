import Engine
import Terminal

/// The trials of a search as points: their objective over their number or over a parameter, the best so far as a line,
/// those that did not simply end marked for what they are.
struct SearchScatter {
    private let context: PaneContext
    private let search: SearchView
    /// `nil` for the number of the trial.
    private let axis: Int?

    private var theme: Theme { context.theme }
    private var board: SearchBoard { search.board }

    init(_ search: SearchView, _ context: PaneContext) {
        self.context = context
        self.search = search
        let choice = context.view.backtests.axis % (search.board.axes.count + 1)
        axis = choice == 0 ? nil : choice - 1
    }

    /// Places along the lower edge: trials of a walk-forward stand window behind window.
    private func x(_ place: Int) -> Double? {
        guard let axis else { return Double(place) }
        return board.trials[place].number(axis)
    }

    func draw(_ area: Rect, into canvas: inout Canvas) {
        guard area.height >= 4, area.width >= 20 else { return }
        let points = board.trials.indices.compactMap { place -> (place: Int, x: Double, y: Double)? in
            let trial = board.trials[place]
            guard let y = trial.objective, y.isFinite, let x = x(place), trial.state != .invalid else { return nil }
            return (place, x, y)
        }
        guard let left = points.map(\.x).min(), let right = points.map(\.x).max() else {
            canvas.put(
                "no trial has ended yet", x: area.x + 1, y: area.y, style: theme[.textDim],
                maxWidth: max(0, area.width - 1))
            return
        }
        let (low, high) = range(points.map(\.y))
        let labels = [Words.fixed(high, 2), Words.fixed(low, 2)]
        let axisWidth = (labels.map(\.utf8.count).max() ?? 4) + 1
        let plot = Rect(x: area.x + axisWidth, y: area.y, width: area.width - axisWidth - 1, height: area.height - 2)
        guard plot.width >= 8, plot.height >= 2 else { return }
        canvas.put(labels[0], endingAt: plot.x - 1, y: plot.y, style: theme[.chartAxis])
        canvas.put(labels[1], endingAt: plot.x - 1, y: plot.maxY - 1, style: theme[.chartAxis])
        func column(_ value: Double) -> Int {
            right > left ? Int(((value - left) / (right - left) * Double(plot.width - 1)).rounded()) : plot.width / 2
        }
        func row(_ value: Double) -> Int {
            let share = high > low ? (min(max(value, low), high) - low) / (high - low) : 0.5
            return plot.height - 1 - Int((share * Double(plot.height - 1)).rounded())
        }
        if axis == nil { drawBest(plot, column, row, into: &canvas) }
        // What matters more is drawn later.
        for wanted in [SearchTrial.State.pruned, .infeasible, .undefined, .complete] {
            for point in points where board.trials[point.place].state == wanted {
                let (glyph, key) = mark(wanted)
                canvas[plot.x + column(point.x), plot.y + row(point.y)] = Cell(
                    glyph, style: theme[key].removing([.reverse, .underline]))
            }
        }
        if let best = SearchLedgerBest.place(board), let point = points.first(where: { $0.place == best }) {
            canvas[plot.x + column(point.x), plot.y + row(point.y)] = Cell(
                isAscii ? "@" : "◆", style: theme[.pnlGain].removing([.reverse, .underline]).adding(.bold))
        }
        drawFoot(area, plot, left, right, into: &canvas)
    }

    private var isAscii: Bool { context.glyphs == .ascii || theme.glyphs == .ascii }

    private func mark(_ state: SearchTrial.State) -> (Unicode.Scalar, ThemeKey) {
        switch state {
        case .complete: (isAscii ? "o" : "•", .line1)
        case .pruned: (isAscii ? "." : "·", .textDim)
        case .infeasible: (isAscii ? "x" : "×", .pnlLoss)
        case .undefined, .invalid: ("?", .textDim)
        }
    }

    /// The range of what is shown: of the whole, so that one bad trial does not flatten all others, without the lowest
    /// twentieth; what lies below stands at the edge.
    private func range(_ values: [Double]) -> (low: Double, high: Double) {
        let sorted = values.sorted()
        let low = sorted[sorted.count / 20]
        let high = sorted[sorted.count - 1]
        return high > low ? (low, high) : (low - 1, high + 1)
    }

    /// The best objective of all trials up to each number; each window of a walk-forward begins anew.
    private func drawBest(
        _ plot: Rect, _ column: (Double) -> Int, _ row: (Double) -> Int, into canvas: inout Canvas
    ) {
        var best: Double?
        var before: (x: Int, y: Int)?
        var window = -1
        let style = theme[.line2]
        for (place, trial) in board.trials.enumerated() {
            if trial.window != window {
                window = trial.window
                best = nil
                before = nil
            }
            if trial.state == .complete, let own = trial.objective { best = max(best ?? own, own) }
            guard let best else { continue }
            let point = (x: column(Double(place)), y: row(best))
            for x in (before?.x ?? point.x)...max(before?.x ?? point.x, point.x) {
                canvas[plot.x + x, plot.y + (before?.y ?? point.y)] = Cell(isAscii ? "-" : "─", style: style)
            }
            if let before, before.y != point.y {
                for y in min(before.y, point.y)...max(before.y, point.y) {
                    canvas[plot.x + point.x, plot.y + y] = Cell(isAscii ? "|" : "│", style: style)
                }
            }
            before = point
        }
    }

    private func drawFoot(_ area: Rect, _ plot: Rect, _ left: Double, _ right: Double, into canvas: inout Canvas) {
        let y = plot.maxY
        let name = axis.map { board.axes[$0].name } ?? "trial"
        func text(_ value: Double) -> String {
            value == value.rounded() ? Words.fixed(value, 0) : Words.fixed(value, 2)
        }
        canvas.put(text(left), x: plot.x, y: y, style: theme[.chartAxis])
        canvas.put(text(right), endingAt: plot.maxX, y: y, style: theme[.chartAxis])
        let title = "\(name) (v: next)"
        if plot.width >= title.count + 24 {
            canvas.put(title, x: plot.x + (plot.width - title.count) / 2, y: y, style: theme[.textDim])
        }
        var x = area.x + 1
        let legend: [(SearchTrial.State?, String)] = [
            (nil, "best"), (.complete, search.request.objective), (.pruned, "given up"),
            (.infeasible, "breaks a constraint"),
        ]
        for (state, words) in legend {
            if let state, state != .complete, !board.trials.contains(where: { $0.state == state }) { continue }
            guard x + words.count + 3 <= area.maxX else { return }
            let (glyph, key) = state.map(mark) ?? (isAscii ? "@" : "◆", .pnlGain)
            canvas.put(scalar: glyph, x: x, y: y + 1, style: theme[key].removing([.reverse, .underline]))
            x += 2 + canvas.put(words, x: x + 2, y: y + 1, style: theme[.textDim]) + 2
        }
        if axis == nil, x + 14 <= area.maxX {
            canvas.put(isAscii ? "-" : "─", x: x, y: y + 1, style: theme[.line2])
            canvas.put("best so far", x: x + 2, y: y + 1, style: theme[.textDim])
        }
    }
}

/// The best trial of all that are shown.
enum SearchLedgerBest {
    /// Its place; of a walk-forward there is none, because windows have nothing in common.
    static func place(_ board: SearchBoard) -> Int? { board.windows.isEmpty ? board.best : nil }
}
