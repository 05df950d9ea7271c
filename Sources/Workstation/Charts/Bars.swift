import Terminal

/// Bars in eighths of a cell.
enum Bars {
    private static let lower: [Unicode.Scalar] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    private static let left: [Unicode.Scalar] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]

    /// A column that rises from the lower edge of `area` by a share of its height; anything above zero shows.
    static func column(
        x: Int, in area: Rect, share: Double, style: Style, glyphs: GlyphSet, into canvas: inout Canvas
    ) {
        guard share > 0, area.height > 0 else { return }
        if glyphs == .ascii {
            let halves = max(1, Int((min(share, 1) * Double(area.height * 2)).rounded()))
            for row in 0..<(halves + 1) / 2 {
                let isFull = halves - row * 2 >= 2
                canvas[x, area.maxY - 1 - row] = Cell(isFull ? ":" : ".", style: style)
            }
            return
        }
        let eighths = max(1, Int((min(share, 1) * Double(area.height * 8)).rounded()))
        for row in 0..<(eighths + 7) / 8 {
            canvas[x, area.maxY - 1 - row] = Cell(lower[min(8, eighths - row * 8)], style: style)
        }
    }

    /// A bar that grows to the right by a share of a width; anything above zero shows.
    ///
    /// - Parameter ascii: what it is made of where only ASCII is allowed.
    static func row(
        x: Int, y: Int, width: Int, share: Double, style: Style, glyphs: GlyphSet, ascii: Unicode.Scalar,
        into canvas: inout Canvas
    ) {
        guard share > 0, width > 0 else { return }
        if glyphs == .ascii {
            let cells = max(1, Int((min(share, 1) * Double(width)).rounded()))
            for column in 0..<cells {
                canvas[x + column, y] = Cell(ascii, style: style)
            }
            return
        }
        let eighths = max(1, Int((min(share, 1) * Double(width * 8)).rounded()))
        for column in 0..<(eighths + 7) / 8 {
            canvas[x + column, y] = Cell(left[min(8, eighths - column * 8)], style: style)
        }
    }
}
