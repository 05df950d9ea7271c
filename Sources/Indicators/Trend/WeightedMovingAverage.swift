/// The linearly weighted mean of the last `period` values: weight 1 for the oldest up to `period` for the newest.
///
/// Like the simple average it is the exact result for the doubles in the window, rounded once, and does not drift.
@frozen
public struct WeightedMovingAverage: ValueIndicator {
    /// The longest window: up to it the sum of the weights divides exactly (see `ExactSum`).
    public static let maximumPeriod = 10_000

    @usableFromInline var window: RollingSum
    @usableFromInline var weighted = SlidingSum()
    @usableFromInline let weights: Double
    @usableFromInline let reciprocal: Double
    @usableFromInline var latest = Double.nan

    /// The weighted mean, in the unit of the input; NaN while warming up.
    @inlinable
    public var value: Double { latest }

    /// Makes an average over `period` values, 1 to `WeightedMovingAverage.maximumPeriod`.
    @inlinable
    public init(period: Int) {
        precondition(
            period <= WeightedMovingAverage.maximumPeriod, "the period of a weighted average exceeds its maximum")
        window = RollingSum(period: period)
        weights = Double(period) * (Double(period) + 1) / 2
        reciprocal = 1 / weights
    }

    /// How many values the first defined output takes: `period`.
    @inlinable
    public static func warmUp(period: Int) -> Int { period }

    /// How many values, the current one included, the first defined output takes.
    @inlinable
    public var warmUp: Int { window.ring.count }

    /// Whether the last update yielded a defined output.
    @inlinable
    public var isReady: Bool { !latest.isNaN }

    /// Takes the next value and returns the new output, NaN while warming up. A hole (see `ValueIndicator`) starts the
    /// indicator afresh.
    @inlinable
    @discardableResult
    public mutating func update(_ value: Double) -> Double {
        guard isUsable(value) else { return restart() }
        let before = window.sum
        let wasFull = window.isFull
        _ = window.push(value)
        guard wasFull else { return window.isFull ? refresh() : .nan }
        // Every value in the window loses one unit of weight, the oldest its last; the new one comes in with full
        // weight: weighted += period * value - before.
        let (product, error) = exactProduct(value, window.divisor)
        let (updated, isStale) = weighted.replace(before.high, by: product, plus: error - before.low)
        if isStale || window.cursor == 0 { return settle(isStale) }
        latest = updated.divided(by: weights, reciprocal: reciprocal)
        return latest
    }

    /// The rare part of `update`, at every wrap of the ring or when the sum has to be taken afresh.
    @inlinable
    @inline(never)
    mutating func settle(_ isStale: Bool) -> Double {
        if isStale { return refresh() }
        weighted.sum.normalize()
        latest = weighted.sum.divided(by: weights, reciprocal: reciprocal)
        return latest
    }

    /// Sums the weighted window anew.
    @inlinable
    @inline(never)
    mutating func refresh() -> Double {
        var fresh = ExactSum()
        let count = window.ring.count
        for age in 0..<count {
            let index = window.cursor + age
            let (product, error) = exactProduct(
                window.ring[index < count ? index : index - count], Double(age + 1))
            fresh.add(product)
            fresh.add(error)
        }
        weighted = SlidingSum(fresh: fresh)
        latest = fresh.divided(by: weights, reciprocal: reciprocal)
        return latest
    }

    @inlinable
    @inline(never)
    mutating func restart() -> Double {
        window.reset()
        latest = .nan
        return latest
    }
}
