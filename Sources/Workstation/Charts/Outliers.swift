/// Keeps one bad print from flattening a whole chart.
enum Outliers {
    /// The range to show of lows and highs: all of them, unless some lie farther outside of the middle 96 % than that
    /// middle is wide; those are left out and marked at the edge instead.
    ///
    /// - Returns: `nil` when there is nothing finite. O(n log n).
    static func range(lows: [Double], highs: [Double]) -> ClosedRange<Double>? {
        let lows = lows.filter(\.isFinite).sorted()
        let highs = highs.filter(\.isFinite).sorted()
        guard let lowest = lows.first, let highest = highs.last, lowest <= highest else { return nil }
        guard lows.count >= 20, highs.count >= 20 else { return lowest...highest }
        let lower = lows[lows.count / 50]
        let upper = highs[highs.count - 1 - highs.count / 50]
        guard upper > lower else { return lowest...highest }
        let room = upper - lower
        let shownLow = lows.first { $0 >= lower - room } ?? lowest
        let shownHigh = highs.last { $0 <= upper + room } ?? highest
        return min(shownLow, shownHigh)...max(shownLow, shownHigh)
    }

    /// The value below which a share of the sorted values lies; `nil` when there are none.
    static func percentile(_ sorted: [Double], _ share: Double) -> Double? {
        guard !sorted.isEmpty else { return nil }
        let position = min(max(share, 0), 1) * Double(sorted.count - 1)
        return sorted[Int(position.rounded())]
    }
}
