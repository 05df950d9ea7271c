/// How many standard deviations a value lies above the mean of the window it ends.
///
/// `(value - mean) / deviation` over the last `period` values, the value included. A window without any deviation
/// gives 0.
@frozen
public struct ZScore: ValueIndicator {
    @usableFromInline var deviation: StandardDeviation
    @usableFromInline var latest = Double.nan

    /// The score, without unit; NaN while warming up.
    @inlinable
    public var value: Double { latest }

    /// Makes a score against the last `period` values, 2 to `maximumPeriod`.
    @inlinable
    public init(period: Int = 20, divisor: StandardDeviation.Divisor = .population) {
        requirePeriod(period, atLeast: 2)
        deviation = StandardDeviation(period: period, divisor: divisor)
    }

    /// How many values the first defined output takes: `period`.
    @inlinable
    public static func warmUp(period: Int) -> Int { period }

    @inlinable
    public var warmUp: Int { deviation.warmUp }

    @inlinable
    public var isReady: Bool { deviation.isReady }

    @inlinable
    @discardableResult
    public mutating func update(_ value: Double) -> Double {
        let spread = deviation.update(value)
        latest = spread == 0 ? 0 : (value - deviation.mean) / spread
        return latest
    }
}
