import Engine
import Market
import Terminal
import Trading

extension Action {
    static let bookCentre = Action("book.centre")
    static let bookDepth = Action("book.depth")
    static let bookBuy = Action("book.buy")
    static let bookSell = Action("book.sell")
    static let bookAutoGroup = Action("book.auto-group")
}

extension BookPane {
    static let bindings = [
        Binding(.bookBuy, "b", in: .pane(id), hint: "buy", help: "Ticket to buy at the cursor", needsTrade: true),
        Binding(.bookSell, "S", in: .pane(id), hint: "sell", help: "Ticket to sell at the cursor", needsTrade: true),
        Binding(.bookCentre, "C", in: .pane(id), hint: "centre", help: "Re-centre and keep centred, or fix the prices"),
        Binding(.bookDepth, "d", in: .pane(id), hint: "depth", help: "10, 20 or 50 levels a side"),
        Binding(.bookAutoGroup, "=", in: .pane(id), help: "Price groups that fit the book to the pane again"),
    ]

    static func handle(_ action: Action, _ view: inout ViewState, _ context: HandlerContext) -> [Consequence]? {
        switch action {
        case .bookDepth:
            let depths = BookState.depths
            let index = depths.firstIndex(of: view.book.depth) ?? 0
            view.book.depth = depths[(index + 1) % depths.count]
            return []
        case .bookAutoGroup:
            view.book.groups[view.symbol] = nil
            return []
        default: break
        }
        guard let market = context.snapshot.market(view.symbol),
            let ladder = LadderView(market, view.book, rows: max(1, context.area.height))
        else {
            let isOwn = [.bookBuy, .bookSell, .bookCentre, .up, .down, .coarser, .finer].contains(action)
            guard isOwn else { return nil }
            return [.toast(.info, context.snapshot.market(view.symbol)?.missing ?? "There is no book yet")]
        }
        switch action {
        case .coarser, .finer:
            let group = BookLadder.neighbour(
                of: ladder.ladder.group, tick: market.instrument.tick, isCoarser: action == .coarser)
            view.book.groups[view.symbol] = group
            view.book.anchor = nil
        case .up: move(-1, &view, ladder, market)
        case .down: move(1, &view, ladder, market)
        case .pageUp, .halfPageUp: move(-ladder.rows / 2, &view, ladder, market)
        case .pageDown, .halfPageDown: move(ladder.rows / 2, &view, ladder, market)
        case .bookCentre:
            view.book.isCentred.toggle()
            view.book.anchor = view.book.isCentred ? nil : ladder.bestAsk
        case .back where view.book.cursor != nil: view.book.cursor = nil
        case .bookBuy, .bookSell, .ticket, .open: return ticket(action, view, ladder, market, context)
        case .copy:
            let cursor = view.book.cursor?.price ?? market.last
            guard let cursor else { return nil }
            return [.copy(market.instrument.text(cursor))]
        default: return nil
        }
        return []
    }

    /// Moves the cursor by rows, over the spread, and keeps it in the pane. It begins at the best bid.
    private static func move(_ count: Int, _ view: inout ViewState, _ ladder: LadderView, _ market: MarketView) {
        var row = ladder.spreadRow + 1
        if let cursor = view.book.cursor, cursor.symbol == market.id {
            row = ladder.row(of: cursor.price) + count
            if row == ladder.spreadRow { row += count < 0 ? -1 : 1 }
        }
        row = min(max(row, 0), ladder.rows - 1)
        if row == ladder.spreadRow { row += row == 0 ? 1 : -1 }
        guard let place = ladder.price(row: row), place.price.mantissa > 0 else { return }
        view.book.cursor = .init(symbol: market.id, price: place.price)
    }

    /// A ticket at the cursor, or at the best price of the own side; Enter takes the side opposite to the level.
    private static func ticket(
        _ action: Action, _ view: ViewState, _ ladder: LadderView, _ market: MarketView, _ context: HandlerContext
    ) -> [Consequence]? {
        let cursor = view.book.cursor.flatMap { $0.symbol == market.id ? $0.price : nil }
        if action == .open || action == .ticket, cursor == nil {
            return action == .open ? [.toast(.info, "Put the cursor (j k) on a price first")] : nil
        }
        let isAsk = cursor.map { ladder.row(of: $0) < ladder.spreadRow } ?? false
        let side: Side =
            switch action {
            case .bookBuy: .buy
            case .bookSell: .sell
            case .open: isAsk ? .buy : .sell
            default: isAsk ? .sell : .buy
            }
        let opening = OrderTicket.opening(view.symbol, context.snapshot, side: side, price: cursor)
        return action == .open ? [.ifTrade(opening)] : opening
    }
}
