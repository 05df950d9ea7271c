public import Market

/// What a strategy made of some candles, one after the other.
@frozen
public struct CandleScan: Sendable {
    /// How many candles it has seen, the one that made it speak included.
    public var taken: Int
    /// What it wants since the last of them; `nil` when none of them made it speak.
    public var signal: Signal?
    /// Why it can't go on after the last of them.
    public var fault: StrategyFault?

    /// A scan of its parts.
    @inlinable
    public init(taken: Int, signal: Signal? = nil, fault: StrategyFault? = nil) {
        self.taken = taken
        self.signal = signal
        self.fault = fault
    }
}

extension Strategy {
    /// Sees candles with `onCandle`, oldest first, until one makes it speak or fail. O(candles).
    ///
    /// Compiled for each class on its own, so that a candle costs no call through the protocol; that is why its body is
    /// part of the interface.
    @inlinable
    public func scan(
        _ candles: Span<Candle>, _ timeframe: Timeframe, priceUnits: Double, quantityUnits: Double,
        _ context: StrategyContext
    ) -> CandleScan {
        var context = context
        for index in candles.indices {
            context.candleCount += 1
            let bar = Bar(
                candles[unchecked: index], timeframe: timeframe, priceUnits: priceUnits, quantityUnits: quantityUnits)
            do {
                if let signal = try onCandle(bar, context) { return CandleScan(taken: index + 1, signal: signal) }
            } catch {
                return CandleScan(taken: index + 1, fault: error)
            }
        }
        return CandleScan(taken: candles.count)
    }
}
