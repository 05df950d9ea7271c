/// The Keltner channel as Linda Raschke draws it: the exponential average of the closes, and `multiplier` Wilder
/// average true ranges above and below it.
@frozen
public struct KeltnerChannel: BarIndicator {
    @usableFromInline var middle: ExponentialMovingAverage
    @usableFromInline var range: AverageTrueRange
    @usableFromInline let multiplier: Double
    @usableFromInline var latest = PriceChannel.undefined

    /// The three lines; NaN while warming up.
    @inlinable
    public var value: PriceChannel { latest }

    /// Makes a channel around the average of `period` closes, `multiplier` (finite) average true ranges of `atrPeriod`
    /// wide; both periods from 1 to `maximumPeriod`.
    @inlinable
    public init(period: Int = 20, atrPeriod: Int = 10, multiplier: Double = 2) {
        precondition(multiplier.isFinite, "the multiplier of a Keltner channel must be finite")
        middle = ExponentialMovingAverage(period: period)
        range = AverageTrueRange(period: atrPeriod)
        self.multiplier = multiplier
    }

    /// How many bars the first defined output takes: the larger of `period` and `atrPeriod + 1`.
    @inlinable
    public static func warmUp(period: Int, atrPeriod: Int) -> Int { max(period, atrPeriod + 1) }

    /// How many bars, the current one included, the first defined output takes.
    @inlinable
    public var warmUp: Int { max(middle.warmUp, range.warmUp) }

    /// Whether the last update yielded a defined output.
    @inlinable
    public var isReady: Bool { middle.isReady && range.isReady }

    /// Takes the next bar and returns the new output, NaN while warming up. A hole (see `ValueIndicator`) starts the
    /// indicator afresh.
    @inlinable
    @discardableResult
    public mutating func update(high: Double, low: Double, close: Double) -> PriceChannel {
        guard isUsable(high) && isUsable(low) && isUsable(close) else {
            middle.restart()
            range.update(high: .nan, low: .nan, close: .nan)
            latest = .undefined
            return latest
        }
        let center = middle.update(close)
        let reach = multiplier * range.update(high: high, low: low, close: close)
        if isReady { latest = PriceChannel(upper: center + reach, middle: center, lower: center - reach) }
        return latest
    }
}
