import Engine
import Market
import Terminal
import Trading

/// Draws the inside of a heat map.
struct HeatmapDrawing {
    let scene: HeatmapScene
    let grid: HeatGrid
    /// The level of each band, column after column.
    let levels: [UInt8]
    let context: PaneContext
    /// A colour a level.
    let ramp: [Color]

    init(scene: HeatmapScene, grid: HeatGrid, levels: [UInt8], scale: HeatScale, context: PaneContext) {
        self.scene = scene
        self.grid = grid
        self.levels = levels
        self.context = context
        ramp = (0..<scale.levels).map { context.theme.heat($0, of: scale.levels) }
    }

    /// Draws two bands a cell.
    func drawCells(into canvas: inout Canvas) {
        let ground = context.theme[.background].background
        let plot = scene.plot
        for column in 0..<grid.columns {
            for row in 0..<plot.height {
                let index = column * grid.rows + row * 2
                let (upper, lower) = (Int(levels[index]), Int(levels[index + 1]))
                if upper == 0 && lower == 0 { continue }
                canvas[plot.x + column, plot.y + row] = HeatCell.cell(
                    upper: upper, lower: lower, ramp: ramp, ground: ground, set: glyphs)
            }
        }
    }

    /// Without colours the ramp is told by characters.
    private var glyphs: GlyphSet { context.theme.depth == .none ? .ascii : context.glyphs }

    /// Draws the middle of bid and ask through the columns that know it.
    func drawMids(into canvas: inout Canvas) {
        let glyph: Unicode.Scalar = context.glyphs == .ascii ? "~" : "─"
        for column in 0..<grid.columns {
            if let mid = grid.mids[column] { put(glyph, column, mid, context.theme[.heatMid], into: &canvas) }
        }
    }

    /// Draws a dot for each print of at least medium size; where several meet, the largest stays.
    func drawPrints(_ market: MarketView, into canvas: inout Canvas) {
        let sizes = TradeSizes(market.tape)
        let isAscii = context.glyphs == .ascii
        var largest: [Int: Int64] = [:]
        for print in market.tape {
            let bucket = sizes.bucket(print.quantity)
            let column = scene.column(print.time)
            guard bucket != .small, grid.mids.indices.contains(column) else { continue }
            let place = column * 100_000 + scene.band(of: print.price) / 2
            guard print.quantity.mantissa > largest[place] ?? 0 else { continue }
            largest[place] = print.quantity.mantissa
            let glyph: Unicode.Scalar = bucket == .large ? (isAscii ? "O" : "●") : (isAscii ? "o" : "•")
            put(
                glyph, column, print.price, context.theme[print.aggressor == .buy ? .heatBuy : .heatSell], into: &canvas
            )
        }
    }

    /// Draws our working orders as dashes from their creation on, and our fills.
    func drawOwn(_ market: MarketView, into canvas: inout Canvas) {
        let isAscii = context.glyphs == .ascii
        let style = context.theme[.markerOwn].removing([.reverse, .underline])
        for item in context.snapshot.orders where item.order.request.instrument == market.id {
            let order = item.order
            guard !order.state.isClosed, let price = order.request.limitPrice ?? order.request.triggerPrice else {
                continue
            }
            let from = max(0, scene.column(order.createdAt))
            for column in stride(from: from + from % 2, to: grid.columns, by: 2) {
                put(isAscii ? "-" : "╌", column, price, style, into: &canvas)
            }
        }
        for fill in ChartMarks.fills(market.id, market.instrument, context.snapshot) {
            put(isAscii ? "x" : "◆", scene.column(fill.time), fill.price, style, into: &canvas)
        }
    }

    /// Puts a glyph on the ground of the band it stands in.
    private func put(_ glyph: Unicode.Scalar, _ column: Int, _ price: Price, _ style: Style, into canvas: inout Canvas)
    {
        let band = scene.band(of: price)
        guard band >= 0, band < grid.rows, column >= 0, column < grid.columns else { return }
        let level = Int(levels[column * grid.rows + band])
        let ground =
            level > 0 && glyphs != .ascii
            ? ramp[min(level, ramp.count - 1)] : context.theme[.background].background
        canvas[scene.plot.x + column, scene.plot.y + band / 2] = Cell(glyph, style: style.on(ground))
    }
}
