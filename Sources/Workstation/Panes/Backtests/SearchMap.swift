import Engine
import Terminal

/// A search over two parameters as a heat map: one along each side, the objective as the shade and, where there is room,
/// as a number. With more parameters each place has the best of all values of the others.
struct SearchMap {
    private let context: PaneContext
    private let board: SearchBoard
    private let pair: (across: Int, down: Int)
    private let objective: String

    private var theme: Theme { context.theme }

    init(_ search: SearchView, _ context: PaneContext) {
        self.context = context
        board = search.board
        objective = search.request.objective
        let pairs = SearchMap.pairs(board.axes.count)
        pair = pairs.isEmpty ? (0, 0) : pairs[context.view.backtests.axis % pairs.count]
    }

    /// The pairs of parameters that can be shown, in the order in which the key goes through them.
    static func pairs(_ count: Int) -> [(across: Int, down: Int)] {
        (0..<count).flatMap { down in (0..<down).map { (across: $0, down: down) } }
    }

    /// The values of a side in order: all there are, or those that were tried where they can't be listed.
    private func values(_ axis: Int) -> [String] {
        if !board.axes[axis].values.isEmpty { return board.axes[axis].values }
        var seen: [Double: String] = [:]
        for trial in board.trials {
            if let number = trial.number(axis), trial.values.indices.contains(axis) {
                seen[number] = trial.values[axis]
            }
        }
        return seen.sorted { $0.key < $1.key }.map(\.value)
    }

    /// The best objective of each place, by row and column; `nil` where no trial ran to its end.
    private func cells(_ across: [String], _ down: [String]) -> [[Double?]] {
        var cells = [[Double?]](repeating: Array(repeating: nil, count: across.count), count: down.count)
        let columns = Dictionary(across.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let rows = Dictionary(down.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        for trial in board.trials where trial.state == .complete {
            guard let value = trial.objective, let column = columns[trial.values[pair.across]],
                let row = rows[trial.values[pair.down]]
            else { continue }
            cells[row][column] = max(cells[row][column] ?? value, value)
        }
        return cells
    }

    /// Joins neighbours so that at most `room` groups are left.
    private static func groups(_ count: Int, _ room: Int) -> [Range<Int>] {
        let step = max(1, (count + room - 1) / max(room, 1))
        return stride(from: 0, to: count, by: step).map { $0..<min($0 + step, count) }
    }

    func draw(_ area: Rect, into canvas: inout Canvas) {
        guard board.axes.count > 1, area.height >= 4, area.width >= 16 else { return }
        let across = values(pair.across)
        let down = values(pair.down)
        let all = cells(across, down)
        let margin = (down.map(\.count).max() ?? 0) + 2
        let labelWidth = (across.map(\.count).max() ?? 1) + 1
        let room = area.width - margin - 1
        guard room >= 2, !across.isEmpty, !down.isEmpty else { return }
        let cellWidth =
            across.count * max(7, labelWidth) <= room ? max(7, labelWidth) : across.count * 3 <= room ? 3 : 2
        let columns = Self.groups(across.count, room / cellWidth)
        let rows = Self.groups(down.count, area.height - 3)
        let shown = rows.map { rows in
            columns.map { columns in rows.flatMap { row in columns.compactMap { all[row][$0] } }.max() }
        }
        let known = shown.flatMap { $0 }.compactMap { $0 }
        guard let low = known.min(), let high = known.max() else {
            canvas.put(
                "no trial ran to its end", x: area.x + 1, y: area.y, style: theme[.textDim],
                maxWidth: max(0, area.width - 1))
            return
        }
        let shared = rows.count < down.count || columns.count < across.count
        var title = "\(objective): \(board.axes[pair.across].name) across, \(board.axes[pair.down].name) down"
        if board.axes.count > 2 { title += ", best of the others" }
        if shared { title += "; neighbours share a cell, the best counts" }
        canvas.put(title, x: area.x + 1, y: area.y, style: theme[.textDim], maxWidth: max(0, area.width - 1))
        drawTop(across, columns, cellWidth, x: area.x + margin, area, into: &canvas)
        for (row, group) in rows.enumerated() {
            let y = area.y + 2 + row
            canvas.put(down[group.lowerBound], endingAt: area.x + margin - 1, y: y, style: theme[.chartAxis])
            for column in columns.indices {
                drawCell(
                    shown[row][column], low, high, x: area.x + margin + column * cellWidth, y, cellWidth, into: &canvas)
            }
        }
        let y = area.y + 2 + rows.count
        guard y < area.maxY else { return }
        var x = area.x + 1
        for (value, text) in [(low, Words.fixed(low, 3)), (high, Words.fixed(high, 3))] {
            drawCell(value, low, high, x: x, y, 2, into: &canvas)
            x += 3 + canvas.put(text, x: x + 3, y: y, style: theme[.textDim], maxWidth: max(0, area.maxX - x - 3)) + 2
        }
        canvas.put(
            "\(theme.glyphs == .ascii ? "." : "·")  no result", x: x, y: y, style: theme[.textDim],
            maxWidth: max(0, area.maxX - x))
    }

    private func drawTop(
        _ values: [String], _ columns: [Range<Int>], _ width: Int, x: Int, _ area: Rect, into canvas: inout Canvas
    ) {
        var free = x
        for (column, group) in columns.enumerated() {
            let text = values[group.lowerBound]
            let start = x + column * width
            guard start >= free, start + text.count <= area.maxX else { continue }
            canvas.put(text, x: start, y: area.y + 1, style: theme[.chartAxis])
            free = start + text.count + 1
        }
    }

    /// A shade of the theme's ramp; without colours a character for it, and the number where it fits.
    private func drawCell(
        _ value: Double?, _ low: Double, _ high: Double, x: Int, _ y: Int, _ width: Int, into canvas: inout Canvas
    ) {
        guard let value else {
            canvas.put(theme.glyphs == .ascii ? "." : "·", x: x, y: y, style: theme[.textDim], maxWidth: width)
            return
        }
        let levels = 9
        let share = high > low ? (value - low) / (high - low) : 1
        let level = min(levels, max(1, Int((share * Double(levels - 1)).rounded()) + 1))
        let isPlain = theme.depth == .none || context.glyphs == .ascii
        let number = Words.fixed(value, abs(value) < 100 ? 2 : 0)
        let hasNumber = width >= 7 && number.utf8.count < width
        if isPlain {
            let ramp = Array(" .:-=+*%@#".unicodeScalars)
            if hasNumber {
                let style = share >= 0.999 ? theme[.textStrong].adding(.reverse) : theme[.text]
                canvas.put(number, endingAt: x + width - 2, y: y, style: style)
                canvas.put(scalar: ramp[level], x: x + width - 2, y: y, style: theme[.text])
            } else {
                for column in 0..<max(1, width - 1) {
                    canvas.put(scalar: ramp[level], x: x + column, y: y, style: theme[.text])
                }
            }
            return
        }
        let ground = theme.heat(level, of: levels + 1)
        // Reversed, as inverse text is with few colours, the ground would be the text.
        let style = theme[share > 0.55 ? .textInverse : .text].removing(.reverse).on(ground)
        canvas.fill(Rect(x: x, y: y, width: max(1, width - (width > 2 ? 1 : 0)), height: 1), Cell(" ", style: style))
        if hasNumber { canvas.put(number, endingAt: x + width - 1, y: y, style: style) }
    }
}
