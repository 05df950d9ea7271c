import Market
import Trading

extension SimulatedVenue {
    /// The largest quantity that the free margin carries at a price, its fee included. O(log steps).
    func carriedQuantity(_ order: WorkingOrder, _ index: Int, _ wanted: Quantity, at price: Price, rate: Ratio)
        -> Quantity
    {
        guard let rules = marginRules else { return wanted }
        let leverage = Int128(rules.terms.leverage)
        let instrument = instruments[index]
        let step = instrument.quantityStep(of: .market)
        let free = Money(units: max(freeMargin(index, at: price), 0) * leverage, cash.currency)
        let most = instrument.quantity(
            spending: free, at: price, feeRate: Ratio(units: max(rate.units, 0) * Int64(leverage)), step: step)
        let first = max(min(wanted, most), .zero)
        func isCarried(_ quantity: Quantity) -> Bool {
            guard quantity.mantissa > 0 else { return true }
            let delta = order.request.side == .buy ? quantity.mantissa : -quantity.mantissa
            let fee = instrument.notional(price, quantity).share(rate, rounding: .ceiling)
            return self.isCarried(order.owner, index, delta, at: price, fee: fee)
        }
        func after(_ back: Int64) -> Quantity { max(Quantity(mantissa: first.mantissa - back * step.mantissa), .zero) }
        guard !isCarried(first) else { return first }
        // Margin and fee are rounded up each on its own, which costs a step or two; and the maintenance margin of a large
        // position may be more than what is set aside for it, which may cost most of it. What is carried at a quantity is
        // carried at every smaller one: back in steps that double until it is, and then halves of what lies between.
        let steps = first.mantissa / max(step.mantissa, 1) + 1
        var (refused, carried) = (Int64(0), Int64(1))
        while !isCarried(after(carried)) {
            refused = carried
            carried = min(2 * carried, steps)
        }
        while carried - refused > 1 {
            let middle = refused + (carried - refused) / 2
            if isCarried(after(middle)) { carried = middle } else { refused = middle }
        }
        return after(carried)
    }
}
