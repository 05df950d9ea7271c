import Terminal

/// Which way a candle went: a candle that closed where it opened went neither way.
enum CandleDirection: Hashable, Sendable {
    case up, down, flat
}

/// A candle on the rows of a chart: positions are rows from the upper edge of the plot, growing downward.
struct CandleShape: Hashable, Sendable {
    /// The position of the highest price.
    var high: Double
    /// The position of the upper end of the body.
    var bodyTop: Double
    /// The position of the lower end of the body.
    var bodyBottom: Double
    /// The position of the lowest price.
    var low: Double
    /// Which way it went.
    var direction: CandleDirection
}

/// Draws candles of one column with half-row resolution and of three columns with eighths of a row.
///
/// Ends are rounded to the nearest half (or eighth), and a body is at least one of them high, so that every candle
/// shows, however small. A candle without a body is a cross stroke.
struct CandlePainter {
    /// The glyphs to use.
    let glyphs: GlyphSet
    /// Whether rising candles are hollow because colours don't tell them apart.
    let usesShapes: Bool

    /// Draws a candle of one column.
    ///
    /// - Parameters:
    ///   - x: the column.
    ///   - plot: where the chart is; nothing is drawn outside of its rows.
    ///   - isDashed: whether the wick is dashed, the mark of a partial candle.
    func drawNarrow(
        _ shape: CandleShape, x: Int, plot: Rect, body: Style, wick: Style, isDashed: Bool, into canvas: inout Canvas
    ) {
        let limit = plot.height * 2
        var bodyTop = Self.rounded(shape.bodyTop * 2, limit)
        var bodyBottom = Self.rounded(shape.bodyBottom * 2, limit)
        if bodyBottom <= bodyTop {
            bodyTop = min(Self.floored((shape.bodyTop + shape.bodyBottom), limit), limit - 1)
            bodyBottom = bodyTop + 1
        }
        let top = min(Self.rounded(shape.high * 2, limit), bodyTop)
        let bottom = max(Self.rounded(shape.low * 2, limit), bodyBottom)
        for row in max(0, top / 2)..<min(plot.height, (bottom + 1) / 2) {
            let upper = part(row * 2, top, bodyTop, bodyBottom, bottom)
            let lower = part(row * 2 + 1, top, bodyTop, bodyBottom, bottom)
            let hasBody = upper == .body || lower == .body
            let glyph = narrowGlyph(upper, lower, shape.direction, isDashed)
            canvas[x, plot.y + row] = Cell(glyph, style: hasBody ? body : wick)
        }
    }

    private enum Part: Int { case empty, wick, body }

    private func part(_ half: Int, _ top: Int, _ bodyTop: Int, _ bodyBottom: Int, _ bottom: Int) -> Part {
        if half >= bodyTop && half < bodyBottom { return .body }
        return half >= top && half < bottom ? .wick : .empty
    }

    private func narrowGlyph(
        _ upper: Part, _ lower: Part, _ direction: CandleDirection, _ isDashed: Bool
    ) -> Unicode.Scalar {
        let hasBody = upper == .body || lower == .body
        if glyphs == .ascii {
            guard hasBody else { return isDashed ? ":" : "|" }
            return direction == .up ? "#" : direction == .down ? "=" : "-"
        }
        if hasBody && direction == .flat {
            let other = upper == .body ? lower : upper
            return other == .empty ? "─" : upper == .body ? "┬" : "┴"
        }
        switch (upper, lower) {
        case (.body, .body): return usesShapes && direction == .up ? "╏" : "┃"
        case (.body, .wick): return "╿"
        case (.body, .empty): return "╹"
        case (.wick, .body): return "╽"
        case (.empty, .body): return "╻"
        case (.wick, .wick): return isDashed ? "┆" : "│"
        case (.wick, .empty): return "╵"
        case (.empty, .wick): return "╷"
        case (.empty, .empty): return " "
        }
    }

