/// On-balance volume (Joseph Granville): a running total to which a bar's volume is added when it closes higher than
/// the one before, and from which it is taken when it closes lower.
///
/// The total starts with the volume of the first bar, as in TA-Lib, and is kept exactly (see `ExactSum`), so it does
/// not drift over any number of bars. Only its changes mean anything.
@frozen
public struct OnBalanceVolume: Sendable {
    @usableFromInline var total = ExactSum()
    @usableFromInline var previousClose = Double.nan

    /// The total, in the unit of the volume; NaN before the first bar.
    @inlinable
    public var value: Double { isReady ? total.value : .nan }

    /// Makes an empty total.
    @inlinable
    public init() {}

    /// How many bars the first defined output takes: 1.
    @inlinable
    public static func warmUp() -> Int { 1 }

    /// How many bars, the current one included, the first defined output takes: 1.
    @inlinable
    public var warmUp: Int { 1 }

    /// Whether there was a bar since the start or the last hole.
    @inlinable
    public var isReady: Bool { !previousClose.isNaN }

    /// Takes the next bar's close and volume and returns the new total. Holes start it afresh (see `ValueIndicator`).
    @inlinable
    @discardableResult
    public mutating func update(close: Double, volume: Double) -> Double {
        guard isUsable(close) && isUsable(volume) else {
            self = OnBalanceVolume()
            return .nan
        }
        var updated = total
        if close > previousClose || previousClose.isNaN {
            updated.add(volume)
        } else if close < previousClose {
            updated.add(-volume)
        }
        total = updated
        previousClose = close
        return updated.value
    }

    /// Runs a copy of this indicator over the bars: one total a bar. Both arrays must be of one length. O(n) in that
    /// length.
    @inlinable
    public func batch(close: [Double], volume: [Double]) -> [Double] {
        precondition(close.count == volume.count, "the columns differ in length")
        var indicator = self
        return close.indices.map { indicator.update(close: close[$0], volume: volume[$0]) }
    }
}
