/// An exact sum whose terms are exchanged one by one, and which notices when exactness may have been lost.
///
/// The pair of an `ExactSum` holds some 106 bits counted from the largest sum it has been through. Once the sum is
/// 2^30 times smaller than that, fewer than 76 remain and the owner is asked to add its terms up afresh: after a spike
/// that dwarfed all else has left, say. Prices never get there.
@frozen
@usableFromInline
struct SlidingSum: Sendable {
    @usableFromInline var sum = ExactSum()
    @usableFromInline var peak = 0.0

    @inlinable
    init() {}

    /// Stores the sum of terms that were added up afresh.
    @inlinable
    init(fresh sum: ExactSum) {
        self.sum = sum
        self.sum.normalize()
        peak = abs(self.sum.high)
    }

    /// Exchanges a term, stores the new sum and returns it with whether it has to be taken afresh.
    ///
    /// The sum is handed back besides being stored because reading the pair right after it was written costs more
    /// than the whole addition: processors do not forward two narrow stores to one wide load.
    @inlinable
    @inline(__always)
    mutating func replace(_ leaving: Double, by entering: Double, plus rest: Double = 0) -> (ExactSum, isStale: Bool) {
        var updated = sum
        updated.replace(leaving, by: entering)
        updated.low += rest
        sum = updated
        let size = abs(updated.high)
        let newPeak = size > peak ? size : peak
        peak = newPeak
        return (updated, size * 0x1p30 < newPeak)
    }

    /// The same where all terms are whole numbers and no sum of them needs more than one double: plain addition leaves no
    /// error, and `low` stays 0.
    @inlinable
    @inline(__always)
    mutating func replace(whole leaving: Double, by entering: Double) -> (ExactSum, isStale: Bool) {
        var updated = ExactSum()
        updated.high = sum.high + (entering - leaving)
        sum.high = updated.high
        let size = abs(updated.high)
        let newPeak = size > peak ? size : peak
        peak = newPeak
        return (updated, size * 0x1p30 < newPeak)
    }
}
