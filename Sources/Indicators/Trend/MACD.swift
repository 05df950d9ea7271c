/// Moving average convergence/divergence (Gerald Appel): the difference of a fast and a slow exponential average, an
/// exponential average of that difference, and the distance between the two.
///
/// As in TA-Lib both price averages start together, on the bar that completes the slow one: the fast average is
/// seeded with the mean of the last `fast` values up to there. All three outputs start when the signal does.
@frozen
public struct MACD: ValueIndicator {
    /// The three outputs, in the unit of the input; all NaN while warming up.
    @frozen
    public struct Lines: Sendable, Equatable {
        /// The fast average less the slow one.
        public var line: Double
        /// The exponential average of `line`.
        public var signal: Double
        /// `line - signal`.
        public var histogram: Double

        /// Makes the outputs of their three values.
        @inlinable
        public init(line: Double, signal: Double, histogram: Double) {
            self.line = line
            self.signal = signal
            self.histogram = histogram
        }
    }

    @usableFromInline var fast: ExponentialMovingAverage
    @usableFromInline var slow: ExponentialMovingAverage
    @usableFromInline var average: ExponentialMovingAverage
    @usableFromInline var skipped = 0
    @usableFromInline var latest = Lines(line: .nan, signal: .nan, histogram: .nan)

    /// The three outputs after the last update.
    @inlinable
    public var value: Lines { latest }

    /// Makes an indicator of the three periods, each from 1 to `maximumPeriod`, with `fast` below `slow`.
    @inlinable
    public init(fast: Int = 12, slow: Int = 26, signal: Int = 9) {
        precondition(fast < slow, "the fast period of MACD must be below the slow one")
        self.fast = ExponentialMovingAverage(period: fast)
        self.slow = ExponentialMovingAverage(period: slow)
        average = ExponentialMovingAverage(period: signal)
    }

    /// How many values the first defined output takes: `slow + signal - 1`.
    @inlinable
    public static func warmUp(slow: Int, signal: Int) -> Int { slow + signal - 1 }

    /// How many values, the current one included, the first defined output takes.
    @inlinable
    public var warmUp: Int { MACD.warmUp(slow: slow.period, signal: average.period) }

    /// Whether the last update yielded a defined output.
    @inlinable
    public var isReady: Bool { average.isReady }

    /// Takes the next value and returns the new output, NaN while warming up. A hole (see `ValueIndicator`) starts the
    /// indicator afresh.
    @inlinable
    @discardableResult
    public mutating func update(_ value: Double) -> Lines {
        guard isUsable(value) else { return restart() }
        slow.update(value)
        if skipped < slow.period - fast.period {
            skipped += 1
        } else {
            fast.update(value)
        }
        guard slow.isReady else { return latest }
        let line = fast.value - slow.value
        let signal = average.update(line)
        if average.isReady { latest = Lines(line: line, signal: signal, histogram: line - signal) }
        return latest
    }

    @inlinable
    @inline(never)
    mutating func restart() -> Lines {
        fast.restart()
        slow.restart()
        average.restart()
        skipped = 0
        latest = Lines(line: .nan, signal: .nan, histogram: .nan)
        return latest
    }
}
