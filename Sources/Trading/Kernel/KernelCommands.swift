import Market

// What people and programs ask for.
extension Kernel {
    func commanded(_ command: Command, _ effects: inout [Effect]) {
        switch command {
        case .register(let registration, let history):
            register(registration, history, &effects)
        case .remove(let id):
            remove(id, &effects)
        case .enable(let id, let history):
            enable(id, history, &effects)
        case .disable(let id):
            disable(id, &effects)
        case .place(let request, let owner):
            place(request, owner, &effects)
        case .cancel(let id):
            cancelByOperator(id, &effects)
        case .cancelAll(let instrument):
            withdrawBrackets(in: instrument)
            for order in openOrders where instrument == nil || order.request.instrument == instrument {
                cancel(order, .cancelledByOperator, &effects)
            }
        case .close(let owner, let instrument):
            close(owner, instrument, &effects)
        case .halt:
            latch(&effects)
        case .emergencyStop(let keepsProtection):
            latch(&effects)
            if !keepsProtection { withdrawBrackets() }
            for order in openOrders where !(keepsProtection && order.request.purpose.isProtective) {
                cancel(order, .emergencyStop, &effects)
            }
        case .flatten:
            latch(&effects)
            isFlattening = true
            // Whatever is held is closed now, at another pace.
            owedExits = []
            withdrawBrackets()
            for order in openOrders { cancel(order, .emergencyStop, &effects) }
            continueFlattening(&effects)
        case .rearm:
            rearm(&effects)
        case .limits(let limits):
            self.limits = limits
            updateBreakerFlag()
        case .resetBreakers:
            resetBreakers(&effects)
        case .haltStrategy(let id, let reason):
            haltStrategy(id, reason, &effects)
        case .catchUp(let id, let candles):
            catchUp(id, candles, &effects)
        case .block(let instrument, let reason):
            block(instrument, reason, &effects)
        case .unblock(let instrument):
            unblock(instrument, &effects)
        case .accept(let truth):
            accept(truth, &effects)
        case .settle(let settlement):
            settle(settlement, &effects)
        case .bookClaimed(let trade):
            book(trade, &effects)
        case .bound(let instrument, let quantity):
            noteBound(instrument, quantity, &effects)
        case .rules(let instrument, let rules):
            guard instruments.indices.contains(instrument.index) else {
                return refuse("the rules of instrument \(instrument.index): there is none", &effects)
            }
            instruments[instrument.index].instrument.rules = rules
        }
    }

    func refuse(_ text: String, _ effects: inout [Effect]) { record(.refusal(text), &effects) }

    // MARK: Strategies

    private func register(_ registration: StrategyRegistration, _ history: [Candle], _ effects: inout [Effect]) {
        guard instruments.indices.contains(registration.instrument.index) else {
            return refuse("strategy \(registration.name): there is no such instrument", &effects)
        }
        if let slot = slot(registration.id) {
            let isElsewhere = slot.registration.instrument != registration.instrument
            if isElsewhere && !positions[slot.position].isFlat {
                return refuse("strategy \(slot.registration.name) holds a position; close it first", &effects)
            }
            if isElsewhere {
                guard !mayStillOpen(slot) else { return waitForEntry(of: slot, &effects) }
                cancelOrders(of: slot, .strategyStopped, &effects)
                slots.removeAll { $0 === slot }
            }
        }
        let existing = slot(registration.id)
        let protection = existing?.registration.protection
        guard let (registration, strategy) = make(registration, &effects) else { return }
        let slot: StrategySlot
        if let existing {
            existing.strategy.onStop()
            slot = StrategySlot(existing, registration, strategy)
            slot.base = account.initialEquity.share(registration.capitalShare, rounding: .down)
            replace(existing, by: slot)
        } else {
            slot = StrategySlot(
                registration, strategy, position: positionIndex(registration.id, registration.instrument),
                base: account.initialEquity.share(registration.capitalShare, rounding: .down), peak: nil)
            slots.append(slot)
            slots.sort { $0.id < $1.id }
            noteStanding(slot)
        }
        updateBreakerFlag()
        record(.strategy(registration, reason: ""), &effects)
        warm(slot, history, &effects)
        protect(slot, movesPrices: protection.map { $0 != registration.protection } ?? false, &effects)
    }

    /// The strategy of a registration, and the registration with its parameters as the class describes them.
    func make(
        _ registration: StrategyRegistration, _ effects: inout [Effect]
    ) -> (StrategyRegistration, any Strategy)? {
        guard let strategyClass = catalog.strategyClass(named: registration.className) else {
            refuse("strategy \(registration.name): there is no class '\(registration.classTitle)'", &effects)
            return nil
        }
        if let problem = strategyClass.problem(with: registration.timeframe) {
            refuse("strategy \(registration.name): \(problem)", &effects)
            return nil
        }
        do {
            var described = registration
            described.parameters = try registration.parameters.described(by: strategyClass.descriptor.parameters)
            return (described, try strategyClass.make(described.parameters))
        } catch {
            refuse("strategy \(registration.name): \(error.description)", &effects)
            return nil
        }
    }

    /// Lets a fresh strategy see the candles before now; what it says to them is history and leads to nothing.
    private func warm(_ slot: StrategySlot, _ history: [Candle], _ effects: inout [Effect]) {
        slot.strategy.onStart()
        show(slot, history, standing: false, &effects)
    }

