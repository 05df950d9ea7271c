/// Supertrend (Olivier Seban): a trailing line that sits below the price in an up-trend and above it in a down-trend.
///
/// With `middle = (high + low) / 2` and Wilder's `atr`, each bar from the first defined `atr` on:
///
/// 1. `basicUpper = middle + multiplier * atr`, `basicLower = middle - multiplier * atr`.
/// 2. The upper band is `basicUpper` if that is below the band before, or if the close before was above the band
///    before; otherwise the band stays. The lower band is `basicLower` if that is above the band before, or if the
///    close before was below the band before; otherwise it stays.
/// 3. In a down-trend a close above the (new) upper band turns the trend up; in an up-trend a close below the (new)
///    lower band turns it down.
/// 4. The line is the lower band in an up-trend, the upper band in a down-trend.
///
/// On the first bar with a defined `atr` the bands are the basic ones and the trend counts as down before rule 3,
/// as on TradingView.
@frozen
public struct Supertrend: BarIndicator {
    /// The direction of the trend.
    @frozen
    public enum Direction: Int8, Sendable {
        /// The price is above the line.
        case up = 1
        /// The price is below the line.
        case down = -1
    }

    /// One bar's outputs.
    @frozen
    public struct Output: Sendable, Equatable {
        /// The line, in the unit of the prices; NaN while warming up.
        public var line: Double
        /// The direction of the trend; `down` while warming up.
        public var direction: Direction

        /// Makes an output of its line and direction.
        @inlinable
        public init(line: Double, direction: Direction) {
            self.line = line
            self.direction = direction
        }
    }

    @usableFromInline var range: AverageTrueRange
    @usableFromInline let multiplier: Double
    @usableFromInline var previousClose = Double.nan
    @usableFromInline var upper = Double.nan
    @usableFromInline var lower = Double.nan
    @usableFromInline var trend = Direction.down

    /// The upper band after rule 2, in the unit of the prices; NaN while warming up.
    @inlinable
    public var upperBand: Double { upper }
    /// The lower band after rule 2, in the unit of the prices; NaN while warming up.
    @inlinable
    public var lowerBand: Double { lower }

    /// Makes an indicator over `period` true ranges, 1 to `maximumPeriod`, with bands `multiplier` (finite) average
    /// true ranges away from the middle.
    @inlinable
    public init(period: Int = 10, multiplier: Double = 3) {
        precondition(multiplier.isFinite, "the multiplier of Supertrend must be finite")
        range = AverageTrueRange(period: period)
        self.multiplier = multiplier
    }

    /// How many bars the first defined output takes: `period + 1`.
    @inlinable
    public static func warmUp(period: Int) -> Int { period + 1 }

    /// How many bars, the current one included, the first defined output takes.
    @inlinable
    public var warmUp: Int { range.warmUp }

    /// Whether the last update yielded a defined output.
    @inlinable
    public var isReady: Bool { range.isReady }

    /// The trailing line, in the unit of the prices; NaN while warming up.
    @inlinable
    public var line: Double { trend == .up ? lower : upper }

    /// The line and the direction after the last update.
    @inlinable
    public var value: Output { Output(line: line, direction: trend) }

    /// Takes the next bar and returns the new output, NaN while warming up. A hole (see `ValueIndicator`) starts the
    /// indicator afresh.
    @inlinable
    @discardableResult
    public mutating func update(high: Double, low: Double, close: Double) -> Output {
        let atr = range.update(high: high, low: low, close: close)
        if atr.isNaN {
            upper = .nan
            lower = .nan
            trend = .down
        } else {
            move(middle: (high + low) / 2, reach: multiplier * atr, close: close)
        }
        previousClose = close
        return value
    }

    @inlinable
    @inline(__always)
    mutating func move(middle: Double, reach: Double, close: Double) {
        let basicUpper = middle + reach
        let basicLower = middle - reach
        // Selections rather than branches, which no processor could predict; and such that the NaN bands of the warm-up
        // give way to the basic ones.
        let fallen = upper <= basicUpper ? upper : basicUpper
        let risen = lower >= basicLower ? lower : basicLower
        upper = previousClose > upper ? basicUpper : fallen
        lower = previousClose < lower ? basicLower : risen
        switch trend {
        case .down: if close > upper { trend = .up }
        case .up: if close < lower { trend = .down }
        }
    }
}
