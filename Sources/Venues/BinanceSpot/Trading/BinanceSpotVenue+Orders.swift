public import Market
import Network
import Trading

extension BinanceSpotVenue {
    /// Everything that the venue would refuse an order for, as far as that can be known before it is sent.
    public func objections(to order: OrderPlacement, given: PlacementCircumstances) -> [RuleViolation] {
        if let objection = objection(to: order) { return [RuleViolation(rule: "capability", words: objection)] }
        guard let rules = rules[order.instrument.symbol] else { return [] }
        var circumstances = OrderCircumstances(referencePrice: given.referencePrice)
        circumstances.balances = given.balances?.map { SpotBalance(free: $0.free, locked: $0.locked) }
        let here = given.openOrders.filter { $0.instrument == order.instrument.name }
        circumstances.others = OrderCircumstances.OpenCounts(here)
        circumstances.buying = here.reduce(.zero) { $1.side == .buy ? $0 + $1.leaves : $0 }
        circumstances.elsewhere = OrderCircumstances.OpenCounts(
            given.openOrders.filter { $0.instrument != order.instrument.name })
        circumstances.following = OrderCircumstances.OpenCounts(given.following)
        let symbol = order.instrument.symbol
        var violations = rules.violations(of: NewSpotOrder(prevented(order)), given: circumstances)
        // A symbol that stood still when its rules were read may trade again.
        if !self.rules.isFresh(symbol) { violations.removeAll { $0.rule == "status" } }
        if !violations.isEmpty || rules.status != "TRADING" { self.rules.renew(symbol) }
        return violations
    }

    /// Places an order.
    public func place(_ order: OrderPlacement) async -> RequestOutcome<OrderReceipt> {
        if let objection = objection(to: order) { return .unsupported(objection) }
        let outcome = await account.place(NewSpotOrder(prevented(order)), priority: order.priority)
        rules.learn(from: outcome, of: order.instrument.symbol)
        return outcome.map { receipt in
            let told = translation.receipt(receipt, order)
            board.learn(told.order)
            expectNews(of: told.order)
            return told
        }
    }

    /// Places orders that depend on each other.
    public func place(_ list: OrderListPlacement) async -> RequestOutcome<OrderListReceipt> {
        let problem = capabilities.objection(to: list) ?? list.orders.lazy.compactMap(objection(to:)).first
        if let problem { return .unsupported(problem) }
        guard NewSpotOrder.isClientOrderID(list.clientListID) else {
            return .unsupported("'\(list.clientListID)' is no number of a list")
        }
        let instrument = list.orders[0].instrument
        // A pair protects. What waits for an entry is no more urgent than that: it must not take what is kept for what closes,
        // nor be sent after a pause in which the entry's price has gone.
        let priority = list.kind == .pair ? list.orders.map(\.priority).max() ?? .open : list.orders[0].priority
        var list = list
        list.orders[0] = prevented(list.orders[0])
        let outcome = await account.place(NewSpotOrderList(list), priority: priority)
        rules.learn(from: outcome, of: instrument.symbol)
        return outcome.map { [list] told in
            let receipt = learn(told, of: instrument)
            // Of a pair both work at once; what waits for another is told when its time comes.
            let waiting = list.kind == .pair ? [] : list.orders.dropFirst().map(\.clientOrderID)
            for order in receipt.orders where !waiting.contains(order.clientOrderID) { expectNews(of: order) }
            return receipt
        }
    }

    /// Makes a working order smaller; it keeps its place in the queue and its number.
    public func amend(
        _ clientOrderID: String, of instrument: Instrument, to quantity: Quantity
    ) async -> RequestOutcome<StandingOrder> {
        if let objection = objection(clientOrderID, instrument) { return .unsupported(objection) }
        let outcome = await account.amend(
            .clientOrderID(clientOrderID), of: instrument, to: quantity, clientOrderID: clientOrderID)
        return outcome.map { learn($0.order, of: instrument) }
    }

