public import Market

/// A closed candle as indicators and strategies see it: in floating point, converted only when asked for.
@frozen
public struct Bar: Sendable, Hashable {
    /// The candle in fixed point.
    public let candle: Candle
    /// The instant the candle closed: when the strategy sees it.
    public let closeTime: Timestamp
    /// Price units in one whole, 10^`priceScale`.
    public let priceUnits: Double
    /// Quantity units in one whole, 10^`quantityScale`.
    public let quantityUnits: Double

    /// The bar of a candle.
    ///
    /// - Parameters:
    ///   - priceUnits: price units in one whole, 10^`priceScale`.
    ///   - quantityUnits: quantity units in one whole, 10^`quantityScale`.
    @inlinable
    public init(_ candle: Candle, timeframe: Timeframe, priceUnits: Double, quantityUnits: Double) {
        self.candle = candle
        self.priceUnits = priceUnits
        self.quantityUnits = quantityUnits
        closeTime = candle.closeTime(timeframe)
    }

    // Division, not multiplication by a reciprocal: it gives the double nearest to the decimal price.

    /// The candle's open time.
    @inlinable
    public var openTime: Timestamp { candle.openTime }
    /// The first price.
    @inlinable
    public var open: Double { Double(candle.open.mantissa) / priceUnits }
    /// The highest price.
    @inlinable
    public var high: Double { Double(candle.high.mantissa) / priceUnits }
    /// The lowest price.
    @inlinable
    public var low: Double { Double(candle.low.mantissa) / priceUnits }
    /// The last price.
    @inlinable
    public var close: Double { Double(candle.close.mantissa) / priceUnits }
    /// The base volume.
    @inlinable
    public var volume: Double { Double(candle.volume.mantissa) / quantityUnits }

    /// The last price in price units: a whole number, so that sums of closes are exact and rules that compare them see
    /// a tie as a tie, which decimal prices in binary floating point do not grant.
    @inlinable
    public var closeUnits: Double { Double(candle.close.mantissa) }
}