    /// Shows a strategy closed candles of the past; a fault halts it as it would later.
    ///
    /// - Parameter standing: whether it is told where it stands; otherwise it is told that it holds nothing.
    private func show(_ slot: StrategySlot, _ candles: [Candle], standing: Bool, _ effects: inout [Effect]) {
        let index = slot.registration.instrument.index
        for candle in candles {
            slot.candleCount += 1
            let bar = Bar(
                candle, timeframe: slot.registration.timeframe, priceUnits: instruments[index].priceUnits,
                quantityUnits: instruments[index].quantityUnits)
            let context = StrategyContext(
                direction: standing ? slot.direction : .flat, entryPrice: standing ? slot.entryPrice : 0,
                candleCount: slot.candleCount)
            options.probe?.enter(slot.id)
            do {
                _ = try slot.strategy.onCandle(bar, context)
                options.probe?.leave()
            } catch {
                options.probe?.leave()
                return halt(slot, error.text, kind: Alert.strategyFault, &effects)
            }
        }
    }

    private func catchUp(_ id: StrategyID, _ candles: [Candle], _ effects: inout [Effect]) {
        guard let slot = slot(id) else { return refuse("there is no strategy \(id.rawValue)", &effects) }
        show(slot, candles, standing: true, &effects)
    }

    private func haltStrategy(_ id: StrategyID, _ reason: String, _ effects: inout [Effect]) {
        guard let slot = slot(id) else { return refuse("there is no strategy \(id.rawValue)", &effects) }
        guard slot.registration.status != .halted else { return }
        halt(slot, reason, kind: Alert.strategyFault, &effects)
    }

    private func enable(_ id: StrategyID, _ history: [Candle], _ effects: inout [Effect]) {
        guard let existing = slot(id) else { return refuse("there is no strategy \(id.rawValue)", &effects) }
        guard existing.registration.status != .enabled else { return }
        guard let (registration, strategy) = make(existing.registration, &effects) else { return }
        let wasHalted = existing.registration.status == .halted
        let slot = StrategySlot(existing, registration, strategy)
        slot.registration.status = .enabled
        replace(existing, by: slot)
        if wasHalted {
            // A person has looked at it: its drawdown is measured from here.
            slot.peak = .zero(account.currency)
            slot.peak = equity(of: slot)
        }
        record(.strategy(slot.registration, reason: "enabled"), &effects)
        warm(slot, history, &effects)
        protect(slot, &effects)
    }

    private func replace(_ slot: StrategySlot, by other: StrategySlot) {
        for index in slots.indices where slots[index] === slot { slots[index] = other }
    }

    private func disable(_ id: StrategyID, _ effects: inout [Effect]) {
        guard let slot = slot(id) else { return refuse("there is no strategy \(id.rawValue)", &effects) }
        guard slot.registration.status != .disabled else { return }
        slot.registration.status = .disabled
        slot.strategy.onStop()
        if let entry = slot.entry, let order = ledger[entry] { cancel(order, .strategyStopped, &effects) }
        record(.strategy(slot.registration, reason: "disabled"), &effects)
    }

    private func remove(_ id: StrategyID, _ effects: inout [Effect]) {
        guard let slot = slot(id) else { return refuse("there is no strategy \(id.rawValue)", &effects) }
        guard isDust(positions[slot.position]) else {
            return refuse("strategy \(slot.registration.name) holds a position; close it first", &effects)
        }
        guard !mayStillOpen(slot) else { return waitForEntry(of: slot, &effects) }
        slot.strategy.onStop()
        cancelOrders(of: slot, .strategyStopped, &effects)
        slots.removeAll { $0 === slot }
        updateBreakerFlag()
        record(.strategyRemoved(id), &effects)
    }

    /// Whether an order of a strategy may yet open a position. It must not outlive its strategy: nobody would protect what it
    /// opens.
    private func mayStillOpen(_ slot: StrategySlot) -> Bool {
        openOrders.contains { $0.owner == slot.id && !$0.request.isReduceOnly }
    }

    /// Has a strategy open nothing more, instead of letting it go while an order of its may yet fill.
    private func waitForEntry(of slot: StrategySlot, _ effects: inout [Effect]) {
        disable(slot.id, &effects)
        for order in openOrders where order.owner == slot.id && !order.request.isReduceOnly && !order.isCancelPending {
            cancel(order, .strategyStopped, &effects)
        }
        refuse(
            "strategy \(slot.registration.name) has an order that may yet fill; it is disabled and the order is being "
                + "cancelled: ask again when that has ended", &effects)
    }

    private func cancelOrders(of slot: StrategySlot, _ reason: OrderReason, _ effects: inout [Effect]) {
        for order in openOrders where order.owner == slot.id { cancel(order, reason, &effects) }
    }

    // MARK: Orders and positions

    private func cancelByOperator(_ id: OrderID, _ effects: inout [Effect]) {
        guard let order = ledger[id] else { return refuse("there is no order \(id.rawValue)", &effects) }
        guard !order.state.isClosed else {
            return refuse("order \(id.rawValue) is \(order.state.name) already", &effects)
        }
        cancel(order, .cancelledByOperator, &effects)
        cancelCompanions(of: order, &effects)
    }

    private func close(_ owner: StrategyID, _ instrument: InstrumentID, _ effects: inout [Effect]) {
        let position = position(owner, instrument)
        guard !position.isFlat else { return refuse("there is no such position", &effects) }
        guard !isDust(position) else {
            return refuse("what is left is less than the smallest order; it goes with the next exit", &effects)
        }
        if hasWorkingClose(owner, instrument) { return refuse("the position is being closed already", &effects) }
        guard submitExit(position, .close, &effects) != nil else {
            return refuse("nothing of it can be sold: others have locked it, or its venue has it no more", &effects)
        }
    }

    func hasWorkingClose(_ owner: StrategyID, _ instrument: InstrumentID) -> Bool {
        openOrders.contains {
            $0.owner == owner && $0.request.instrument == instrument
                && ($0.request.purpose == .close || $0.request.purpose == .exit)
        }
    }
}
