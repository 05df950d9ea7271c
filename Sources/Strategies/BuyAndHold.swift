public import Trading

/// Buys at the first chance and never sells: what a strategy is measured by, not one to enable.
public final class BuyAndHold: CompiledStrategy {
    /// Name `hold`, without parameters.
    public static let descriptor = StrategyDescriptor(
        name: "hold", summary: "Buys on the first candle and never sells.", parameters: [])

    /// One candle.
    public let warmUp = 1

    @exclusivity(unchecked) private var hasBought = false

    /// The strategy; there is nothing to choose.
    public init(_ parameters: Parameters) {}

    /// Signals on the first candle.
    public func onCandle(_ bar: Bar, _ context: StrategyContext) -> Signal? {
        if hasBought { return nil }
        hasBought = true
        return Signal(.long, rule: "the first candle", values: [])
    }
}

extension StrategyCatalog {
    /// The bundled strategies and buy-and-hold, for comparisons.
    public static let withBenchmark = bundled.adding(BuyAndHold.self)
}
