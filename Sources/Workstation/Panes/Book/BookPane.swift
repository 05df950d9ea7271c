import Engine
import Market
import Terminal
import Trading

/// The book of the current symbol as a ladder: a row a price, asks above, bids below.
enum BookPane: Pane {
    static let id = PaneID.book

    static func title(_ context: PaneContext) -> String {
        guard let market = context.market,
            let view = LadderView(market, context.view.book, rows: rows(context))
        else { return "" }
        let best = market.depth.map { $0.bids.isEmpty && $0.asks.isEmpty } ?? true ? " best only" : ""
        return "x\(market.instrument.text(view.ladder.group))\(best)"
    }

    static func note(_ context: PaneContext) -> String {
        guard context.market.flatMap(LadderView.book) != nil else { return "" }
        if let market = context.market, let age = Describe.staleness(market) { return "stale \(age)" }
        return "\(context.view.book.depth) levels" + (context.view.book.isCentred ? "" : ", fixed")
    }

    /// The rows the ladder was drawn in last, so that the title names the group that is shown.
    private static func rows(_ context: PaneContext) -> Int {
        max(1, context.view.layout.content(of: .book).height)
    }

    static func draw(_ area: Rect, into canvas: inout Canvas, _ context: PaneContext) {
        guard !area.isEmpty else { return }
        guard let market = context.market else { return }
        guard let view = LadderView(market, context.view.book, rows: area.height) else {
            canvas.paragraph(
                market.missing ?? "No book of \(market.instrument.pair) yet", in: area.inset(left: 1),
                style: context.theme[.textDim])
            return
        }
        LadderDrawing(view: view, market: market, context: context, area: area).draw(into: &canvas)
        if Describe.staleness(market) != nil { canvas.restyle(area) { $0.adding(.dim) } }
    }
}

/// Draws a ladder: mark, price, quantity, depth bar, and the sum from the best price on where there is room.
struct LadderDrawing {
    let view: LadderView
    let market: MarketView
    let context: PaneContext
    let area: Rect

    func draw(into canvas: inout Canvas) {
        let theme = context.theme
        let instrument = view.instrument
        let visible = 0..<area.height
        var priceTexts = [String](repeating: "", count: area.height)
        var quantityTexts = priceTexts
        var priceWidth = 0
        var quantityWidth = 0
        var largest: Int64 = 1
        for row in visible {
            guard let (_, price) = view.price(row: row), price.mantissa > 0 else { continue }
            priceTexts[row] = instrument.text(price)
            priceWidth = max(priceWidth, priceTexts[row].utf8.count)
            let quantity = view.quantity(row: row)
            largest = max(largest, quantity.mantissa)
            if !quantity.isZero {
                quantityTexts[row] = instrument.text(quantity)
                quantityWidth = max(quantityWidth, quantityTexts[row].utf8.count)
            }
        }
        let own = ownOrders()
        let columns = Columns(width: area.width, price: priceWidth, quantity: quantityWidth, hasOwn: !own.isEmpty)
        let top = NiceNumbers.scaleTop(holding: Double(largest))
        let cursor = cursorRow
        for row in visible {
            let y = area.y + row
            guard let (side, _) = view.price(row: row), !priceTexts[row].isEmpty else {
                if row == view.spreadRow { drawSpread(y, columns, into: &canvas) }
                if row == cursor { markCursor(y, into: &canvas) }
                continue
            }
            let isOwn = own[row] != nil
            let isAsk = side == .sell
            let style = theme[isOwn ? .bookOwn : isAsk ? .bookAsk : .bookBid]
            if columns.hasPrice { canvas.put(priceTexts[row], endingAt: area.x + columns.priceEnd, y: y, style: style) }
            if columns.quantityEnd > 0 {
                canvas.put(quantityTexts[row], endingAt: area.x + columns.quantityEnd, y: y, style: theme[.text])
            }
            let share = (Double(view.quantity(row: row).mantissa) / top).squareRoot()
            let bar = Bar.horizontal(share, width: columns.barWidth, set: context.glyphs, ascii: isAsk ? "#" : "=")
            let barStyle = theme[isAsk ? .bookAskBar : .bookBidBar]
            for (offset, glyph) in bar.enumerated() where glyph != " " {
                canvas[area.x + columns.barStart + offset, y] = Cell(glyph, style: barStyle)
            }
            if let quantity = own[row] {
                canvas[area.x, y] = Cell(context.glyphs == .ascii ? "o" : "◆", style: theme[.bookOwn])
                if columns.ownEnd > 0 {
                    canvas.put(
                        instrument.text(quantity), endingAt: area.x + columns.ownEnd, y: y, style: theme[.bookOwn])
                }
            }
            if row == cursor { markCursor(y, into: &canvas) }
        }
        if view.spreadRow < 0 || view.spreadRow >= area.height { drawAway(into: &canvas) }
    }

