public import Market

/// A closed candle in floating point, as indicators and strategies see it.
@frozen
public struct Bar: Sendable, Hashable {
    /// The candle's open time.
    public var openTime: Timestamp
    /// The instant the candle closed: when the strategy sees it.
    public var closeTime: Timestamp
    /// The first price.
    public var open: Double
    /// The highest price.
    public var high: Double
    /// The lowest price.
    public var low: Double
    /// The last price.
    public var close: Double
    /// The base volume.
    public var volume: Double

    /// The bar of a candle.
    ///
    /// - Parameters:
    ///   - priceUnits: price units in one whole, 10^`priceScale`.
    ///   - quantityUnits: quantity units in one whole, 10^`quantityScale`.
    @inlinable
    public init(_ candle: Candle, timeframe: Timeframe, priceUnits: Double, quantityUnits: Double) {
        openTime = candle.openTime
        closeTime = candle.closeTime(timeframe)
        // Division, not multiplication by a reciprocal: it gives the double nearest to the decimal price.
        open = Double(candle.open.mantissa) / priceUnits
        high = Double(candle.high.mantissa) / priceUnits
        low = Double(candle.low.mantissa) / priceUnits
        close = Double(candle.close.mantissa) / priceUnits
        volume = Double(candle.volume.mantissa) / quantityUnits
    }
}
