import Engine
import Indicators
import Market
import Terminal
import Trading

/// The chart: candles, volume, indicators, fills and orders of the current symbol.
enum ChartPane: Pane {
    static let id = PaneID.chart

    static func title(_ context: PaneContext) -> String {
        guard let market = context.market else { return "" }
        let indicators = ChartIndicators(
            context.view.chart, context.view.symbol, context.view.timeframe, context.snapshot, context.view.catalog)
        let labels = (indicators.overlays + indicators.studies).map(\.label)
        return ([market.instrument.pair, context.view.timeframe.description] + labels).joined(separator: " ")
    }

    static func note(_ context: PaneContext) -> String {
        let all = Timeframe.all
        guard let index = all.firstIndex(of: context.view.timeframe) else { return "" }
        return all[max(0, index - 2)...min(all.count - 1, index + 2)].map { timeframe in
            timeframe == context.view.timeframe ? "[\(timeframe)]" : "\(timeframe)"
        }.joined(separator: " ")
    }

    static func draw(_ area: Rect, into canvas: inout Canvas, _ context: PaneContext) {
        guard !area.isEmpty else { return }
        guard let market = context.market else {
            return message("No symbol", area, context, into: &canvas)
        }
        guard let scene = ChartScene(area, market, context.view, context.snapshot) else {
            let text = market.minutes.isEmpty ? "Waiting for the first candle of \(market.instrument.pair)" : "…"
            return message(text, area, context, into: &canvas)
        }
        draw(scene, market, context, into: &canvas)
    }

    private static func draw(
        _ scene: ChartScene, _ market: MarketView, _ context: PaneContext, into canvas: inout Canvas
    ) {
        let palette = ChartPalette(context.theme)
        let glyphs = context.glyphs
        let state = context.view.chart
        let candles = ChartCandles(
            scene: scene, palette: palette, glyphs: glyphs, usesShapes: context.theme.needsShapes)
        candles.drawCandles(into: &canvas)
        candles.drawVolume(into: &canvas)
        if state.showsMarkers {
            drawFills(
                ChartMarks.fills(context.view.symbol, market.instrument, context.snapshot), scene, context,
                into: &canvas)
        }
        let lines = ChartLines(scene: scene, palette: palette, glyphs: glyphs)
        lines.drawOverlays(into: &canvas)
        lines.drawStudies(
            scene.indicators.studies.prefix(scene.areas.studies.count).map { study in
                (study, state.memo.lines(study, market, scene.series))
            }, into: &canvas)
        drawPriceLabels(scene, palette, context, into: &canvas)
        drawLevels(
            ChartMarks.levels(context.view.symbol, market.instrument, context.snapshot), scene, context, into: &canvas)
        drawGrid(scene, palette, context, into: &canvas)
        if state.volume == .profile { candles.drawProfile(into: &canvas) }
        drawLast(market.last, scene, context, into: &canvas)
        drawCrosshair(scene, context, into: &canvas)
        if state.showsBook { drawBook(scene, market, context, into: &canvas) }
        drawLegend(scene, palette, context, into: &canvas)
    }

    /// Draws a sentence in the middle of an area.
    static func message(_ text: String, _ area: Rect, _ context: PaneContext, into canvas: inout Canvas) {
        let shown = DisplayWidth.truncated(text, to: area.width, ellipsis: context.glyphs == .ascii ? "~" : "…")
        let width = DisplayWidth.columns(of: shown)
        canvas.put(
            shown, x: area.x + (area.width - width) / 2, y: area.y + area.height / 2, style: context.theme[.textDim],
            maxWidth: area.width)
    }