    /// Where things stand in a row: as many of them as fit whole.
    struct Columns: Hashable {
        /// Whether prices have room; a cut price would be a wrong one.
        var hasPrice = false
        var priceEnd = 0
        var quantityEnd = 0
        var barStart = 0
        var barWidth = 0
        /// The end of the column of own quantities; 0 without room.
        var ownEnd = 0

        /// One column for the mark, then price and quantity, then what is left for bars; own quantities take theirs
        /// from the bars when more than eight columns remain.
        init(width: Int, price: Int, quantity: Int, hasOwn: Bool) {
            hasPrice = width >= 1 + price
            priceEnd = min(width, 1 + price)
            if width >= priceEnd + 2 + quantity { quantityEnd = priceEnd + 2 + quantity }
            barStart = max(priceEnd, quantityEnd) + 1
            barWidth = max(0, width - barStart)
            if hasOwn, quantityEnd > 0, barWidth > quantity + 8 {
                barWidth -= quantity + 1
                ownEnd = width
            }
        }
    }

    private var cursorRow: Int? {
        guard context.isFocused, let cursor = context.view.book.cursor, cursor.symbol == market.id else { return nil }
        return view.row(of: cursor.price)
    }

    /// What of our working orders rests in each row.
    private func ownOrders() -> [Int: Quantity] {
        var own: [Int: Quantity] = [:]
        for item in context.snapshot.orders
        where item.order.request.instrument == market.id && !item.order.state.isClosed {
            guard let price = item.order.request.limitPrice ?? item.order.request.triggerPrice else { continue }
            let row = view.row(of: price)
            if row != view.spreadRow { own[row, default: .zero] = (own[row] ?? .zero) + item.order.leaves }
        }
        return own
    }

    private func markCursor(_ y: Int, into canvas: inout Canvas) {
        let style = context.theme[.select]
        let row = Rect(x: area.x, y: y, width: area.width, height: 1)
        canvas.restyle(row) { $0.on(style.background).adding(style.attributes) }
        if canvas[area.x, y].scalar == 0x20 { canvas[area.x, y].scalar = 0x3E }
    }

    /// The row between the sides: last price with its direction, spread and imbalance, whole words only.
    private func drawSpread(_ y: Int, _ columns: Columns, into canvas: inout Canvas) {
        let theme = context.theme
        let instrument = view.instrument
        let style = theme[.bookMid]
        if let last = market.last {
            let text = instrument.text(last)
            let end = max(columns.priceEnd, text.utf8.count + 1)
            guard end <= area.width else { return }
            canvas.put(text, endingAt: area.x + end, y: y, style: theme[.priceLast])
        }
        var x = area.x + columns.priceEnd + 1
        if x < area.maxX, let aggressor = market.tape.last?.aggressor {
            let isAscii = context.glyphs == .ascii
            let glyph: Unicode.Scalar = aggressor == .buy ? (isAscii ? "^" : "▲") : (isAscii ? "v" : "▼")
            canvas[x, y] = Cell(glyph, style: theme[aggressor == .buy ? .priceUp : .priceDown])
        }
        x += 2
        var parts: [(String, Style)] = []
        if let quote = LadderView.book(market)?.quote {
            let spread = instrument.text(Price(mantissa: quote.ask.mantissa - quote.bid.mantissa))
            let isRoomy = area.maxX - x >= spread.utf8.count + 18
            parts.append(("\(isRoomy ? "spread" : "sp") \(spread)", style))
        }
        if let depth = market.depth {
            let imbalance = depth.imbalance(levels: context.view.book.depth)
            let text = Words.fixed(imbalance, 2)
            parts.append(("imb \(imbalance > 0 ? "+" : "")\(text)", theme[.bookImbalance]))
        }
        for (text, style) in parts where x + text.utf8.count <= area.maxX {
            x += canvas.put(text, x: x, y: y, style: style) + 2
        }
    }

    /// Says in the outermost row where the market is when it has left a ladder that is not kept centred.
    private func drawAway(into canvas: inout Canvas) {
        let isAbove = view.spreadRow < 0
        let isAscii = context.glyphs == .ascii
        let arrow = isAbove ? (isAscii ? "^" : "▲") : (isAscii ? "v" : "▼")
        let y = isAbove ? area.y : area.maxY - 1
        let text = "\(arrow) market at \(market.last.map { view.instrument.text($0) } ?? "?"), C re-centres "
        canvas.put(text, x: area.x, y: y, style: context.theme[.bookMid], maxWidth: area.width)
    }
}
