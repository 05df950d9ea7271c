/// The true range of a bar: the distance its price covered since the close before, which is the largest of
/// high - low, |high - previous close| and |low - previous close| (Wilder 1978).
@inlinable
@inline(__always)
func trueRange(high: Double, low: Double, previousClose: Double) -> Double {
    let range = high - low
    let up = abs(high - previousClose)
    let down = abs(low - previousClose)
    let reach = up > down ? up : down
    return range > reach ? range : reach
}

/// Wilder's average true range.
///
/// The first true range belongs to the second bar, the first to have a close before it; the average starts as the
/// mean of the first `period` true ranges, as in TA-Lib.
@frozen
public struct AverageTrueRange: BarIndicator {
    @usableFromInline var average: WilderAverage
    @usableFromInline var previousClose = Double.nan

    /// Makes an average over `period` true ranges, 1 to `maximumPeriod`; Wilder used 14.
    @inlinable
    public init(period: Int = 14) {
        average = WilderAverage(period: period)
    }

    /// How many bars the first defined output takes: `period + 1`.
    @inlinable
    public static func warmUp(period: Int) -> Int { period + 1 }

    /// How many bars, the current one included, the first defined output takes.
    @inlinable
    public var warmUp: Int { average.period + 1 }

    /// Whether the last update yielded a defined output.
    @inlinable
    public var isReady: Bool { average.isReady }

    /// The average, in the unit of the prices; NaN while warming up.
    @inlinable
    public var value: Double { average.value }

    /// Takes the next bar and returns the new output, NaN while warming up. A hole (see `ValueIndicator`) starts the
    /// indicator afresh.
    @inlinable
    @discardableResult
    public mutating func update(high: Double, low: Double, close: Double) -> Double {
        guard isUsable(high) && isUsable(low) && isUsable(close) else {
            average.reset()
            previousClose = .nan
            return .nan
        }
        if !previousClose.isNaN {
            average.update(trueRange(high: high, low: low, previousClose: previousClose))
        }
        previousClose = close
        return average.value
    }
}
