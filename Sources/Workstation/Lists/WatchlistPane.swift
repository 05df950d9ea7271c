import Engine
import Market
import Terminal
import Trading

/// Every instrument with its last price and the day's change; Enter makes it current.
enum WatchlistPane: ListPane {
    static let id = PaneID.watchlist

    static func columns(_ context: PaneContext) -> [ListColumn] {
        [
            .words("symbol", rank: 0, minimum: 12), .number("last", rank: 0), .number("24h", rank: 1),
            .number("low", rank: 7),
            .number("high", rank: 6), .words("data", rank: 5, minimum: 8),
        ]
    }

    static func emptyText(_ context: PaneContext) -> String { "No instruments." }

    static func allRows(_ snapshot: Snapshot, _ view: ViewState) -> [ListRow] {
        snapshot.markets.map { market in
            let instrument = market.instrument
            let change = market.dayChange ?? 0
            let key: ThemeKey = change > 0 ? .priceUp : change < 0 ? .priceDown : .priceFlat
            let stale = Describe.staleness(market)
            return ListRow(
                id: RowID("market \(market.id.rawValue)"),
                cells: [
                    ListCell(
                        instrument.pair,
                        snapshot.block(market.id) != nil ? .statusBad : market.id == view.symbol ? .textStrong : .text),
                    ListCell(market.last.map { instrument.text($0) } ?? "–", stale == nil ? .text : .statusStale),
                    ListCell(market.dayChange.map { Words.signedPercent($0) } ?? "–", key),
                    ListCell(market.dayLow.map { instrument.text($0) } ?? "–", .textDim),
                    ListCell(market.dayHigh.map { instrument.text($0) } ?? "–", .textDim),
                    snapshot.block(market.id) == nil ? status(market) : ListCell("BLOCKED", .statusBad),
                ])
        }
    }

    private static func status(_ market: MarketView) -> ListCell {
        switch market.status {
        case .waiting: ListCell("waiting", .textDim)
        case .live: ListCell("live", .statusOk)
        case .stale(let seconds): ListCell("STALE \(Words.duration(Int64(seconds)))", .statusStale)
        case .finished: ListCell("end", .textDim)
        }
    }

    static func act(
        _ action: Action, on selected: RowID?, _ view: inout ViewState, _ context: HandlerContext
    ) -> [Consequence]? {
        guard action == .open || action == .toggle else { return nil }
        let market = context.snapshot.markets.first { "market \($0.id.rawValue)" == selected?.text }
        guard let market else { return [.toast(.info, "There is no instrument")] }
        return [.symbol(market.id)]
    }
}
