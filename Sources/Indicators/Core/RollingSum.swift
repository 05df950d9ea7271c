/// The exact sum of the last `period` values: the base of every plain moving average.
///
/// The ring is allocated once. Rounding does not accumulate (see `ExactSum`); for the rare series whose values span
/// more than the pair can hold, the sum is taken afresh from the ring when a leaving value dwarfs what stays, and in
/// any case at the first wrap of the ring after 4096 values, so an update is O(1) amortised.
@frozen
@usableFromInline
struct RollingSum: Sendable {
    @usableFromInline var ring: [Double]
    @usableFromInline var cursor = 0
    @usableFromInline var missing: Int
    @usableFromInline var untilRefresh = RollingSum.refreshInterval
    @usableFromInline var sum = ExactSum()
    @usableFromInline let divisor: Double
    @usableFromInline let reciprocal: Double

    @inlinable static var refreshInterval: Int { 4096 }

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

    @inlinable
    @inline(__always)
    var isEmpty: Bool { missing == ring.count }

    /// Takes in a usable value and returns the one it pushed out (0 while the window fills) and the new sum.
    ///
    /// The sum is handed back besides being stored because reading the pair right after it was written costs more
    /// than the whole addition: processors do not forward two narrow stores to one wide load.
    @inlinable
    @inline(__always)
    mutating func push(_ value: Double) -> (leaving: Double, sum: ExactSum) {
        let leaving = ring[cursor]
        ring[cursor] = value
        var updated = sum
        updated.replace(leaving, by: value)
        sum = updated
        if missing > 0 { missing -= 1 }
        cursor += 1
        if cursor == ring.count || abs(leaving) > abs(updated.high) * 0x1p30 {
            updated = settle(leaving: leaving)
        }
        return (leaving, updated)
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

    /// Empties the window, keeping its storage.
    @inlinable
    @inline(never)
    mutating func reset() {
        for index in ring.indices { ring[index] = 0 }
        cursor = 0
        missing = ring.count
        untilRefresh = RollingSum.refreshInterval
        sum = ExactSum()
    }

    /// The rare part of `push`: goes back to the start of the ring and sums afresh when that is due.
    @inlinable
    @inline(never)
    mutating func settle(leaving: Double) -> ExactSum {
        if cursor == ring.count {
            cursor = 0
            untilRefresh -= ring.count
        }
        if untilRefresh <= 0 || abs(leaving) > abs(sum.high) * 0x1p30 {
            untilRefresh = RollingSum.refreshInterval
            sum = ExactSum()
            for value in ring { sum.add(value) }
        }
        return sum
    }
}
