import Engine
import Market
import Terminal
import Trading

/// Alerts, newest first, equal ones collapsed: what needs eyes stays loud until somebody has seen to it.
enum AlertsPane: ListPane {
    static let id = PaneID.alerts

    static let acknowledge = Action("alerts.acknowledge")
    static let acknowledgeAll = Action("alerts.acknowledge-all")
    static let shelve = Action("alerts.shelve")
    static let add = Action("alerts.add")
    static let showShelved = Action("alerts.show-shelved")

    static let bindings = [
        Binding(acknowledge, "a", in: .pane(id), hint: "ack", help: "Acknowledge the alert"),
        Binding(acknowledgeAll, "A", in: .pane(id), hint: "ack all", help: "Acknowledge all alerts shown"),
        Binding(
            shelve, "z", in: .pane(id), hint: "shelve", help: "Put the alert out of sight: 15 minutes, 1 hour, session"),
        Binding(add, "i", in: .pane(id), hint: "price alert", help: "New price alert"),
        Binding(showShelved, "v", in: .pane(id), help: "Show shelved alerts too, or hide them"),
    ]

    static func columns(_ context: PaneContext) -> [ListColumn] {
        [
            .words("", rank: 0, minimum: 2), .number("time", rank: 1), .words("what", rank: 0, minimum: 12),
            .words("about", rank: 5, minimum: 6),
        ]
    }

    static func emptyText(_ context: PaneContext) -> String { "No alerts. i sets a price alert." }

    /// How many alerts that need eyes nobody has seen to, by priority: `!!1 !2` for the tab, or nothing.
    static func badge(_ snapshot: Snapshot) -> String {
        let open = snapshot.alerts.filter { $0.state == .unacknowledged }
        let parts = [(AlertPriority.critical, "!!"), (.warning, "!")].compactMap { priority, mark -> String? in
            let count = open.filter { $0.alert.priority == priority }.count
            return count == 0 ? nil : "\(mark)\(count)"
        }
        return parts.joined(separator: " ")
    }

    static func rowID(_ id: Int64) -> RowID { RowID("alert \(id)") }

    static func allRows(_ snapshot: Snapshot, _ view: ViewState) -> [ListRow] {
        snapshot.alerts.compactMap { item in
            var isShelved = false
            if case .shelved(let until) = item.state { isShelved = until > snapshot.time }
            if isShelved, !view.lists.showsShelvedAlerts { return nil }
            let isOpen = item.state == .unacknowledged
            let (mark, key) = look(item.alert.priority)
            let about =
                item.alert.strategy.flatMap { snapshot.strategy($0)?.registration.name }
                ?? item.alert.instrument.flatMap { snapshot.market($0)?.instrument.pair } ?? ""
            return ListRow(
                id: rowID(item.id),
                cells: [
                    ListCell(isShelved ? "z" : mark, isShelved ? .alertShelved : key),
                    ListCell(String(item.alert.time.timeOfDay.prefix(5)), .textDim),
                    ListCell((item.count > 1 ? "\(item.count)× " : "") + item.alert.text, isOpen ? key : .text),
                    ListCell(about, .textDim),
                ], isDim: !isOpen, isLoud: isOpen && item.alert.priority > .info,
                isBlinking: isOpen && item.alert.priority == .critical)
        }
    }

    private static func look(_ priority: AlertPriority) -> (String, ThemeKey) {
        switch priority {
        case .info: ("", .alertInfo)
        case .warning: ("!", .alertWarn)
        case .critical: ("!!", .alertCritical)
        }
    }

    static func act(
        _ action: Action, on selected: RowID?, _ view: inout ViewState, _ context: HandlerContext
    ) -> [Consequence]? {
        let snapshot = context.snapshot
        switch action {
        case add:
            guard let market = snapshot.market(view.symbol) else { return [.toast(.info, "There is no instrument")] }
            return [.form(PriceAlertForm(market))]
        case showShelved:
            view.lists.showsShelvedAlerts.toggle()
            return []
        case acknowledgeAll:
            let shown = Set(rows(snapshot, view).map(\.id))
            let ids = snapshot.alerts.filter { shown.contains(rowID($0.id)) && $0.state == .unacknowledged }.map(\.id)
            if ids.isEmpty { return [.toast(.info, "Nothing shown waits to be acknowledged")] }
            return [.request(.acknowledge(ids)), .toast(.good, "Acknowledged \(Words.count(ids.count, "alert"))")]
        case .open, acknowledge, shelve: break
        default: return nil
        }
        guard let item = snapshot.alerts.first(where: { rowID($0.id) == selected }) else {
            return [.toast(.info, "There is no alert to act on")]
        }
        switch action {
        case acknowledge: return [.request(.acknowledge([item.id]))]
        case shelve: return [.layer(MenuLayer.shelve(item))]
        default: return cause(item.alert, &view, snapshot)
        }
    }

    /// Goes to what an alert is about: the order, else the strategy, else the instrument.
    private static func cause(_ alert: Alert, _ view: inout ViewState, _ snapshot: Snapshot) -> [Consequence] {
        if let order = alert.order, snapshot.orders.contains(where: { $0.order.id == order }) {
            view.lists.selected[.orders] = OrdersPane.rowID(order)
            return [.focus(.orders), .detail(OrderDetail(id: order))]
        }
        if let strategy = alert.strategy, snapshot.strategy(strategy) != nil {
            view.lists.selected[.strategies] = StrategiesPane.rowID(strategy)
            return [.focus(.strategies)]
        }
        if let instrument = alert.instrument { return [.symbol(instrument), .focus(.chart)] }
        return [.toast(.info, alert.text)]
    }
}
