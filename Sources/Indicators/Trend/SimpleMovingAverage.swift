/// The arithmetic mean of the last `period` values.
///
/// The result is the exact mean of the doubles in the window, rounded once (see `ExactSum`), at any point of a series
/// of any length. It depends on nothing but the window: windows with equal exact means give equal results when the
/// values are whole numbers, and a window of one repeated value gives that value, whatever the period. Rules that
/// compare two averages can rely on it: over constant prices fast equals slow.
@frozen
public struct SimpleMovingAverage: ValueIndicator {
    @usableFromInline var window: RollingSum
    @usableFromInline var latest = Double.nan

    /// The mean of the last `period` values, in the unit of the input; NaN while warming up.
    @inlinable
    public var value: Double { latest }

    /// Makes an average over `period` values, 1 to `maximumPeriod`.
    @inlinable
    public init(period: Int) {
        window = RollingSum(period: period)
    }

    /// How many values the first defined output takes: `period`.
    @inlinable
    public static func warmUp(period: Int) -> Int { period }

    /// How many values, the current one included, the first defined output takes.
    @inlinable
    public var warmUp: Int { window.ring.count }

    /// Whether the last update yielded a defined output.
    @inlinable
    public var isReady: Bool { !value.isNaN }

    /// Takes the next value and returns the new output, NaN while warming up. A hole (see `ValueIndicator`) starts the
    /// indicator afresh.
    @inlinable
    @inline(__always)
    @discardableResult
    public mutating func update(_ value: Double) -> Double {
        guard isUsable(value) else { return restart() }
        let sum = window.push(value).sum
        guard window.isFull else { return latest }
        let mean = window.mean(of: sum)
        latest = mean
        return mean
    }

    @inlinable
    @inline(never)
    mutating func restart() -> Double {
        window.reset()
        latest = .nan
        return latest
    }
}
