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
    /// The largest quantity of an order at the market, where that is bound more closely; zero: as `maximumQuantity`.
    public var maximumMarketQuantity: Quantity
    /// The smallest notional of an order, in units of 10^−8 of the quote currency.
    public var minimumNotional: Int64
    /// How far a limit price may stand from the last price, as a share; zero: any distance.
    public var priceBand: Ratio

    /// Rules of their parts.
    public init(
        tick: Price, quantityStep: Quantity, marketQuantityStep: Quantity = .zero, minimumQuantity: Quantity = .zero,
        maximumQuantity: Quantity = .zero, maximumMarketQuantity: Quantity = .zero, minimumNotional: Int64 = 0,
        priceBand: Ratio = .zero
    ) {
        precondition(tick.mantissa > 0 && quantityStep.mantissa > 0, "a tick and a step are positive")
        self.tick = tick
        self.quantityStep = quantityStep
        self.marketQuantityStep = marketQuantityStep
        self.minimumQuantity = minimumQuantity
        self.maximumQuantity = maximumQuantity
        self.maximumMarketQuantity = maximumMarketQuantity
        self.minimumNotional = minimumNotional
        self.priceBand = priceBand
    }

    /// Reads rules; those of before there was a largest market order have none.
    ///
    /// - Throws: `DecodingError`, also when tick or step is not positive.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let tick = try values.decode(Price.self, forKey: .tick)
        let step = try values.decode(Quantity.self, forKey: .quantityStep)
        guard tick.mantissa > 0, step.mantissa > 0 else {
            throw DecodingError.dataCorruptedError(
                forKey: .tick, in: values, debugDescription: "a tick and a step are positive")
        }
        self.init(
            tick: tick, quantityStep: step,
            marketQuantityStep: try values.decode(Quantity.self, forKey: .marketQuantityStep),
            minimumQuantity: try values.decode(Quantity.self, forKey: .minimumQuantity),
            maximumQuantity: try values.decode(Quantity.self, forKey: .maximumQuantity),
            maximumMarketQuantity: try values.decodeIfPresent(Quantity.self, forKey: .maximumMarketQuantity) ?? .zero,
            minimumNotional: try values.decode(Int64.self, forKey: .minimumNotional),
            priceBand: try values.decode(Ratio.self, forKey: .priceBand))
    }
}
