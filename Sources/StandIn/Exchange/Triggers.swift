import Market

/// Orders that wait for a price. The last trade is what they look at.
extension Exchange {
    /// Whether an order that comes in now would be triggered by the last trade already.
    func wouldTrigger(_ terms: OrderTerms, _ index: Int) -> Bool {
        guard terms.type.isContingent, terms.stopPrice.mantissa > 0 else { return false }
        let last = markets[index].lastPrice
        return terms.type.triggersAbove(terms.side) ? last >= terms.stopPrice : last <= terms.stopPrice
    }

    /// Wakes the orders that the last trade triggers, oldest first, until none is left: what one trades may trigger the
    /// next.
    func meetTriggers(_ index: Int) {
        while let order = working[index].first(where: { isTriggered($0) }) { trigger(order) }
    }

    private func isTriggered(_ order: Order) -> Bool {
        guard order.isWaiting else { return false }
        let last = markets[order.market].lastPrice
        guard order.terms.trailingDelta > 0 else { return reaches(order, last) }
        // A stop price besides a delta says from where on to trail.
        if order.trailingExtreme == nil, order.terms.stopPrice.mantissa > 0, !reaches(order, last) { return false }
        return trails(order, last)
    }

    private func reaches(_ order: Order, _ last: Price) -> Bool {
        order.type.triggersAbove(order.side) ? last >= order.terms.stopPrice : last <= order.terms.stopPrice
    }

    /// Follows the price; whether it has come back by the delta.
    private func trails(_ order: Order, _ last: Price) -> Bool {
        if order.trailingExtreme == nil { order.trailingTime = serverTime }
        // Sellers follow the highest price and sell below it, buyers the lowest and buy above it.
        let isSell = order.side == .sell
        let extreme = order.trailingExtreme.map { isSell ? max($0, last) : min($0, last) } ?? last
        order.trailingExtreme = extreme
        let delta = Int128(order.terms.trailingDelta)
        let here = Int128(last.mantissa) * 10_000
        let there = Int128(extreme.mantissa)
        return isSell ? here <= there * (10_000 - delta) : here >= there * (10_000 + delta)
    }

    private func trigger(_ order: Order) {
        order.isTriggered = true
        order.updated = serverTime
        takeLock(order)
        relock(order)
        order.workingTime = serverTime
        report(order, "NEW")
        tellBalances(accounts[order.account])
        work(order)
    }
}
