/// The rate of change: by how many per cent a value differs from the one `period` values earlier,
/// `(value / earlier - 1) * 100`. 0 where the earlier value is 0, as in TA-Lib.
@frozen
public struct RateOfChange: ValueIndicator {
    @usableFromInline var ring: [Double]
    @usableFromInline var cursor = 0
    @usableFromInline var missing: Int
    @usableFromInline var latest = Double.nan

    /// The change in per cent; NaN while warming up.
    @inlinable
    public var value: Double { latest }

    /// Makes a rate over `period` values, 1 to `maximumPeriod`.
    @inlinable
    public init(period: Int = 10) {
        requirePeriod(period)
        ring = [Double](repeating: 0, count: period)
        missing = period
    }

    /// How many values the first defined output takes: `period + 1`.
    @inlinable
    public static func warmUp(period: Int) -> Int { period + 1 }

    /// How many values, the current one included, the first defined output takes.
    @inlinable
    public var warmUp: Int { ring.count + 1 }

    /// Whether the last update yielded a defined output.
    @inlinable
    public var isReady: Bool { !latest.isNaN }

    /// Takes the next value and returns the new output, NaN while warming up. A hole (see `ValueIndicator`) starts the
    /// indicator afresh.
    @inlinable
    @discardableResult
    public mutating func update(_ value: Double) -> Double {
        guard isUsable(value) else {
            missing = ring.count
            latest = .nan
            return latest
        }
        let earlier = ring[cursor]
        ring[cursor] = value
        cursor = cursor + 1 == ring.count ? 0 : cursor + 1
        if missing > 0 {
            missing -= 1
        } else {
            latest = earlier == 0 ? 0 : (value / earlier - 1) * 100
        }
        return latest
    }
}
