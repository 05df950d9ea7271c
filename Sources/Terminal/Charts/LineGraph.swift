/// Draws a line through numbers: braille with two by four dots a cell, quarter blocks, or ASCII with half rows.
public struct LineGraph: Sendable {
    /// Value at the bottom edge.
    public var low: Double
    /// Value at the top edge.
    public var high: Double
    /// How many samples share a column: 1 where a sample belongs to a candle, 2 for the finest line.
    public var samplesPerColumn: Int
    /// Whether neighbouring samples are joined by a line.
    public var joins: Bool

    /// Makes a graph for a range of values.
    public init(low: Double, high: Double, samplesPerColumn: Int = 1, joins: Bool = true) {
        self.low = low
        self.high = high
        self.samplesPerColumn = max(1, samplesPerColumn)
        self.joins = joins
    }

    /// Dots across and down a cell has in a glyph set.
    static func dots(_ set: GlyphSet) -> (across: Int, down: Int) {
        switch set {
        case .utf8: (2, 4)
        case .block: (2, 2)
        case .ascii: (1, 2)
        }
    }

    /// Draws samples from the left edge of a rectangle.
    ///
    /// Dots are added to those of lines drawn before, in the later style. Other glyphs, candles say, are left alone.
    /// Samples that are not finite make gaps; those beyond the range are not drawn, but the line towards them is.
    public func draw(
        _ samples: [Double], into canvas: inout Canvas, rect: Rect, style: Style, set: GlyphSet
    ) {
        guard !rect.isEmpty, high > low else { return }
        let dots = LineGraph.dots(set)
        let rows = rect.height * dots.down
        var before: (x: Int, y: Int)?
        for (index, sample) in samples.enumerated() {
            guard sample.isFinite else {
                before = nil
                continue
            }
            let column = (2 * index + 1) * dots.across / (2 * samplesPerColumn)
            guard column < rect.width * dots.across else { break }
            // Far outside values would overflow an integer; one chart height beyond the edge is steep enough.
            let share = min(2, max(-1, (sample - low) / (high - low)))
            let point = (x: column, y: rows - 1 - Int((share * Double(rows - 1)).rounded()))
            if joins, let before {
                segment(from: before, to: point) { plot($0, $1, &canvas, rect, style, set) }
            } else {
                plot(point.x, point.y, &canvas, rect, style, set)
            }
            before = point
        }
    }

    /// Visits the dots between two, the first left out when it was drawn already: Bresenham's line.
    private func segment(from: (x: Int, y: Int), to: (x: Int, y: Int), _ visit: (Int, Int) -> Void) {
        let width = abs(to.x - from.x)
        let height = -abs(to.y - from.y)
        let stepX = from.x < to.x ? 1 : -1
        let stepY = from.y < to.y ? 1 : -1
        var (x, y) = from
        var error = width + height
        while true {
            visit(x, y)
            if x == to.x, y == to.y { return }
            let doubled = 2 * error
            if doubled >= height {
                error += height
                x += stepX
            }
            if doubled <= width {
                error += width
                y += stepY
            }
        }
    }

    private func plot(
        _ x: Int, _ y: Int, _ canvas: inout Canvas, _ rect: Rect, _ style: Style, _ set: GlyphSet
    ) {
        let dots = LineGraph.dots(set)
        guard x >= 0, y >= 0, x < rect.width * dots.across, y < rect.height * dots.down else { return }
        let column = rect.x + x / dots.across
        let row = rect.y + y / dots.down
        let there = canvas[column, row]
        let added = 1 << (y % dots.down * dots.across + x % dots.across)
        guard let known = LineGraph.pattern(there.scalar, set) else { return }
        let ground = known == 0 ? there.style.background : style.background
        canvas[column, row] = Cell(LineGraph.glyph(known | added, set), style: style.on(ground))
    }

    /// The dots a glyph already has, row by row from the upper left; nil when it is no glyph of a line.
    static func pattern(_ scalar: UInt32, _ set: GlyphSet) -> Int? {
        if scalar == 0x20 { return 0 }
        switch set {
        case .utf8:
            guard (0x2800...0x28FF).contains(scalar) else { return nil }
            return braillePatterns[Int(scalar - 0x2800)]
        case .block: return quarters.firstIndex { $0.value == scalar }
        case .ascii: return asciiHalves.firstIndex { $0.value == scalar }
        }
    }

    static func glyph(_ pattern: Int, _ set: GlyphSet) -> Unicode.Scalar {
        switch set {
        case .utf8:
            return brailleGlyphs[pattern]
        case .block: return quarters[pattern]
        case .ascii: return asciiHalves[pattern]
        }
    }

    /// Bit of the braille code point for each dot, row by row: the last row came to the standard later.
    private static let brailleOrder = [0, 3, 1, 4, 2, 5, 6, 7]
    /// The glyph of each pattern, and the pattern of each glyph: looked up for every dot.
    private static let brailleGlyphs: [Unicode.Scalar] = (0..<256).map { pattern in
        let bits = brailleOrder.enumerated().reduce(0) { $0 | (pattern >> $1.offset & 1) << $1.element }
        return Unicode.Scalar(UInt32(0x2800 + bits)) ?? " "
    }
    private static let braillePatterns: [Int] = (0..<256).map { bits in
        brailleOrder.enumerated().reduce(0) { $0 | (bits >> $1.element & 1) << $1.offset }
    }
    private static let quarters: [Unicode.Scalar] = [
        " ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█",
    ]
    private static let asciiHalves: [Unicode.Scalar] = [" ", "'", ".", ":"]
}
