public import Market

extension Instrument {
    /// The largest quantity on `step` whose notional at `price` and fee on it together are at most `amount`; zero when
    /// there is none.
    ///
    /// `quantity = amount ÷ (price × (1 + rate))` rounded down to the step, in exact arithmetic: the product with the
    /// fee's denominator is 256 bits wide. The fee is rounded up to 10^−16, so the result is taken back by a step in the
    /// rare case that this last unit tips it over. O(1).
    ///
    /// - Parameters:
    ///   - amount: what may be spent, in the quote currency.
    ///   - rate: the fee as a share of the notional, above −1.
    ///   - step: the grid of the result.
    public func quantity(spending amount: Money, at price: Price, feeRate rate: Ratio, step: Quantity) -> Quantity {
        precondition(amount.currency == quote, "an amount of the quote currency is needed")
        precondition(rate.units > -Ratio.one.units, "a fee rate is above -1")
        guard amount.units > 0, price.mantissa > 0 else { return .zero }
        let denominator = UInt128(Ratio.one.units)
        let (unitCost, isTooDear) = UInt128(price.mantissa).multipliedReportingOverflow(by: UInt128(notionalFactor))
        let (divisor, isFarTooDear) = unitCost.multipliedReportingOverflow(by: UInt128(Ratio.one.units + rate.units))
        guard !isTooDear, !isFarTooDear else { return .zero }
        let wide = UInt128(amount.units).multipliedFullWidth(by: denominator)
        let limit = UInt128(Int64.max)
        // A high word as large as the divisor means a quotient beyond 128 bits.
        let units = wide.high < divisor ? min(divisor.dividingFullWidth(wide).quotient, limit) : limit
        var quantity = Quantity(mantissa: Int64(units)).rounded(toStep: step, .down)
        while !quantity.isZero, amount < cost(price, quantity, feeRate: rate) { quantity = quantity - step }
        return max(quantity, .zero)
    }

    /// The notional and the fee on it, the fee rounded up.
    func cost(_ price: Price, _ quantity: Quantity, feeRate rate: Ratio) -> Money {
        let amount = notional(price, quantity)
        return amount + amount.share(rate, rounding: .ceiling)
    }
}
