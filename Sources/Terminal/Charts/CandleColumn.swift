/// A candle one column wide, with a resolution of half a row.
///
/// A pure rule from prices in row units to glyphs. Whatever the range, a candle that touches the chart never
/// vanishes: body and wick are given at least half a row. A candle that closes where it opened is neutral, neither up
/// nor down.
public struct CandleColumn: Sendable, Hashable {
    /// Which way the price went.
    public enum Direction: Sendable, Hashable {
        /// Closed above its open.
        case up
        /// Closed below its open.
        case down
        /// Closed at its open.
        case neutral
    }

    /// Which way the price went; pick the style by it.
    public let direction: Direction
    /// Row of the first glyph, counted from the top of the chart.
    public let firstRow: Int
    /// The glyphs from there downward.
    public let glyphs: [Unicode.Scalar]

    /// Index range into ``glyphs`` of those that show the body; the others are wick, for themes that tell them apart.
    public let body: Range<Int>

    /// Applies the rule.
    ///
    /// - Parameters:
    ///   - open: in rows above the bottom edge of the chart: 0 is the edge, `height` the top.
    ///   - high: likewise.
    ///   - low: likewise.
    ///   - close: likewise.
    ///   - height: rows of the chart.
    ///   - set: which characters to draw with.
    ///   - isHollow: draw rising bodies hollow, for when colour cannot tell the direction.
    /// - Returns: nil when a price is not finite or the candle lies wholly outside the chart.
    public init?(
        open: Double, high: Double, low: Double, close: Double, height: Int, set: GlyphSet = .utf8,
        isHollow: Bool = false
    ) {
        guard height > 0, open.isFinite, high.isFinite, low.isFinite, close.isFinite else { return nil }
        let top = max(high, open, close)
        let bottom = min(low, open, close)
        guard top >= 0, bottom <= Double(height) else { return nil }
        direction = close > open ? .up : close < open ? .down : .neutral
        let halves = 2 * height
        let body = CandleColumn.halves(from: min(open, close), to: max(open, close), limit: halves)
        let wick = CandleColumn.halves(from: bottom, to: top, limit: halves)
        let lowest = min(body.lowerBound, wick.lowerBound)
        let highest = max(body.upperBound, wick.upperBound)
        let lowestRow = lowest / 2
        let highestRow = (highest - 1) / 2
        firstRow = height - 1 - highestRow
        var glyphs: [Unicode.Scalar] = []
        var bodyRange = 0..<0
        // A body beyond the edge leaves only its wick in sight.
        let hasBody = max(open, close) >= 0 && min(open, close) <= Double(height)
        for row in stride(from: highestRow, through: lowestRow, by: -1) {
            func part(_ half: Int) -> Part {
                if hasBody, body.contains(half) { return .body }
                return wick.contains(half) ? .wick : .none
            }
            let upper = part(2 * row + 1)
            let lower = part(2 * row)
            if upper == .body || lower == .body {
                bodyRange = (bodyRange.isEmpty ? glyphs.count : bodyRange.lowerBound)..<glyphs.count + 1
            }
            glyphs.append(
                set == .ascii
                    ? CandleColumn.ascii(upper, lower, direction)
                    : CandleColumn.box(upper, lower, isHollow: isHollow && direction == .up))
        }
        self.glyphs = glyphs
        self.body = bodyRange
    }

    private enum Part {
        case none
        case wick
        case body
    }

    /// The half rows a span covers, rounded to the nearest and never none.
    private static func halves(from low: Double, to high: Double, limit: Int) -> Range<Int> {
        let clampedLow = min(max(low, 0), Double(limit) / 2)
        let clampedHigh = min(max(high, 0), Double(limit) / 2)
        let first = Int((clampedLow * 2).rounded())
        let end = Int((clampedHigh * 2).rounded())
        if end > first { return first..<end }
        let middle = min(limit - 1, max(0, Int((clampedLow + clampedHigh).rounded(.down))))
        return middle..<middle + 1
    }

    private static func box(_ upper: Part, _ lower: Part, isHollow: Bool) -> Unicode.Scalar {
        switch (upper, lower) {
        case (.body, .body): isHollow ? "╏" : "┃"
        case (.wick, .body): "╽"
        case (.body, .wick): "╿"
        case (.none, .body): "╻"
        case (.body, .none): "╹"
        case (.wick, .wick): "│"
        case (.none, .wick): "╷"
        case (.wick, .none): "╵"
        case (.none, .none): " "
        }
    }

    private static func ascii(_ upper: Part, _ lower: Part, _ direction: Direction) -> Unicode.Scalar {
        if upper == .body || lower == .body {
            switch direction {
            case .up: return "#"
            case .down: return "="
            case .neutral: return "+"
            }
        }
        return upper == .none && lower == .none ? " " : "|"
    }

    /// Draws the candle into a column of a chart whose upper left corner is at (`x`, `y`).
    public func draw(into canvas: inout Canvas, x: Int, y: Int, body bodyStyle: Style, wick: Style) {
        for (offset, glyph) in glyphs.enumerated() {
            canvas.put(
                scalar: glyph, x: x, y: y + firstRow + offset, style: body.contains(offset) ? bodyStyle : wick)
        }
    }
}
