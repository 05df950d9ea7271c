import Market

// How much of a position one order can close.
//
// An order at the market is bound: by the largest that the instrument's rules take, and, where a sale locks what it sells, by
// what is free. Other clients of the account lock some of what is held, and what they sell is gone before it is settled whose
// it was: that much is told (`Command.bound`), for nothing in here could find it out. What one order can't close is owed.
extension Kernel {
    /// Sends an order that closes a position, or as much of it as one order can close now; the rest is owed.
    ///
    /// - Returns: the order as it is then; `nil` when nothing of the position can be sold, of which a person is told.
    @discardableResult
    func submitExit(_ position: Position, _ purpose: OrderPurpose, _ effects: inout [Effect]) -> Order? {
        let whole = position.closable(instruments[position.instrument.index].instrument)
        let side: Side = position.quantity.mantissa > 0 ? .sell : .buy
        let quantity = closableNow(whole, of: position.instrument, owner: position.owner, side: side)
        let isPart = quantity < whole
        if quantity.isZero {
            noteBoundExit(position, &effects)
            return nil
        }
        if isPart { owe(position) }
        return submitClosing(
            OrderRequest(
                instrument: position.instrument, side: side, type: .market, quantity: quantity, isReduceOnly: true,
                purpose: purpose),
            owner: position.owner, &effects)
    }

    /// What one order at the market can close of a quantity now, on the step; nothing where that is a part too small for an order.
    func closableNow(_ quantity: Quantity, of id: InstrumentID, owner: StrategyID, side: Side) -> Quantity {
        let instrument = instruments[id.index].instrument
        let step = instrument.quantityStep(of: .market)
        var most = instrument.bounded(quantity, for: .market)
        if side == .sell, let free = freeToSell(id, by: owner) { most = min(most, free) }
        let part = most.rounded(toStep: step, .down)
        return part < quantity.rounded(toStep: step, .down) && isBelowSmallestOrder(part, of: id) ? .zero : part
    }

    /// What an owner can sell of an instrument, its own working orders left out of account: it withdraws those first. `nil` where
    /// nothing is bound, so that what is held is what can be sold. O(positions + working orders).
    func freeToSell(_ id: InstrumentID, by owner: StrategyID) -> Quantity? {
        guard options.locksHoldings else { return nil }
        let bound = instruments[id.index].bound
        // What somebody is said to hold below nothing is missing from what the others hold.
        let isShort = positions.contains { $0.instrument == id && $0.quantity.mantissa < 0 }
        guard bound.mantissa > 0 || isShort else { return nil }
        var free = Quantity.zero - bound
        for position in positions where position.instrument == id { free = free + position.quantity }
        let selling = openOrders.filter {
            $0.request.instrument == id && $0.request.side == .sell && $0.owner != owner && $0.state != .initialized
                && !isWaitingForEntry($0)
        }
        for order in selling {
            // Of a pair the target holds what either sells.
            let isSecond =
                order.request.purpose.isStop && order.request.group != 0
                && selling.contains {
                    $0.request.purpose == .takeProfit && $0.request.group == order.request.group
                }
            if !isSecond { free = free - order.leaves }
        }
        return max(.zero, free)
    }

    /// Takes note of how much of what is held can't be sold. What waited because of it is tried again.
    func noteBound(_ id: InstrumentID, _ quantity: Quantity, _ effects: inout [Effect]) {
        guard instruments.indices.contains(id.index), quantity.mantissa >= 0 else {
            return refuse("what is bound is a quantity of an instrument", &effects)
        }
        guard instruments[id.index].bound != quantity else { return }
        instruments[id.index].bound = quantity
        for place in owedExits.indices where owedExits[place].instrument == id { owedExits[place].retryAt = now }
        continueFlattening(&effects)
    }

    /// Less is held by our books, by what others were known to have bound: it is not bound twice.
    func noteBoundGone(_ id: InstrumentID, _ quantity: Quantity) {
        instruments[id.index].bound = max(.zero, instruments[id.index].bound - quantity)
    }
}
