import Engine
import Market
import Terminal
import Trading

extension Action {
    static let heatmapNarrower = Action("heatmap.cut-more")
    static let heatmapWider = Action("heatmap.cut-less")
    static let heatmapTime = Action("heatmap.time")
    static let heatmapFit = Action("heatmap.fit")
}

/// The book of the current symbol over time: what rested where, the middle of the market, prints and own orders.
enum HeatmapPane: Pane {
    static let id = PaneID.heatmap

    static let bindings = [
        Binding(
            .heatmapNarrower, "(", in: .pane(id), hint: "contrast",
            help: "Cut off more of the smallest and largest levels"),
        Binding(.heatmapWider, ")", in: .pane(id), help: "Cut off less of the smallest and largest levels"),
        Binding(
            .heatmapTime, "t", in: .pane(id), hint: "time", help: "Longer columns of time, then the fitting ones again"),
        Binding(.heatmapFit, "=", in: .pane(id), help: "Price bands and columns that fit the pane again"),
    ]

    static func title(_ context: PaneContext) -> String {
        guard let market = context.market, !market.depthHistory.isEmpty,
            let scene = HeatmapScene(context.view.layout.content(of: .heatmap), market, context.view.heatmap)
        else { return "" }
        let seconds = scene.columnNanoseconds / 1_000_000_000
        return
            "\(market.instrument.pair)  \(seconds) s × \(market.instrument.text(Price(mantissa: scene.band.mantissa * 2)))"
    }

    static func note(_ context: PaneContext) -> String {
        let cut = context.view.heatmap.percentiles
        return "cut \(Words.fixed(cut.lowerBound, 0))-\(Words.fixed(cut.upperBound, 0))%"
    }

    static func draw(_ area: Rect, into canvas: inout Canvas, _ context: PaneContext) {
        guard !area.isEmpty, let market = context.market else { return }
        let state = context.view.heatmap
        guard let scene = HeatmapScene(area, market, state) else {
            canvas.paragraph(
                market.missing ?? "No book of \(market.instrument.pair) yet", in: area.inset(left: 1),
                style: context.theme[.textDim])
            return
        }
        let grid = HeatGrid(
            market.depthHistory, columns: scene.plot.width, rows: scene.plot.height * 2, end: scene.end,
            columnNanoseconds: scene.columnNanoseconds, top: scene.top, band: scene.band)
        if let wanted = HeatScale(grid, percentiles: state.percentiles) {
            let scale = state.memo.scale(wanted, state.percentiles)
            let levels = state.memo.levels(
                grid, scale, firstColumn: scene.firstColumn, top: scene.top, band: scene.band)
            let drawing = HeatmapDrawing(scene: scene, grid: grid, levels: levels, scale: scale, context: context)
            drawing.drawCells(into: &canvas)
            drawing.drawMids(into: &canvas)
            drawing.drawPrints(market, into: &canvas)
            drawing.drawOwn(market, into: &canvas)
        }
        drawAxes(scene, market, context, into: &canvas)
    }

    private static func drawAxes(
        _ scene: HeatmapScene, _ market: MarketView, _ context: PaneContext, into canvas: inout Canvas
    ) {
        let theme = context.theme
        let instrument = market.instrument
        if scene.axis.width > 0 {
            let low = scene.top.mantissa - scene.band.mantissa * Int64(scene.plot.height * 2)
            let scale = PriceScale(low: Double(low), high: Double(scene.top.mantissa), rows: scene.plot.height)
            for tick in scale.ticks(tick: instrument.tick.mantissa, spacing: scene.plot.height >= 16 ? 4 : 3) {
                let text = instrument.text(tick.price)
                guard text.utf8.count < scene.axis.width else { continue }
                canvas.put(text, endingAt: scene.axis.maxX, y: scene.plot.y + tick.row, style: theme[.chartAxis])
            }
            if let last = market.last, let row = scale.row(Double(last.mantissa)) {
                let text = instrument.text(last)
                if text.utf8.count < scene.axis.width {
                    canvas.put(
                        text, endingAt: scene.axis.maxX, y: scene.plot.y + row,
                        style: theme[.priceLast].adding(.reverse))
                }
            }
        }
        guard scene.times.height > 0 else { return }
        let stepNanoseconds = scene.columnNanoseconds * 16
        var free = 0
        for column in 0..<scene.plot.width {
            let start = (scene.firstColumn + Int64(column)) * scene.columnNanoseconds
            guard start % stepNanoseconds < scene.columnNanoseconds, column >= free else { continue }
            let text = Timestamp(nanoseconds: start).timeOfDay
            guard column + text.utf8.count <= scene.plot.width else { break }
            canvas.put(text, x: scene.times.x + column, y: scene.times.y, style: theme[.chartAxis])
            free = column + text.utf8.count + 2
        }
    }

    static func handle(_ action: Action, _ view: inout ViewState, _ context: HandlerContext) -> [Consequence]? {
        switch action {
        case .heatmapNarrower, .heatmapWider:
            let cuts = [0, 1, 2, 5, 10, 15, 20, 25, 30, 35, 40].map(Double.init)
            let index = cuts.firstIndex { $0 >= view.heatmap.percentiles.lowerBound } ?? 3
            let next = cuts[min(max(index + (action == .heatmapNarrower ? 1 : -1), 0), cuts.count - 1)]
            view.heatmap.percentiles = next...(100 - next)
        case .heatmapTime:
            let choices: [Int64?] = [nil, 1, 2, 5, 10]
            let index = choices.firstIndex { $0 == view.heatmap.columnSeconds } ?? 0
            view.heatmap.columnSeconds = choices[(index + 1) % choices.count]
        case .heatmapFit:
            view.heatmap.columnSeconds = nil
            view.heatmap.bandTicks = nil
        case .coarser, .finer:
            guard let market = context.snapshot.market(view.symbol),
                let scene = HeatmapScene(context.area, market, view.heatmap)
            else { return [.toast(.info, context.snapshot.market(view.symbol)?.missing ?? "There is no book yet")] }
            let tick = market.instrument.tick
            let band = BookLadder.neighbour(of: scene.band, tick: tick, isCoarser: action == .coarser)
            view.heatmap.bandTicks = max(1, band.mantissa / tick.mantissa)
        default: return nil
        }
        return []
    }
}
