import Market
import Simulation

/// The symbols that the stand-in can list: pairs against USDT with rules like those of Binance's spot market.
///
/// Prices and sizes are only what the synthetic market wanders about; they follow nobody's quotes.
enum SymbolCatalog {
    /// The symbols of all profiles, in their order.
    static var names: [String] { profiles.map(\.instrument.symbol) }

    /// The profile of a symbol, or `nil` when the catalogue has none.
    static func profile(_ symbol: String) -> SyntheticInstrument? {
        profiles.first { $0.instrument.symbol == symbol }
    }

    private static let profiles: [SyntheticInstrument] =
        SyntheticInstrument.defaults + [
            profile("BNB", tick: "0.01", step: "0.001", price: 600, volatility: 0.03, rate: 0.8, level: 12, spacing: 2),
            profile(
                "XRP", tick: "0.0001", step: "0.1", price: 0.6, volatility: 0.045, rate: 0.8, level: 9_000, spacing: 1),
            profile(
                "DOGE", tick: "0.00001", step: "1", price: 0.12, volatility: 0.05, rate: 0.7, level: 60_000, spacing: 1),
            profile(
                "ADA", tick: "0.0001", step: "0.1", price: 0.45, volatility: 0.045, rate: 0.6, level: 15_000, spacing: 1
            ),
            profile("LTC", tick: "0.01", step: "0.001", price: 75, volatility: 0.035, rate: 0.5, level: 80, spacing: 1),
            profile(
                "AVAX", tick: "0.01", step: "0.01", price: 28, volatility: 0.045, rate: 0.5, level: 150, spacing: 1),
            profile(
                "LINK", tick: "0.01", step: "0.01", price: 14, volatility: 0.042, rate: 0.5, level: 260, spacing: 1),
            profile(
                "TRX", tick: "0.0001", step: "0.1", price: 0.13, volatility: 0.025, rate: 0.5, level: 40_000, spacing: 1
            ),
            profile(
                "DOT", tick: "0.001", step: "0.01", price: 6.5, volatility: 0.042, rate: 0.4, level: 500, spacing: 2),
        ]

    private static func profile(
        _ base: String, tick: String, step: String, price: Double, volatility: Double, rate: Double, level: Double,
        spacing: Int64
    ) -> SyntheticInstrument {
        guard let currency = Currency(base), let tick = try? DecimalText.mantissa(tick, scale: 8),
            let step = try? DecimalText.mantissa(step, scale: 8)
        else { preconditionFailure("the catalogue's own numbers are decimals") }
        let rules = InstrumentRules(
            tick: Price(mantissa: tick), quantityStep: Quantity(mantissa: step),
            minimumQuantity: Quantity(mantissa: step), maximumQuantity: Quantity(mantissa: 900_000_000_000_000),
            minimumNotional: 500_000_000)
        return SyntheticInstrument(
            instrument: Instrument(
                venue: SyntheticInstrument.venue, symbol: base + "USDT", base: currency, quote: .usdt, rules: rules),
            basePrice: price, dailyVolatility: volatility, burstsPerSecond: rate, printSize: level / 80,
            levelSize: level, levelSpacing: spacing)
    }
}
