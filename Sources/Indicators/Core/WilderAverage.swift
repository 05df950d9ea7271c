/// The plain mean of the first `count` values of a series: what recursive averages start from.
@frozen
@usableFromInline
struct Seed: Sendable {
    @usableFromInline var sum = ExactSum()
    @usableFromInline var missing: Int
    @usableFromInline let count: Double

    @inlinable
    init(count: Int) {
        requirePeriod(count)
        missing = count
        self.count = Double(count)
    }

    @inlinable
    @inline(__always)
    var isComplete: Bool { missing == 0 }

    /// Takes a value while the seed is incomplete; returns the mean when that value completes it.
    @inlinable
    mutating func add(_ value: Double) -> Double? {
        sum.add(value)
        missing -= 1
        return missing == 0 ? sum.divided(by: count, reciprocal: 1 / count) : nil
    }
}

/// Wilder's smoothed average: the mean of the first `period` values, then
/// `(value * (period - 1) + input) / period` (J. Welles Wilder, New Concepts in Technical Trading Systems, 1978).
///
/// The operations and their order are those of the formula, so that a plain loop over it gives the same doubles.
@frozen
@usableFromInline
struct WilderAverage: Sendable {
    @usableFromInline var seed: Seed
    @usableFromInline var value = Double.nan
    @usableFromInline let period: Int

    @inlinable
    init(period: Int) {
        seed = Seed(count: period)
        self.period = period
    }

    @inlinable
    @inline(__always)
    var isReady: Bool { seed.isComplete }

    @inlinable
    @inline(__always)
    mutating func update(_ input: Double) {
        if seed.isComplete {
            value = (value * (seed.count - 1) + input) / seed.count
        } else if let mean = seed.add(input) {
            value = mean
        }
    }

    @inlinable
    mutating func reset() {
        seed = Seed(count: period)
        value = .nan
    }
}
