import Market

// Making, judging, cancelling and amending orders.
extension Kernel {
    /// Numbers an order, has it judged, and lets it out when the gate allows it. Returns it as it is then.
    ///
    /// - Parameter isHeld: whether an order that may go stays until others have ended; see `releaseHeld`.
    @discardableResult
    func submit(
        _ request: OrderRequest, owner: StrategyID, isHeld: Bool = false, _ effects: inout [Effect]
    ) -> Order {
        var order = Order(
            id: ledger.nextID, owner: owner, request: request, quote: account.currency,
            decisionPrice: instruments[request.instrument.index].mark ?? .zero, createdAt: now)
        let isAllowed = judge(order)
        if isAllowed {
            if !isHeld { order.state = .submitting }
        } else {
            order.state = .denied
            order.reason = .riskGate
        }
        ledger.append(order)
        if options.recording == .everything || !isAllowed {
            record(.verdict(Verdict(order: order.id, time: now, outcomes: outcomes)), &effects)
        }
        recordOrder(order, &effects)
        if isAllowed {
            remember(order)
            if !isHeld { effects.append(.submit(order)) }
        } else if !owner.isManual {
            alert(
                order.request.purpose.isProtective ? .critical : .warning, Alert.denied,
                refusalText {
                    let verdict = Verdict(order: order.id, time: now, outcomes: outcomes)
                    return "\(order.request.purpose.name) order \(order.id.rawValue) denied: \(verdict.text)"
                },
                instrument: request.instrument, strategy: owner, order: order.id, &effects)
        }
        return order
    }

    /// Notes a working order in its strategy's slot.
    func remember(_ order: Order) {
        guard let slot = slot(order.owner) else { return }
        switch order.request.purpose {
        case .entry: slot.entry = order.id
        case .exit, .close: slot.exit = order.id
        case .stopLoss, .trailingStop: slot.stop = order.id
        case .takeProfit: slot.target = order.id
        case .manual, .reconciliation, .liquidation: break
        }
    }

    func recordOrder(_ order: Order, _ effects: inout [Effect]) {
        if options.recording == .everything { record(.order(order), &effects) }
    }

    /// Sends an order that was held, for a quantity that may be another by now.
    func release(_ order: Order, _ quantity: Quantity, _ effects: inout [Effect]) {
        ledger.update(order.id) {
            $0.request.quantity = quantity
            $0.state = .submitting
            $0.requestedAt = now
            $0.updatedAt = now
        }
        guard let sent = ledger[order.id] else { return }
        recordOrder(sent, &effects)
        effects.append(.submit(sent))
    }

    /// Asks the venue to cancel, once.
    func cancel(_ order: Order, _ reason: OrderReason, _ effects: inout [Effect]) {
        guard !order.state.isClosed else { return }
        noteWithdrawal(of: order, reason)
        if order.state == .initialized { return endHeld(order, reason, &effects) }
        if order.isCancelPending {
            // What the emergency stop cancels is not placed anew.
            if reason == .emergencyStop { ledger.update(order.id) { $0.reason = reason } }
            // Its cancel went out with an order that is to take its place, and nothing may come of the two.
            if successor(of: order) != nil { effects.append(.cancel(order.id)) }
            return
        }
        ledger.update(order.id) {
            $0.isCancelPending = true
            $0.reason = reason
            $0.requestedAt = now
        }
        effects.append(.cancel(order.id))
        if let changed = ledger[order.id] { recordOrder(changed, &effects) }
    }

    /// Asks the venue for new terms of a working order.
    func amend(_ id: OrderID, _ amendment: OrderAmendment, _ effects: inout [Effect]) {
        ledger.update(id) {
            $0.isAmendPending = true
            $0.isAmendUnanswered = false
            $0.requestedAt = now
        }
        effects.append(.amend(id, amendment))
    }
}
