import Market

/// Follows the marked equity from candle to candle for drawdown, daily returns and exposure.
///
/// Two comparisons a candle and no division; drawdowns are divided once for each peak, days once a day.
struct EquityTracker {
    private var peak: Int128
    private var trough: Int128
    /// The deepest fall so far: as a share, and the peak and trough it is the share of.
    private var worst = 0.0
    private var worstPeak: Int128 = 1
    private var worstTrough: Int128 = 1
    private var latest: Int128
    private var dayEnd: Int64
    private var days: [Int128] = []

    /// Candles at whose close a position was held.
    private(set) var heldCount = 0

    /// A tracker that begins with `initial` on the day of the first candle, which lies among `days` days.
    init(initial: Int128, first: Timestamp, days count: Int) {
        peak = initial
        trough = initial
        latest = initial
        dayEnd = (first.day + 1) * Timestamp.dayNanoseconds
        days.reserveCapacity(count)
    }

    /// Takes the equity at the close of the candle that opened at `openTime`.
    @inline(__always)
    mutating func take(_ equity: Int128, openTime: Timestamp, isHeld: Bool) {
        if openTime.nanoseconds >= dayEnd { endDays(before: openTime) }
        if isHeld { heldCount += 1 }
        note(equity)
    }

    /// Takes the equity at the closes of candles between which nothing is traded: `line.base` + close × `line.perUnit` at
    /// each. Only the lowest and the highest close count, unless there is a new peak among them. O(candles).
    mutating func take(_ candles: Span<Candle>, on line: EquityLine, isHeld: Bool) {
        if isHeld { heldCount += candles.count }
        var first = 0
        while first < candles.count {
            let openTime = candles[first].openTime
            if openTime.nanoseconds >= dayEnd { endDays(before: openTime) }
            var end = candles.count
            if candles[end - 1].openTime.nanoseconds >= dayEnd {
                end = first + 1
                while candles[end].openTime.nanoseconds < dayEnd { end += 1 }
            }
            takeDay(candles.extracting(first..<end), on: line)
            first = end
        }
    }

    private mutating func takeDay(_ candles: Span<Candle>, on line: EquityLine) {
        // A flat account is worth its cash, whatever trades.
        if line.perUnit == 0 { return note(line.base) }
        var low = Int64.max
        var high = Int64.min
        for index in candles.indices {
            let close = candles[unchecked: index].close.mantissa
            low = min(low, close)
            high = max(high, close)
        }
        let (one, other) = (line.equity(at: low), line.equity(at: high))
        if max(one, other) > peak {
            for index in candles.indices { note(line.equity(at: candles[unchecked: index].close.mantissa)) }
        } else {
            trough = min(trough, one, other)
            latest = line.equity(at: candles[candles.count - 1].close.mantissa)
        }
    }

    @inline(__always)
    private mutating func note(_ equity: Int128) {
        latest = equity
        if equity > peak {
            settle()
            peak = equity
            trough = equity
        } else if equity < trough {
            trough = equity
        }
    }

    /// A day ends with the last mark in it; a day without a candle keeps the mark of the day before.
    @inline(never)
    private mutating func endDays(before openTime: Timestamp) {
        while dayEnd <= openTime.nanoseconds {
            days.append(latest)
            dayEnd += Timestamp.dayNanoseconds
        }
    }

    private mutating func settle() {
        guard trough < peak, peak > 0 else { return }
        // A quick quotient is enough to choose by; the chosen one is divided again, correctly rounded.
        let share = (peak - trough).approximation / peak.approximation
        if share > worst {
            worst = share
            worstPeak = peak
            worstTrough = trough
        }
    }

    /// The last mark of every UTC day from the first candle's to the last one's, in money units.
    var dailyEquity: [Int128] { days + [latest] }

    /// The deepest fall below a peak so far, as a positive share of that peak.
    var maximumDrawdown: Double {
        var copy = self
        copy.settle()
        return Double(copy.worstPeak - copy.worstTrough) / Double(copy.worstPeak)
    }
}