    /// Cancels an order and places another in one request.
    public func replace(
        _ clientOrderID: String, by order: OrderPlacement, isStrict: Bool
    ) async -> RequestOutcome<OrderReplacement> {
        let problem = objection(to: order) ?? objection(clientOrderID, order.instrument)
        if let problem { return .unsupported(problem) }
        let outcome = await account.replace(
            .clientOrderID(clientOrderID), by: NewSpotOrder(prevented(order)),
            mode: isStrict ? .stopOnFailure : .allowFailure,
            only: isStrict ? .onlyNew : nil, priority: order.priority)
        rules.learn(from: outcome, of: order.instrument.symbol)
        return outcome.map { halves in
            var replacement = OrderReplacement(cancelled: nil, placed: nil)
            if case .tried(let outcome) = halves.cancelled {
                replacement.cancelled = outcome.map { learn($0, of: order.instrument) }
            }
            if case .tried(let outcome) = halves.placed {
                replacement.placed = outcome.map { receipt in
                    let told = translation.receipt(receipt, order)
                    board.learn(told.order)
                    expectNews(of: told.order)
                    return told
                }
            }
            return replacement
        }
    }

    /// Whether orders of an instrument can be replaced.
    public func canReplace(ordersOf instrument: Instrument) -> Bool {
        rules[instrument.symbol]?.allowsReplacing ?? false
    }

    /// Whether orders of an instrument can be placed that begin to work when another has filled.
    public func canSequence(ordersOf instrument: Instrument) -> Bool {
        rules[instrument.symbol]?.allowsSequences ?? false
    }

    /// Cancels an order.
    public func cancel(_ clientOrderID: String, of instrument: Instrument) async -> RequestOutcome<StandingOrder> {
        if let objection = objection(clientOrderID, instrument) { return .unsupported(objection) }
        return await account.cancel(.clientOrderID(clientOrderID), of: instrument).map { order in
            let told = learn(order, of: instrument)
            expectNews(of: told)
            return told
        }
    }

    /// Cancels a list of orders by the number it was placed with.
    public func cancelList(
        _ clientListID: String, of instrument: Instrument
    ) async -> RequestOutcome<OrderListReceipt> {
        if let objection = objection(clientListID, instrument) { return .unsupported(objection) }
        return await account.cancelList(clientListID, of: instrument).map { learn($0, of: instrument) }
    }

    /// Cancels every open order of an instrument, whoever placed it. With none open there is nothing to cancel, and
    /// that is no refusal.
    public func cancelAll(of instrument: Instrument) async -> RequestOutcome<[StandingOrder]> {
        if let objection = objection(nil, instrument) { return .unsupported(objection) }
        switch await account.cancelAll(of: instrument) {
        case .confirmed(let cancelled):
            let orders = cancelled.orders + cancelled.lists.flatMap(\.orders)
            return .confirmed(orders.map { learn($0, of: instrument) })
        case .refused(let refusal) where refusal.reason == .noSuchOrder: return .confirmed([])
        case .refused(let refusal): return .refused(refusal)
        case .denied(let denial): return .denied(denial)
        case .unknown(let doubt): return .unknown(doubt)
        }
    }

    /// An order with what is to happen when it meets another of the account.
    private func prevented(_ order: OrderPlacement) -> OrderPlacement {
        guard order.selfTradePrevention == nil, let mode = options.selfTradePrevention,
            rules[order.instrument.symbol]?.preventions.contains(mode) == true
        else { return order }
        var order = order
        order.selfTradePrevention = mode
        return order
    }

    // MARK: - What is never sent

    private func objection(to order: OrderPlacement) -> String? {
        if let objection = capabilities.objection(to: order) { return objection }
        return objection(order.clientOrderID, order.instrument)
    }

    private func objection(_ clientOrderID: String?, _ instrument: Instrument) -> String? {
        guard rules[instrument.symbol] != nil else { return "\(instrument.name) is none of the instruments here" }
        if let clientOrderID, !NewSpotOrder.isClientOrderID(clientOrderID) {
            return "'\(clientOrderID)' is no number of an order; expected 1…36 of A–Z a–z 0–9 - _"
        }
        return nil
    }

    func learn(_ order: SpotOrder, of instrument: Instrument) -> StandingOrder {
        let standing = translation.standing(order, of: instrument)
        board.learn(standing)
        return standing
    }

    private func learn(_ list: SpotOrderList, of instrument: Instrument) -> OrderListReceipt {
        let receipt = translation.list(list, of: instrument)
        for order in receipt.orders { board.learn(order) }
        return receipt
    }
}

extension RequestOutcome {
    /// Refused before it was sent: this can't be asked for here.
    static func unsupported(_ words: String) -> RequestOutcome {
        .refused(VenueRefusal(.unsupported, code: nil, words))
    }
}
