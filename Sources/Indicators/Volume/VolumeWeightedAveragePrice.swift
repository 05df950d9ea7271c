/// The volume-weighted average price of the session so far: the sum of typical price times volume over the sum of
/// volume, with `(high + low + close) / 3` as the typical price.
///
/// What a session is, the caller says: a day index that changes, or the flag of a session's first bar. Undefined (NaN)
/// until the session has traded. Both sums are kept exactly (see `ExactSum`).
@frozen
public struct VolumeWeightedAveragePrice: Sendable {
    @usableFromInline var turnover = ExactSum()
    @usableFromInline var volume = ExactSum()
    @usableFromInline var session: Int64?
    @usableFromInline var latest = Double.nan

    /// The average, in the unit of the prices; NaN until the session has traded.
    @inlinable
    public var value: Double { latest }

    /// Makes an average of a session that has not traded yet.
    @inlinable
    public init() {}

    /// How many bars the first defined output takes: 1, if that bar traded.
    @inlinable
    public static func warmUp() -> Int { 1 }

    /// How many bars, the current one included, the first defined output takes: 1, if that bar traded.
    @inlinable
    public var warmUp: Int { 1 }

    /// Whether the session has traded.
    @inlinable
    public var isReady: Bool { !latest.isNaN }

    /// Takes the next bar, which belongs to the session with the index `session` (the number of a UTC day, say), and
    /// returns the average of that session. An index other than the last one's starts a session.
    @inlinable
    @discardableResult
    public mutating func update(
        high: Double, low: Double, close: Double, volume: Double, session: Int64
    ) -> Double {
        let starts = session != self.session
        self.session = session
        return update(high: high, low: low, close: close, volume: volume, sessionStart: starts)
    }

    /// Takes the next bar, the first of a session if `sessionStart`, and returns the average of the session so far. A
    /// hole (see `ValueIndicator`), a negative volume included, starts the sums afresh.
    @inlinable
    @discardableResult
    public mutating func update(
        high: Double, low: Double, close: Double, volume: Double, sessionStart: Bool
    ) -> Double {
        let usable = isUsable(high) && isUsable(low) && isUsable(close) && isUsable(volume) && volume >= 0
        if sessionStart || !usable {
            turnover = ExactSum()
            self.volume = ExactSum()
            latest = .nan
            if !usable { return latest }
        }
        let (product, error) = exactProduct((high + low + close) / 3, volume)
        var money = turnover
        money.add(product)
        money.low += error
        turnover = money
        var traded = self.volume
        traded.add(volume)
        self.volume = traded
        if traded.high > 0 { latest = money.divided(by: traded) }
        return latest
    }

    /// Runs a copy of this indicator over the bars: one average a bar. The arrays must be of one length; `session` is
    /// the index of each bar's session. O(n) in that length.
    @inlinable
    public func batch(
        high: [Double], low: [Double], close: [Double], volume: [Double], session: [Int64]
    ) -> [Double] {
        precondition(
            high.count == close.count && low.count == close.count && volume.count == close.count
                && session.count == close.count, "the columns differ in length")
        var indicator = self
        return close.indices.map {
            indicator.update(
                high: high[$0], low: low[$0], close: close[$0], volume: volume[$0], session: session[$0])
        }
    }
}
