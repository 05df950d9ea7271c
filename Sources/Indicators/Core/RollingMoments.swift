/// The mean and the sum of squared deviations of the last `period` values, stable for values far from zero.
///
/// Squares are summed of the distances from an anchor near the window, never of the values themselves, so that a
/// deviation of a cent at a price of 30,000 keeps all its digits. When the window has moved more than about eight
/// deviations away from the anchor, or a spike has left it, the anchor is set to the mean and the
/// squares are summed afresh: O(1) amortised. The relative error of `squaredDeviations` stays below about 1e-13.
@frozen
@usableFromInline
struct RollingMoments: Sendable {
    @usableFromInline var window: RollingSum
    @usableFromInline var squares = SlidingSum()
    @usableFromInline var anchor = 0.0
    @usableFromInline var anchorSum = ExactSum()
    @usableFromInline var mean = Double.nan
    @usableFromInline var squaredDeviations = Double.nan

    @inlinable
    init(period: Int) {
        window = RollingSum(period: period)
    }

    @inlinable
    @inline(__always)
    var period: Int { window.ring.count }

    @inlinable
    @inline(__always)
    var isReady: Bool { window.isFull }

    /// Takes in a usable value and brings `mean` and `squaredDeviations` up to date; they are NaN until the window
    /// is full. Returns `squaredDeviations`.
    @inlinable
    @inline(__always)
    mutating func push(_ value: Double) -> Double {
        let wasFull = window.isFull
        let (leaving, sum) = window.push(value)
        guard wasFull else { return window.isFull ? refresh() : .nan }
        mean = window.mean(of: sum)
        let distanceIn = value - anchor
        let distanceOut = leaving - anchor
        let (updated, isStale) = squares.replace(distanceOut * distanceOut, by: distanceIn * distanceIn)
        let total = updated.value
        let deviations = total - squaredDistance(sum) * window.reciprocal
        if isStale || deviations * 64 < total { return refresh() }
        squaredDeviations = deviations
        return deviations
    }

    /// The square of the summed distances from the anchor, which follow from the window's sum: sum - n * anchor.
    @inlinable
    @inline(__always)
    func squaredDistance(_ sum: ExactSum) -> Double {
        let distance = (sum.high - anchorSum.high) + (sum.low - anchorSum.low)
        return distance * distance
    }

    /// Sets the anchor to the mean and sums the squares anew. The mean of equal values is that value, so their squares
    /// are all 0.
    @inlinable
    @inline(never)
    mutating func refresh() -> Double {
        mean = window.mean(of: window.sum)
        anchor = mean
        let (product, error) = exactProduct(anchor, window.divisor)
        anchorSum.high = product
        anchorSum.low = error
        var fresh = ExactSum()
        for value in window.ring {
            let distance = value - anchor
            fresh.add(distance * distance)
        }
        squares = SlidingSum(fresh: fresh)
        let deviations = fresh.value - squaredDistance(window.sum) * window.reciprocal
        squaredDeviations = max(deviations, 0)
        return squaredDeviations
    }

    /// Empties the window, keeping its storage.
    @inlinable
    @inline(never)
    mutating func reset() {
        window.reset()
        mean = .nan
        squaredDeviations = .nan
    }
}
