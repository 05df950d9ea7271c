/// The commodity channel index (Donald Lambert): how far the typical price `(high + low + close) / 3` lies from its
/// simple average, in units of 0.015 mean absolute deviations from that average.
///
/// 0 where the price equals its average or the window has no deviation, as in TA-Lib. The absolute deviations refer to
/// an average that moves with every bar, so they are summed over the window each time: this is the one indicator whose
/// update is O(period).
@frozen
public struct CommodityChannelIndex: BarIndicator {
    @usableFromInline var window: RollingSum
    @usableFromInline var latest = Double.nan

    /// The index, without unit; NaN while warming up.
    @inlinable
    public var value: Double { latest }

    /// Makes an index over `period` bars, 2 to `maximumPeriod`; Lambert used 20.
    @inlinable
    public init(period: Int = 20) {
        requirePeriod(period, atLeast: 2)
        window = RollingSum(period: period)
    }

    /// How many bars the first defined output takes: `period`.
    @inlinable
    public static func warmUp(period: Int) -> Int { period }

    /// How many bars, the current one included, the first defined output takes.
    @inlinable
    public var warmUp: Int { window.ring.count }

    /// Whether the last update yielded a defined output.
    @inlinable
    public var isReady: Bool { !latest.isNaN }

    /// Takes the next bar and returns the new output, NaN while warming up. A hole (see `ValueIndicator`) starts the
    /// indicator afresh.
    @inlinable
    @discardableResult
    public mutating func update(high: Double, low: Double, close: Double) -> Double {
        guard isUsable(high) && isUsable(low) && isUsable(close) else {
            window.reset()
            latest = .nan
            return latest
        }
        let typical = (high + low + close) / 3
        let sum = window.push(typical).sum
        guard window.isFull else { return latest }
        let mean = window.mean(of: sum)
        let deviations = absoluteDeviations(from: mean)
        let distance = typical - mean
        latest = distance == 0 || deviations == 0 ? 0 : distance / (0.015 * (deviations * window.reciprocal))
        return latest
    }

    @inlinable
    @inline(__always)
    func absoluteDeviations(from mean: Double) -> Double {
        window.ring.withUnsafeBufferPointer { values in
            // Four independent sums, because one would wait for itself at every addition.
            var first = 0.0
            var second = 0.0
            var third = 0.0
            var fourth = 0.0
            var index = 0
            while index + 4 <= values.count {
                first += abs(values[index] - mean)
                second += abs(values[index + 1] - mean)
                third += abs(values[index + 2] - mean)
                fourth += abs(values[index + 3] - mean)
                index += 4
            }
            while index < values.count {
                first += abs(values[index] - mean)
                index += 1
            }
            return (first + second) + (third + fourth)
        }
    }
}
