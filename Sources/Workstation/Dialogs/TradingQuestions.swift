import Engine
import Market
import Storage
import Terminal
import Trading

/// What trading actions ask before they are sent: one place that knows tiers, facts and words to type.
enum TradingQuestions {
    /// The tier of something that adds risk: one line on paper, a typed word where money is real.
    static func tier(_ mode: TradingMode) -> ConfirmationTier { mode == .live ? .typed : .line }

    /// Enables or disables a strategy.
    static func toggle(_ strategy: StrategyView, _ snapshot: Snapshot) -> [Consequence] {
        let registration = strategy.registration
        if registration.status == .enabled {
            let orders = Words.count(strategy.openOrderCount, "open order")
            let stay = "closes nothing; \(strategy.openOrderCount == 0 ? "no open orders" : "\(orders) stay")"
            let enabling = enabling(strategy, snapshot)
            // Undoing a slip needs no question on paper; with real money it adds risk like any enabling.
            let undo = snapshot.mode == .live ? enabling : [.request(.enableStrategy(registration.id))]
            return [
                .request(.disableStrategy(registration.id)), .toast(.info, "Disabled \(registration.name): \(stay)"),
                .undoable("disable \(registration.name)", undo),
            ]
        }
        return enabling(strategy, snapshot)
    }

    private static func enabling(_ strategy: StrategyView, _ snapshot: Snapshot) -> [Consequence] {
        let registration = strategy.registration
        let market = snapshot.market(registration.instrument)?.instrument
        if let missing = missingEvidence(registration, snapshot) {
            return [
                .confirm(
                    Confirmation(
                        tier: .typed, title: "Enable \(registration.name) without evidence",
                        facts: missing.map { Confirmation.Fact("missing", $0) }, word: "WAIVE",
                        request: .enableStrategy(registration.id),
                        reasoned: { .enableWaived(registration.id, reason: $0) }))
            ]
        }
        var facts = [
            Confirmation.Fact("on", "\(market?.pair ?? "?") \(registration.timeframe), \(snapshot.mode.rawValue)"),
            Confirmation.Fact("size", Describe.sizing(registration.sizing, market)),
        ]
        if registration.status == .halted, !strategy.statusReason.isEmpty {
            facts.append(.init("was halted", strategy.statusReason))
        }
        if strategy.warmUpRemaining > 0 {
            facts.append(.init("first signal", "after \(Words.count(strategy.warmUpRemaining, "candle"))"))
        }
        if snapshot.tradingState == .halted {
            facts.append(.init("note", "the emergency stop still blocks its orders"))
        }
        return [
            .confirm(
                Confirmation(
                    tier: tier(snapshot.mode), title: "Enable \(registration.name)", facts: facts, word: "LIVE",
                    request: .enableStrategy(registration.id)))
        ]
    }

    /// What the engine said is missing when a strategy was last to be enabled with real money; `nil` where it said nothing.
    private static func missingEvidence(_ registration: StrategyRegistration, _ snapshot: Snapshot) -> [String]? {
        let start = EvidenceDenial.start(registration.name)
        guard snapshot.mode == .live,
            let text = snapshot.notices.last(where: { $0.kind == .refused && $0.text.hasPrefix(start) })?.text
        else { return nil }
        return EvidenceDenial.missing(text.dropFirst(start.count))
    }

    /// Removes a strategy.
    static func remove(_ strategy: StrategyView, _ snapshot: Snapshot) -> [Consequence] {
        let instrument = snapshot.market(strategy.registration.instrument)?.instrument
        let isHolding = instrument.map { !strategy.position.isDust($0) } ?? !strategy.position.isFlat
        guard !isHolding, strategy.openOrderCount == 0 else {
            return [.toast(.error, "\(strategy.registration.name) still holds a position or orders: close them first")]
        }
        return [
            .confirm(
                Confirmation(
                    tier: tier(snapshot.mode), title: "Remove \(strategy.registration.name)",
                    facts: [.init("effect", "its registration ends; its orders and fills stay in the store")],
                    word: strategy.registration.name, request: .removeStrategy(strategy.registration.id)))
        ]
    }

    /// Cancels one order.
    static func cancel(_ order: OrderView, _ snapshot: Snapshot) -> [Consequence] {
        let id = order.order.id
        guard !order.order.state.isClosed else {
            return [.toast(.info, "Order \(id.rawValue) is \(order.order.state.name) already")]
        }
        if order.order.isCancelPending {
            return [.toast(.info, "A cancel of order \(id.rawValue) is on its way already")]
        }
        var facts = [Confirmation.Fact("order", Describe.order(order.order, snapshot))]
        if order.order.request.purpose.isProtective {
            facts.append(
                .init("effect", "the position of \(order.ownerName) loses its \(order.order.request.purpose.name)"))
        }
        let needsWord = snapshot.mode == .live && order.order.request.purpose.isProtective
        return [
            .confirm(
                Confirmation(
                    tier: needsWord ? .typed : .line, title: "Cancel order \(id.rawValue)", facts: facts,
                    word: "\(id.rawValue)", request: .cancelOrder(id)))
        ]
    }

