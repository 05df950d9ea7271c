import Market

extension RecordDescriber {
    /// What the kernel wrote down.
    public func describe(_ record: Record) -> DescribedValue {
        switch record {
        case .signal(let signal): return describe(signal)
        case .verdict(let verdict): return describe(verdict)
        case .order(let order): return describe(order)
        case .fill(let fill):
            return fields(
                ("order", number(fill.order.rawValue)),
                to: .fields([
                    .init("owner", number(fill.owner.rawValue)), .init("instrument", name(fill.instrument)),
                    .init("side", .text(fill.side.name)), .init("time", time(fill.time)),
                    .init("purpose", .text(fill.purpose.name)), .init("fill", describe(fill.fill, fill.instrument)),
                ]))
        case .position(let position):
            return .fields([
                .init("owner", number(position.owner.rawValue)), .init("instrument", name(position.instrument)),
                .init("quantity", quantity(position.instrument, position.quantity)),
                .init("cost", money(position.cost)), .init("realized", money(position.realized)),
                .init("fees", money(position.fees)),
            ])
        case .trip(let trip):
            return .fields([
                .init("owner", number(trip.owner.rawValue)), .init("instrument", name(trip.instrument)),
                .init("side", .text(trip.side.name)), .init("quantity", quantity(trip.instrument, trip.quantity)),
                .init("opened", time(trip.openedAt)), .init("closed", time(trip.closedAt)),
                .init("profit", money(trip.profit)), .init("exit", .text(trip.exitPurpose.name)),
            ])
        case .strategy(let registration, let reason):
            return fields(("reason", reason.isEmpty ? .none : .text(reason)), to: describe(registration))
        case .strategyRemoved(let id): return .fields([.init("strategy", number(id.rawValue))])
        case .tradingState(let state, let at):
            let text: String
            switch state {
            case .active: text = "active"
            case .reducing(let reason): text = "reducing: \(reason.text)"
            case .halted: text = "halted"
            }
            return .fields([.init("time", time(at)), .init("state", .text(text))])
        case .refusal(let text): return .fields([.init("text", .text(text))])
        }
    }

    private func describe(_ signal: SignalRecord) -> DescribedValue {
        .fields([
            .init("strategy", number(signal.strategy.rawValue)), .init("instrument", name(signal.instrument)),
            .init("time", time(signal.time)), .init("price", price(signal.instrument, signal.price)),
            .init("direction", .text(signal.signal.direction.name)), .init("rule", .text(signal.signal.rule)),
            .init("strength", real(signal.signal.strength)), .init("confidence", real(signal.signal.confidence)),
            .init("values", .fields(signal.signal.values.map { .init($0.name, real($0.value)) })),
            .init("outcome", .text(signal.outcome)),
        ])
    }

    private func describe(_ verdict: Verdict) -> DescribedValue {
        .fields([
            .init("order", number(verdict.order.rawValue)), .init("time", time(verdict.time)),
            .init("verdict", .text(verdict.text)),
            .init(
                "checks",
                .list(
                    verdict.outcomes.map {
                        .fields([.init("check", .text($0.text)), .init("passed", .flag($0.isPassed))])
                    })),
        ])
    }

    /// A registration with its parameters as names and numbers.
    public func describe(_ registration: StrategyRegistration) -> DescribedValue {
        let sizing: DescribedValue
        switch registration.sizing {
        case .allIn: sizing = .text("all-in")
        case .quantity(let size): sizing = quantity(registration.instrument, size)
        case .equityShare(let share): sizing = ratio(share)
        }
        // Rules on one line: their text is the name of the class.
        let isRules = registration.classTitle != registration.className
        let rules = String(registration.className.map { $0 == "\n" ? ";" : $0 == "\t" ? " " : $0 })
        return .fields([
            .init("strategy", number(registration.id.rawValue)), .init("name", .text(registration.name)),
            .init("class", .text(isRules ? rules : registration.className)),
            .init("status", .text(registration.status.rawValue)),
            .init("instrument", name(registration.instrument)),
            .init("timeframe", .text(registration.timeframe.description)), .init("sizing", sizing),
            .init("capital-share", ratio(registration.capitalShare)),
            .init("stop-loss", ratio(registration.protection.stopLoss)),
            .init("take-profit", ratio(registration.protection.takeProfit)),
            .init("trailing-stop", ratio(registration.protection.trailingStop)),
            .init("parameters", .fields(registration.parameters.texts.map { .init($0.name, .text($0.text)) })),
        ])
    }

