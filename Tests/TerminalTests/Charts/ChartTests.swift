import Testing

@testable import Terminal

@Suite("Candles")
struct CandleColumnTests {
    /// A candle as the text of its chart, top row first, rows separated by slashes, blanks as dots.
    private func drawn(
        _ open: Double, _ high: Double, _ low: Double, _ close: Double, height: Int = 4, set: GlyphSet = .utf8,
        isHollow: Bool = false
    ) -> String {
        guard
            let candle = CandleColumn(
                open: open, high: high, low: low, close: close, height: height, set: set, isHollow: isHollow)
        else { return "nil" }
        var canvas = Canvas(size: Size(width: 1, height: height))
        candle.draw(into: &canvas, x: 0, y: 0, body: .plain, wick: .plain)
        return (0..<height).map { row in
            let scalar = Unicode.Scalar(canvas[0, row].scalar) ?? "?"
            return scalar == " " ? "." : String(scalar)
        }.joined(separator: "/")
    }

    @Test(
        "prices in rows give glyphs by halves of a row",
        arguments: [
            // open, high, low, close, expected from the top
            (1.0, 3.0, 0.0, 2.0, "./│/┃/│"), (1.0, 4.0, 0.0, 3.0, "│/┃/┃/│"), (0.0, 4.0, 0.0, 4.0, "┃/┃/┃/┃"),
            (1.0, 2.5, 0.5, 2.0, "./╷/┃/╵"), (1.5, 2.0, 1.0, 2.0, "././╿/."), (1.0, 2.0, 1.0, 1.5, "././╽/."),
            (1.0, 1.5, 1.0, 1.5, "././╻/."), (1.5, 2.0, 1.5, 2.0, "././╹/."), (1.24, 2.0, 1.0, 1.76, "././┃/."),
            (1.0, 1.2, 1.0, 1.2, "././╻/."), (2.0, 2.0, 2.0, 2.0, "./╻/./."), (4.0, 4.0, 4.0, 4.0, "╹/././."),
            (0.0, 0.0, 0.0, 0.0, "./././╻"), (2.0, 4.0, 0.0, 2.0, "│/╽/│/│"), (1.0, 9.0, -5.0, 2.0, "│/│/┃/│"),
            (5.0, 9.0, 3.0, 6.0, "│/././."), (-3.0, 1.0, -4.0, -2.0, "./././│"),
        ])
    func followsTheRule(open: Double, high: Double, low: Double, close: Double, expected: String) {
        #expect(drawn(open, high, low, close) == expected)
        #expect(drawn(close, high, low, open) == expected)
    }

    @Test(
        "ASCII tells direction by the body",
        arguments: [
            (1.0, 2.0, "./|/#/|"), (2.0, 1.0, "./|/=/|"), (1.5, 1.5, "./|/+/|"),
        ])
    func drawsAscii(open: Double, close: Double, expected: String) {
        #expect(drawn(open, 3, 0, close, set: .ascii) == expected)
    }

    @Test("rising bodies can be hollow, falling ones stay solid")
    func drawsHollow() {
        #expect(drawn(1, 4, 0, 3, isHollow: true) == "│/╏/╏/│")
        #expect(drawn(3, 4, 0, 1, isHollow: true) == "│/┃/┃/│")
    }

    @Test("a candle that closes where it opened is neither up nor down")
    func dojiIsNeutral() {
        #expect(CandleColumn(open: 2, high: 3, low: 1, close: 2, height: 4)?.direction == .neutral)
        #expect(CandleColumn(open: 2, high: 3, low: 1, close: 2.001, height: 4)?.direction == .up)
        #expect(CandleColumn(open: 2, high: 3, low: 1, close: 1.999, height: 4)?.direction == .down)
    }

    @Test("a candle that touches the chart never vanishes, whatever its size", arguments: 1...60 as ClosedRange<UInt64>)
    func neverVanishes(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let height = Int.random(in: 1...20, using: &generator)
            let scale: Double = [0.001, 0.1, 1, 40][Int.random(in: 0..<4, using: &generator)]
            let base = Double.random(in: -2...Double(height + 2), using: &generator)
            func price() -> Double { base + Double.random(in: -scale...scale, using: &generator) }
            let prices = [price(), price(), price(), price()].sorted()
            let candle = CandleColumn(
                open: prices[1], high: prices[3], low: prices[0], close: prices[2], height: height)
            let isOutside = prices[3] < 0 || prices[0] > Double(height)
            #expect((candle == nil) == isOutside)
            guard let candle else { continue }
            #expect(candle.glyphs.contains { $0 != " " })
            #expect(candle.firstRow >= 0 && candle.firstRow + candle.glyphs.count <= height)
        }
    }

    @Test("prices that are no numbers, and charts without rows, draw nothing")
    func refusesNonsense() {
        #expect(drawn(.nan, 1, 0, 1) == "nil")
        #expect(drawn(1, .infinity, 0, 1) == "nil")
        #expect(CandleColumn(open: 1, high: 1, low: 1, close: 1, height: 0) == nil)
        #expect(CandleColumn(open: 1e300, high: 1e300, low: -1e300, close: -1e300, height: 3)?.glyphs.count == 3)
    }
}

