import Terminal

/// A candle three columns wide on the rows of a chart, with a resolution of an eighth of a row; the narrow one is
/// `CandleColumn`.
///
/// Positions are rows from the upper edge of the plot, growing downward. Ends are rounded to the nearest eighth, and a
/// body is at least one of them high, so that every candle shows. A candle without a body is a cross stroke.
struct WideCandle: Hashable, Sendable {
    /// The position of the highest price.
    var high: Double
    /// The position of the upper end of the body.
    var bodyTop: Double
    /// The position of the lower end of the body.
    var bodyBottom: Double
    /// The position of the lowest price.
    var low: Double
    /// Which way it went.
    var direction: CandleColumn.Direction
    /// Whether it is partial: its wick is dashed.
    var isPartial: Bool

    /// How a candle looks.
    struct Look {
        let glyphs: GlyphSet
        /// Whether rising candles are hollow because colours don't tell them apart.
        let isHollow: Bool
        let body: Style
        let wick: Style
    }

    /// Draws the candle with its left column at `x`; nothing outside of the rows of `plot`.
    func draw(x: Int, plot: Rect, _ look: Look, into canvas: inout Canvas) {
        guard plot.height > 0 else { return }
        drawWick(x: x + 1, plot: plot, look, into: &canvas)
        if look.glyphs == .ascii || look.isHollow && direction == .up || direction == .neutral {
            return drawOutline(x: x, plot: plot, look, into: &canvas)
        }
        let limit = plot.height * 8
        let top = min(Self.rounded(bodyTop * 8, limit), limit - 1)
        let bottom = max(Self.rounded(bodyBottom * 8, limit), top + 1)
        for row in top / 8..<min(plot.height, (bottom + 7) / 8) {
            let (glyph, isReversed) = Self.block(from: max(top - row * 8, 0), to: min(bottom - row * 8, 8))
            let cell = Cell(glyph, style: isReversed ? look.body.adding(.reverse) : look.body)
            for column in x..<x + 3 { canvas[column, plot.y + row] = cell }
        }
    }

    /// The block that fills eighths `from`..<`to` of a cell, counted from the top: lower blocks as they are, upper ones
    /// as the lower block of the rest in reverse video, which works with any background.
    private static func block(from: Int, to: Int) -> (Unicode.Scalar, Bool) {
        let lower: [Unicode.Scalar] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
        if to >= 8 { return (lower[max(0, 7 - from)], false) }
        if from <= 0 { return (lower[max(0, 7 - to)], true) }
        return ("━", false)
    }

    private func drawWick(x: Int, plot: Rect, _ look: Look, into canvas: inout Canvas) {
        let limit = plot.height * 2
        let top = Self.rounded(high * 2, limit)
        let bottom = Self.rounded(low * 2, limit)
        guard top < bottom else { return }
        for row in top / 2..<(bottom + 1) / 2 {
            var glyph: Unicode.Scalar = isPartial ? "┆" : "│"
            if row * 2 < top { glyph = "╷" } else if row * 2 + 1 >= bottom { glyph = "╵" }
            if look.glyphs == .ascii { glyph = isPartial ? ":" : "|" }
            canvas[x, plot.y + row] = Cell(glyph, style: look.wick)
        }
    }

    /// An outline in whole rows: hollow for rising candles, a cross stroke for those without a body, brackets in ASCII.
    private func drawOutline(x: Int, plot: Rect, _ look: Look, into canvas: inout Canvas) {
        func row(_ position: Double) -> Int { Int(min(max(position, 0), Double(plot.height) - 0.01)) }
        let top = row(bodyTop)
        let bottom = max(row(bodyBottom), top)
        let isOpenAbove = row(high) < top
        let isOpenBelow = row(low) > bottom
        for row in top...bottom {
            let glyphs: [Unicode.Scalar]
            if look.glyphs == .ascii {
                glyphs = direction == .neutral ? ["-", "+", "-"] : ["[", direction == .up ? "#" : "=", "]"]
            } else if direction == .neutral {
                let cross: Unicode.Scalar =
                    isOpenAbove && isOpenBelow ? "┼" : isOpenAbove ? "┴" : isOpenBelow ? "┬" : "─"
                glyphs = ["─", cross, "─"]
            } else if top == bottom {
                glyphs = ["[", isOpenAbove || isOpenBelow ? "│" : " ", "]"]
            } else if row == top {
                glyphs = ["┌", isOpenAbove ? "┴" : "─", "┐"]
            } else if row == bottom {
                glyphs = ["└", isOpenBelow ? "┬" : "─", "┘"]
            } else {
                glyphs = ["│", " ", "│"]
            }
            for (offset, glyph) in glyphs.enumerated() {
                canvas[x + offset, plot.y + row] = Cell(glyph, style: look.body)
            }
        }
    }

    private static func rounded(_ value: Double, _ limit: Int) -> Int {
        Int(min(max(value, 0), Double(limit)).rounded())
    }
}
