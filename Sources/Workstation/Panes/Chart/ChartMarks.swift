import Engine
import Market
import Terminal
import Trading

/// One fill as the chart marks it.
struct ChartFill: Hashable, Sendable {
    /// When.
    var time: Timestamp
    /// Bought or sold.
    var side: Side
    /// At what price.
    var price: Price
    /// Whether a person placed the order.
    var isManual: Bool
}

/// A price that matters: a working order, a protective trigger, an entry.
struct ChartLevel: Hashable, Sendable {
    /// The price.
    var price: Price
    /// What it is, `buy 0.05 limit`.
    var text: String
    /// The style it is drawn in.
    var key: ThemeKey
}

/// Finds what belongs to a symbol's chart among orders and positions.
enum ChartMarks {
    /// Fills of a symbol, oldest first: those of open positions, and the filled part of recent orders at its average
    /// price and last change. An order whose fills are known one by one is not repeated.
    static func fills(_ symbol: InstrumentID, _ instrument: Instrument, _ snapshot: Snapshot) -> [ChartFill] {
        var fills: [ChartFill] = []
        var known: Set<OrderID> = []
        for position in snapshot.positions where position.position.instrument == symbol {
            for record in position.fills {
                known.insert(record.order)
                fills.append(
                    ChartFill(
                        time: record.time, side: record.side, price: record.fill.price, isManual: record.owner.isManual)
                )
            }
        }
        for view in snapshot.orders where view.order.request.instrument == symbol {
            let order = view.order
            guard !order.filled.isZero, !known.contains(order.id) else { continue }
            fills.append(
                ChartFill(
                    time: order.updatedAt, side: order.request.side,
                    price: instrument.averagePrice(order.filledNotional, order.filled, rounding: .halfEven),
                    isManual: order.owner.isManual))
        }
        return fills.sorted { $0.time < $1.time }
    }

    /// Prices to draw across: positions' entries, then working orders.
    static func levels(_ symbol: InstrumentID, _ instrument: Instrument, _ snapshot: Snapshot) -> [ChartLevel] {
        var levels: [ChartLevel] = []
        for view in snapshot.positions where view.position.instrument == symbol && !view.position.isFlat {
            let side = view.position.quantity.mantissa > 0 ? "long" : "short"
            let text = "\(side) \(instrument.text(view.position.quantity.magnitude))"
            levels.append(ChartLevel(price: view.entry, text: text, key: .markerOwn))
        }
        for view in snapshot.orders where view.order.request.instrument == symbol && !view.order.state.isClosed {
            let request = view.order.request
            guard let price = request.triggerPrice ?? request.limitPrice else { continue }
            let key: ThemeKey =
                switch request.purpose {
                case .stopLoss, .trailingStop: .markerStop
                case .takeProfit: .markerTarget
                default: .markerOwn
                }
            let what = request.purpose.isProtective ? request.purpose.name : request.type.name
            levels.append(
                ChartLevel(
                    price: price, text: "\(request.side.name) \(instrument.text(view.order.leaves)) \(what)", key: key))
        }
        return levels
    }
}

extension ChartPane {
    /// Draws a dashed line with its words and price at each level that the scale holds.
    static func drawLevels(
        _ levels: [ChartLevel], _ scene: ChartScene, _ context: PaneContext, into canvas: inout Canvas
    ) {
        let plot = scene.areas.plot
        let dash: Unicode.Scalar = context.glyphs == .ascii ? "-" : "╌"
        for level in levels {
            guard let row = scene.scale.row(Double(level.price.mantissa)) else { continue }
            let style = context.theme[level.key]
            let y = plot.y + row
            // Every other column is enough for the eye and costs half the bytes when a trailing stop moves.
            for x in stride(from: plot.x, to: plot.maxX, by: 2) where canvas[x, y].scalar == 0x20 {
                canvas[x, y] = Cell(dash, style: style.removing([.reverse, .underline]))
            }
            if plot.width >= 40, let x = freeRun(level.text.unicodeScalars.count + 1, y, plot, dash, canvas) {
                canvas.put("\(level.text) ", x: x, y: y, style: style)
            }
            label(level.price, y: y, style, scene, into: &canvas)
        }
    }

    /// The leftmost column from which a row shows nothing but blanks and dashes for a width; `nil` when there is none.
    private static func freeRun(
        _ width: Int, _ y: Int, _ plot: Rect, _ dash: Unicode.Scalar, _ canvas: Canvas
    ) -> Int? {
        var run = 0
        for x in plot.x..<plot.maxX {
            let scalar = canvas[x, y].scalar
            run = scalar == 0x20 || scalar == dash.value ? run + 1 : 0
            if run == width { return x + 1 - width }
        }
        return nil
    }

    /// Draws the fills: ▲ below the candle for a strategy's buy, ▼ above it for its sale, ◆ for a person's own.
    static func drawFills(_ fills: [ChartFill], _ scene: ChartScene, _ context: PaneContext, into canvas: inout Canvas)
    {
        guard let first = scene.window.places.first, let last = scene.window.places.last else { return }
        let plot = scene.areas.plot
        let isAscii = context.glyphs == .ascii
        for fill in fills where fill.time >= first.time {
            guard fill.time < last.time.adding(nanoseconds: scene.series.timeframe.nanoseconds),
                let place = scene.window.place(at: fill.time), let candle = scene.candle(place)
            else { continue }
            let isBuy = fill.side == .buy
            let edge = scene.scale.position(Double((isBuy ? candle.low : candle.high).mantissa))
            var row = isBuy ? Int(edge.rounded(.up)) : Int(edge.rounded(.down)) - 1
            let x = plot.x + scene.window.center(place)
            let glyph: Unicode.Scalar =
                fill.isManual ? (isAscii ? "o" : "◆") : isBuy ? (isAscii ? "^" : "▲") : (isAscii ? "v" : "▼")
            let style = context.theme[fill.isManual ? .markerOwn : isBuy ? .markerBuy : .markerSell]
            row = min(max(row, 0), plot.height - 1)
            canvas[x, plot.y + row] = Cell(glyph, style: style)
        }
    }

    /// Draws the last price: a short dotted line from the last candle to the axis, and its label.
    static func drawLast(_ price: Price?, _ scene: ChartScene, _ context: PaneContext, into canvas: inout Canvas) {
        guard let price, let row = scene.scale.row(Double(price.mantissa)) else { return }
        let plot = scene.areas.plot
        let y = plot.y + row
        let style = context.theme[.chartLastline]
        let start =
            (scene.window.places.lastIndex { if case .candle = $0.slot { true } else { false } })
            .map { scene.window.column($0) + scene.window.zoom.width } ?? 0
        let glyph: Unicode.Scalar = context.glyphs == .ascii ? "." : "┈"
        if scene.window.isLive {
            for x in (plot.x + start)..<max(plot.x + start, plot.maxX) where canvas[x, y].scalar == 0x20 {
                canvas[x, y] = Cell(glyph, style: style)
            }
        }
        label(price, y: y, context.theme[.priceLast].adding(.reverse), scene, into: &canvas)
    }

    /// Puts a price on the axis, over whatever label is there; left out when the axis is too narrow for its digits.
    static func label(_ price: Price, y: Int, _ style: Style, _ scene: ChartScene, into canvas: inout Canvas) {
        let axis = scene.areas.priceAxis
        let text = scene.series.instrument.text(price)
        guard text.utf8.count < axis.width else { return }
        canvas.fill(Rect(x: axis.x + 1, y: y, width: axis.width - 1, height: 1), Cell(" ", style: style))
        canvas.put(text, endingAt: axis.maxX, y: y, style: style)
    }
}
