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

/// What the sales of one owner that may open something come to in one instrument.
private struct WorkingSales {
    let owner: StrategyID
    let instrument: InstrumentID
    /// What is to be sold by quantity, and the highest price of it.
    var quantity = Quantity.zero
    var price = Price.zero
    /// What is to be sold by amount.
    var amounts: Money
}

extension Kernel {
    /// Working orders that may open something, by owner and instrument, in the order of their first ones. O(open orders).
    private func workingNotionals() -> [WorkingNotional] {
        var all: [WorkingNotional] = []
        for id in ledger.open {
            guard let order = ledger[id], !order.request.isReduceOnly else { continue }
            add(order.request.side, openNotional(order), order.owner, order.request.instrument, to: &all)
        }
        return all
    }

    /// Adds an order to those that work.
    private func add(
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
        guard let price = price(of: order) else { return .zero(account.currency) }
        return instruments[order.request.instrument.index].instrument.notional(price, order.leaves)
    }

    /// The price that a working order is reckoned at.
    private func price(of order: Order) -> Price? {
        order.request.reckonedPrice(at: instruments[order.request.instrument.index].mark)
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
        return
            (instruments[index].instrument.notional(mark, quantity) + signed
            + working(request) { !$0.request.isReduceOnly || isLeaving($0) && $0.owner != order.owner })
            .magnitude
    }

    /// Whether an order closes a position at the market: what it closes counts as gone already.
    private func isLeaving(_ order: Order) -> Bool { order.request.isReduceOnly && order.request.type == .market }

    /// The notional of the owner's own position, without sign, once an order has filled and all of its owner's that works on
    /// its side with it. O(open orders).
    func ownPositionAfter(_ order: Order, _ held: Quantity, _ signed: Money, _ mark: Price) -> Money {
        let request = order.request
        return
            (instruments[request.instrument.index].instrument.notional(mark, held) + signed
            + working(request) { !$0.request.isReduceOnly && $0.owner == order.owner })
            .magnitude
    }

    /// What works on a request's side in its instrument and satisfies a condition: above zero for buys, below for sales.
    private func working(_ request: OrderRequest, where condition: (Order) -> Bool) -> Money {
        var sum = Money.zero(account.currency)
        for id in ledger.open {
            guard let other = ledger[id], other.request.instrument == request.instrument,
                other.request.side == request.side, condition(other)
            else { continue }
            sum += openNotional(other)
        }
        return request.side == .buy ? sum : -sum
    }

    /// How much of a position its owner's working orders on a side are about to close, but for those that may only reduce:
    /// these give way to whatever closes it first. O(open orders).
    func workingQuantity(like order: Order) -> Quantity {
        var sum = Quantity.zero
        for id in ledger.open {
            guard let other = ledger[id], other.owner == order.owner, !other.request.isReduceOnly,
                other.request.instrument == order.request.instrument, other.request.side == order.request.side
            else { continue }
            sum = sum + other.leaves
        }
        return sum
    }

    /// What working sales would make short, with its fee: what they sell beyond what their owner holds, at the highest of their
    /// prices. Where an exit is on its way, nothing is held. O(open orders).
    ///
    /// - Parameter owner: whose; everybody's where none is named.
    func shortReservation(of owner: StrategyID? = nil) -> Money {
        var sales: [WorkingSales] = []
        for id in ledger.open {
            guard let order = ledger[id], order.request.side == .sell, !order.request.isReduceOnly,
                owner == nil || order.owner == owner,
                instruments[order.request.instrument.index].instrument.kind.allowsShort
            else { continue }
            let known = sales.firstIndex { $0.owner == order.owner && $0.instrument == order.request.instrument }
            if known == nil {
                let none = Money.zero(account.currency)
                sales.append(WorkingSales(owner: order.owner, instrument: order.request.instrument, amounts: none))
            }
            let place = known ?? sales.count - 1
            if let spend = order.request.spend, order.request.quantity.isZero {
                sales[place].amounts += spend
            } else if let price = price(of: order) {
                sales[place].quantity = sales[place].quantity + order.leaves
                sales[place].price = max(sales[place].price, price)
            }
        }
        return sales.reduce(Money.zero(account.currency)) { total, sale in
            let isLeaving = slot(sale.owner)?.exit != nil
            let held = isLeaving ? .zero : max(.zero, quantity(of: sale.owner, sale.instrument))
            let short = max(.zero, sale.quantity - held)
            let notional = instruments[sale.instrument.index].instrument.notional(sale.price, short)
            return total + sale.amounts + notional + notional.share(options.feeEstimate, rounding: .up)
        }
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
