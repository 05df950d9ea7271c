import Market

// Protective orders: a stop and a target follow each position of a strategy that asks for them.
extension Kernel {
    /// Brings the protective orders in line with what the strategy holds: places missing ones, resizes those of another
    /// size, withdraws those of a flat position. Does nothing while the emergency stop is latched, but withdraw.
    ///
    /// - Parameters:
    ///   - isRenewing: whether orders were withdrawn only to be placed anew, which no stop forbids.
    ///   - movesPrices: whether what works moves to the prices that are wanted now: somebody has changed how far they are away.
    func protect(
        _ slot: StrategySlot, isRenewing: Bool = false, movesPrices: Bool = false, _ effects: inout [Effect]
    ) {
        guard !isRest(positions[slot.position]) else {
            slot.bestClose = nil
            if let id = slot.stop, let order = ledger[id] { cancel(order, .cancelledByStrategy, &effects) }
            if let id = slot.target, let order = ledger[id] { cancel(order, .cancelledByStrategy, &effects) }
            return
        }
        let position = positions[slot.position]
        if !slot.registration.protection.isActive {
            // Nobody wants any more.
            for order in workingProtection(slot) { cancel(order, .cancelledByStrategy, &effects) }
            return
        }
        guard tradingState != .halted || isRenewing, !isDust(position) else {
            return
        }
        let instrument = instruments[slot.registration.instrument.index].instrument
        guard let entry = position.averagePrice(instrument) else { return }
        let isLong = position.quantity.mantissa > 0
        let (stop, target) = (
            stopPrice(slot, entry: entry, isLong: isLong, instrument), targetPrice(slot, entry, isLong, instrument)
        )
        func request(_ type: OrderType, _ price: Price, _ purpose: OrderPurpose, _ quantity: Quantity) -> OrderRequest {
            OrderRequest(
                instrument: position.instrument, side: isLong ? .sell : .buy, type: type, quantity: quantity,
                limitPrice: type == .limit ? price : nil, triggerPrice: type == .limit ? nil : price,
                isReduceOnly: true, purpose: purpose, group: group)
        }
        let group = groupOfProtection(slot)
        // A fee charged in the base asset leaves a rest below the step, which no order can close.
        func whole(_ type: OrderType) -> Quantity {
            position.quantity.magnitude.rounded(toStep: instrument.quantityStep(of: type), .down)
        }
        if options.locksHoldings {
            var quantity = target == nil ? whole(.stop) : min(whole(.stop), whole(.limit))
            // What others have bound can't be locked once more.
            if let free = freeToSell(position.instrument, by: slot.id) {
                quantity = min(quantity, free).rounded(toStep: instrument.quantityStep(of: .limit), .down)
                    .rounded(toStep: instrument.quantityStep(of: .stop), .down)
            }
            guard !quantity.isZero else { return }
            return keepTogether(
                slot, stop: stop.map { request(.stop, $0.price, $0.purpose, quantity) },
                target: target.map { request(.limit, $0, .takeProfit, quantity) }, movesPrices: movesPrices, &effects)
        }
        func follow(_ existing: OrderID?, _ wanted: OrderRequest?) {
            guard let wanted else {
                if let existing, let order = ledger[existing] { cancel(order, .cancelledByStrategy, &effects) }
                return
            }
            keep(existing, slot, wanted, movesPrices: movesPrices, &effects)
        }
        follow(slot.stop, stop.map { request(.stop, $0.price, $0.purpose, whole(.stop)) })
        follow(slot.target, target.map { request(.limit, $0, .takeProfit, whole(.limit)) })
    }