@Suite("Bars")
struct BarTests {
    private func text(_ scalars: [Unicode.Scalar]) -> String { String(String.UnicodeScalarView(scalars)) }

    @Test(
        "bars grow by eighths and never hide a little",
        arguments: [
            (0.0, "    "), (0.001, "▏   "), (0.25, "█   "), (0.5, "██  "), (0.53, "██▏ "), (1.0, "████"), (7.0, "████"),
            (-1.0, "    "), (.nan, "    "),
        ])
    func growsByEighths(fraction: Double, expected: String) {
        #expect(text(Bar.horizontal(fraction, width: 4, set: .utf8)) == expected)
    }

    @Test("ASCII bars have whole characters")
    func drawsAscii() {
        #expect(text(Bar.horizontal(0.5, width: 4, set: .ascii, ascii: "=")) == "==  ")
        #expect(text(Bar.horizontal(0.001, width: 4, set: .ascii)) == "#   ")
        #expect(text(Bar.vertical(0.75, height: 2, set: .utf8)) == "█▄")
        #expect(Bar.horizontal(1, width: 0, set: .utf8).isEmpty)
    }

    @Test("sparklines span their range, flat ones stay in the middle, gaps stay gaps")
    func drawsSparklines() {
        #expect(text(Bar.sparkline([0, 1, 2, 3, 4, 5, 6, 7], set: .utf8)) == "▁▂▃▄▅▆▇█")
        #expect(text(Bar.sparkline([5, 5, .nan, 5], set: .utf8)) == "▅▅ ▅")
        #expect(text(Bar.sparkline([0, 1, 2, 3], set: .ascii)) == "_.-^")
        #expect(text(Bar.sparkline([-9, 9], range: 0...1, set: .utf8)) == "▁█")
        #expect(Bar.sparkline([], set: .utf8).isEmpty)
    }

    @Test("progress shows a bar and whole percents")
    func drawsProgress() {
        var canvas = Canvas(size: Size(width: 15, height: 2))
        Bar.progress(0.5, into: &canvas, x: 0, y: 0, width: 15, theme: .standard)
        Bar.progress(2, into: &canvas, x: 0, y: 1, width: 15, theme: .standard)
        #expect(canvas.text() == "█████─────  50%\n██████████ 100%")
    }

    @Test("spinners turn every 80 milliseconds")
    func spins() {
        #expect(Bar.spinner(milliseconds: 79, set: .ascii) == "|")
        #expect(Bar.spinner(milliseconds: 80, set: .ascii) == "/")
        #expect(Bar.spinner(milliseconds: 320, set: .ascii) == "|")
        #expect(Bar.spinner(milliseconds: -5, set: .utf8) == "⠋")
    }
}

@Suite("Line graph")
struct LineGraphTests {
    private func drawn(
        _ samples: [Double], set: GlyphSet, width: Int = 4, height: Int = 2, perColumn: Int = 1, joins: Bool = true
    ) -> String {
        var canvas = Canvas(size: Size(width: width, height: height))
        LineGraph(low: 0, high: 7, samplesPerColumn: perColumn, joins: joins)
            .draw(samples, into: &canvas, rect: canvas.bounds, style: .plain, set: set)
        return canvas.text()
    }

    @Test("braille has two by four dots a cell")
    func drawsBraille() {
        #expect(drawn([0, 1, 2, 3, 4, 5, 6, 7], set: .utf8, perColumn: 2, joins: false) == "  ⡠⠊\n⡠⠊")
        #expect(drawn([7, 7, 7, 7], set: .utf8, perColumn: 2) == "⠉⠉\n")
    }

    @Test("steep steps are joined, and gaps are not")
    func joinsSteps() {
        #expect(drawn([0, 7], set: .utf8, width: 1, perColumn: 2) == "⢸\n⡇")
        #expect(drawn([0, .nan, 7], set: .utf8, width: 2, perColumn: 2) == " ⠁\n⡀")
    }

    @Test("blocks have quarters, ASCII has halves")
    func drawsFallbacks() {
        #expect(drawn([0, 2.4, 4.8, 7], set: .block, width: 2, perColumn: 2, joins: false) == " ▞\n▞")
        #expect(drawn([0, 2.4, 4.8, 7], set: .ascii, joins: false) == "  .'\n.'")
    }

