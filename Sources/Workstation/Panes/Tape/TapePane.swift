import Engine
import Market
import Terminal
import Trading

extension Action {
    static let tapeAggressor = Action("tape.aggressor")
}

/// The prints of the current symbol, newest first.
enum TapePane: Pane {
    static let id = PaneID.tape

    static let bindings = [
        Binding(
            .tapeAggressor, "a", in: .pane(id), hint: "side",
            help: "Prints of both aggressors, buyers only, sellers only")
    ]

    static func title(_ context: PaneContext) -> String {
        guard let market = context.market else { return "" }
        let state = context.view.tape
        var parts: [String] = []
        if let minimum = state.minimums[market.id] { parts.append(">\(market.instrument.text(minimum))") }
        if let aggressor = state.aggressor { parts.append(aggressor == .buy ? "buyers" : "sellers") }
        return parts.joined(separator: " ")
    }

    static func note(_ context: PaneContext) -> String {
        guard let market = context.market, let frozen = frozen(market, context.view) else { return "" }
        let last = frozen.prints.last?.time ?? .epoch
        let newer = market.tape.reduce(0) { $1.time > last ? $0 + 1 : $0 }
        return newer == 0 ? "frozen" : "frozen, \(newer) newer"
    }

    static func draw(_ area: Rect, into canvas: inout Canvas, _ context: PaneContext) {
        guard !area.isEmpty, let market = context.market else { return }
        let frozen = frozen(market, context.view)
        let all = frozen?.prints ?? market.tape
        guard !all.isEmpty else {
            canvas.paragraph(
                market.missing ?? "No trade of \(market.instrument.pair) yet", in: area.inset(left: 1),
                style: context.theme[.textDim])
            return
        }
        let shown = visible(all, market, context.view, offset: frozen?.offset ?? 0, count: area.height)
        guard !shown.isEmpty else {
            canvas.paragraph(
                "No print passes the filter; > shows smaller ones", in: area.inset(left: 1),
                style: context.theme[.textDim])
            return
        }
        drawRows(shown, sizes: TradeSizes(all), market.instrument, area, context, into: &canvas)
    }

    /// The prints that pass the filters, newest first, at most `count`.
    static func visible(
        _ prints: [TradePrint], _ market: MarketView, _ view: ViewState, offset: Int, count: Int
    ) -> [TradePrint] {
        let minimum = view.tape.minimums[market.id] ?? .zero
        var result: [TradePrint] = []
        result.reserveCapacity(count)
        var skipped = 0
        for print in prints.reversed() {
            guard print.quantity >= minimum, view.tape.aggressor.map({ $0 == print.aggressor }) ?? true else {
                continue
            }
            if skipped < offset {
                skipped += 1
                continue
            }
            result.append(print)
            if result.count == count { break }
        }
        return result
    }

    private static func frozen(_ market: MarketView, _ view: ViewState) -> TapeState.Frozen? {
        view.tape.frozen.flatMap { $0.symbol == market.id ? $0 : nil }
    }

    private static func drawRows(
        _ prints: [TradePrint], sizes: TradeSizes, _ instrument: Instrument, _ area: Rect, _ context: PaneContext,
        into canvas: inout Canvas
    ) {
        let theme = context.theme
        let isAscii = context.glyphs == .ascii
        let dots: [Unicode.Scalar] = isAscii ? [".", "o", "O"] : ["·", "•", "●"]
        let prices = prints.map { instrument.text($0.price) }
        let quantities = prints.map { instrument.text($0.quantity) }
        let priceWidth = prices.reduce(0) { max($0, $1.utf8.count) }
        let quantityWidth = quantities.reduce(0) { max($0, $1.utf8.count) }
        let least = 2 + priceWidth + 2 + quantityWidth
        let hasDot = area.width >= least + 2
        let hasTime = area.width >= least + 2 + 9
        for (row, print) in prints.enumerated() {
            let y = area.y + row
            let isBuy = print.aggressor == .buy
            let bucket = sizes.bucket(print.quantity)
            var style = theme[isBuy ? .priceUp : .priceDown]
            if bucket == .large { style = style.adding(.bold) }
            var x = area.x
            if hasTime { x += canvas.put(print.time.timeOfDay, x: x, y: y, style: theme[.textDim]) + 1 }
            canvas[x, y] = Cell(isBuy ? (isAscii ? "^" : "▲") : (isAscii ? "v" : "▼"), style: style)
            x += 2 + priceWidth
            // A number that has no room is left out whole.
            guard x <= area.maxX else { continue }
            canvas.put(prices[row], endingAt: x, y: y, style: style)
            x += 2 + quantityWidth
            guard x <= area.maxX else { continue }
            canvas.put(quantities[row], endingAt: x, y: y, style: bucket == .small ? theme[.text] : style)
            if hasDot { canvas[x + 1, y] = Cell(dots[bucket.rawValue], style: style) }
        }
    }

    static func handle(_ action: Action, _ view: inout ViewState, _ context: HandlerContext) -> [Consequence]? {
        guard let market = context.snapshot.market(view.symbol) else { return nil }
        switch action {
        case .tapeAggressor:
            view.tape.aggressor =
                switch view.tape.aggressor {
                case nil: .buy
                case .buy: .sell
                case .sell: nil
                }
        case .freeze: toggleFreeze(market, &view)
        case .coarser, .finer: changeMinimum(market, isCoarser: action == .coarser, &view)
        case .down: scroll(1, market, &view, context)
        case .up: scroll(-1, market, &view, context)
        case .pageDown, .halfPageDown: scroll(max(1, context.area.height / 2), market, &view, context)
        case .pageUp, .halfPageUp: scroll(-max(1, context.area.height / 2), market, &view, context)
        case .top: view.tape.frozen = nil
        case .back where view.tape.frozen != nil: view.tape.frozen = nil
        default: return nil
        }
        return []
    }

    private static func toggleFreeze(_ market: MarketView, _ view: inout ViewState) {
        let isFrozen = frozen(market, view) != nil
        view.tape.frozen = isFrozen ? nil : .init(symbol: market.id, prints: market.tape)
    }

    /// Scrolls back by rows; what is looked at stands still until one scrolls to the top again.
    private static func scroll(_ count: Int, _ market: MarketView, _ view: inout ViewState, _ context: HandlerContext) {
        var frozen = frozen(market, view) ?? .init(symbol: market.id, prints: market.tape)
        let passing = visible(frozen.prints, market, view, offset: 0, count: .max).count
        frozen.offset = min(max(0, frozen.offset + count), max(0, passing - context.area.height))
        view.tape.frozen = frozen
    }

    /// The next larger or smaller minimum: none, then round numbers around the usual size of a print.
    private static func changeMinimum(_ market: MarketView, isCoarser: Bool, _ view: inout ViewState) {
        let step = max(1, market.instrument.rules.quantityStep.mantissa)
        let usual = max(step, TradeSizes(market.tape).medium / 10)
        guard let minimum = view.tape.minimums[market.id] else {
            if isCoarser { view.tape.minimums[market.id] = Quantity(mantissa: usual) }
            return
        }
        let next = BookLadder.neighbour(
            of: Price(mantissa: minimum.mantissa), tick: Price(mantissa: 1), isCoarser: isCoarser
        ).mantissa
        view.tape.minimums[market.id] = next < usual || next < step ? nil : Quantity(mantissa: next)
    }
}
