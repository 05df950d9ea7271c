import Engine
import Market
import Terminal
import Trading

/// Orders, newest first: those that work, and the recently closed.
enum OrdersPane: ListPane {
    static let id = PaneID.orders

    static let cancel = Action("orders.cancel")
    static let cancelSymbol = Action("orders.cancel-symbol")
    static let workingOnly = Action("orders.working-only")

    static let bindings = [
        Binding(cancel, "c", in: .pane(id), hint: "cancel", help: "Cancel the order", needsTrade: true),
        Binding(
            cancelSymbol, "C", in: .pane(id), help: "Cancel all orders of the selected order's symbol", needsTrade: true
        ),
        Binding(workingOnly, "v", in: .pane(id), hint: "working only", help: "Show working orders only, or all"),
    ]

    static func columns(_ context: PaneContext) -> [ListColumn] {
        [
            .number("#", rank: 5), .words("symbol", rank: 0, minimum: 12), .words("side", rank: 0, minimum: 4),
            .number("quantity", rank: 0), .words("type", rank: 3, minimum: 6), .number("price", rank: 1),
            .words("state", rank: 0, minimum: 8), .number("filled", rank: 4), .words("terms", rank: 7, minimum: 3),
            .number("time", rank: 6), .words("owner", rank: 2, minimum: 8),
        ]
    }

    static func emptyText(_ context: PaneContext) -> String {
        context.view.lists.showsWorkingOrdersOnly ? "No working orders." : "No orders yet. o opens the order ticket."
    }

    static func title(_ context: PaneContext) -> String {
        context.view.lists.showsWorkingOrdersOnly ? "working only" : ""
    }

    static func rowID(_ id: OrderID) -> RowID { RowID("order \(id.rawValue)") }

    static func rowID(_ order: ExternalOrderView) -> RowID { RowID("external \(order.venueID)") }

    static func allRows(_ snapshot: Snapshot, _ view: ViewState) -> [ListRow] {
        externalRows(snapshot) + ownRows(snapshot, view)
    }

    /// The open orders of other clients stand first: nobody here decided them.
    private static func externalRows(_ snapshot: Snapshot) -> [ListRow] {
        snapshot.externalOrders.compactMap { order in
            guard let instrument = snapshot.market(order.instrument)?.instrument else { return nil }
            let price = priceText(order.limitPrice ?? order.triggerPrice, order.trailing, instrument)
            return ListRow(
                id: rowID(order),
                cells: [
                    ListCell("–", .textDim), ListCell(instrument.pair, .textStrong),
                    ListCell(order.side == .buy ? "BUY" : "SELL", order.side == .buy ? .priceUp : .priceDown),
                    ListCell(instrument.text(order.quantity)), ListCell(order.type.name),
                    ListCell(price),
                    ListCell(order.isClaimed ? "claimed" : "external", .statusWarn),
                    ListCell(order.filled.isZero ? "–" : instrument.text(order.filled)),
                    ListCell(order.timeInForce.name, .textDim), ListCell(order.time.timeOfDay, .textDim),
                    ListCell("another client"),
                ])
        }
    }

    private static func ownRows(_ snapshot: Snapshot, _ view: ViewState) -> [ListRow] {
        snapshot.orders.compactMap { item in
            let order = item.order
            guard let instrument = snapshot.market(order.request.instrument)?.instrument else { return nil }
            if view.lists.showsWorkingOrdersOnly, order.state.isClosed { return nil }
            let request = order.request
            let isBuy = request.side == .buy
            let price = priceText(request.limitPrice ?? request.triggerPrice, request.trailing, instrument)
            return ListRow(
                id: rowID(order.id),
                cells: [
                    ListCell("\(order.id.rawValue)", .textDim), ListCell(instrument.pair, .textStrong),
                    ListCell(isBuy ? "BUY" : "SELL", isBuy ? .priceUp : .priceDown),
                    ListCell(quantity(request, instrument)),
                    ListCell(request.type.name), ListCell(price),
                    ListCell(order.isCancelPending ? "cancelling" : order.state.name, stateKey(order)),
                    ListCell(order.filled.isZero ? "–" : instrument.text(order.filled)),
                    ListCell(terms(request), .textDim),
                    ListCell(order.updatedAt.timeOfDay, .textDim), ListCell(item.ownerName),
                ], isDim: order.state.isClosed && order.state != .filled && order.state != .denied)
        }
    }

    /// What an order trails by says more of it than where it begins to.
    private static func priceText(_ price: Price?, _ trailing: Int?, _ instrument: Instrument) -> String {
        trailing.map { "\($0) bps" } ?? price.map { instrument.text($0) } ?? "–"
    }

    private static func quantity(_ request: OrderRequest, _ instrument: Instrument) -> String {
        guard let spend = request.spend, request.quantity.isZero else { return instrument.text(request.quantity) }
        return "\(Words.money(spend)) \(instrument.quote.code)"
    }

    private static func stateKey(_ order: Order) -> ThemeKey {
        switch order.state {
        case .filled: .statusOk
        case .denied, .rejected, .lost: .statusBad
        case .unknown: .statusWarn
        default: order.isCancelPending ? .statusWarn : .text
        }
    }

    private static func terms(_ request: OrderRequest) -> String {
        var parts = [request.timeInForce.name]
        if request.isPostOnly { parts.append("post") }
        if request.isReduceOnly { parts.append("reduce") }
        if request.purpose != .manual { parts.append(request.purpose.name) }
        return parts.joined(separator: " ")
    }

    static func act(
        _ action: Action, on selected: RowID?, _ view: inout ViewState, _ context: HandlerContext
    ) -> [Consequence]? {
        if action == workingOnly {
            view.lists.showsWorkingOrdersOnly.toggle()
            return []
        }
        guard [.open, cancel, cancelSymbol].contains(action) else { return nil }
        if let order = context.snapshot.externalOrders.first(where: { rowID($0) == selected }) {
            return actOnExternal(action, order, context.snapshot)
        }
        guard let order = context.snapshot.orders.first(where: { rowID($0.order.id) == selected }) else {
            return [.toast(.info, "There is no order to act on")]
        }
        switch action {
        case .open: return [.detail(OrderDetail(id: order.order.id))]
        case cancel: return TradingQuestions.cancel(order, context.snapshot)
        default: return TradingQuestions.cancelAll(order.order.request.instrument, context.snapshot)
        }
    }

    private static func actOnExternal(
        _ action: Action, _ order: ExternalOrderView, _ snapshot: Snapshot
    ) -> [Consequence] {
        switch action {
        case .open: return [.detail(ExternalOrderDetail(venueID: order.venueID))]
        case cancel: return TradingQuestions.claim(order, snapshot)
        default: return TradingQuestions.cancelAll(order.instrument, snapshot)
        }
    }
}
