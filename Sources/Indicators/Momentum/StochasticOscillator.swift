/// The slow stochastic oscillator (George Lane; TA-Lib's STOCH with simple averages).
///
/// The raw value is where the close lies in the range of the last `fastK` bars, from 0 at the lowest low to 100 at the
/// highest high, and 0 when there is no range. %K is its simple average over `slowK` bars, %D that of %K over `slowD`.
/// Both outputs start together. O(1) amortised a bar.
@frozen
public struct StochasticOscillator: BarIndicator {
    /// One bar's outputs, each from 0 to 100; both NaN while warming up.
    @frozen
    public struct Output: Sendable, Equatable {
        /// The slow %K line.
        public var k: Double
        /// The slow %D line, the average of %K.
        public var d: Double

        /// Makes outputs of their two values.
        @inlinable
        public init(k: Double, d: Double) {
            self.k = k
            self.d = d
        }
    }

    @usableFromInline var channel: DonchianChannel
    @usableFromInline var slowK: SimpleMovingAverage
    @usableFromInline var slowD: SimpleMovingAverage
    @usableFromInline var latest = Output(k: .nan, d: .nan)

    /// Both lines after the last update.
    @inlinable
    public var value: Output { latest }

    /// Makes an oscillator of the three periods, each from 1 to `maximumPeriod`.
    @inlinable
    public init(fastK: Int = 14, slowK: Int = 3, slowD: Int = 3) {
        channel = DonchianChannel(period: fastK)
        self.slowK = SimpleMovingAverage(period: slowK)
        self.slowD = SimpleMovingAverage(period: slowD)
    }

    /// How many bars the first defined output takes: `fastK + slowK + slowD - 2`.
    @inlinable
    public static func warmUp(fastK: Int, slowK: Int, slowD: Int) -> Int { fastK + slowK + slowD - 2 }

    /// How many bars, the current one included, the first defined output takes.
    @inlinable
    public var warmUp: Int {
        StochasticOscillator.warmUp(fastK: channel.warmUp, slowK: slowK.warmUp, slowD: slowD.warmUp)
    }

    /// Whether the last update yielded a defined output.
    @inlinable
    public var isReady: Bool { slowD.isReady }

    /// Takes the next bar and returns the new output, NaN while warming up. A hole (see `ValueIndicator`) starts the
    /// indicator afresh.
    @inlinable
    @discardableResult
    public mutating func update(high: Double, low: Double, close: Double) -> Output {
        guard isUsable(high) && isUsable(low) && isUsable(close) else { return restart() }
        let range = channel.update(high: high, low: low)
        guard channel.isReady else { return latest }
        let height = (range.upper - range.lower) / 100
        let k = slowK.update(height == 0 ? 0 : (close - range.lower) / height)
        guard slowK.isReady else { return latest }
        let d = slowD.update(k)
        if slowD.isReady { latest = Output(k: k, d: d) }
        return latest
    }

    @inlinable
    @inline(never)
    mutating func restart() -> Output {
        channel.update(high: .nan, low: .nan)
        slowK.update(.nan)
        slowD.update(.nan)
        latest = Output(k: .nan, d: .nan)
        return latest
    }
}