    /// Draws a candle of three columns.
    func drawWide(
        _ shape: CandleShape, x: Int, plot: Rect, body: Style, wick: Style, isDashed: Bool, into canvas: inout Canvas
    ) {
        if glyphs == .ascii || usesShapes && shape.direction == .up || shape.direction == .flat {
            drawOutlined(shape, x: x, plot: plot, body: body, wick: wick, isDashed: isDashed, into: &canvas)
            return
        }
        let limit = plot.height * 8
        let bodyTop = min(Self.rounded(shape.bodyTop * 8, limit), limit - 1)
        let bodyBottom = max(Self.rounded(shape.bodyBottom * 8, limit), bodyTop + 1)
        drawWick(shape, x: x + 1, plot: plot, style: wick, isDashed: isDashed, into: &canvas)
        for row in bodyTop / 8..<min(plot.height, (bodyBottom + 7) / 8) {
            let from = max(bodyTop - row * 8, 0)
            let to = min(bodyBottom - row * 8, 8)
            let (glyph, isReversed) = Self.block(from: from, to: to)
            let cell = Cell(glyph, style: isReversed ? body.adding(.reverse) : body)
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

    private func drawWick(
        _ shape: CandleShape, x: Int, plot: Rect, style: Style, isDashed: Bool, into canvas: inout Canvas
    ) {
        let limit = plot.height * 2
        let top = Self.rounded(shape.high * 2, limit)
        let bottom = Self.rounded(shape.low * 2, limit)
        for row in max(0, top / 2)..<max(top / 2, min(plot.height, (bottom + 1) / 2)) {
            let upper = row * 2 >= top
            let lower = row * 2 + 1 < bottom
            var glyph: Unicode.Scalar = isDashed ? "┆" : "│"
            if !upper { glyph = "╷" } else if !lower { glyph = "╵" }
            if glyphs == .ascii { glyph = isDashed ? ":" : "|" }
            canvas[x, plot.y + row] = Cell(glyph, style: style)
        }
    }

    /// An outline in whole rows: hollow for rising candles, a cross stroke for those without a body, brackets in ASCII.
    private func drawOutlined(
        _ shape: CandleShape, x: Int, plot: Rect, body: Style, wick: Style, isDashed: Bool, into canvas: inout Canvas
    ) {
        drawWick(shape, x: x + 1, plot: plot, style: wick, isDashed: isDashed, into: &canvas)
        let last = plot.height - 1
        let top = min(max(Self.floored(shape.bodyTop, plot.height), 0), last)
        let bottom = min(max(Self.floored(shape.bodyBottom, plot.height), top), last)
        func put(_ row: Int, _ left: Unicode.Scalar, _ middle: Unicode.Scalar, _ right: Unicode.Scalar) {
            canvas[x, plot.y + row] = Cell(left, style: body)
            canvas[x + 1, plot.y + row] = Cell(middle, style: body)
            canvas[x + 2, plot.y + row] = Cell(right, style: body)
        }
        let hasWickAbove = Self.floored(shape.high, plot.height) < top
        let hasWickBelow = Self.floored(shape.low, plot.height) > bottom
        for row in top...bottom {
            if glyphs == .ascii {
                shape.direction == .flat ? put(row, "-", "+", "-") : put(row, "[", shape.direction == .up ? "#" : "=", "]")
            } else if shape.direction == .flat {
                put(row, "─", hasWickAbove && hasWickBelow ? "┼" : hasWickAbove ? "┴" : hasWickBelow ? "┬" : "─", "─")
            } else if top == bottom {
                put(row, "[", hasWickAbove || hasWickBelow ? "│" : " ", "]")
            } else if row == top {
                put(row, "┌", hasWickAbove ? "┴" : "─", "┐")
            } else if row == bottom {
                put(row, "└", hasWickBelow ? "┬" : "─", "┘")
            } else {
                put(row, "│", " ", "│")
            }
        }
    }

    private static func rounded(_ value: Double, _ limit: Int) -> Int {
        Int(min(max(value, 0), Double(limit)).rounded())
    }

    private static func floored(_ value: Double, _ limit: Int) -> Int {
        Int(min(max(value, 0), Double(limit)))
    }
}
