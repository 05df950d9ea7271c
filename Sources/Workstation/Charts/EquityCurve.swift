import Market
import Terminal

/// An equity curve on the columns of a chart: samples evenly spaced in time, and how far each lies below its peak.
struct EquityCurve: Sendable {
    /// The equity at each sample; between points the last one holds, as equity does.
    let values: [Double]
    /// How far each sample lies below the highest point so far, as a share, 0…1. The deepest point between two samples
    /// counts for the later one, so no drawdown falls between columns.
    let drawdowns: [Double]
    /// The first and the last instant.
    let from: Timestamp, to: Timestamp

    /// Samples a curve of points, oldest first. O(points + count).
    init(_ points: [(time: Timestamp, value: Double)], count: Int) {
        guard let first = points.first, let last = points.last, count > 0 else {
            values = []
            drawdowns = []
            from = .epoch
            to = .epoch
            return
        }
        from = first.time
        to = last.time
        var values: [Double] = []
        var drawdowns: [Double] = []
        values.reserveCapacity(count)
        drawdowns.reserveCapacity(count)
        let length = Double(last.time.nanoseconds(since: first.time))
        var index = 0
        var peak = first.value
        for sample in 0..<count {
            let share = count == 1 ? 1 : Double(sample) / Double(count - 1)
            let end = sample == count - 1 ? last.time : first.time.adding(nanoseconds: Int64(length * share))
            var deepest = 0.0
            while index < points.count, points[index].time <= end {
                peak = max(peak, points[index].value)
                if peak > 0 { deepest = max(deepest, 1 - points[index].value / peak) }
                index += 1
            }
            let value = points[max(0, index - 1)].value
            if peak > 0 { deepest = max(deepest, 1 - value / peak) }
            values.append(value)
            drawdowns.append(deepest)
        }
        self.values = values
        self.drawdowns = drawdowns
    }

    /// The curve as multiples of its first value, to lay two on one scale.
    var normalized: [Double] {
        guard let first = values.first, first != 0 else { return values }
        return values.map { $0 / first }
    }
}