    @Test("lines add their dots and leave candles alone")
    func overlays() {
        var canvas = Canvas(size: Size(width: 3, height: 1))
        canvas.put("┃", x: 1, y: 0, style: .plain)
        let graph = LineGraph(low: 0, high: 3, samplesPerColumn: 1)
        graph.draw([3, 3, 3], into: &canvas, rect: canvas.bounds, style: .plain, set: .utf8)
        graph.draw([0, 0, 0], into: &canvas, rect: canvas.bounds, style: Style(foreground: .ansi(3)), set: .utf8)
        #expect(canvas.text() == "⢈┃⣉")
        #expect(canvas[0, 0].style.foreground == .ansi(3))
    }

    @Test("values far outside and ranges without height draw nothing wrong")
    func clips() {
        #expect(drawn([-1e300, -1e300], set: .utf8) == "\n")
        #expect(drawn([1e300, 1e300], set: .utf8) == "\n")
        var canvas = Canvas(size: Size(width: 3, height: 1))
        LineGraph(low: 1, high: 1).draw([1, 1], into: &canvas, rect: canvas.bounds, style: .plain, set: .utf8)
        #expect(canvas.text() == "")
    }

    @Test("every pattern of dots has a glyph that reads back", arguments: GlyphSet.allCases)
    func patternsReadBack(set: GlyphSet) {
        let dots = LineGraph.dots(set)
        for pattern in 0..<(1 << (dots.across * dots.down)) {
            #expect(LineGraph.pattern(LineGraph.glyph(pattern, set).value, set) == pattern)
        }
    }
}

@Suite("Heat")
struct HeatTests {
    @Test("cut-offs come from percentiles, so one wall does not blacken the rest")
    func ignoresWalls() {
        var amounts = (1...99).map(Double.init)
        amounts.append(1_000_000)
        let scale = HeatScale(percentilesOf: amounts, levels: 16, curve: .linear)
        #expect(scale.high < 100)
        #expect(scale.level(1_000_000) == 15)
        #expect(scale.level(50) == 7)
    }

    @Test(
        "nothing is level 0, a little at least 1, and levels grow with amounts",
        arguments: [
            HeatScale.Curve.linear, .squareRoot, .logarithmic,
        ])
    func isMonotonic(curve: HeatScale.Curve) {
        let scale = HeatScale(low: 10, high: 1000, levels: 8, curve: curve)
        #expect(scale.level(0) == 0)
        #expect(scale.level(-1) == 0)
        #expect(scale.level(.nan) == 0)
        #expect(scale.level(0.001) == 1)
        #expect(scale.level(5000) == 7)
        let levels = (0...1000).map { scale.level(Double($0)) }
        #expect(zip(levels, levels.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(Set(levels) == Set(0...7))
    }

    @Test("a level is kept until the amount has clearly left it")
    func hasHysteresis() {
        let scale = HeatScale(low: 0, high: 15, levels: 16, curve: .linear)
        #expect(scale.level(5.6) == 6)
        #expect(scale.level(5.6, previous: 5) == 5)
        #expect(scale.level(5.8, previous: 5) == 6)
        #expect(scale.level(0, previous: 5) == 0)
        #expect(scale.level(5, previous: 0) == 5)
    }

    @Test("a scale of nothing still answers")
    func survivesNothing() {
        let scale = HeatScale(percentilesOf: [])
        #expect(scale.level(0) == 0)
        #expect(scale.level(1) == 15)
    }

    @Test("a cell holds two levels, in ASCII the larger")
    func drawsCells() {
        let ramp: [Color] = [.ansi(0), .ansi(4), .ansi(6), .ansi(7)]
        func glyph(_ upper: Int, _ lower: Int, _ set: GlyphSet = .utf8) -> Cell {
            HeatCell.cell(upper: upper, lower: lower, ramp: ramp, ground: .terminalDefault, set: set)
        }
        #expect(glyph(1, 2) == Cell("▀", style: Style(foreground: .ansi(4), background: .ansi(6))))
        #expect(glyph(2, 2) == Cell(" ", style: Style(background: .ansi(6))))
        #expect(glyph(0, 3) == Cell("▄", style: Style(foreground: .ansi(7))))
        #expect(glyph(0, 0) == Cell(" ", style: .plain))
        #expect(glyph(3, 0, .ascii).scalar == ("@" as Unicode.Scalar).value)
        #expect(glyph(0, 1, .ascii).scalar != 0x20)
        #expect(glyph(0, 0, .ascii) == .blank)
        let colorless = [Color](repeating: .terminalDefault, count: 4)
        let dense = HeatCell.cell(upper: 1, lower: 3, ramp: colorless, ground: .terminalDefault, set: .utf8)
        #expect(dense == Cell("█"))
    }
}
