/// Bollinger bands: the simple moving average, and `width` population deviations above and below it
/// (John Bollinger; TA-Lib's BBANDS with a simple average).
@frozen
public struct BollingerBands: ValueIndicator {
    @usableFromInline var deviation: StandardDeviation
    @usableFromInline let width: Double
    @usableFromInline var latest = PriceChannel.undefined

    /// The three bands; NaN while warming up.
    @inlinable
    public var value: PriceChannel { latest }

    /// Makes bands over `period` values, 1 to `maximumPeriod`, `width` (finite, usually 2) deviations wide.
    @inlinable
    public init(period: Int = 20, width: Double = 2) {
        precondition(width.isFinite, "the width of Bollinger bands must be finite")
        deviation = StandardDeviation(period: period)
        self.width = width
    }

    /// How many values the first defined output takes: `period`.
    @inlinable
    public static func warmUp(period: Int) -> Int { period }

    /// How many values, the current one included, the first defined output takes.
    @inlinable
    public var warmUp: Int { deviation.warmUp }

    /// Whether the last update yielded a defined output.
    @inlinable
    public var isReady: Bool { deviation.isReady }

    /// Takes the next value and returns the new output, NaN while warming up. A hole (see `ValueIndicator`) starts the
    /// indicator afresh.
    @inlinable
    @discardableResult
    public mutating func update(_ value: Double) -> PriceChannel {
        let reach = deviation.update(value) * width
        let middle = deviation.mean
        latest = PriceChannel(upper: middle + reach, middle: middle, lower: middle - reach)
        return latest
    }
}
