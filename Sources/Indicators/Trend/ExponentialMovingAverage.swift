/// The exponential moving average: `value += (input - value) * 2 / (period + 1)`.
///
/// The first output is the plain mean of the first `period` values, as in TA-Lib; every later one depends on the
/// whole history since then, with a weight that falls by `1 - 2 / (period + 1)` a value.
@frozen
public struct ExponentialMovingAverage: ValueIndicator {
    @usableFromInline var seed: Seed
    @usableFromInline let smoothing: Double
    @usableFromInline let period: Int
    @usableFromInline var latest = Double.nan

    /// The average, in the unit of the input; NaN while warming up.
    @inlinable
    public var value: Double { latest }

    /// Makes an average whose smoothing factor is `2 / (period + 1)`, with `period` from 1 to `maximumPeriod`.
    @inlinable
    public init(period: Int) {
        seed = Seed(count: period)
        smoothing = 2 / (Double(period) + 1)
        self.period = period
    }

    /// How many values the first defined output takes: `period`.
    @inlinable
    public static func warmUp(period: Int) -> Int { period }

    /// How many values, the current one included, the first defined output takes.
    @inlinable
    public var warmUp: Int { period }

    /// Whether the last update yielded a defined output.
    @inlinable
    public var isReady: Bool { seed.isComplete }

    /// Takes the next value and returns the new output, NaN while warming up. A hole (see `ValueIndicator`) starts the
    /// indicator afresh.
    @inlinable
    @discardableResult
    public mutating func update(_ value: Double) -> Double {
        guard isUsable(value) else {
            restart()
            return .nan
        }
        if seed.isComplete {
            latest = (value - latest) * smoothing + latest
        } else if let mean = seed.add(value) {
            latest = mean
        }
        return latest
    }

    @inlinable
    mutating func restart() {
        seed = Seed(count: period)
        latest = .nan
    }
}
