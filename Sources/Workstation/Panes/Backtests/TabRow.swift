import Terminal

/// The row of tabs inside a pane, the shown one in brackets.
enum TabRow {
    /// Draws the names of the tabs; those that find no room are left out whole, but never the shown one.
    static func draw(_ names: [String], chosen: Int, _ row: Rect, into canvas: inout Canvas, _ theme: Theme) {
        guard !row.isEmpty else { return }
        let hint = "\u{2190}\u{2192} tabs".plain(theme)
        var x = row.x + 1
        let total = names.reduce(1) { $0 + $1.count + 3 }
        // On a narrow row the tabs before the shown one go first.
        let first = total > row.width ? min(chosen, names.count - 1) : 0
        for index in first..<names.count {
            let text = index == chosen ? "[\(names[index])]" : " \(names[index]) "
            guard index == chosen || x + text.count <= row.maxX else { break }
            let style = theme[index == chosen ? .tabActive : .tab]
            x += canvas.put(text, x: x, y: row.y, style: style, maxWidth: max(0, row.maxX - x)) + 1
        }
        if x + DisplayWidth.columns(of: hint) + 1 < row.maxX {
            canvas.put(hint, endingAt: row.maxX, y: row.y, style: theme[.textDim])
        }
    }
}
