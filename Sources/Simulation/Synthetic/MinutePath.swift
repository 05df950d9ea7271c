import Market

/// One minute of one synthetic instrument: 64 stretches of 937.5 ms, each of eight ticks of 117.1875 ms.
///
/// The tree goes on below the minute, so the price at every tick is a look-up. Between events the price stands still:
/// how often it moves follows how busy the stretch is.
struct MinutePath: Sendable {
    static let stretches = 64
    static let ticks = 512
    static let nanosecondsPerStretch: Int64 = 937_500_000
    static let nanosecondsPerTick: Int64 = 117_187_500

    let minute: Int64
    private let tree: VarianceTree
    /// Logarithms at the ends of the stretches.
    private(set) var knots: [Double]
    /// Variances of the stretches.
    private var variances: [Double]
    /// Activity of the stretches, 1 on average.
    private(set) var activities: [Double]

    init(_ tree: VarianceTree, minute: Int64) {
        self.tree = tree
        self.minute = minute
        let whole = tree.minute(minute)
        var knots = [Double](repeating: 0, count: MinutePath.stretches + 1)
        var variances = [Double](repeating: 0, count: MinutePath.stretches)
        knots[0] = whole.from
        knots[MinutePath.stretches] = whole.to
        variances[0] = whole.variance
        var stride = MinutePath.stretches
        var level = VarianceTree.minuteLevel
        var first = minute
        while stride > 1 {
            let half = stride / 2
            for part in 0..<(MinutePath.stretches / stride) {
                let start = part * stride
                let segment = VarianceTree.Segment(
                    from: knots[start], to: knots[start + stride], variance: variances[start])
                let cut = tree.cut(level: level, index: first + Int64(part), expected: 0.5)
                knots[start + half] = tree.middle(of: segment, cut)
                variances[start + half] = segment.variance * (1 - cut.share)
                variances[start] = segment.variance * cut.share
            }
            stride = half
            level += 1
            first *= 2
        }
        let mean = tree.meanVariance(level: level)
        // As deviations, not variances: trading follows volatility about in proportion.
        activities = variances.map { ($0 / mean).squareRoot() }
        self.knots = knots
        self.variances = variances
    }

    /// The number of a tick since the epoch.
    @inline(__always)
    func absolute(_ tick: Int) -> Int64 { minute * Int64(MinutePath.ticks) + Int64(tick) }

    /// The tick, at or before this one, at which the price moved last. O(8).
    func lastMove(_ tick: Int) -> Int {
        let activity = activities[tick >> 3]
        let chance = min(0.9, 0.12 + 0.3 * activity)
        var tick = tick
        while tick & 7 != 0 && tree.instrument.unit(40, absolute(tick)) >= chance { tick -= 1 }
        return tick
    }

    /// The logarithm of the middle price at a tick. O(3).
    func logarithm(_ tick: Int) -> Double {
        let stretch = tick >> 3
        var offset = tick & 7
        if offset == 0 { return knots[stretch] }
        var segment = VarianceTree.Segment(
            from: knots[stretch], to: knots[stretch + 1], variance: variances[stretch])
        var index = minute << 6 + Int64(stretch)
        var half = 4
        var level = VarianceTree.minuteLevel + 6
        while true {
            let cut = tree.cut(level: level, index: index, expected: 0.5)
            if offset == half { return tree.middle(of: segment, cut) }
            let isLater = offset > half
            segment = tree.part(of: segment, cut, later: isLater)
            index = index * 2 + (isLater ? 1 : 0)
            if isLater { offset -= half }
            half /= 2
            level += 1
        }
    }

    /// Where the price goes in the next second or two, in deviations of that stretch, −1…1: what the book leans to.
    func pull(_ tick: Int) -> Double {
        let stretch = tick >> 3
        let target = min(stretch + 2, MinutePath.stretches)
        let deviation = max(variances[stretch].squareRoot(), 1e-9)
        return max(-1, min(1, (knots[target] - logarithm(tick)) / (1.5 * deviation)))
    }
}