    /// Draws the crosshair through blank cells, with its price on the axis.
    private static func drawCrosshair(_ scene: ChartScene, _ context: PaneContext, into canvas: inout Canvas) {
        guard let crosshair = context.view.chart.crosshair, crosshair.symbol == context.view.symbol,
            let place = scene.window.place(at: crosshair.time)
        else { return }
        let style = context.theme[.chartCrosshair]
        let plot = scene.areas.plot
        let isAscii = context.glyphs == .ascii
        let vertical: Unicode.Scalar = isAscii ? ":" : "┆"
        let x = plot.x + scene.window.center(place)
        for y in plot.y..<plot.maxY where canvas[x, y].scalar == 0x20 {
            canvas[x, y] = Cell(vertical, style: style)
        }
        guard let row = scene.scale.row(Double(crosshair.price.mantissa)) else { return }
        let y = plot.y + row
        for x in plot.x..<plot.maxX where canvas[x, y].scalar == 0x20 {
            canvas[x, y] = Cell(isAscii ? "-" : "╌", style: style)
        }
        if canvas[x, y] == Cell(vertical, style: style) {
            canvas[x, y] = Cell(isAscii ? "+" : "┼", style: style)
        }
        label(crosshair.price, y: y, style.adding(.reverse), scene, into: &canvas)
        let times = scene.areas.timeAxis
        let text = " \(clock(crosshair.time).suffix(5)) "
        guard times.height > 0, scene.areas.plot.width >= text.utf8.count else { return }
        let left = min(max(times.x, x - text.utf8.count / 2), plot.maxX - text.utf8.count)
        // A label that is half covered would be a wrong one: it goes as a whole.
        let blank = Cell(" ", style: context.theme[.background])
        var near = left - 1
        while near >= times.x, canvas[near, times.y].scalar != 0x20 {
            canvas[near, times.y] = blank
            near -= 1
        }
        near = left + text.utf8.count
        while near < times.maxX, canvas[near, times.y].scalar != 0x20 {
            canvas[near, times.y] = blank
            near += 1
        }
        canvas.put(text, x: left, y: times.y, style: style.adding(.reverse))
    }

    /// Draws the book of the last minutes behind the candles: the deeper the level, the hotter the ground. Comes last, as
    /// it changes nothing but backgrounds.
    private static func drawBook(
        _ scene: ChartScene, _ market: MarketView, _ context: PaneContext, into canvas: inout Canvas
    ) {
        let plot = scene.areas.plot
        guard !market.depthHistory.isEmpty, !scene.scale.isLogarithmic, context.theme.depth != .none,
            context.glyphs != .ascii, let last = scene.window.places.last, scene.window.zoom.pitch > 0
        else { return }
        let band = Price(mantissa: max(1, Int64((scene.scale.high - scene.scale.low) / Double(plot.height))))
        let timeframe = scene.series.timeframe
        let grid = HeatGrid(
            market.depthHistory, columns: scene.window.places.count, rows: plot.height,
            end: last.time.adding(nanoseconds: timeframe.nanoseconds), columnNanoseconds: timeframe.nanoseconds,
            top: Price(mantissa: Int64(scene.scale.high)), band: band)
        guard let scale = HeatScale(grid, percentiles: context.view.heatmap.percentiles) else { return }
        let shades = BookShades(context.theme, levels: scale.levels)
        for column in 0..<grid.columns {
            let x = plot.x + scene.window.column(column)
            for row in 0..<grid.rows where grid[column, row] > 0 {
                guard let color = shades.color(scale.level(Double(grid[column, row]))) else { continue }
                for x in x..<min(x + scene.window.zoom.pitch, plot.maxX) {
                    canvas[x, plot.y + row].style.background = color
                }
            }
        }
    }
}

/// The grounds of a book behind candles: the heat ramp faded toward the background, so that candles stay readable. With
/// ANSI colours, which can't be faded, only the walls are shown, in the ramp's first tint.
private struct BookShades {
    private let colors: [Color?]

    init(_ theme: Theme, levels: Int) {
        let ground = theme[.background].background.channels ?? (red: 0, green: 0, blue: 0)
        colors = (0..<levels).map { level in
            let color = theme.heat(level, of: levels)
            if level == 0 { return nil }
            if case .ansi = color.kind { return level >= levels * 3 / 4 ? theme.heat(levels / 4, of: levels) : nil }
            guard let heat = color.channels else { return nil }
            func mix(_ a: UInt8, _ b: UInt8) -> UInt8 { UInt8((Int(a) * 5 + Int(b) * 2) / 7) }
            return Color.rgb(mix(ground.red, heat.red), mix(ground.green, heat.green), mix(ground.blue, heat.blue))
                .quantized(to: theme.depth)
        }
    }

    /// The ground of a level; `nil` leaves it as it is.
    func color(_ level: Int) -> Color? { colors[min(max(0, level), colors.count - 1)] }
}
