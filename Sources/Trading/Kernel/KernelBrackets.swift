import Market

// Entries of a person's with what protects them.
//
// The protective orders are orders from the beginning, so that they can be seen, judged and cancelled: they wait until the entry
// has ended, and are placed then for what it bought and can be sold. Where nothing is locked the stop comes with the first fill,
// and grows with the entry. Where the venue takes the three as one request they leave
// together with the entry, and wait there. Whatever becomes of them, an entry that has bought something is protected, as long
// as nobody took the protection away.
extension Kernel {
    /// Places an order by hand, with what protects it where it asks for that.
    func place(_ request: OrderRequest, _ owner: StrategyID, _ effects: inout [Effect]) {
        let entry = submit(request, owner: owner, &effects)
        guard entry.state == .submitting, request.protection != nil else { return }
        let bracket = beginBracket(entry, isTogether: leavesTogether(request))
        for child in protectiveOrders(of: bracket, protectable(request)) {
            appendProtection(child, owner: owner, isHeld: !bracket.isTogether, &effects)
        }
    }

    /// Whether an entry leaves as one request with what protects it. A venue where a sale locks what it sells takes that for
    /// limit orders; who carries the orders there says so where it does not.
    private func leavesTogether(_ request: OrderRequest) -> Bool {
        options.locksHoldings && request.type == .limit && request.timeInForce == .goodTilCancelled
    }

    /// Begins to follow an entry.
    @discardableResult
    func beginBracket(_ entry: Order, isTogether: Bool) -> Bracket {
        nextGroup += 1
        var bracket = Bracket(
            entry: entry.id, owner: entry.owner, instrument: entry.request.instrument, side: entry.request.side,
            protection: entry.request.protection ?? EntryProtection(), group: nextGroup)
        bracket.isTogether = isTogether
        brackets.append(bracket)
        return bracket
    }

    /// Checks what an entry asks for its protection: that there is something to protect, that the prices stand on their sides
    /// of the entry's, and every rule of the instrument for the orders that follow. An entry whose stop would be refused must
    /// not leave.
    func checkProtection(_ order: Order, _ outcomes: inout [CheckOutcome]) {
        let request = order.request
        guard let protection = request.protection else { return }
        let slot = instruments[request.instrument.index]
        guard let price = request.limitPrice ?? request.triggerPrice ?? slot.mark else {
            return outcomes.append(CheckOutcome(.protection, isPassed: false))
        }
        let isLong = request.side == .buy
        var fits = order.owner.isManual && !request.isReduceOnly && request.quantity.mantissa > 0
        // Where a trailing entry fills nobody knows.
        fits =
            fits && request.type != .trailingStop && protection.count > 0
            && (isLong || slot.instrument.kind.allowsShort)
        // What takes at once takes at the market's price, and the stop has to stand beyond that.
        var nearest = price
        if !request.type.hasTrigger, let mark = slot.mark { nearest = isLong ? min(price, mark) : max(price, mark) }
        if let stop = protection.stop { fits = fits && (isLong ? stop < nearest : stop > nearest) }
        if let target = protection.target { fits = fits && (isLong ? target > price : target < price) }
        outcomes.append(CheckOutcome(.protection, isPassed: fits))
        guard fits else { return }
        let bracket = Bracket(
            entry: order.id, owner: order.owner, instrument: request.instrument, side: request.side,
            protection: protection, group: 0)
        for child in protectiveOrders(of: bracket, protectable(request)) {
            outcomes += rules(child, reference: price)
        }
    }

    /// What may be protected of an entry that fills wholly: a venue that takes its fee out of what was bought leaves less, and
    /// what waits there must not be for more than there is.
    func protectable(_ request: OrderRequest) -> Quantity {
        let instrument = instruments[request.instrument.index].instrument
        guard options.locksHoldings, request.side == .buy, instrument.kind == .spot else { return request.quantity }
        let fee = (Int128(request.quantity.mantissa) * Int128(options.feeEstimate.units))
            .divided(by: Int128(Ratio.one.units), rounding: .up)
        return Quantity(mantissa: request.quantity.mantissa - Int64(clamping: fee))
    }

    /// The stop and the target of a bracket for a quantity, which is rounded down to the step of both.
    func protectiveOrders(of bracket: Bracket, _ quantity: Quantity) -> [OrderRequest] {
        let instrument = instruments[bracket.instrument.index].instrument
        var quantity = quantity
        if bracket.protection.stop != nil {
            quantity = quantity.rounded(toStep: instrument.quantityStep(of: .stop), .down)
        }
        if bracket.protection.target != nil {
            quantity = quantity.rounded(toStep: instrument.quantityStep(of: .limit), .down)
        }
        func request(_ type: OrderType, limit: Price?, trigger: Price?, _ purpose: OrderPurpose) -> OrderRequest {
            OrderRequest(
                instrument: bracket.instrument, side: bracket.side == .buy ? .sell : .buy, type: type,
                quantity: quantity, limitPrice: limit, triggerPrice: trigger, isReduceOnly: true, purpose: purpose,
                group: bracket.group)
        }
        return [
            bracket.protection.stop.map { request(.stop, limit: nil, trigger: $0, .stopLoss) },
            bracket.protection.target.map { request(.limit, limit: $0, trigger: nil, .takeProfit) },
        ].compactMap { $0 }
    }

    /// Numbers a protective order of an entry that works. There is nothing to reduce yet, so that its instrument's rules alone
    /// are held against it.
    ///
    /// - Parameter isHeld: whether it waits here, and not at the venue.
    func appendProtection(
        _ request: OrderRequest, owner: StrategyID, isHeld: Bool, _ effects: inout [Effect]
    ) {
        var order = Order(
            id: ledger.nextID, owner: owner, request: request, quote: account.currency,
            decisionPrice: instruments[request.instrument.index].mark ?? .zero, createdAt: now)
        if !isHeld { order.state = .submitting }
        ledger.append(order)
        if options.recording == .everything {
            let outcomes = rules(request, reference: request.limitPrice ?? request.triggerPrice)
            record(.verdict(Verdict(order: order.id, time: now, outcomes: outcomes)), &effects)
        }
        recordOrder(order, &effects)
        if !isHeld { effects.append(.submit(order)) }
    }
}
