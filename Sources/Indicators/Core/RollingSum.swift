/// The exact sum of the last `period` values: the base of every plain moving average.
///
/// The ring is allocated once. Rounding does not accumulate (see `ExactSum`). An update is O(1); where exactness was at
/// stake (see `SlidingSum`) the ring is summed afresh, O(period).
@frozen
@usableFromInline
struct RollingSum: Sendable {
    @usableFromInline var ring: [Double]
    @usableFromInline var cursor = 0
    @usableFromInline var missing: Int
    @usableFromInline var sliding = SlidingSum()
    @usableFromInline let divisor: Double
    @usableFromInline let reciprocal: Double

    @inlinable
    init(period: Int) {
        requirePeriod(period)
        ring = [Double](repeating: 0, count: period)
        missing = period
        divisor = Double(period)
        reciprocal = 1 / Double(period)
    }

    @inlinable
    @inline(__always)
    var isFull: Bool { missing == 0 }

    /// The sum of the window.
    @inlinable
    @inline(__always)
    var sum: ExactSum { sliding.sum }

    /// Takes in a usable value and returns the one it pushed out (0 while the window fills) and the new sum.
    @inlinable
    @inline(__always)
    mutating func push(_ value: Double) -> (leaving: Double, sum: ExactSum) {
        let leaving = ring[cursor]
        ring[cursor] = value
        var (sum, isStale) = sliding.replace(leaving, by: value)
        if missing > 0 { missing -= 1 }
        cursor += 1
        if cursor == ring.count || isStale { sum = settle(isStale) }
        return (leaving, sum)
    }

    /// The mean of a full window whose sum `push` returned, correctly rounded.
    @inlinable
    @inline(__always)
    func mean(of sum: ExactSum) -> Double {
        sum.divided(by: divisor, reciprocal: reciprocal)
    }

    /// How far the exact mean of a full window lies above `mean`, which is it rounded: half a unit of its last place at
    /// most, but all the difference to a value next to it.
    @inlinable
    @inline(__always)
    func remainder(of sum: ExactSum, mean: Double) -> Double {
        sum.remainder(of: mean, times: divisor) * reciprocal
    }

    /// The rare part of `push`: goes back to the start of the ring, and sums afresh when that is due.
    @inlinable
    @inline(never)
    mutating func settle(_ isStale: Bool) -> ExactSum {
        if cursor == ring.count { cursor = 0 }
        if isStale {
            var fresh = ExactSum()
            for value in ring { fresh.add(value) }
            sliding = SlidingSum(fresh: fresh)
        } else {
            sliding.sum.normalize()
        }
        return sliding.sum
    }

    /// Empties the window, keeping its storage.
    @inlinable
    @inline(never)
    mutating func reset() {
        for index in ring.indices { ring[index] = 0 }
        cursor = 0
        missing = ring.count
        sliding = SlidingSum()
    }
}
