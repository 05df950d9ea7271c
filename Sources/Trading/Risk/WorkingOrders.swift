import Market

// What works already counts into the limits as if it had filled: several entries that are sent before the first of them fills
// are otherwise judged one by one against the same holdings, and together come to more than is allowed.

/// What the orders of one owner that may open something come to in one instrument.
struct WorkingNotional {
    let owner: StrategyID
    let instrument: InstrumentID
    var buys: Money
    var sells: Money

    /// The largest notional, without sign, that a position may come to while these orders work: any of them may fill before
    /// the others.
    func largest(from held: Money) -> Money {
        var largest = held.magnitude
        for other in [(held + buys).magnitude, (held - sells).magnitude] where largest < other { largest = other }
        return largest
    }
}

extension Kernel {
    /// Working orders that may open something, by owner and instrument, in the order of their first ones. O(open orders).
    func workingNotionals() -> [WorkingNotional] {
        var all: [WorkingNotional] = []
        for id in ledger.open {
            guard let order = ledger[id], !order.request.isReduceOnly else { continue }
            add(order.request.side, openNotional(order), order.owner, order.request.instrument, to: &all)
        }
        return all
    }

    /// Adds an order to those that work.
    func add(
        _ side: Side, _ notional: Money, _ owner: StrategyID, _ instrument: InstrumentID,
        to all: inout [WorkingNotional]
    ) {
        var index = all.firstIndex { $0.owner == owner && $0.instrument == instrument }
        if index == nil {
            let none = Money.zero(account.currency)
            all.append(WorkingNotional(owner: owner, instrument: instrument, buys: none, sells: none))
            index = all.count - 1
        }
        guard let index else { return }
        if side == .buy { all[index].buys += notional } else { all[index].sells += notional }
    }

    /// What is left of a working order, at its own price or the mark; zero while there is neither.
    func openNotional(_ order: Order) -> Money {
        if let spend = order.request.spend, order.request.quantity.isZero { return spend }
        let index = order.request.instrument.index
        guard let price = order.request.limitPrice ?? order.request.triggerPrice ?? instruments[index].mark else {
            return .zero(account.currency)
        }
        return instruments[index].instrument.notional(price, order.leaves)
    }

    /// The notional of an instrument's position, all owners together, without sign, once an order has filled and all that
    /// works on its side with it, exits at the market among them. O(open orders).
    ///
    /// - Parameter held: what the order's owner counts as held; nothing where its exit is on its way.
    func positionAfter(_ order: Order, _ held: Quantity, _ signed: Money, _ mark: Price) -> Money {
        let request = order.request
        let index = request.instrument.index
        var quantity = held - self.quantity(of: order.owner, request.instrument)
        for place in instruments[index].held { quantity = quantity + positions[place].quantity }
        var after = instruments[index].instrument.notional(mark, quantity) + signed
        for id in ledger.open {
            guard let other = ledger[id], other.request.instrument == request.instrument,
                other.request.side == request.side,
                !other.request.isReduceOnly || isLeaving(other) && other.owner != order.owner
            else { continue }
            let notional = openNotional(other)
            if request.side == .buy { after += notional } else { after -= notional }
        }
        return after.magnitude
    }

    /// Whether an order closes a position at the market: what it closes counts as gone already.
    private func isLeaving(_ order: Order) -> Bool { order.request.isReduceOnly && order.request.type == .market }

    /// The notional of the owner's own position, without sign, once an order has filled and all of its owner's that works on
    /// its side with it. O(open orders).
    func ownPositionAfter(_ order: Order, _ held: Quantity, _ signed: Money, _ mark: Price) -> Money {
        let request = order.request
        var after = instruments[request.instrument.index].instrument.notional(mark, held) + signed
        for working in workingNotionals()
        where working.owner == order.owner && working.instrument == request.instrument {
            if request.side == .buy { after += working.buys } else { after -= working.sells }
        }
        return after.magnitude
    }

    /// The sum of all positions' notionals without sign, each as large as it may come to once an order works besides those
    /// that do. O(open orders + positions), times the owners with working orders.
    func exposureAfter(_ order: Order, _ held: Quantity, _ notional: Money, _ mark: Price) -> Money {
        let request = order.request
        var working = workingNotionals()
        add(request.side, notional, order.owner, request.instrument, to: &working)
        var total = Money.zero(account.currency)
        for position in positions where !position.isFlat {
            let slot = instruments[position.instrument.index]
            let isOwn = position.owner == order.owner && position.instrument == request.instrument
            guard let mark = isOwn ? mark : slot.mark else { continue }
            let worth = slot.instrument.notional(mark, isOwn ? held : position.quantity)
            let place = working.firstIndex { $0.owner == position.owner && $0.instrument == position.instrument }
            guard let place else {
                total += worth.magnitude
                continue
            }
            total += working.remove(at: place).largest(from: worth)
        }
        // Owners that hold nothing yet.
        for rest in working { total += rest.largest(from: .zero(account.currency)) }
        return total
    }
}
