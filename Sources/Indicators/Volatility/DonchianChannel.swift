/// The Donchian channel (Richard Donchian): the highest high and the lowest low of the last `period` bars, the current
/// one included, and their mean.
///
/// O(1) amortised a bar: once every `period` bars an update passes over the window.
@frozen
public struct DonchianChannel: Sendable {
    @usableFromInline var highest: RollingMaximum
    @usableFromInline var lowestNegated: RollingMaximum
    @usableFromInline var latest = PriceChannel.undefined

    /// The three lines; NaN while warming up.
    @inlinable
    public var value: PriceChannel { latest }

    /// Makes a channel over `period` bars, 1 to `maximumPeriod`.
    @inlinable
    public init(period: Int = 20) {
        highest = RollingMaximum(period: period)
        lowestNegated = RollingMaximum(period: period)
    }

    /// How many bars the first defined output takes: `period`.
    @inlinable
    public static func warmUp(period: Int) -> Int { period }

    /// How many bars, the current one included, the first defined output takes.
    @inlinable
    public var warmUp: Int { highest.period }

    /// Whether the last update yielded a defined output.
    @inlinable
    public var isReady: Bool { highest.isFull }

    /// Takes the next bar's high and low and returns the channel, NaN while warming up. Holes start it afresh (see
    /// `ValueIndicator`).
    @inlinable
    @discardableResult
    public mutating func update(high: Double, low: Double) -> PriceChannel {
        guard isUsable(high) && isUsable(low) else {
            highest.reset()
            lowestNegated.reset()
            latest = .undefined
            return latest
        }
        let upper = highest.push(high)
        let lower = -lowestNegated.push(-low)
        if highest.isFull { latest = PriceChannel(upper: upper, middle: (upper + lower) / 2, lower: lower) }
        return latest
    }

    /// Runs a copy of this indicator over the bars: one channel a bar, NaN while warming up. Both arrays must be of
    /// one length. O(n) in that length.
    @inlinable
    public func batch(high: [Double], low: [Double]) -> [PriceChannel] {
        precondition(high.count == low.count, "the columns differ in length")
        var indicator = self
        return high.indices.map { indicator.update(high: high[$0], low: low[$0]) }
    }
}
