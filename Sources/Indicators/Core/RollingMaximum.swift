/// The largest of the last `period` values.
///
/// The series is cut into blocks of `period` values. A window is the tail of one block and the head of the next: the
/// head's maximum is kept as it grows, the maxima of all tails are worked out once, when a block is complete, in place
/// of its values. So an update costs two comparisons, and one pass over the ring every `period` updates: O(1)
/// amortised, without a branch that depends on the values. For a minimum, feed and read negated values.
@frozen
@usableFromInline
struct RollingMaximum: Sendable {
    /// From the cursor on, `tails[i]` is the maximum of the last block's values from `i` on; before it, the values of
    /// the current block. One more entry stands for the empty tail.
    @usableFromInline var tails: [Double]
    @usableFromInline var cursor = 0
    @usableFromInline var missing: Int
    @usableFromInline var head = -Double.infinity

    @inlinable
    init(period: Int) {
        requirePeriod(period)
        tails = [Double](repeating: -.infinity, count: period + 1)
        missing = period
    }

    @inlinable
    @inline(__always)
    var period: Int { tails.count - 1 }

    @inlinable
    @inline(__always)
    var isFull: Bool { missing == 0 }

    /// Takes in a usable value and returns the largest of the window, which may still be filling.
    @inlinable
    @inline(__always)
    mutating func push(_ value: Double) -> Double {
        tails[cursor] = value
        cursor += 1
        if missing > 0 { missing -= 1 }
        let newHead = value > head ? value : head
        head = newHead
        let tail = tails[cursor]
        if cursor == tails.count - 1 { finishBlock() }
        return tail > newHead ? tail : newHead
    }

    /// Turns the values of a complete block into the maxima of its tails.
    @inlinable
    @inline(never)
    mutating func finishBlock() {
        var largest = -Double.infinity
        for index in (0..<cursor).reversed() {
            largest = max(largest, tails[index])
            tails[index] = largest
        }
        cursor = 0
        head = -.infinity
    }

    /// Empties the window, keeping its storage.
    @inlinable
    @inline(never)
    mutating func reset() {
        for index in tails.indices { tails[index] = -.infinity }
        cursor = 0
        missing = period
        head = -.infinity
    }
}
