import Market
import Storage

/// Which candles of a span the store does not have.
enum MissingCandles {
    /// The stretches of [from, to) without candles, oldest first; both ends on whole intervals.
    ///
    /// - Throws: `StoreError`.
    static func stretches(
        _ store: Store, venue: String, symbol: String, _ timeframe: Timeframe, from: Timestamp, to: Timestamp
    ) throws(StoreError) -> [Gap] {
        guard from < to else { return [] }
        let stored = try store.series(venue: venue, symbol: symbol)
        guard let series = stored.first(where: { $0.timeframe == timeframe }), series.firstOpen < to, series.end > from
        else { return [Gap(from: from, to: to)] }
        var stretches: [Gap] = []
        if from < series.firstOpen { stretches.append(Gap(from: from, to: series.firstOpen)) }
        stretches += try store.gaps(series, from: from, to: to)
        if series.end < to { stretches.append(Gap(from: series.end, to: to)) }
        return stretches
    }

    /// The stretches cut into pages of at most `size` candles.
    static func pages(_ stretches: [Gap], _ timeframe: Timeframe, size: Int) -> [Gap] {
        let length = timeframe.nanoseconds * Int64(size)
        return stretches.flatMap { stretch in
            stride(from: stretch.from.nanoseconds, to: stretch.to.nanoseconds, by: Int(length)).map { start in
                Gap(
                    from: Timestamp(nanoseconds: start),
                    to: Timestamp(nanoseconds: min(start + length, stretch.to.nanoseconds)))
            }
        }
    }
}
