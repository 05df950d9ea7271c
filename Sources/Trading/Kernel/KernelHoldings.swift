import Market

// Venues where a sale locks what it sells (`KernelOptions.locksHoldings`).
//
// A stop that works has locked the position: a market order to close it would be refused for want of balance, and so would a
// target beside the stop. So a position is closed in two steps, the protective orders being withdrawn first, and a stop and a
// target are placed and withdrawn together, as the pair that a venue takes as one order.
extension Kernel {
    // MARK: - Protection

    /// Brings the protective orders in line with what is held: places those that are wanted together, and withdraws all of
    /// them where one is missing or of another size; once they are gone they are placed anew.
    func keepTogether(
        _ slot: StrategySlot, stop: OrderRequest?, target: OrderRequest?, movesPrices: Bool,
        _ effects: inout [Effect]
    ) {
        // What is on its way out needs what a protective order would lock, and a market entry fills in one go.
        if slot.exit != nil || isFillingAtOnce(slot) { return }
        // One that the instrument's rules refuse, as too small at its price, must not keep the other from working.
        let stop = stop.flatMap { isWithinRules($0) ? $0 : nil }
        let target = target.flatMap { isWithinRules($0) && !(stop != nil && wasRefused($0, of: slot.id)) ? $0 : nil }
        let working = workingProtection(slot)
        guard working.isEmpty else {
            let isWhole = (stop == nil) == (slot.stop == nil) && (target == nil) == (slot.target == nil)
            let wanted = stop ?? target
            let isElsewhere =
                movesPrices
                && working.contains { order in
                    let wanted = order.request.purpose == .takeProfit ? target : stop
                    return wanted.map { !order.request.isAtPrice(of: $0) } ?? true
                }
            guard !isWhole || isElsewhere || working.contains(where: { $0.leaves != wanted?.quantity }) else { return }
            if let stop, target == nil, slot.target == nil, working.count == 1, let old = working.first {
                return replaceStop(old, by: stop, slot, &effects)
            }
            return renew(working, &effects)
        }
        for request in [stop, target] {
            if let request { submit(request, owner: slot.id, &effects) }
        }
    }

    /// Whether a target was refused by its venue for its terms: the stop that was sent together with it was refused too, and has
    /// to go by itself. One at another price is worth trying.
    func wasRefused(_ target: OrderRequest, of owner: StrategyID) -> Bool {
        guard options.locksHoldings, target.purpose == .takeProfit else { return false }
        let last = ledger.entries.last { entry in
            entry.order.owner == owner && entry.order.request.purpose == .takeProfit
                && entry.order.request.instrument == target.instrument
        }?.order
        guard let last, last.state == .rejected else { return false }
        return (last.reason == .invalidTerms || last.reason == .venue)
            && last.request.limitPrice == target.limitPrice && last.request.triggerPrice == target.triggerPrice
    }

    /// Whether the rules of its instrument allow an order.
    func isWithinRules(_ request: OrderRequest) -> Bool {
        rules(request, reference: instruments[request.instrument.index].mark).allSatisfy(\.isPassed)
    }

    /// The outcomes of an instrument's rules for an order.
    func rules(_ request: OrderRequest, reference: Price?) -> [CheckOutcome] {
        let instrument = instruments[request.instrument.index].instrument
        let terms = InstrumentValidation.terms(request, instrument, reference: reference)
        guard terms.isPassed else { return [terms] }
        return [terms] + InstrumentValidation.check(request, instrument, reference: reference)
    }

    /// Withdraws protective orders that are placed anew once they are gone.
    func renew(_ orders: [Order], _ effects: inout [Effect]) {
        for order in orders { cancel(order, .superseded, &effects) }
    }

    /// Whether a closed order was withdrawn to be placed anew.
    func wasRenewed(_ order: Order) -> Bool {
        options.locksHoldings && order.state == .canceled && order.reason == .superseded
            && order.request.purpose.isProtective
    }

    /// The protective orders that may still fill.
    func workingProtection(_ slot: StrategySlot) -> [Order] {
        [slot.stop, slot.target].compactMap { $0.flatMap { ledger[$0] } }.filter { !$0.state.isClosed }
    }

    /// Whether an entry at the market still fills: its end follows at once, and then its whole is protected.
    private func isFillingAtOnce(_ slot: StrategySlot) -> Bool {
        guard let entry = slot.entry.flatMap({ ledger[$0] }) else { return false }
        return entry.request.type == .market && !entry.state.isClosed && entry.state != .unknown
    }

    /// Whether a protective order was refused because the market is beyond its price already.
    func wasOvertaken(_ order: Order) -> Bool { options.locksHoldings && order.reason == .overtaken }

    /// Closes at the market what a stop or a target should have closed: its price was reached before it could work.
    func closeOvertaken(_ slot: StrategySlot, _ effects: inout [Effect]) {
        let position = positions[slot.position]
        guard slot.exit == nil, !isDust(position), !isPausing(slot.id, position.instrument), !hasJustFailedToExit(slot)
        else { return }
        alert(
            .warning, "overtaken",
            "\(slot.registration.name): the market is beyond its stop or target already; closing at the market",
            instrument: position.instrument, strategy: slot.id, &effects)
        submitExit(position, .exit, &effects)
    }