    /// JSON knows no number that is none.
    private func real(_ value: Double) -> DescribedValue { value.isFinite ? .number("\(value)") : .text("\(value)") }

    /// A command.
    public func describe(_ command: Command) -> DescribedValue {
        func about(_ word: String, _ rest: [DescribedValue.Field] = []) -> DescribedValue {
            .fields([.init("command", .text(word))] + rest)
        }
        func strategy(_ id: StrategyID) -> DescribedValue.Field { .init("strategy", number(id.rawValue)) }
        switch command {
        case .register(let registration, let history):
            return about(
                "register", [.init("registration", describe(registration)), .init("candles", number(history.count))])
        case .remove(let id): return about("remove", [strategy(id)])
        case .enable(let id, let history):
            return about("enable", [strategy(id), .init("candles", number(history.count))])
        case .disable(let id): return about("disable", [strategy(id)])
        case .place(let request, let owner):
            return about("place", [strategy(owner), .init("request", describe(request))])
        case .cancel(let id): return about("cancel", [.init("order", number(id.rawValue))])
        case .cancelAll(let id): return about("cancel-all", [.init("instrument", id.map(name) ?? .none)])
        case .close(let id, let instrument):
            return about("close", [strategy(id), .init("instrument", name(instrument))])
        case .halt: return about("halt")
        case .emergencyStop(let keeps): return about("emergency-stop", [.init("keeps-protection", .flag(keeps))])
        case .flatten: return about("flatten")
        case .rearm: return about("re-arm")
        case .limits(let limits): return about("limits", describe(limits))
        case .resetBreakers: return about("reset-breakers")
        case .block(let id, let reason):
            return about("block", [.init("instrument", name(id)), .init("reason", .text(reason))])
        case .unblock(let id): return about("unblock", [.init("instrument", name(id))])
        case .accept(let truth): return about("accept", [.init("corrections", number(truth.corrections.count))])
        case .haltStrategy(let id, let reason):
            return about("halt-strategy", [strategy(id), .init("reason", .text(reason))])
        case .catchUp(let id, let candles):
            return about("catch-up", [strategy(id), .init("candles", number(candles.count))])
        case .settle(let settlement):
            let position = [strategy(settlement.owner), .init("instrument", name(settlement.instrument))]
            switch settlement.kind {
            case .liquidation(let fill):
                return about(
                    "liquidate",
                    position + [
                        .init("price", price(settlement.instrument, fill.price)),
                        .init("quantity", quantity(settlement.instrument, fill.quantity)),
                        .init("fee", money(fill.quoteFee)),
                    ])
            case .funding(let amount): return about("fund", position + [.init("paid", money(amount))])
            }
        case .bookClaimed(let trade):
            return about("book-claimed", [.init("instrument", name(trade.instrument))])
        case .bound(let id, let quantity):
            return about("bound", [.init("instrument", name(id)), .init("quantity", self.quantity(id, quantity))])
        case .rules(let id, let rules):
            return about(
                "rules",
                [
                    .init("instrument", name(id)), .init("tick", price(id, rules.tick)),
                    .init("step", quantity(id, rules.quantityStep)),
                    .init("market-step", quantity(id, rules.marketQuantityStep)),
                    .init("smallest", quantity(id, rules.minimumQuantity)),
                    .init("largest", quantity(id, rules.maximumQuantity)),
                    .init("largest-market", quantity(id, rules.maximumMarketQuantity)),
                    .init("smallest-notional", .number(DecimalText.text(Int128(rules.minimumNotional), scale: 8))),
                ])
        }
    }

    private func describe(_ limits: RiskLimits) -> [DescribedValue.Field] {
        [
            .init("open-orders", limits.maximumOpenOrders.map { number($0) } ?? .none),
            .init("order-notional", money(limits.maximumOrderNotional)),
            .init("position-notional", money(limits.maximumPositionNotional)),
            .init("exposure", ratio(limits.maximumExposure)), .init("drawdown", ratio(limits.maximumDrawdown)),
            .init("daily-loss", ratio(limits.maximumDailyLoss)),
            .init("data-age-seconds", limits.maximumDataAgeSeconds.map { number($0) } ?? .none),
            .init("price-band", ratio(limits.priceBand)),
        ]
    }
}
