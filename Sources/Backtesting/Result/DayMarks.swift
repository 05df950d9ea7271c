public import Market

extension EquityCurve {
    /// The curve with at most `limit` points as `thinned(to:)` makes it, the last mark of every UTC day among them, so
    /// that returns of days and months are exact. A day's mark is that of the last candle that opened in it. Where days
    /// would take more than half of the points they are left out. O(n).
    public func thinnedKeepingDays(to limit: Int) -> [(time: Timestamp, value: Double)] {
        guard count > limit else { return thinned(to: limit) }
        func day(_ index: Int) -> Int64 { time(index).adding(nanoseconds: -1).day }
        var ends: [Int] = []
        for index in 0..<count where index + 1 == count || day(index) != day(index + 1) { ends.append(index) }
        guard ends.count <= limit / 2 else { return thinned(to: limit) }
        var points = thinned(to: limit - ends.count)
        let known = Set(points.map(\.time))  // determinism: asked for members only
        points += ends.filter { !known.contains(time($0)) }.map { (time($0), equity($0).approximation) }
        points.sort { $0.time < $1.time }
        return points
    }
}
