public import Market

/// What an instrument of the synthetic market is like.
public struct SyntheticInstrument: Sendable, Hashable {
    /// The instrument, with its rules.
    public var instrument: Instrument
    /// The price it wanders about, in the quote currency.
    public var basePrice: Double
    /// The standard deviation of a day's logarithmic return.
    public var dailyVolatility: Double
    /// Bursts of trading a second at ordinary activity.
    public var burstsPerSecond: Double
    /// The median size of a print, in the base asset.
    public var printSize: Double
    /// The typical size of a level of the book, in the base asset.
    public var levelSize: Double
    /// The typical distance between two levels of the book, in ticks.
    public var levelSpacing: Int64

    /// An instrument of its parts.
    ///
    /// - Precondition: prices, sizes and volatility are positive, the spacing at least one tick.
    public init(
        instrument: Instrument, basePrice: Double, dailyVolatility: Double, burstsPerSecond: Double,
        printSize: Double, levelSize: Double, levelSpacing: Int64
    ) {
        precondition(basePrice > 0 && dailyVolatility > 0 && dailyVolatility < 0.2, "a price and 0…20 % a day")
        precondition(burstsPerSecond > 0 && printSize > 0 && levelSize > 0 && levelSpacing > 0, "positive sizes")
        self.instrument = instrument
        self.basePrice = basePrice
        self.dailyVolatility = dailyVolatility
        self.burstsPerSecond = burstsPerSecond
        self.printSize = printSize
        self.levelSize = levelSize
        self.levelSpacing = levelSpacing
    }

    /// The venue name of the synthetic market.
    public static let venue = "SYNTHETIC"

    /// BTC, ETH and SOL against USDT, with the rules that Binance's spot market has for them.
    public static let defaults: [SyntheticInstrument] = [
        SyntheticInstrument(
            instrument: spot("BTC", quantityStep: 1_000), basePrice: 64_000, dailyVolatility: 0.025,
            burstsPerSecond: 2.2, printSize: 0.004, levelSize: 0.35, levelSpacing: 60),
        SyntheticInstrument(
            instrument: spot("ETH", quantityStep: 10_000), basePrice: 3_200, dailyVolatility: 0.034,
            burstsPerSecond: 1.6, printSize: 0.06, levelSize: 6, levelSpacing: 5),
        SyntheticInstrument(
            instrument: spot("SOL", quantityStep: 100_000), basePrice: 150, dailyVolatility: 0.047,
            burstsPerSecond: 1.1, printSize: 1.2, levelSize: 180, levelSpacing: 1),
    ]

    private static func spot(_ base: String, quantityStep: Int64) -> Instrument {
        guard let currency = Currency(base) else { preconditionFailure("\(base) is no currency code") }
        return Instrument(
            venue: venue, symbol: base + "USDT", base: currency, quote: .usdt,
            rules: InstrumentRules(
                tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: quantityStep),
                minimumQuantity: Quantity(mantissa: quantityStep), maximumQuantity: Quantity(mantissa: 900_000_000_000),
                minimumNotional: 500_000_000))
    }
}
