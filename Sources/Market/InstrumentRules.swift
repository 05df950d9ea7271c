/// What a venue demands of an order for an instrument. Zero means that there is no such rule.
public struct InstrumentRules: Hashable, Sendable, Codable {
    /// Prices are multiples of this.
    public var tick: Price
    /// Quantities are multiples of this.
    public var quantityStep: Quantity
    /// Market-order quantities are multiples of this; zero: the same as `quantityStep`.
    public var marketQuantityStep: Quantity
    /// The smallest quantity of an order.
    public var minimumQuantity: Quantity
    /// The largest quantity of an order; zero: none.
    public var maximumQuantity: Quantity
    /// The smallest notional of an order, in units of 10^−8 of the quote currency.
    public var minimumNotional: Int64
    /// How far a limit price may stand from the last price, as a share; zero: any distance.
    public var priceBand: Ratio

    /// Rules of their parts.
    public init(
        tick: Price, quantityStep: Quantity, marketQuantityStep: Quantity = .zero, minimumQuantity: Quantity = .zero,
        maximumQuantity: Quantity = .zero, minimumNotional: Int64 = 0, priceBand: Ratio = .zero
    ) {
        precondition(tick.mantissa > 0 && quantityStep.mantissa > 0, "a tick and a step are positive")
        self.tick = tick
        self.quantityStep = quantityStep
        self.marketQuantityStep = marketQuantityStep
        self.minimumQuantity = minimumQuantity
        self.maximumQuantity = maximumQuantity
        self.minimumNotional = minimumNotional
        self.priceBand = priceBand
    }
}
