/// The mean and the sum of squared deviations of the last `period` values, stable for values far from zero.
///
/// Squares are summed of the distances from an anchor near the window, never of the values themselves, so that a
/// deviation of a cent at a price of 30,000 keeps all its digits. When the window has moved more than about eight
/// deviations away from the anchor, or a leaving value dwarfs what stays, the anchor is set to the mean and the
/// squares are summed afresh: O(1) amortised. The relative error of `squaredDeviations` stays below about 1e-13.
@frozen
@usableFromInline
struct RollingMoments: Sendable {
    @usableFromInline var window: RollingSum
    @usableFromInline var squares = ExactSum()
    @usableFromInline var anchor = 0.0
    @usableFromInline var anchorSum = ExactSum()
    @usableFromInline var mean = Double.nan
    @usableFromInline var squaredDeviations = Double.nan
    @usableFromInline var previous = Double.nan
    @usableFromInline var equalRun = 0

    @inlinable
    init(period: Int) {
        window = RollingSum(period: period)
    }

    @inlinable
    var period: Int { window.ring.count }

    @inlinable
    var isReady: Bool { window.isFull }

    /// Takes in a usable value and brings `mean` and `squaredDeviations` up to date; they are NaN until the window
    /// is full.
    @inlinable
    @inline(__always)
    mutating func push(_ value: Double) {
        equalRun = value == previous ? equalRun + 1 : 1
        previous = value
        let wasFull = window.isFull
        let leaving = window.push(value)
        guard window.isFull else { return }
        mean = window.mean
        guard wasFull else {
            refresh()
            return
        }
        let distanceIn = value - anchor
        let distanceOut = leaving - anchor
        let squareOut = distanceOut * distanceOut
        squares.replace(squareOut, by: distanceIn * distanceIn)
        // The exact sum of distances follows from the window's sum: sum - period * anchor.
        let distances = (window.sum.high - anchorSum.high) + (window.sum.low - anchorSum.low)
        let total = squares.value
        let deviations = total - distances * distances * window.reciprocal
        if deviations * 64 < total || squareOut > total * 0x1p30 {
            refresh()
        } else {
            squaredDeviations = deviations
        }
    }

    /// Sets the anchor to the mean and sums the squares anew.
    @inlinable
    @inline(never)
    mutating func refresh() {
        anchor = mean
        let (product, error) = exactProduct(anchor, window.divisor)
        anchorSum.high = product
        anchorSum.low = error
        squares = ExactSum()
        for value in window.ring {
            let distance = value - anchor
            squares.add(distance * distance)
        }
        let distances = (window.sum.high - anchorSum.high) + (window.sum.low - anchorSum.low)
        let deviations = squares.value - distances * distances * window.reciprocal
        squaredDeviations = equalRun >= period ? 0 : max(deviations, 0)
    }

    /// Empties the window, keeping its storage.
    @inlinable
    @inline(never)
    mutating func reset() {
        window.reset()
        mean = .nan
        squaredDeviations = .nan
        previous = .nan
        equalRun = 0
    }
}
