public import Market

// Shorter candles under longer ones, for fills.
extension CandleSeries {
    /// When the first candle opens that holds none of the shorter ones; `nil` when each holds one. O(both).
    public func firstWithout(_ shorter: CandleSeries) -> Timestamp? {
        guard shorter.timeframe < timeframe else { return candles.first?.openTime }
        var place = 0
        for candle in candles {
            while place < shorter.candles.count, shorter.candles[place].openTime < candle.openTime { place += 1 }
            guard place < shorter.candles.count, shorter.candles[place].openTime < candle.closeTime(timeframe) else {
                return candle.openTime
            }
        }
        return nil
    }

    /// The candles from the first open to the last close of another series; none when that has none. O(candles).
    public func within(_ longer: CandleSeries) -> CandleSeries {
        var series = self
        if let first = longer.candles.first, let last = longer.candles.last {
            let range = candles.range(
                from: first.openTime, to: last.closeTime(longer.timeframe), timeframe)
            if range.count < candles.count { series.candles = Array(candles[range]) }
        } else {
            series.candles = []
        }
        return series
    }
}