    /// Claims an order of another client, and cancels it.
    static func claim(_ order: ExternalOrderView, _ snapshot: Snapshot) -> [Consequence] {
        guard let instrument = snapshot.market(order.instrument)?.instrument else { return [] }
        var facts = [Confirmation.Fact("order", Describe.external(order, instrument))]
        let companions = snapshot.externalOrders.filter {
            order.listID != nil && $0.listID == order.listID && $0.instrument == order.instrument && $0 != order
        }
        for companion in companions {
            facts.append(.init("with it", "\(Describe.external(companion, instrument)): a list ends as a whole"))
        }
        facts.append(.init("careful", "another client of the account placed it"))
        return [
            .confirm(
                Confirmation(
                    tier: tier(snapshot.mode), title: "Claim and cancel order \(order.venueID)", facts: facts,
                    word: order.venueID,
                    request: .claimOrder("\(instrument.symbol):\(order.venueID)", cancels: true)))
        ]
    }

    /// Cancels every order of an instrument, or all there are.
    static func cancelAll(_ instrument: InstrumentID?, _ snapshot: Snapshot) -> [Consequence] {
        let orders = snapshot.orders.filter { view in
            !view.order.state.isClosed && (instrument == nil || view.order.request.instrument == instrument)
        }
        let name = instrument.flatMap { snapshot.market($0)?.instrument.pair }
        guard !orders.isEmpty else {
            return [.toast(.info, "There are no open orders\(name.map { " of \($0)" } ?? "")")]
        }
        let protective = orders.filter { $0.order.request.purpose.isProtective }.count
        var facts = [Confirmation.Fact("orders", "\(orders.count)")]
        if protective > 0 { facts.append(.init("among them", "\(Words.count(protective, "protective order"))")) }
        return [
            .confirm(
                Confirmation(
                    tier: tier(snapshot.mode), title: "Cancel all orders\(name.map { " of \($0)" } ?? "")",
                    facts: facts, word: "CANCEL", request: .cancelAll(instrument)))
        ]
    }

    /// Closes a position at market.
    static func close(_ position: PositionView, _ snapshot: Snapshot) -> [Consequence] {
        guard let market = snapshot.market(position.position.instrument) else { return [] }
        let instrument = market.instrument
        let quantity = position.position.quantity
        var facts = [
            Confirmation.Fact("account", snapshot.mode.rawValue),
            Confirmation.Fact("venue", instrument.venue),
            Confirmation.Fact(
                "order",
                "\(quantity.mantissa > 0 ? "SELL" : "BUY") \(instrument.text(quantity.magnitude)) \(instrument.pair) market, reduce-only"
            ),
            Confirmation.Fact(
                "notional",
                "\(Words.money(instrument.notional(position.mark, quantity.magnitude))) \(instrument.quote.code)"),
            Confirmation.Fact("unrealised", "\(Words.profit(position.unrealized)) \(instrument.quote.code)"),
        ]
        if let age = Describe.staleness(market) { facts.append(.init("careful", "prices are \(age) old")) }
        return [
            .confirm(
                Confirmation(
                    tier: tier(snapshot.mode), title: "Close \(instrument.pair) of \(position.ownerName)", facts: facts,
                    word: instrument.text(quantity.magnitude),
                    request: .closePosition(position.position.owner, position.position.instrument)))
        ]
    }

    /// Takes the venue's word for what is held of an instrument that does not agree.
    static func accept(_ id: InstrumentID, _ snapshot: Snapshot) -> [Consequence] {
        guard let instrument = snapshot.market(id)?.instrument else { return [] }
        guard let block = snapshot.block(id) else {
            return [.toast(.info, "\(instrument.pair) agrees with its venue; there is nothing to accept")]
        }
        return [
            .confirm(
                Confirmation(
                    tier: tier(snapshot.mode), title: "Accept the venue's word for \(instrument.pair)",
                    facts: [
                        .init("differs", block.reason), .init("since", block.since.description),
                        .init(
                            "effect", "the difference is booked as a fill that nobody reported; orders may open again"),
                    ], word: instrument.symbol, request: .acceptPosition(id)))
        ]
    }

    /// Takes the venue's word for the cash.
    static func acceptCash(_ snapshot: Snapshot) -> [Consequence] {
        [
            .confirm(
                Confirmation(
                    tier: tier(snapshot.mode), title: "Accept the venue's word for the cash",
                    facts: [.init("effect", "cash becomes what the venue says, where the two differ")], word: "CASH",
                    request: .acceptCash))
        ]
    }

    /// Takes peak and day start anew, which lets trading go on after a breaker.
    static func resetBreakers(_ snapshot: Snapshot) -> [Consequence] {
        [
            .confirm(
                Confirmation(
                    tier: tier(snapshot.mode), title: "Reset the breakers",
                    facts: [.init("effect", "drawdown and day loss are measured from now on")], word: "RESET",
                    request: .resetBreakers))
        ]
    }
}
