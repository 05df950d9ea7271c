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
    var isFull: Bool { missing == 0 }

    /// The correctly rounded mean of the window; meaningful once the window is full.
    @inlinable
    var mean: Double { sum.divided(by: divisor, reciprocal: reciprocal) }

    /// Takes in a usable value and returns the one it pushed out, 0 while the window fills.
    @inlinable
    @inline(__always)
    @discardableResult
    mutating func push(_ value: Double) -> Double {
        let leaving = ring[cursor]
        ring[cursor] = value
        sum.replace(leaving, by: value)
        if missing > 0 { missing -= 1 }
        cursor += 1
        if cursor == ring.count { wrap() }
        if abs(leaving) > abs(sum.high) * 0x1p30 { refresh() }
        return leaving
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

    @inlinable
    @inline(__always)
    mutating func wrap() {
        cursor = 0
        untilRefresh -= ring.count
        if untilRefresh <= 0 { refresh() }
    }

    @inlinable
    @inline(never)
    mutating func refresh() {
        untilRefresh = RollingSum.refreshInterval
        sum = ExactSum()
        for value in ring { sum.add(value) }
    }
}
