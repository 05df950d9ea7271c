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
        let painter = CandlePainter(glyphs: glyphs, usesShapes: usesShapes)
        for (place, (slot, _)) in scene.window.places.enumerated() {
            switch slot {
            case .candle(let index):
                drawCandle(index, place, painter, into: &canvas)
            case .gap:
                let x = plot.x + scene.window.center(place)
                let glyph: Unicode.Scalar = glyphs == .ascii ? ":" : "┊"
                canvas.vline(x: x, y: plot.y, height: plot.height, scalar: glyph, style: palette.grid)
            case .missing, .future, .past:
                break
            }
        }
    }

    private func drawCandle(_ index: Int, _ place: Int, _ painter: CandlePainter, into canvas: inout Canvas) {
        let candle = scene.series.candles[index]
        let plot = scene.areas.plot
        let direction = Self.direction(candle)
        let shape = CandleShape(
            high: scene.scale.position(Double(candle.high.mantissa)),
            bodyTop: scene.scale.position(Double(max(candle.open, candle.close).mantissa)),
            bodyBottom: scene.scale.position(Double(min(candle.open, candle.close).mantissa)),
            low: scene.scale.position(Double(candle.low.mantissa)), direction: direction)
        let isForming = scene.isForming(index)
        let isPartial = candle.flags.contains(.isPartial)
        var body = isForming ? palette.live : palette.body(direction)
        var wick = isForming ? palette.live : palette.wick(direction)
        if isPartial {
            body = body.adding(.dim)
            wick = wick.adding(.dim)
        }
        let x = plot.x + scene.window.column(place)
        let isHidden = shape.low < 0 || shape.high > Double(plot.height)
        if !isHidden {
            if scene.window.zoom == .wide {
                painter.drawWide(shape, x: x, plot: plot, body: body, wick: wick, isDashed: isPartial, into: &canvas)
            } else {
                painter.drawNarrow(shape, x: x, plot: plot, body: body, wick: wick, isDashed: isPartial, into: &canvas)
            }
        }
        let center = plot.x + scene.window.center(place)
        if shape.high < 0 {
            canvas[center, plot.y] = Cell(glyphs == .ascii ? "^" : "⇡", style: body.adding(.bold))
        }
        if shape.low > Double(plot.height) {
            canvas[center, plot.maxY - 1] = Cell(glyphs == .ascii ? "v" : "⇣", style: body.adding(.bold))
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
            let share = Double(candle.volume.mantissa) / top
            let direction = Self.direction(candle)
            let style = scene.isForming(index) ? palette.live : palette.volume(direction)
            let first = area.x + scene.window.column(place)
            for x in first..<first + scene.window.zoom.width {
                Bars.column(x: x, in: area, share: share, style: style, glyphs: glyphs, into: &canvas)
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
    static func direction(_ candle: Candle) -> CandleDirection {
        candle.close > candle.open ? .up : candle.close < candle.open ? .down : .flat
    }
}

/// What traded at each price.
enum VolumeProfile {
    /// Spreads the volume of candles evenly over the rows between their highs and lows; what lies outside of the rows
    /// is left out, the rest keeps its sum.
    static func rows(_ candles: [(high: Double, low: Double, volume: Double)], count: Int) -> [Double] {
        var rows = [Double](repeating: 0, count: max(0, count))
        for candle in candles where candle.volume > 0 {
            let height = max(candle.low - candle.high, 1e-9)
            let first = max(0, Int(candle.high.rounded(.down)))
            let last = min(count - 1, Int(candle.low.rounded(.down)))
            guard first <= last else { continue }
            if height < 1e-6 {
                rows[first] += candle.volume
                continue
            }
            for row in first...last {
                let overlap = min(candle.low, Double(row + 1)) - max(candle.high, Double(row))
                if overlap > 0 { rows[row] += candle.volume * overlap / height }
            }
        }
        return rows
    }
}
