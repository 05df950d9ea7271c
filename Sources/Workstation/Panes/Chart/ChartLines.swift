import Indicators
import Market
import Terminal

/// Draws indicators: over the candles, and in panes of their own below.
struct ChartLines {
    let scene: ChartScene
    let palette: ChartPalette
    let glyphs: GlyphSet

    /// Draws the overlays into the cells that candles left blank, so that no body is hidden.
    func drawOverlays(into canvas: inout Canvas) {
        guard !scene.overlayLines.isEmpty else { return }
        let plot = scene.areas.plot
        let graph = LineGraph(low: 0, high: Double(plot.height))
        for (number, lines) in scene.overlayLines.enumerated() {
            for line in lines {
                let samples = samples(line) { Double(plot.height) - scene.scale.position($0 * scene.priceUnit) }
                graph.draw(
                    samples, into: &canvas, rect: plot, style: palette.lines[number % palette.lines.count], set: glyphs)
            }
        }
    }

    /// Draws the panes of indicators with their own scale.
    func drawStudies(_ studies: [(indicator: ConfiguredIndicator, lines: [ChartLine])], into canvas: inout Canvas) {
        for (area, study) in zip(scene.areas.studies, studies) {
            draw(study.indicator, study.lines, area, into: &canvas)
        }
    }

    private func draw(_ indicator: ConfiguredIndicator, _ lines: [ChartLine], _ area: Rect, into canvas: inout Canvas) {
        guard area.height >= 2 else { return }
        canvas.hline(
            x: area.x, y: area.y, width: area.width, scalar: glyphs == .ascii ? "-" : "─", style: palette.grid)
        let plot = area.inset(top: 1)
        let scale = studyScale(indicator, lines, plot.height)
        for guide in indicator.descriptor.guides {
            guard let row = scale.row(guide) else { continue }
            for x in stride(from: plot.x, to: plot.maxX, by: 4) {
                canvas[x, plot.y + row] = Cell(glyphs == .ascii ? "." : "·", style: palette.grid)
            }
            drawLabel(Words.fixed(guide, guide == guide.rounded() ? 0 : 2), row: row, plot, into: &canvas)
        }
        for line in lines where line.style == .histogram { drawHistogram(line, scale, plot, into: &canvas) }
        let graph = LineGraph(low: scale.low, high: scale.high)
        for (number, line) in lines.enumerated() where line.style == .line {
            graph.draw(
                samples(line) { $0 }, into: &canvas, rect: plot, style: palette.lines[number % palette.lines.count],
                set: glyphs)
        }
        drawTitle(indicator, lines, area, into: &canvas)
    }

    private func drawLabel(_ text: String, row: Int, _ plot: Rect, into canvas: inout Canvas) {
        let axis = scene.areas.priceAxis
        guard axis.width > text.utf8.count else { return }
        canvas.put(text, endingAt: axis.maxX - 1, y: plot.y + row, style: palette.axis)
    }

    private func drawTitle(
        _ indicator: ConfiguredIndicator, _ lines: [ChartLine], _ area: Rect, into canvas: inout Canvas
    ) {
        var x = area.x + 1
        x += canvas.put(" \(indicator.label) ", x: x, y: area.y, style: palette.text, maxWidth: max(0, area.maxX - x))
        guard let index = scene.lastShownIndex else { return }
        for (number, line) in lines.enumerated() {
            let value = scene.value(line, index)
            let text = (lines.count > 1 ? "\(line.name) " : "") + Words.fixed(value, Self.decimals(value)) + " "
            guard x + text.unicodeScalars.count < area.maxX else { return }
            x += canvas.put(text, x: x, y: area.y, style: palette.lines[number % palette.lines.count])
        }
    }

    /// Decimals that show about five significant digits.
    static func decimals(_ value: Double) -> Int {
        let size = abs(value)
        return size >= 1_000 ? 1 : size >= 1 ? 2 : size >= 0.01 ? 4 : 6
    }

    private func studyScale(_ indicator: ConfiguredIndicator, _ lines: [ChartLine], _ rows: Int) -> PriceScale {
        if let bounds = indicator.descriptor.bounds {
            return PriceScale(low: bounds.lowerBound, high: bounds.upperBound, rows: rows)
        }
        var low = indicator.descriptor.guides.min() ?? .infinity
        var high = indicator.descriptor.guides.max() ?? -.infinity
        for place in scene.window.places {
            guard case .candle(let index) = place.slot else { continue }
            for line in lines {
                let value = scene.value(line, index)
                guard value.isFinite else { continue }
                low = min(low, value)
                high = max(high, value)
            }
        }
        guard low <= high else { return PriceScale(low: 0, high: 1, rows: rows) }
        let step = NiceNumbers.scaleTop(holding: max(high - low, 1e-9)) / 20
        return PriceScale(
            low: (low / step).rounded(.down) * step, high: (high / step).rounded(.up) * step, rows: rows)
    }

    private func drawHistogram(_ line: ChartLine, _ scale: PriceScale, _ plot: Rect, into canvas: inout Canvas) {
        let zero = Int((min(max(scale.position(0), 0), Double(plot.height)) * 2).rounded())
        for (place, (slot, _)) in scene.window.places.enumerated() {
            guard case .candle(let index) = slot else { continue }
            let value = scene.value(line, index)
            guard value.isFinite else { continue }
            let end = Int((min(max(scale.position(value), 0), Double(plot.height)) * 2).rounded())
            let style = value >= 0 ? palette.volumeUp : palette.volumeDown
            let x = plot.x + scene.window.center(place)
            for row in min(zero, end) / 2..<max(min(zero, end) / 2, (max(zero, end) + 1) / 2) {
                let upper = row * 2 >= min(zero, end)
                let lower = row * 2 + 1 < max(zero, end)
                let glyph: Unicode.Scalar = glyphs == .ascii ? "|" : upper && lower ? "█" : upper ? "▀" : "▄"
                canvas[x, plot.y + row] = Cell(glyph, style: style)
            }
        }
    }

    /// A line's values column by column, straight from one candle's middle to the next, NaN where it is broken.
    private func samples(_ line: ChartLine, _ transform: (Double) -> Double) -> [Double] {
        let window = scene.window
        var samples = [Double](repeating: .nan, count: window.columns)
        var before: (column: Int, value: Double)?
        for (place, (slot, _)) in window.places.enumerated() {
            guard case .candle(let index) = slot else {
                before = nil
                continue
            }
            let value = scene.value(line, index)
            guard value.isFinite else {
                before = nil
                continue
            }
            let next = (column: window.center(place), value: transform(value))
            let from = before ?? next
            let length = max(1, next.column - from.column)
            for column in from.column...next.column {
                samples[column] = from.value + (next.value - from.value) * Double(column - from.column) / Double(length)
            }
            samples[next.column] = next.value
            before = next
        }
        return samples
    }
}
