import Market

/// What stands in one place along the time axis of a chart.
enum CandleSlot: Hashable, Sendable {
    /// The candle with this index.
    case candle(Int)
    /// A candle that is missing in a short gap: an empty place.
    case missing
    /// A long gap, shortened to one place that is marked as a break.
    case gap
    /// After the last candle.
    case future
    /// Before the first candle.
    case past
}

/// The places along the time axis of a chart: one per candle, one per missing candle of a short gap, one for a whole
/// long gap. Nothing is drawn where nothing traded.
///
/// A place is named by its time: the open time of the candle that is or would be there; a long gap's is the open time
/// of its first missing candle. Times stay true while candles are added, so a scrolled chart stands still.
struct CandleSlots: Sendable {
    /// The candles, oldest first, their open times on the timeframe's grid.
    let candles: [Candle]
    /// The length of the candles.
    let timeframe: Timeframe

    /// Gaps of more missing candles than this are shortened.
    static let longestOpenGap = 6

    /// The places of a series.
    init(_ candles: [Candle], _ timeframe: Timeframe) {
        self.candles = candles
        self.timeframe = timeframe
    }

    /// How many places are left empty at the live edge: 8 … 1 of them, refilled at once when used up, so that a new
    /// candle mostly changes one column instead of moving all. The number follows from the last candle's time alone.
    static func margin(lastOpen: Timestamp, timeframe: Timeframe, of size: Int) -> Int {
        let number = lastOpen.nanoseconds / timeframe.nanoseconds
        return size - Int(number % Int64(size))
    }

    /// The time of the rightmost place when the chart follows the market; `nil` without candles.
    func liveEdge(margin size: Int) -> Timestamp? {
        guard let last = candles.last else { return nil }
        let margin = CandleSlots.margin(lastOpen: last.openTime, timeframe: timeframe, of: max(1, size))
        return last.openTime.adding(nanoseconds: Int64(margin) * timeframe.nanoseconds)
    }

    /// `count` places ending with the one at `edge`, oldest first, with their times. O(count + log n).
    func slots(endingAt edge: Timestamp, count: Int) -> [(slot: CandleSlot, time: Timestamp)] {
        guard count > 0 else { return [] }
        var result: [(slot: CandleSlot, time: Timestamp)] = []
        result.reserveCapacity(count)
        var time = edge.floored(to: timeframe)
        var index = lastIndex(notAfter: time)
        while result.count < count {
            let slot = slot(at: time, notAfter: index)
            if slot == .gap { time = gapTime(after: index) }
            result.append((slot, time))
            time = slot == .gap ? candles[index].openTime : time.adding(nanoseconds: -timeframe.nanoseconds)
            if case .candle = slot { index -= 1 }
        }
        result.reverse()
        return result
    }

    /// The time of the place `count` places after the one at `time`, before it when negative; the future counts on
    /// without end, the past ends one place before the first candle. O(|count| + log n).
    func time(_ count: Int, after time: Timestamp) -> Timestamp {
        guard let first = candles.first else { return time }
        var time = time.floored(to: timeframe)
        if count < 0 {
            let places = slots(endingAt: time, count: 1 - count)
            return max(places.first?.time ?? time, first.openTime)
        }
        var index = lastIndex(notAfter: time)
        for _ in 0..<count {
            if index >= 0, slot(at: time, notAfter: index) == .gap {
                time = candles[index + 1].openTime
            } else {
                time = time.adding(nanoseconds: timeframe.nanoseconds)
            }
            if index + 1 < candles.count, candles[index + 1].openTime <= time { index += 1 }
        }
        return time
    }

    /// The index of the last candle that opened at or before `time`; -1 when there is none. O(log n).
    func lastIndex(notAfter time: Timestamp) -> Int {
        var low = 0
        var high = candles.count
        while low < high {
            let middle = (low + high) / 2
            if candles[middle].openTime <= time { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }

    private func slot(at time: Timestamp, notAfter index: Int) -> CandleSlot {
        guard index >= 0 else { return .past }
        if candles[index].openTime == time { return .candle(index) }
        guard index + 1 < candles.count else { return .future }
        let distance = candles[index + 1].openTime.nanoseconds(since: candles[index].openTime)
        return distance / timeframe.nanoseconds - 1 > Int64(CandleSlots.longestOpenGap) ? .gap : .missing
    }

    private func gapTime(after index: Int) -> Timestamp {
        candles[index].openTime.adding(nanoseconds: timeframe.nanoseconds)
    }
}
