import Market

extension Instrument {
    /// The price nearest to a number of the quote currency, on the tick; `nil` when it is no price.
    func price(near value: Double) -> Price? {
        let mantissa = value * Double(DecimalText.powerOfTen(priceScale))
        guard mantissa.isFinite, abs(mantissa) < 9e17 else { return nil }
        return Price(mantissa: Int64(mantissa.rounded())).rounded(toTick: tick, .halfEven)
    }

    /// The tick, at least one unit.
    var tick: Price { Price(mantissa: max(1, rules.tick.mantissa)) }
}