    /// Raises a trailing stop after a close; never lowers it.
    func trail(_ slot: StrategySlot, _ close: Price, _ effects: inout [Effect]) {
        let position = positions[slot.position]
        guard !isDust(position) else { return }
        let isLong = position.quantity.mantissa > 0
        if let best = slot.bestClose {
            slot.bestClose = isLong ? max(best, close) : min(best, close)
        } else {
            slot.bestClose = close
        }
        let instrument = instruments[slot.registration.instrument.index].instrument
        guard let id = slot.stop, let order = ledger[id], let trigger = order.request.triggerPrice,
            let entry = position.averagePrice(instrument),
            let stop = stopPrice(slot, entry: entry, isLong: isLong, instrument)
        else { return }
        guard isLong ? stop.price > trigger : stop.price < trigger else { return }
        if options.locksHoldings {
            // A pair is one order at the venue, which can't be exchanged for another pair in one request.
            guard slot.target == nil else { return renew(workingProtection(slot), &effects) }
            var request = order.request
            request.triggerPrice = stop.price
            request.purpose = stop.purpose
            request.quantity = position.quantity.magnitude.rounded(toStep: instrument.quantityStep(of: .stop), .down)
            return replaceStop(order, by: request, slot, &effects)
        }
        amend(id, OrderAmendment(triggerPrice: stop.price), &effects)
    }

    /// The price of the target, rounded away from the market; `nil` where none is wanted.
    private func targetPrice(
        _ slot: StrategySlot, _ entry: Price, _ isLong: Bool, _ instrument: Instrument
    ) -> Price? {
        slot.registration.protection.takeProfit.map { share in
            entry.moved(by: isLong ? share : -share, rounding: isLong ? .up : .down)
                .rounded(toTick: instrument.rules.tick, isLong ? .ceiling : .floor)
        }
    }

    /// The binding stop: the nearer of the fixed and the trailing one, rounded toward the market so that rounding never
    /// enlarges the risk.
    private func stopPrice(
        _ slot: StrategySlot, entry: Price, isLong: Bool, _ instrument: Instrument
    ) -> (price: Price, purpose: OrderPurpose)? {
        func below(_ price: Price, _ share: Ratio) -> Price {
            price.moved(by: isLong ? -share : share, rounding: isLong ? .up : .down)
                .rounded(toTick: instrument.rules.tick, isLong ? .ceiling : .floor)
        }
        let protection = slot.registration.protection
        let fixed = protection.stopLoss.map { below(entry, $0) }
        // Before the first close the trailing stop hangs from the entry.
        let trailing = protection.trailingStop.map { share in
            let best = slot.bestClose.map { isLong ? max($0, entry) : min($0, entry) } ?? entry
            return below(best, share)
        }
        switch (fixed, trailing) {
        case (nil, nil): return nil
        case (let fixed?, nil): return (fixed, .stopLoss)
        case (nil, let trailing?): return (trailing, .trailingStop)
        case (let fixed?, let trailing?):
            let isTrailingNearer = isLong ? trailing > fixed : trailing < fixed
            return isTrailingNearer ? (trailing, .trailingStop) : (fixed, .stopLoss)
        }
    }

    private func groupOfProtection(_ slot: StrategySlot) -> UInt64 {
        for id in [slot.stop, slot.target] {
            if let id, let order = ledger[id], order.request.group != 0 { return order.request.group }
        }
        nextGroup += 1
        return nextGroup
    }

    /// Places a protective order, or resizes the one that works to the position, and moves it where that is wanted.
    private func keep(
        _ existing: OrderID?, _ slot: StrategySlot, _ request: OrderRequest, movesPrices: Bool,
        _ effects: inout [Effect]
    ) {
        guard !request.quantity.isZero else { return }
        if let existing, let order = ledger[existing], !order.state.isClosed {
            guard !order.isCancelPending, !order.isAmendPending else { return }
            let isElsewhere = movesPrices && !order.request.isAtPrice(of: request)
            guard order.leaves != request.quantity || isElsewhere else { return }
            amend(
                existing,
                OrderAmendment(
                    quantity: order.leaves == request.quantity ? nil : order.filled + request.quantity,
                    limitPrice: isElsewhere ? request.limitPrice : nil,
                    triggerPrice: isElsewhere ? request.triggerPrice : nil), &effects)
            return
        }
        // An exit that is on its way closes the position; a stop beside it would only be refused.
        submit(request, owner: slot.id, &effects)
    }
}

extension OrderRequest {
    /// Whether it has the limit and the trigger of another.
    func isAtPrice(of other: OrderRequest) -> Bool {
        limitPrice == other.limitPrice && triggerPrice == other.triggerPrice
    }
}
