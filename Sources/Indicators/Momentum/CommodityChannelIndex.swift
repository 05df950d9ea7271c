/// The commodity channel index (Donald Lambert): how far the typical price `(high + low + close) / 3` lies from its
/// simple average, in units of 0.015 mean absolute deviations from that average.
///
/// 0 where the price equals its average or the window has no deviation, as in TA-Lib. The absolute deviations refer to
/// an average that moves with every bar, so they are summed over the window each time: this is the one indicator whose
/// update is O(period). The average is summed along with them, in TA-Lib's order: where a window's prices differ by a
/// millionth, the last place of the average shows in the index, and both should show the same.
@frozen
public struct CommodityChannelIndex: BarIndicator {
    @usableFromInline var ring: [Double]
    @usableFromInline var cursor = 0
    @usableFromInline var missing: Int
    @usableFromInline var equalRun = 0
    @usableFromInline var previous = Double.nan
    @usableFromInline var latest = Double.nan

    /// The index, without unit; NaN while warming up.
    @inlinable
    public var value: Double { latest }

    /// Makes an index over `period` bars, 2 to `maximumPeriod`; Lambert used 20.
    @inlinable
    public init(period: Int = 20) {
        requirePeriod(period, atLeast: 2)
        ring = [Double](repeating: 0, count: period)
        missing = period
    }

    /// How many bars the first defined output takes: `period`.
    @inlinable
    public static func warmUp(period: Int) -> Int { period }

    /// How many bars, the current one included, the first defined output takes.
    @inlinable
    public var warmUp: Int { ring.count }

    /// Whether the last update yielded a defined output.
    @inlinable
    public var isReady: Bool { !latest.isNaN }

    /// Takes the next bar and returns the new output, NaN while warming up. A hole (see `ValueIndicator`) starts the
    /// indicator afresh.
    @inlinable
    @discardableResult
    public mutating func update(high: Double, low: Double, close: Double) -> Double {
        guard isUsable(high) && isUsable(low) && isUsable(close) else {
            missing = ring.count
            cursor = 0
            latest = .nan
            return latest
        }
        let typical = (high + low + close) / 3
        equalRun = typical == previous ? equalRun &+ 1 : 1
        previous = typical
        ring[cursor] = typical
        cursor = cursor + 1 == ring.count ? 0 : cursor + 1
        if missing > 0 { missing -= 1 }
        if missing == 0 { latest = index(of: typical) }
        return latest
    }

    @inlinable
    @inline(__always)
    func index(of typical: Double) -> Double {
        // The rounded mean of equal values may differ from them, and would then be a whole deviation away.
        if equalRun >= ring.count { return 0 }
        let count = Double(ring.count)
        let mean = sum / count
        let deviations = absoluteDeviations(from: mean)
        let distance = typical - mean
        return distance == 0 || deviations == 0 ? 0 : distance / (0.015 * (deviations / count))
    }

    @inlinable
    @inline(__always)
    var sum: Double {
        var total = 0.0
        for index in 0..<ring.count { total += ring[index] }
        return total
    }

    @inlinable
    @inline(__always)
    func absoluteDeviations(from mean: Double) -> Double {
        // Two independent sums, because one would wait for itself at every addition.
        var even = 0.0
        var odd = 0.0
        var index = 0
        while index + 1 < ring.count {
            even += abs(ring[index] - mean)
            odd += abs(ring[index + 1] - mean)
            index += 2
        }
        if index < ring.count { even += abs(ring[index] - mean) }
        return even + odd
    }
}
