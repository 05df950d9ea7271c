/// Wilder's directional movement system: the directional indicators +DI and -DI and their average index ADX.
///
/// A bar's movement is `up = high - previous high` and `down = previous low - low`; the larger one counts if it is
/// positive, the other is nothing, and equal ones are both nothing. True range and both movements are smoothed as
/// sums: `sum = sum - sum / period + input`, starting from the plain sum of the first `period - 1` inputs, as Wilder's
/// worksheet and TA-Lib do. +DI and -DI are 100 times the movement per true range, the directional index
/// `DX = 100 * |+DI - -DI| / (+DI + -DI)`, and ADX the Wilder average of DX seeded with the mean of `period` of them.
/// Without any true range both DI are 0; a bar whose DX is not defined adds 0 to the seed, and leaves ADX as it was
/// after that.
@frozen
public struct DirectionalMovement: BarIndicator {
    /// One bar's outputs, each from 0 to 100.
    @frozen
    public struct Output: Sendable, Equatable {
        /// The average directional index: the strength of a trend, either way; NaN for the first `2 * period - 1` bars.
        public var adx: Double
        /// +DI, the share of upward movement; NaN for the first `period` bars.
        public var plus: Double
        /// -DI, the share of downward movement; NaN for the first `period` bars.
        public var minus: Double

        /// Makes outputs of their three values.
        @inlinable
        public init(adx: Double, plus: Double, minus: Double) {
            self.adx = adx
            self.plus = plus
            self.minus = minus
        }
    }

    @usableFromInline let period: Int
    @usableFromInline var inputs = 0
    @usableFromInline var previousHigh = Double.nan
    @usableFromInline var previousLow = Double.nan
    @usableFromInline var previousClose = Double.nan
    @usableFromInline var range = 0.0
    @usableFromInline var upward = 0.0
    @usableFromInline var downward = 0.0
    @usableFromInline var average: WilderAverage
    @usableFromInline var latest = Output(adx: .nan, plus: .nan, minus: .nan)

    /// The three outputs after the last update.
    @inlinable
    public var value: Output { latest }

    /// Makes an indicator of one smoothing `period`, 2 to `maximumPeriod`; Wilder used 14.
    @inlinable
    public init(period: Int = 14) {
        requirePeriod(period, atLeast: 2)
        self.period = period
        average = WilderAverage(period: period)
    }

    /// How many bars the first defined ADX takes: `2 * period`. The directional indicators take `period + 1`.
    @inlinable
    public static func warmUp(period: Int) -> Int { 2 * period }

    /// How many bars, the current one included, the first defined output takes.
    @inlinable
    public var warmUp: Int { 2 * period }

    /// Whether all three outputs are defined.
    @inlinable
    public var isReady: Bool { average.isReady }

    /// Takes the next bar and returns the new output, NaN while warming up. A hole (see `ValueIndicator`) starts the
    /// indicator afresh.
    @inlinable
    @discardableResult
    public mutating func update(high: Double, low: Double, close: Double) -> Output {
        guard isUsable(high) && isUsable(low) && isUsable(close) else {
            self = DirectionalMovement(period: period)
            return latest
        }
        defer {
            previousHigh = high
            previousLow = low
            previousClose = close
        }
        if previousClose.isNaN { return latest }
        let up = high - previousHigh
        let down = previousLow - low
        smooth(
            range: trueRange(high: high, low: low, previousClose: previousClose),
            upward: up > down && up > 0 ? up : 0, downward: down > up && down > 0 ? down : 0)
        guard inputs >= period else { return latest }
        plus(range == 0 ? 0 : 100 * (upward / range), minus: range == 0 ? 0 : 100 * (downward / range))
        return latest
    }

    @inlinable
    @inline(__always)
    mutating func smooth(range newRange: Double, upward newUpward: Double, downward newDownward: Double) {
        inputs &+= 1
        if inputs >= period {
            let divisor = Double(period)
            range -= range / divisor
            upward -= upward / divisor
            downward -= downward / divisor
        }
        range += newRange
        upward += newUpward
        downward += newDownward
    }

    @inlinable
    @inline(__always)
    mutating func plus(_ plus: Double, minus: Double) {
        let total = plus + minus
        if total != 0 {
            average.update(100 * (abs(minus - plus) / total))
        } else if !average.isReady {
            average.update(0)
        }
        latest = Output(adx: average.value, plus: plus, minus: minus)
    }
}
