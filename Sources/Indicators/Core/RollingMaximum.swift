/// The largest of the last `period` values.
///
/// It keeps, in a ring allocated once, only the values that can still become the maximum: each is larger than all
/// later ones. Every value enters and leaves at most once, so an update is O(1) amortised, and O(period) at worst. For
/// a minimum, feed and read negated values.
@frozen
@usableFromInline
struct RollingMaximum: Sendable {
    @usableFromInline var values: [Double]
    @usableFromInline var positions: [Int]
    @usableFromInline var head = 0
    @usableFromInline var count = 0
    @usableFromInline var position = 0

    @inlinable
    init(period: Int) {
        requirePeriod(period)
        values = [Double](repeating: 0, count: period)
        positions = [Int](repeating: 0, count: period)
    }

    @inlinable
    @inline(__always)
    var period: Int { values.count }

    @inlinable
    @inline(__always)
    var isFull: Bool { position >= values.count }

    /// Takes in a usable value and returns the largest of the window, which may still be filling.
    @inlinable
    mutating func push(_ value: Double) -> Double {
        let capacity = values.count
        if count > 0 && positions[head] <= position - capacity {
            head = head + 1 == capacity ? 0 : head + 1
            count -= 1
        }
        var tail = head + count
        if tail >= capacity { tail -= capacity }
        while count > 0 {
            let last = tail == 0 ? capacity - 1 : tail - 1
            if values[last] > value { break }
            tail = last
            count -= 1
        }
        values[tail] = value
        positions[tail] = position
        count += 1
        position += 1
        return values[head]
    }

    /// Empties the window, keeping its storage.
    @inlinable
    mutating func reset() {
        head = 0
        count = 0
        position = 0
    }
}
