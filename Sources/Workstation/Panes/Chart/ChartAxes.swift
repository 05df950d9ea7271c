import Engine
import Market
import Terminal

extension ChartPane {
    /// Draws the price labels.
    static func drawPriceLabels(
        _ scene: ChartScene, _ palette: ChartPalette, _ context: PaneContext, into canvas: inout Canvas
    ) {
        let axis = scene.areas.priceAxis
        for tick in priceTicks(scene) {
            let text = scene.series.instrument.text(tick.price)
            guard text.utf8.count < axis.width else { continue }
            canvas.put(text, endingAt: axis.maxX, y: scene.areas.plot.y + tick.row, style: palette.axis)
        }
    }

    /// Draws the time labels, and a dot where their lines cross those of the price labels.
    static func drawGrid(
        _ scene: ChartScene, _ palette: ChartPalette, _ context: PaneContext, into canvas: inout Canvas
    ) {
        let plot = scene.areas.plot
        let times = TimeTicks.ticks(scene.window, timeframe: scene.series.timeframe)
        let dot: Unicode.Scalar = context.glyphs == .ascii ? "." : "·"
        for tick in priceTicks(scene) {
            for time in times {
                let x = plot.x + scene.window.center(time.place)
                let y = plot.y + tick.row
                if canvas[x, y].scalar == 0x20 { canvas[x, y] = Cell(dot, style: palette.grid) }
            }
        }
        drawTimes(times, scene, palette, into: &canvas)
    }

    private static func priceTicks(_ scene: ChartScene) -> [PriceTick] {
        let rows = scene.areas.plot.height
        let spacing = rows >= 24 ? 4 : rows >= 12 ? 3 : 2
        return scene.scale.ticks(tick: scene.series.instrument.tick.mantissa, spacing: spacing)
    }

    private static func drawTimes(
        _ ticks: [TimeTick], _ scene: ChartScene, _ palette: ChartPalette, into canvas: inout Canvas
    ) {
        let area = scene.areas.timeAxis
        guard area.height > 0 else { return }
        var free = area.x
        for tick in ticks {
            let width = tick.text.utf8.count
            let x = area.x + scene.window.center(tick.place) - width / 2
            guard x >= free, x + width <= area.maxX else { continue }
            canvas.put(tick.text, x: x, y: area.y, style: tick.isMajor ? palette.text : palette.axis)
            free = x + width + 1
        }
    }

    /// Draws the row of readings: indicators with their values, or the candle under the crosshair.
    static func drawLegend(
        _ scene: ChartScene, _ palette: ChartPalette, _ context: PaneContext, into canvas: inout Canvas
    ) {
        let area = scene.areas.legend
        guard area.height > 0 else { return }
        var parts: [(text: String, style: Style)] = []
        var index = scene.lastShownIndex
        if let crosshair = context.view.chart.crosshair, crosshair.symbol == context.view.symbol {
            let shown = scene.slots.lastIndex(notAfter: crosshair.time)
            if shown >= 0, scene.series.candles[shown].openTime == crosshair.time.floored(to: scene.series.timeframe) {
                index = shown
                parts += readout(scene, shown, palette)
            } else {
                parts.append((clock(crosshair.time), palette.text))
                parts.append(("no candle", palette.dim))
                index = nil
            }
        } else if !scene.window.isLive, let index {
            parts.append(("to \(clock(scene.series.candles[index].openTime))", palette.text))
        }
        if scene.scale.isLogarithmic { parts.append(("log", palette.dim)) }
        if let index {
            for (number, indicator) in scene.indicators.overlays.enumerated() {
                let style = palette.lines[number % palette.lines.count]
                parts.append((indicator.label + values(scene, number, index), style))
            }
        }
        var x = area.x
        for part in parts {
            // Whole readings only: a cut number would be a wrong one.
            let width = part.text.unicodeScalars.count
            guard x + width <= area.maxX else { continue }
            canvas.put(part.text, x: x, y: area.y, style: part.style)
            x += width + 2
        }
    }

    private static func values(_ scene: ChartScene, _ number: Int, _ index: Int) -> String {
        var text = ""
        for line in scene.overlayLines[number] {
            guard let price = scene.series.instrument.price(near: scene.value(line, index)) else { continue }
            text += " \(scene.series.instrument.text(price))"
        }
        return text
    }

    private static func readout(_ scene: ChartScene, _ index: Int, _ palette: ChartPalette) -> [(
        text: String, style: Style
    )] {
        let candle = scene.series.candles[index]
        let instrument = scene.series.instrument
        let style = palette.body(ChartCandles.direction(candle))
        var parts = [(clock(candle.openTime), palette.text)]
        for (name, price) in [("O", candle.open), ("H", candle.high), ("L", candle.low), ("C", candle.close)] {
            parts.append(("\(name) \(instrument.text(price))", style))
        }
        if candle.open.mantissa > 0 {
            let change = Double(candle.close.mantissa - candle.open.mantissa) / Double(candle.open.mantissa)
            parts.append((Words.signedPercent(change), style))
        }
        parts.append(("V \(instrument.text(candle.volume))", palette.text))
        if scene.isForming(index) {
            parts.append(("forming", palette.live))
        } else if candle.flags.contains(.isPartial) {
            parts.append(("partial: \(candle.minutes) of \(scene.series.timeframe.minutes) minutes", palette.dim))
        }
        return parts
    }

    /// `24 Mar 2024 14:05`, in UTC.
    static func clock(_ time: Timestamp) -> String {
        let date = time.calendarDate
        return "\(date.day) \(TimeTicks.monthNames[Int(date.month) - 1]) \(date.year) \(time.timeOfDay.prefix(5))"
    }
}
