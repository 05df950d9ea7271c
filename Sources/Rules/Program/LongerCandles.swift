import Bytes
import Market
import Trading

/// The candles of a longer timeframe, put together from those that the strategy sees. One is known once it has ended:
/// with the candle that closes at its end, or, where that is missing, with the next one that comes.
struct LongerCandles {
    let timeframe: Timeframe
    let steps: [Step]
    private var current: Candle?
    /// The start of a candle that was under way when the strategy began: it was not seen whole, and does not count.
    private var skipped: Timestamp?
    private var hasBegun = false

    init(_ timeframe: Timeframe, _ steps: [Step]) {
        self.timeframe = timeframe
        self.steps = steps
    }

    /// The candle under way, where a later one shows that it has ended.
    mutating func ended(before candle: Candle) -> Candle? {
        guard let whole = current, whole.openTime != candle.openTime.floored(to: timeframe) else { return nil }
        current = nil
        return whole
    }

    /// Takes in the next candle; gives the longer one that closes with it.
    mutating func closed(by bar: Bar) -> Candle? {
        let start = bar.openTime.floored(to: timeframe)
        if !hasBegun {
            hasBegun = true
            if bar.openTime != start { skipped = start }
        }
        guard start != skipped else { return nil }
        if var whole = current {
            whole.merge(bar.candle)
            current = whole
        } else {
            current = bar.candle
            current?.openTime = start
        }
        guard let whole = current, bar.closeTime == whole.closeTime(timeframe) else { return nil }
        current = nil
        return whole
    }

    func save(to writer: inout ByteWriter) {
        writer.optional(current)
        writer.optional(skipped)
        writer.bool(hasBegun)
    }

    mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        current = try reader.optional()
        skipped = try reader.optional()
        hasBegun = try reader.bool()
    }
}
