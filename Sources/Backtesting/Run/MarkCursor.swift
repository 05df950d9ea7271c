import Market

/// Goes along the candles of a mark price beside a run.
struct MarkCursor {
    private let candles: [Candle]
    private var next: Int

    /// At the mark that holds at an instant.
    init(_ prices: MarkPrices, from first: Timestamp) {
        candles = prices.series.candles
        next = max(candles.place { $0.openTime <= first } - 1, 0)
    }

    /// What marks a bar: the candles of its time as one; the last mark stays until there is another.
    @inline(never)
    mutating func mark(during bar: Candle, until end: Timestamp) -> Candle {
        while next + 1 < candles.count, candles[next + 1].openTime <= bar.openTime { next += 1 }
        var mark = candles[next]
        if mark.openTime < bar.openTime {
            mark.open = mark.close
            mark.high = mark.close
            mark.low = mark.close
        }
        while next + 1 < candles.count, candles[next + 1].openTime < end {
            next += 1
            mark.merge(candles[next])
        }
        return mark
    }

    /// The candles that open within a bar, from the one at hand on.
    func candles(in bar: Candle, until end: Timestamp) -> ArraySlice<Candle> {
        let rest = candles[next...]
        return rest.drop { $0.openTime < bar.openTime }.prefix { $0.openTime < end }
    }
}
