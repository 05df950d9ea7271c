import Engine
import Market
import Terminal
import Trading

/// Registered strategies: on or off, how they fare, what they said last.
enum StrategiesPane: ListPane {
    static let id = PaneID.strategies

    static let edit = Action("strategies.edit")
    static let add = Action("strategies.add")
    static let remove = Action("strategies.remove")
    static let backtest = Action("strategies.backtest")

    static let bindings = [
        Binding(edit, "e", in: .pane(id), hint: "edit", help: "Change the strategy's parameters"),
        Binding(add, "i", in: .pane(id), hint: "new", help: "Register a new strategy"),
        Binding(remove, "x", in: .pane(id), help: "Remove the strategy"),
        Binding(backtest, "b", in: .pane(id), hint: "backtest", help: "Backtest with these parameters"),
    ]

    static func columns(_ context: PaneContext) -> [ListColumn] {
        [
            .words("", rank: 0, minimum: 3), .words("name", rank: 0, minimum: 10),
            .words("market", rank: 3, minimum: 7),
            .words("mode", rank: 4, minimum: 5), .number("day P&L", rank: 0), .number("total", rank: 6),
            .number("win", rank: 4), .number("PF", rank: 3), .number("trips", rank: 7),
            .words("position", rank: 5, minimum: 4), .words("last signal", rank: 2, minimum: 12),
        ]
    }

    static func emptyText(_ context: PaneContext) -> String { "No strategies are registered. i registers one." }

    static func note(_ context: PaneContext) -> String {
        let all = context.snapshot.strategies
        let enabled = all.filter { $0.registration.status == .enabled }.count
        return all.isEmpty ? "" : "\(enabled) of \(all.count) on"
    }

    static func rowID(_ id: StrategyID) -> RowID { RowID("strategy \(id.rawValue)") }

    static func allRows(_ snapshot: Snapshot, _ view: ViewState) -> [ListRow] {
        snapshot.strategies.map { strategy in
            let registration = strategy.registration
            let instrument = snapshot.market(registration.instrument)?.instrument
            let (mark, key) = status(registration.status)
            return ListRow(
                id: rowID(registration.id),
                cells: [
                    ListCell(mark, key), ListCell(registration.name, .textStrong),
                    ListCell("\(instrument?.base.code ?? "?") \(registration.timeframe)"), mode(strategy, snapshot),
                    ListCell(Words.profit(strategy.dayProfit), profitKey(strategy.dayProfit)),
                    ListCell(Words.profit(strategy.totalProfit), profitKey(strategy.totalProfit)),
                    ListCell(
                        strategy.tripCount > 0
                            ? Words.percent(Double(strategy.winCount) / Double(strategy.tripCount)) : "–"),
                    ListCell(strategy.profitFactor.map { Words.fixed($0, 2) } ?? "–"),
                    ListCell("\(strategy.tripCount)"),
                    ListCell(
                        Describe.direction(strategy.position.quantity), strategy.position.isFlat ? .textDim : .text),
                    lastSignal(strategy),
                ], isDim: registration.status == .disabled)
        }
    }

    static func draw(_ area: Rect, into canvas: inout Canvas, _ context: PaneContext) {
        let count = context.snapshot.strategies.count
        let hasTotals = count > 0 && area.height >= count + 4
        let table = hasTotals ? area.inset(bottom: 2) : area
        drawRows(table, into: &canvas, context)
        if hasTotals {
            EquityLine.draw(
                Rect(x: area.x, y: area.maxY - 1, width: area.width, height: 1), into: &canvas, context)
        }
    }

    private static func status(_ status: StrategyStatus) -> (String, ThemeKey) {
        switch status {
        case .enabled: ("[x]", .strategyOn)
        case .disabled: ("[ ]", .strategyOff)
        case .halted: ("[!]", .strategyHalted)
        }
    }

    private static func mode(_ strategy: StrategyView, _ snapshot: Snapshot) -> ListCell {
        switch strategy.registration.status {
        case .disabled: ListCell("OFF", .strategyOff)
        case .halted: ListCell("HALT", .strategyHalted)
        case .enabled:
            switch snapshot.mode {
            case .paper: ListCell("PAPER", .strategyPaper)
            case .testnet: ListCell("TEST", .strategyPaper)
            case .live: ListCell("LIVE", .strategyLive)
            }
        }
    }

    private static func profitKey(_ money: Money) -> ThemeKey {
        money.isZero ? .pnlZero : money.units > 0 ? .pnlGain : .pnlLoss
    }

    private static func lastSignal(_ strategy: StrategyView) -> ListCell {
        switch strategy.rules {
        case .changed: return ListCell("rules changed: R loads", .statusWarn)
        case .wrong(_, let problem):
            return ListCell("rules: \(RulesWords.place(problem))", .statusBad)
        case nil: break
        }
        if strategy.registration.status == .halted, !strategy.statusReason.isEmpty {
            return ListCell(strategy.statusReason, .strategyHalted)
        }
        if strategy.warmUpRemaining > 0, strategy.registration.status == .enabled {
            return ListCell("warming up, \(Words.count(strategy.warmUpRemaining, "candle"))", .textDim)
        }
        guard let record = strategy.lastSignal else { return ListCell("–", .textDim) }
        return ListCell(
            "\(record.signal.direction.name.uppercased()) \(record.time.timeOfDay.prefix(5)) \(record.signal.rule)")
    }

    static func act(
        _ action: Action, on selected: RowID?, _ view: inout ViewState, _ context: HandlerContext
    ) -> [Consequence]? {
        let snapshot = context.snapshot
        if action == add {
            guard !view.catalog.classes.isEmpty else { return [.toast(.info, "There are no strategy classes")] }
            return [.layer(PaletteLayer(text: "add "))]
        }
        if action == .refresh {
            let strategy = snapshot.strategies.first { rowID($0.registration.id) == selected }
            return strategy.flatMap { RulesWords.loading($0, snapshot) }
        }
        guard [.open, .toggle, edit, remove, backtest].contains(action) else { return nil }
        guard let strategy = snapshot.strategies.first(where: { rowID($0.registration.id) == selected }) else {
            return [.toast(.info, "There is no strategy to act on")]
        }
        switch action {
        case .open: return [.detail(StrategyDetail(id: strategy.registration.id))]
        case .toggle: return TradingQuestions.toggle(strategy, snapshot)
        case edit: return [.form(StrategyForm(strategy.registration))]
        case remove: return TradingQuestions.remove(strategy, snapshot)
        default: return BacktestsState.opening(strategy.registration, snapshot, view.catalog)
        }
    }
}