    // MARK: - What is owed

    /// Tries again what a strategy's position is owed: an exit that came to nothing or was for a part, and, until its time
    /// comes, protective orders that are missing or of another size, whatever its timeframe. What the emergency stop cancelled
    /// is not owed.
    func retryOwed(_ effects: inout [Effect]) {
        forgetClosedExits()
        // While everything is closed that has its own pace, and nothing is protected that would hold it up.
        guard options.locksHoldings, !isFlattening, now.seconds % Kernel.retrySeconds == 0 else { return }
        for slot in slots where slot.exit == nil && !isDust(positions[slot.position]) {
            let instrument = slot.registration.instrument
            if let place = owedExit(slot.id, instrument), owedExits[place].retryAt <= now {
                submitExit(positions[slot.position], .exit, &effects)
            }
            if slot.exit == nil, slot.registration.protection.isActive, !isStopped(slot) {
                protect(slot, isRenewing: true, &effects)
            }
        }
    }

    /// Whether an exit was refused a moment ago: at once the same would come of it, for ever.
    private func hasJustFailedToExit(_ slot: StrategySlot) -> Bool {
        let last = ledger.entries.last { $0.order.owner == slot.id && $0.order.request.purpose == .exit }?.order
        guard let last, last.state == .rejected || last.state == .expired else { return false }
        return now.nanoseconds(since: last.updatedAt) < (Kernel.retrySeconds - 1) * 1_000_000_000
    }

    /// Whether the emergency stop took a strategy's protection away.
    private func isStopped(_ slot: StrategySlot) -> Bool {
        guard tradingState == .halted else { return false }
        let last = ledger.entries.last { $0.order.owner == slot.id && $0.order.request.purpose.isProtective }?.order
        guard let last else { return false }
        // One that was to take the place of another may have come to nothing while that was cancelled.
        return last.reason == .emergencyStop || hasPredecessor(last, endedBy: .emergencyStop)
    }

    // MARK: - Closing

    /// Sends an order that closes a position once nothing else of its owner locks what it sells.
    @discardableResult
    func submitClosing(_ request: OrderRequest, owner: StrategyID, _ effects: inout [Effect]) -> Order {
        guard options.locksHoldings else { return submit(request, owner: owner, &effects) }
        let locking = locking(request, owner: owner)
        guard !locking.isEmpty else { return submit(request, owner: owner, &effects) }
        let order = submit(request, owner: owner, isHeld: true, &effects)
        if order.state == .initialized {
            for other in locking { cancel(other, .superseded, &effects) }
        }
        return order
    }

    /// The owner's working orders that lock what an order would sell.
    private func locking(_ request: OrderRequest, owner: StrategyID) -> [Order] {
        openOrders.filter {
            $0.owner == owner && $0.request.instrument == request.instrument && $0.request.side == request.side
                && $0.state != .initialized && !isWaitingForEntry($0)
        }
    }

    /// Lets orders go that waited for others of their owner to end; called when one has.
    func releaseHeld(after closed: Order, _ effects: inout [Effect]) {
        guard options.locksHoldings else { return }
        for order in openOrders
        where order.state == .initialized && order.owner == closed.owner && !order.request.purpose.isProtective {
            guard locking(order.request, owner: order.owner).isEmpty else { continue }
            release(order, &effects)
        }
    }

    /// Sends an order that waited, for what is left of the position; ends it where nothing is.
    private func release(_ order: Order, _ effects: inout [Effect]) {
        let position = position(order.owner, order.request.instrument)
        let closable = position.closable(instruments[order.request.instrument.index].instrument)
        let isSameSide = (position.quantity.mantissa > 0) == (order.request.side == .sell)
        let wanted = isSameSide ? min(closable, order.request.quantity) : .zero
        if wanted.isZero { return endHeld(order, .nothingToReduce, &effects) }
        // What others have bound since it began to wait can't be sold.
        let quantity = closableNow(
            wanted, of: order.request.instrument, owner: order.owner, side: order.request.side)
        if quantity.isZero {
            noteBoundExit(position, &effects)
            return endHeld(order, .insufficientBalance, &effects)
        }
        if quantity < wanted { _ = owe(position) }
        release(order, quantity, &effects)
    }

    /// Ends an order that never left.
    func endHeld(_ order: Order, _ reason: OrderReason, _ effects: inout [Effect]) {
        finishHeld(order, reason, &effects)
        slot(order.owner)?.forget(order.id)
        // Whoever cancels it does not want it; what could not be sold is still wanted.
        if reason != .insufficientBalance, !order.request.purpose.isProtective {
            forgetExit(order.owner, order.request.instrument)
        }
        if let slot = slot(order.owner) { protect(slot, &effects) }
        followBrackets(after: order.id, &effects)
    }

    /// Ends an order that never left, whatever follows from that.
    func finishHeld(_ order: Order, _ reason: OrderReason, _ effects: inout [Effect]) {
        ledger.update(order.id) {
            $0.state = .canceled
            $0.reason = reason
            $0.updatedAt = now
        }
        if let ended = ledger[order.id] { recordOrder(ended, &effects) }
    }
}
