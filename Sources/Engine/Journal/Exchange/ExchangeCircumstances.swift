import Market
import Trading
import Venues

// What an order that opens is held against before it leaves: what else is open on the account, of whatever client, and what is
// held. Everything comes from the books, which a comparison has held against the venue: the venue's own events tell the same a
// moment later, and a moment is long for a strategy that reverses.
extension JournaledExchange {
    /// The circumstances of an order. O(open orders + strategies).
    func circumstances(of order: Order) -> PlacementCircumstances {
        let open = kernel.openOrders
        // What came before it in the same step is on its way as well; what comes after it is judged after it.
        let before = open.filter { $0.id < order.id && $0.state != .initialized }
        let awaited = awaitedProtection(open, of: order)
        let others = othersOrders.map { view in
            PlacementCircumstances.OpenOrder(
                instrument: kernel.instrument(view.instrument).name, side: view.side, type: view.type,
                leaves: view.quantity - view.filled)
        }
        return PlacementCircumstances(
            referencePrice: kernel.mark(order.request.instrument), balances: balances(for: order, before),
            openOrders: own(before) + others + awaited.others, following: awaited.own)
    }

    private func own(_ orders: [Order]) -> [PlacementCircumstances.OpenOrder] {
        let pairs = Set(orders.filter { $0.request.purpose == .takeProfit }.map(\.request.group))
        return orders.map { order in
            let group = order.request.group
            let isOfPair = group != 0 && order.request.purpose.isProtective && pairs.contains(group)
            return PlacementCircumstances.OpenOrder(
                instrument: kernel.instrument(order.request.instrument).name, side: order.request.side,
                type: order.request.type, leaves: order.leaves, list: isOfPair ? "group \(group)" : nil)
        }
    }

    /// The stops and targets that positions will need and that are not open yet: those of the order's own strategy, and
    /// those of others. An entry that leaves no room for them would end as a position without a stop.
    private func awaitedProtection(
        _ open: [Order], of order: Order
    ) -> (own: [PlacementCircumstances.OpenOrder], others: [PlacementCircumstances.OpenOrder]) {
        var own: [PlacementCircumstances.OpenOrder] = []
        var others: [PlacementCircumstances.OpenOrder] = []
        for registration in kernel.registrations where registration.protection.isActive {
            let isOwn = registration.id == order.owner
            let orders = open.filter { $0.owner == registration.id && $0.id != order.id }
            if orders.contains(where: { $0.request.purpose.isProtective }) { continue }
            let isEntering = orders.contains { $0.request.purpose == .entry && $0.id < order.id }
            guard isOwn || isEntering || isWorthProtecting(registration) else { continue }
            let protection = registration.protection
            let name = kernel.instrument(registration.instrument).name
            let list =
                protection.takeProfit == nil || !protection.hasStop ? nil : "strategy \(registration.id.rawValue)"
            var needed: [PlacementCircumstances.OpenOrder] = []
            if protection.hasStop {
                needed.append(.init(instrument: name, side: .sell, type: .stop, leaves: .zero, list: list))
            }
            if protection.takeProfit != nil {
                needed.append(.init(instrument: name, side: .sell, type: .limit, leaves: .zero, list: list))
            }
            if isOwn && order.request.purpose == .entry { own += needed } else { others += needed }
        }
        return (own, others)
    }

    /// Whether a strategy holds enough for a stop: less than the smallest order can't be sold by itself.
    private func isWorthProtecting(_ registration: StrategyRegistration) -> Bool {
        let position = kernel.position(registration.id, registration.instrument)
        let instrument = kernel.instrument(registration.instrument)
        guard !position.isDust(instrument) else { return false }
        guard let mark = kernel.mark(registration.instrument) else { return true }
        // The rule is in units of 10^−8, money in units of 10^−16.
        return instrument.notional(mark, position.closable(instrument)).units
            >= Int128(instrument.rules.minimumNotional) * 100_000_000
    }

    /// What is held of the two currencies that an order trades.
    private func balances(for order: Order, _ before: [Order]) -> [VenueBalance] {
        let id = order.request.instrument
        let instrument = kernel.instrument(id)
        var buying = Money.zero(instrument.quote)
        var selling = Quantity.zero
        let pairs = Set(before.filter { $0.request.purpose == .takeProfit }.map(\.request.group))
        for other in before {
            let place = other.request.instrument
            if other.request.side == .buy {
                if let spend = other.request.spend {
                    buying += spend
                } else if let price = other.request.reckonedPrice(at: kernel.mark(place)) {
                    buying += kernel.instrument(place).notional(price, other.leaves)
                }
            } else if place == id {
                // Of a pair the target alone holds what either sells.
                let isSecond = other.request.purpose.isStop && pairs.contains(other.request.group)
                // What waits for its entry locks nothing.
                if !isSecond, !kernel.isWaitingForEntry(other) { selling = selling + other.leaves }
            }
        }
        for view in othersOrders {
            let leaves = view.quantity - view.filled
            if view.side == .buy, let price = view.limitPrice ?? view.triggerPrice {
                buying += kernel.instrument(view.instrument).notional(price, leaves)
            } else if view.side == .sell, view.instrument == id {
                selling = selling + leaves
            }
        }
        let held = kernel.positions.reduce(Quantity.zero) { $1.instrument == id ? $0 + $1.quantity : $0 }
        func money(_ quantity: Quantity) -> Money {
            Money(units: Int128(quantity.mantissa) * instrument.quantityFactor, instrument.base)
        }
        let locked = min(selling, max(held, .zero))
        let cash = kernel.account.cash
        let reserved = Money(units: min(buying.units, max(cash.units, 0)), cash.currency)
        return [
            VenueBalance(free: cash - reserved, locked: reserved),
            VenueBalance(free: money(held - locked), locked: money(locked)),
        ]
    }
}

extension Protection {
    /// Whether it has a stop, fixed or trailing.
    fileprivate var hasStop: Bool { stopLoss != nil || trailingStop != nil }
}
