/// Wilder's relative strength index: `100 * gain / (gain + loss)`, where gain and loss are Wilder averages of the
/// upward and downward changes from one value to the next.
///
/// Both averages start as the mean of the first `period` changes. When there was no change at all since the start the
/// index is 0, as in TA-Lib; once there was one, a flat stretch keeps the ratio.
@frozen
public struct RelativeStrengthIndex: ValueIndicator {
    @usableFromInline var gain: WilderAverage
    @usableFromInline var loss: WilderAverage
    @usableFromInline var previous = Double.nan
    @usableFromInline var latest = Double.nan

    /// The index, from 0 to 100; NaN while warming up.
    @inlinable
    public var value: Double { latest }

    /// Makes an index over `period` changes, 1 to `maximumPeriod`; Wilder used 14.
    @inlinable
    public init(period: Int = 14) {
        gain = WilderAverage(period: period)
        loss = WilderAverage(period: period)
    }

    /// How many values the first defined output takes: `period + 1`.
    @inlinable
    public static func warmUp(period: Int) -> Int { period + 1 }

    /// How many values, the current one included, the first defined output takes.
    @inlinable
    public var warmUp: Int { gain.period + 1 }

    /// Whether the last update yielded a defined output.
    @inlinable
    public var isReady: Bool { gain.isReady }

    /// Takes the next value and returns the new output, NaN while warming up. A hole (see `ValueIndicator`) starts the
    /// indicator afresh.
    @inlinable
    @discardableResult
    public mutating func update(_ value: Double) -> Double {
        guard isUsable(value) else { return restart() }
        let change = value - previous
        previous = value
        if change.isNaN { return latest }
        gain.update(change > 0 ? change : 0)
        loss.update(change < 0 ? -change : 0)
        if gain.isReady {
            let total = gain.value + loss.value
            latest = total == 0 ? 0 : 100 * (gain.value / total)
        }
        return latest
    }

    @inlinable
    mutating func restart() -> Double {
        gain.reset()
        loss.reset()
        previous = .nan
        latest = .nan
        return .nan
    }
}
