import Engine
import Market
import Terminal
import Trading

/// Open positions, oldest first, with the engine's own figures.
enum PositionsPane: ListPane {
    static let id = PaneID.positions

    static let close = Action("positions.close")
    static let reduce = Action("positions.reduce")
    static let closeAll = Action("positions.close-all")
    static let accept = Action("positions.accept")

    static let bindings = [
        Binding(close, "x", in: .pane(id), hint: "close", help: "Close the position at market", needsTrade: true),
        Binding(
            reduce, "r", in: .pane(id), hint: "half", help: "Ticket that reduces your own position by half",
            needsTrade: true),
        Binding(
            closeAll, "X", in: .pane(id), help: "Ticket to close: a limit price, your own position", needsTrade: true),
        Binding(
            accept, "A", in: .pane(id), help: "Accept what the venue says of a position that does not agree",
            needsTrade: true),
    ]

    static func columns(_ context: PaneContext) -> [ListColumn] {
        // Where something does not agree with its venue, that goes before the figures.
        let venue = context.snapshot.blocks.isEmpty ? [] : [ListColumn.words("does not agree", rank: 0, minimum: 36)]
        return [.words("symbol", rank: 0, minimum: 12)] + venue + [
            .words("side", rank: 2, minimum: 5), .number("size", rank: 0),
            .number("entry", rank: 3), .number("mark", rank: 4), .number("uPnL", rank: 0), .number("%", rank: 5),
            .number("stop", rank: 6), .number("target", rank: 7), .words("owner", rank: 1, minimum: 8),
            .number("since", rank: 8),
        ]
    }

    static func emptyText(_ context: PaneContext) -> String { "No open positions." }

    static func rowID(_ view: PositionView) -> RowID {
        RowID("position \(view.position.owner.rawValue) \(view.position.instrument.rawValue)")
    }

    private static func rowID(_ blocked: InstrumentID) -> RowID { RowID("blocked \(blocked.rawValue)") }

    static func allRows(_ snapshot: Snapshot, _ view: ViewState) -> [ListRow] {
        let blocked = snapshot.blocks.filter { block in
            !snapshot.positions.contains { $0.position.instrument == block.instrument }
        }
        return snapshot.positions.compactMap { row($0, snapshot) } + blocked.compactMap { row($0, snapshot) }
    }

    /// The row of an instrument that does not agree with its venue and of which nothing is held.
    private static func row(_ block: InstrumentBlock, _ snapshot: Snapshot) -> ListRow? {
        guard let instrument = snapshot.market(block.instrument)?.instrument else { return nil }
        var cells = [
            ListCell(instrument.pair, .statusBad), ListCell(block.reason, .statusBad), ListCell("flat", .textDim),
        ]
        cells += Array(repeating: ListCell("–", .textDim), count: 7)
        cells += [ListCell("", .textDim), ListCell(block.since.timeOfDay, .textDim)]
        return ListRow(id: rowID(block.instrument), cells: cells, isLoud: true)
    }

    private static func row(_ position: PositionView, _ snapshot: Snapshot) -> ListRow? {
        guard let market = snapshot.market(position.position.instrument) else { return nil }
        let block = snapshot.block(position.position.instrument)
        let instrument = market.instrument
        let isLong = position.position.quantity.mantissa > 0
        let isStale = Describe.staleness(market) != nil
        let profit: ThemeKey =
            position.unrealized.isZero ? .pnlZero : position.unrealized.units > 0 ? .pnlGain : .pnlLoss
        let cost = position.position.cost.approximation.magnitude
        let share = cost > 0 ? position.unrealized.approximation / cost : 0
        let openedAt = position.position.openedAt
        let symbol = ListCell(instrument.pair, block == nil ? .textStrong : .statusBad)
        let agreement = snapshot.blocks.isEmpty ? [] : [ListCell(block?.reason ?? "", .statusBad)]
        let figures = [
            ListCell(isLong ? "long" : "short", isLong ? .priceUp : .priceDown),
            ListCell(instrument.text(position.position.quantity.magnitude)),
            ListCell(instrument.text(position.entry)),
            ListCell(instrument.text(position.mark), isStale ? .statusStale : .text),
            ListCell(Words.profit(position.unrealized), profit),
            ListCell(Words.signedPercent(share), profit),
            ListCell(
                position.stop.map { instrument.text($0) } ?? "–", position.stop == nil ? .textDim : .markerStop),
            ListCell(
                position.target.map { instrument.text($0) } ?? "–",
                position.target == nil ? .textDim : .markerTarget),
            ListCell(position.ownerName),
            ListCell(openedAt == .epoch ? "" : openedAt.timeOfDay, .textDim),
        ]
        return ListRow(id: rowID(position), cells: [symbol] + agreement + figures, isLoud: block != nil)
    }

    static func act(
        _ action: Action, on selected: RowID?, _ view: inout ViewState, _ context: HandlerContext
    ) -> [Consequence]? {
        let snapshot = context.snapshot
        guard [.open, close, reduce, closeAll, accept].contains(action) else { return nil }
        if action == accept || action == .open,
            let blocked = snapshot.blocks.first(where: { rowID($0.instrument) == selected })
        {
            return action == accept
                ? TradingQuestions.accept(blocked.instrument, snapshot) : [.symbol(blocked.instrument)]
        }
        guard let position = snapshot.positions.first(where: { rowID($0) == selected }),
            let instrument = snapshot.market(position.position.instrument)?.instrument
        else { return [.toast(.info, "There is no position to act on")] }
        let quantity = position.position.quantity
        let side: Side = quantity.mantissa > 0 ? .sell : .buy
        switch action {
        case .open:
            return [
                .symbol(position.position.instrument),
                .detail(PositionDetail(owner: position.position.owner, instrument: position.position.instrument)),
            ]
        case close: return TradingQuestions.close(position, snapshot)
        case accept: return TradingQuestions.accept(position.position.instrument, snapshot)
        default:
            guard position.position.owner.isManual else {
                return [.toast(.info, "\(position.ownerName) owns this position: x closes it wholly")]
            }
            let part = action == reduce ? quantity.magnitude.share(.percent(50)) : quantity.magnitude
            let type: OrderType = action == reduce ? .market : .limit
            let rounded = part.rounded(toStep: instrument.quantityStep(of: type), .down)
            return OrderTicket.opening(
                position.position.instrument, snapshot, side: side, type: type, quantity: instrument.text(rounded),
                isReduceOnly: true)
        }
    }
}
