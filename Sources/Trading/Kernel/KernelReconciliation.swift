import Market

// Instruments that do not agree with their venue, and what a person makes of it.
extension Kernel {
    /// Why nothing opens in an instrument; `nil` when it may.
    public func block(of instrument: InstrumentID) -> InstrumentBlock? {
        blocks.first { $0.instrument == instrument }
    }

    func block(_ instrument: InstrumentID, _ reason: String, _ effects: inout [Effect]) {
        guard instruments.indices.contains(instrument.index) else {
            return refuse("there is no instrument \(instrument.index)", &effects)
        }
        if let place = blocks.firstIndex(where: { $0.instrument == instrument }) {
            guard blocks[place].reason != reason else { return }
            blocks[place].reason = reason
        } else {
            blocks.append(InstrumentBlock(instrument: instrument, reason: reason, since: now))
            blocks.sort { $0.instrument.index < $1.instrument.index }
        }
        alert(
            .critical, "unreconciled",
            "\(instruments[instrument.index].instrument.symbol): nothing opens until it is settled: \(reason)",
            instrument: instrument, &effects)
        for order in openOrders where order.request.instrument == instrument && order.request.purpose == .entry {
            cancel(order, .riskGate, &effects)
        }
    }

    func unblock(_ instrument: InstrumentID, _ effects: inout [Effect]) {
        guard let place = blocks.firstIndex(where: { $0.instrument == instrument }) else { return }
        blocks.remove(at: place)
        alert(
            .info, "reconciled", "\(instruments[instrument.index].instrument.symbol) agrees with its venue again",
            instrument: instrument, &effects)
    }

    /// Books what a person accepts of a venue's truth: each correction is an order that was never sent and one inferred
    /// fill, so that whatever follows fills (positions, trips, the store) follows these too.
    ///
    /// An account that has done nothing begins with what is accepted.
    func accept(_ truth: VenueTruth, _ effects: inout [Effect]) {
        let isBeginning = ledger.nextID.rawValue == 1 && positions.allSatisfy(\.isFlat)
        if isBeginning, let cash = truth.cash, cash.currency == account.currency {
            // What the corrections will take is there before them.
            account.cash = truth.corrections.reduce(cash) { $0 + notional(of: $1) }
        }
        for correction in truth.corrections {
            guard instruments.indices.contains(correction.instrument.index), !correction.quantity.isZero,
                correction.price.mantissa > 0
            else {
                refuse("a correction needs an instrument, a quantity and a price", &effects)
                continue
            }
            if ledger.hasBooked(inferred: correction.tradeID) { continue }
            correct(correction, &effects)
        }
        if let cash = truth.cash, cash.currency == account.currency, cash != account.cash {
            alert(
                .warning, "cash-corrected", "cash is \(cash) by the venue's word; ours was \(account.cash)", &effects)
            account.cash = cash
            revalue()
        }
        for instrument in truth.instruments { unblock(instrument, &effects) }
        if isBeginning {
            revalue()
            account.begin()
        }
    }

    /// What a correction is booked for; below zero when less is held.
    private func notional(of correction: PositionCorrection) -> Money {
        guard instruments.indices.contains(correction.instrument.index) else { return .zero(account.currency) }
        return instruments[correction.instrument.index].instrument.notional(correction.price, correction.quantity)
    }

    private func correct(_ correction: PositionCorrection, _ effects: inout [Effect]) {
        let side: Side = correction.quantity.mantissa > 0 ? .buy : .sell
        if side == .sell { noteBoundGone(correction.instrument, correction.quantity.magnitude) }
        var order = Order(
            id: ledger.nextID, owner: correction.owner,
            request: OrderRequest(
                instrument: correction.instrument, side: side, type: .market, quantity: correction.quantity.magnitude,
                purpose: .reconciliation),
            quote: account.currency,
            decisionPrice: instruments[correction.instrument.index].mark ?? correction.price, createdAt: now)
        order.state = .accepted
        order.reason = .reconciled
        ledger.append(order)
        recordOrder(order, &effects)
        let fill = Fill(
            tradeID: correction.tradeID | Fill.inferredBit, price: correction.price,
            quantity: correction.quantity.magnitude, quoteFee: .zero(account.currency), liquidity: .taker)
        let amount = instruments[correction.instrument.index].instrument.text(correction.quantity)
        alert(
            .warning, "inferred-fill", "order \(order.id.rawValue) books \(amount) by the venue's word",
            instrument: correction.instrument, strategy: correction.owner, order: order.id, &effects)
        reported(OrderReport(order: order.id, time: now, kind: .filled(fill)), &effects)
    }
}
