/// The standard deviation of the last `period` values, of the population (divisor n) or of a sample (n - 1).
///
/// Equal values give exactly 0; the result is never negative and never NaN once warm.
@frozen
public struct StandardDeviation: ValueIndicator {
    /// What the sum of squared deviations is divided by before the root is taken.
    @frozen
    public enum Divisor: String, Sendable, CaseIterable {
        /// The number of values: the deviation of the window itself, as in Bollinger bands and TA-Lib.
        case population
        /// One less: the unbiased estimate of the variance the window was drawn from.
        case sample
    }

    @usableFromInline var moments: RollingMoments
    @usableFromInline let divisor: Double
    @usableFromInline var latest = Double.nan

    /// The deviation, in the unit of the input; NaN while warming up.
    @inlinable
    public var value: Double { latest }

    /// Makes a deviation over `period` values, up to `maximumPeriod`; at least 1, for a sample at least 2.
    @inlinable
    public init(period: Int, divisor: Divisor = .population) {
        requirePeriod(period, atLeast: divisor == .sample ? 2 : 1)
        moments = RollingMoments(period: period)
        self.divisor = Double(divisor == .sample ? period - 1 : period)
    }

    /// How many values the first defined output takes: `period`.
    @inlinable
    public static func warmUp(period: Int) -> Int { period }

    /// How many values, the current one included, the first defined output takes.
    @inlinable
    public var warmUp: Int { moments.period }

    /// Whether the last update yielded a defined output.
    @inlinable
    public var isReady: Bool { moments.isReady }

    /// The mean of the same window, as `SimpleMovingAverage` gives it; NaN while warming up.
    @inlinable
    public var mean: Double { moments.mean }

    /// How far a value lies above the exact mean of the window.
    @inlinable
    @inline(__always)
    func distance(of value: Double) -> Double {
        let window = moments.window
        return (value - moments.mean) - window.remainder(of: window.sum, mean: moments.mean)
    }

    /// Takes the next value and returns the new output, NaN while warming up. A hole (see `ValueIndicator`) starts the
    /// indicator afresh.
    @inlinable
    @discardableResult
    public mutating func update(_ value: Double) -> Double {
        guard isUsable(value) else {
            moments.reset()
            latest = .nan
            return .nan
        }
        let result = (moments.push(value) / divisor).squareRoot()
        latest = result
        return result
    }
}
