/// The exact sum of the last `period` values: the base of every plain moving average.
///
/// The ring is allocated once. Rounding does not accumulate (see `ExactSum`). An update is O(1); where exactness was at
/// stake (see `SlidingSum`) the ring is summed afresh, O(period).
///
/// While all values are whole numbers whose sums one double holds, such as prices in units of their tick, plain addition
/// and division are exact, and come to the same bits for less work.
@frozen
@usableFromInline
struct RollingSum: Sendable {
    @usableFromInline var ring: [Double]
    @usableFromInline var cursor = 0
    @usableFromInline var missing: Int
    @usableFromInline var sliding = SlidingSum()
    @usableFromInline let divisor: Double
    @usableFromInline let reciprocal: Double
    /// Whether the ring holds nothing but whole numbers up to `largestWhole`, and the sum is the one double `high`.
    @usableFromInline var isWhole = true
    /// Sums of a window of whole numbers up to this, and differences of two of them, are exact in one double.
    @usableFromInline let largestWhole: Double

    @inlinable
    init(period: Int) {
        requirePeriod(period)
        ring = [Double](repeating: 0, count: period)
        missing = period
        divisor = Double(period)
        reciprocal = 1 / Double(period)
        largestWhole = 0x1p51 / Double(period)
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
        if missing > 0 { missing -= 1 }
        cursor += 1
        if isWhole && isSmallWhole(value) {
            let (sum, isStale) = sliding.replace(whole: leaving, by: value)
            if cursor == ring.count || isStale { return (leaving, settle(isStale)) }
            return (leaving, sum)
        }
        isWhole = false
        var (sum, isStale) = sliding.replace(leaving, by: value)
        if cursor == ring.count || isStale { sum = settle(isStale) }
        return (leaving, sum)
    }

    /// The mean of a full window whose sum `push` returned, correctly rounded.
    @inlinable
    @inline(__always)
    func mean(of sum: ExactSum) -> Double {
        isWhole ? sum.high / divisor : sum.divided(by: divisor, reciprocal: reciprocal)
    }

    /// Whether a value is such a number: adding 1.5 × 2^52 rounds what is not above 2^51 to whole numbers.
    @inlinable
    @inline(__always)
    func isSmallWhole(_ value: Double) -> Bool {
        abs(value) <= largestWhole && (value + 0x1.8p52) - 0x1.8p52 == value
    }

    /// Finds out anew whether plain arithmetic is exact. O(period).
    mutating func lookForWhole() {
        isWhole = sliding.sum.low == 0 && ring.allSatisfy(isSmallWhole)
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
        isWhole = true
    }
}
