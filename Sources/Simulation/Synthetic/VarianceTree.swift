/// The logarithm of a price over all time, as a tree that is cut in halves.
///
/// Time is cut into blocks of 2^15 minutes, whose ends lie on slow bounded noise. Within a block both variance and price
/// are cut in halves again and again. The variance splits unevenly, which makes quiet and busy stretches on every scale
/// (a multiplicative cascade); the price's middle lies where a Brownian bridge run on that variance as its clock would
/// have it. Returns are then uncorrelated, their sizes cluster and their tails are fat: Brownian motion in multifractal
/// time, after B. Mandelbrot, A. Fisher and L. Calvet, “A multifractal model of asset returns”, 1997.
///
/// Every cut is looked up by its place, so any minute is found in fifteen steps.
struct VarianceTree: Sendable {
    /// What the tree knows of an interval: the logarithms at its ends and the variance between.
    struct Segment {
        var from: Double
        var to: Double
        var variance: Double
    }

    /// 2^15 minutes, near 23 days, in a block.
    static let minuteLevel = 15
    /// How much of a price's movement all instruments share; the squares of the two add up to one.
    private static let common = 0.85
    private static let own = 0.5267826876426369

    let market: HashedNoise
    let instrument: HashedNoise
    private let blockVariance: Double
    private let knotScale: Double

    init(market: HashedNoise, instrument: HashedNoise, dailyVolatility: Double) {
        self.market = market
        self.instrument = instrument
        let days = Double(1 << VarianceTree.minuteLevel) / 1_440
        blockVariance = dailyVolatility * dailyVolatility * days
        knotScale = blockVariance.squareRoot() / 2
    }

    /// The mean variance of an interval of 2^−`level` blocks.
    func meanVariance(level: Int) -> Double { blockVariance / Double(1 << level) }

    /// A minute's segment. O(15).
    func minute(_ minute: Int64) -> Segment {
        let block = minute >> Int64(VarianceTree.minuteLevel)
        var segment = Segment(from: knot(block), to: knot(block + 1), variance: blockVariance)
        var start = block << Int64(VarianceTree.minuteLevel)
        var index = block
        var activity = (start: Seasons.elapsed(start), end: Seasons.elapsed(start + (1 << VarianceTree.minuteLevel)))
        for level in 0..<VarianceTree.minuteLevel {
            let half = Int64(1) << Int64(VarianceTree.minuteLevel - level - 1)
            let middle = Seasons.elapsed(start + half)
            let expected = (middle - activity.start) / (activity.end - activity.start)
            let cut = cut(level: level, index: index, expected: expected)
            let isLater = minute - start >= half
            segment = part(of: segment, cut, later: isLater)
            index = index * 2 + (isLater ? 1 : 0)
            if isLater {
                start += half
                activity.start = middle
            } else {
                activity.end = middle
            }
        }
        return segment
    }

    /// Where an interval is cut: the share of its variance in the first half, and a normal number for the middle.
    ///
    /// - Parameter expected: the share that the time of day and week would give it.
    @inline(__always)
    func cut(level: Int, index: Int64, expected: Double) -> (share: Double, normal: Double) {
        let shared = market.bits(UInt64(level), index)
        let single = instrument.bits(UInt64(level), index)
        // Now and then nearly all of it falls into one half: a news spike on the scale of minutes.
        let isBurst = level >= 9 && (single ^ shared) & 63 == 0
        let lean =
            isBurst
            ? (shared & 64 == 0 ? 0.46 : -0.46)
            : 0.42 * (0.7 * HashedNoise.signed(shared) + 0.3 * HashedNoise.signed(single))
        let share = expected + lean * 2 * min(expected, 1 - expected)
        let normal =
            VarianceTree.common * HashedNoise.normal(shared) + VarianceTree.own * HashedNoise.normal(single)
        return (share, normal)
    }

    /// The middle of a segment that is cut.
    @inline(__always)
    func middle(of segment: Segment, _ cut: (share: Double, normal: Double)) -> Double {
        segment.from + (segment.to - segment.from) * cut.share
            + cut.normal * (segment.variance * cut.share * (1 - cut.share)).squareRoot()
    }

    /// One half of a segment that is cut.
    @inline(__always)
    func part(of segment: Segment, _ cut: (share: Double, normal: Double), later: Bool) -> Segment {
        let middle = middle(of: segment, cut)
        return later
            ? Segment(from: middle, to: segment.to, variance: segment.variance * (1 - cut.share))
            : Segment(from: segment.from, to: middle, variance: segment.variance * cut.share)
    }

    /// The logarithm at a block's start: four octaves of noise, bounded, whose steps are as wide as a random walk's.
    private func knot(_ block: Int64) -> Double {
        var sum = 0.0
        var amplitude = knotScale
        for octave in 0..<4 {
            let cell = block >> Int64(octave)
            let x = Double(block - cell << Int64(octave)) / Double(1 << octave)
            let a = knotNoise(octave, cell)
            sum += amplitude * (x == 0 ? a : a + (knotNoise(octave, cell + 1) - a) * x)
            amplitude *= 1.4142135623730951
        }
        return sum
    }

    private func knotNoise(_ octave: Int, _ cell: Int64) -> Double {
        let stream = UInt64(100 + octave)
        return VarianceTree.common * HashedNoise.normal(market.bits(stream, cell))
            + VarianceTree.own * HashedNoise.normal(instrument.bits(stream, cell))
    }
}

/// How busy the hours of the week are, in UTC: the Asian morning is calm, the American afternoon busy, weekends quiet.
enum Seasons {
    /// Relative activity by hour of the day; the mean is one.
    private static let hours: [Double] = [
        0.90, 0.86, 0.80, 0.74, 0.70, 0.70, 0.76, 0.88, 0.98, 1.00, 0.96, 0.94,
        1.04, 1.28, 1.52, 1.50, 1.40, 1.28, 1.16, 1.06, 1.02, 0.90, 0.82, 0.80,
    ]

    /// Activity before each hour of the week that begins with the epoch (a Thursday), and at its end.
    private static let before: [Double] = {
        var sums = [0.0]
        for hour in 0..<168 {
            // Thursday is day 0, so Saturday and Sunday are days 2 and 3.
            let isWeekend = hour / 24 == 2 || hour / 24 == 3
            sums.append(sums[hour] + hours[hour % 24] * (isWeekend ? 0.65 : 1.14))
        }
        return sums
    }()

    /// The activity since the epoch at a minute, in hours of mean activity.
    static func elapsed(_ minute: Int64) -> Double {
        let week = minute >= 0 ? minute / 10_080 : -((10_079 - minute) / 10_080)
        let inWeek = minute - week * 10_080
        let hour = Int(inWeek / 60)
        let fraction = Double(inWeek % 60) / 60
        return Double(week) * before[168] + before[hour] + (before[hour + 1] - before[hour]) * fraction
    }

    /// The activity of a minute relative to the mean.
    static func rate(_ minute: Int64) -> Double { (elapsed(minute + 1) - elapsed(minute)) * 60 }
}
