/// What traded at each price.
enum VolumeProfile {
    /// Spreads the volume of candles evenly over the rows between their highs and lows; what lies outside of the rows
    /// is left out, the rest keeps its sum.
    static func rows(_ candles: [(high: Double, low: Double, volume: Double)], count: Int) -> [Double] {
        var rows = [Double](repeating: 0, count: max(0, count))
        for candle in candles where candle.volume > 0 {
            let height = max(candle.low - candle.high, 1e-9)
            let first = max(0, Int(candle.high.rounded(.down)))
            let last = min(count - 1, Int(candle.low.rounded(.down)))
            guard first <= last else { continue }
            if height < 1e-6 {
                rows[first] += candle.volume
                continue
            }
            for row in first...last {
                let overlap = min(candle.low, Double(row + 1)) - max(candle.high, Double(row))
                if overlap > 0 { rows[row] += candle.volume * overlap / height }
            }
        }
        return rows
    }
}
