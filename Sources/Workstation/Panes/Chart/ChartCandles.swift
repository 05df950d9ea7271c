import Market
import Terminal

/// Draws candles and volume.
struct ChartCandles {
    let scene: ChartScene
    let palette: ChartPalette
    let glyphs: GlyphSet
    let usesShapes: Bool

    /// Draws the candles; where one leaves the scale, an arrow at the edge says so.
    func drawCandles(into canvas: inout Canvas) {
        let plot = scene.areas.plot
        for (place, (slot, _)) in scene.window.places.enumerated() {
            switch slot {
            case .candle(let index):
                drawCandle(index, place, into: &canvas)
            case .gap:
                let x = plot.x + scene.window.center(place)
                let glyph: Unicode.Scalar = glyphs == .ascii ? ":" : "┊"
                canvas.vline(x: x, y: plot.y, height: plot.height, scalar: glyph, style: palette.grid)
            case .missing, .future, .past:
                break
            }
        }
    }

    private func drawCandle(_ index: Int, _ place: Int, into canvas: inout Canvas) {
        let candle = scene.series.candles[index]
        let plot = scene.areas.plot
        let direction = Self.direction(candle)
        let isPartial = candle.flags.contains(.isPartial)
        var body = scene.isForming(index) ? palette.live : palette.body(direction)
        var wick = scene.isForming(index) ? palette.live : palette.wick(direction)
        if isPartial {
            body = body.adding(.dim)
            wick = wick.adding(.dim)
        }
        let high = scene.scale.position(Double(candle.high.mantissa))
        let low = scene.scale.position(Double(candle.low.mantissa))
        let open = scene.scale.position(Double(candle.open.mantissa))
        let close = scene.scale.position(Double(candle.close.mantissa))
        if low >= 0, high <= Double(plot.height) {
            let x = plot.x + scene.window.column(place)
            if scene.window.zoom == .wide {
                WideCandle(
                    high: high, bodyTop: min(open, close), bodyBottom: max(open, close), low: low,
                    direction: direction, isPartial: isPartial
                ).draw(
                    x: x, plot: plot, .init(glyphs: glyphs, isHollow: usesShapes, body: body, wick: wick),
                    into: &canvas)
            } else {
                let height = Double(plot.height)
                let column = CandleColumn(
                    open: height - open, high: height - high, low: height - low, close: height - close,
                    height: plot.height, set: glyphs, isHollow: usesShapes)
                if let column { draw(column, x: x, direction, isPartial, body: body, wick: wick, into: &canvas) }
            }
        }
        let center = plot.x + scene.window.center(place)
        if high < 0 {
            canvas[center, plot.y] = Cell(glyphs == .ascii ? "^" : "⇡", style: body.adding(.bold))
        }
        if low > Double(plot.height) {
            canvas[center, plot.maxY - 1] = Cell(glyphs == .ascii ? "v" : "⇣", style: body.adding(.bold))
        }
    }

    /// Draws a narrow candle; without a body it is a cross stroke, with minutes missing its wick is dashed.
    private func draw(
        _ column: CandleColumn, x: Int, _ direction: CandleColumn.Direction, _ isPartial: Bool, body: Style,
        wick: Style, into canvas: inout Canvas
    ) {
        let top = scene.areas.plot.y + column.firstRow
        for (offset, glyph) in column.glyphs.enumerated() {
            let isBody = column.body.contains(offset)
            var shown = glyph
            if glyphs != .ascii {
                if isBody, direction == .neutral { shown = Self.crossStroke(glyph) }
                if isPartial, glyph == "│" { shown = "┆" }
            }
            canvas[x, top + offset] = Cell(shown, style: isBody ? body : wick)
        }
    }

    private static func crossStroke(_ glyph: Unicode.Scalar) -> Unicode.Scalar {
        switch glyph {
        case "╽": "┴"
        case "╿": "┬"
        default: "─"
        }
    }

    /// Draws the volume columns on a linear scale whose top is a round number.
    func drawVolume(into canvas: inout Canvas) {
        let area = scene.areas.volume
        guard area.height > 0 else { return }
        let top = volumeTop
        for (place, (slot, _)) in scene.window.places.enumerated() {
            guard case .candle(let index) = slot else { continue }
            let candle = scene.series.candles[index]
            let style = scene.isForming(index) ? palette.live : palette.volume(Self.direction(candle))
            let bar = Bar.vertical(Double(candle.volume.mantissa) / top, height: area.height, set: glyphs)
            let first = area.x + scene.window.column(place)
            for (row, glyph) in bar.enumerated() where glyph != " " {
                for x in first..<first + scene.window.zoom.width {
                    canvas[x, area.maxY - 1 - row] = Cell(glyph, style: style)
                }
            }
        }
    }

    /// The volume that fills the volume area: a round number at or above the 98th percentile of what is shown, so that
    /// one burst doesn't flatten the rest.
    var volumeTop: Double {
        var volumes: [Double] = []
        for place in scene.window.places {
            if case .candle(let index) = place.slot {
                volumes.append(Double(scene.series.candles[index].volume.mantissa))
            }
        }
        volumes.sort()
        let high = Outliers.percentile(volumes, 0.98) ?? 1
        return NiceNumbers.scaleTop(holding: high)
    }

    /// Draws what traded at each price: each candle's volume spread evenly over its rows, as bars from the left edge
    /// in what is left blank.
    func drawProfile(into canvas: inout Canvas) {
        let plot = scene.areas.plot
        let rows = VolumeProfile.rows(
            scene.window.places.compactMap { place in
                guard case .candle(let index) = place.slot else { return nil }
                let candle = scene.series.candles[index]
                return (
                    scene.scale.position(Double(candle.high.mantissa)),
                    scene.scale.position(Double(candle.low.mantissa)), Double(candle.volume.mantissa)
                )
            }, count: plot.height)
        let top = rows.max() ?? 0
        guard top > 0 else { return }
        // A light shade keeps the profile behind the candles even where the theme has few colours.
        let shade = Cell(glyphs == .ascii ? "-" : "░", style: palette.grid)
        for (row, volume) in rows.enumerated() where volume > 0 {
            let length = max(1, Int(volume / top * Double(plot.width) / 3))
            for x in plot.x..<min(plot.x + length, plot.maxX) where canvas[x, plot.y + row].scalar == 0x20 {
                canvas[x, plot.y + row] = shade
            }
        }
    }

    /// Which way a candle went.
    static func direction(_ candle: Candle) -> CandleColumn.Direction {
        candle.close > candle.open ? .up : candle.close < candle.open ? .down : .neutral
    }
}
