/// Draws samples anew from a series in blocks of random length, so that what depends on the days before stays together.
///
/// Blocks begin anywhere, have geometric lengths of a given mean and run over the end to the beginning. Source: Politis &
/// Romano, “The stationary bootstrap” (1994).
public struct StationaryBootstrap: Sendable {
    /// How many values the series has.
    public let count: Int
    /// The mean length of blocks.
    public let meanBlock: Double
    private var generator: SeededGenerator

    /// Draws for a series of `count` values.
    ///
    /// - Parameters:
    ///   - meanBlock: 1 or more; 1 draws every value on its own.
    ///   - seed: the same seed gives the same draws.
    public init(count: Int, meanBlock: Double, seed: UInt64) {
        precondition(count > 0 && meanBlock >= 1, "a series with values, and blocks of at least one")
        self.count = count
        self.meanBlock = meanBlock
        generator = SeededGenerator(seed: seed)
    }

    /// Puts the places of the next sample's values into `places`, which is as long as the series. O(n).
    public mutating func draw(into places: inout [Int]) {
        precondition(places.count == count, "a place for every value")
        let chance = 1 / meanBlock
        var place = 0
        for index in 0..<count {
            if index == 0 || generator.uniform() < chance {
                place = generator.index(below: count)
            } else {
                place = place + 1 == count ? 0 : place + 1
            }
            places[index] = place
        }
    }
}

/// Where a figure lies, with the confidence that was asked for.
public struct Interval: Sendable, Hashable {
    /// The lower end.
    public let low: Double
    /// The upper end.
    public let high: Double

    /// The interval between the quantiles (1 − confidence) ÷ 2 and (1 + confidence) ÷ 2 of a figure's bootstrap values
    /// (percentile method); `nil` without a value. O(n log n).
    public init?(_ values: [Double], confidence: Double) {
        let sample = SortedSample(values)
        guard let low = sample.quantile((1 - confidence) / 2), let high = sample.quantile((1 + confidence) / 2)
        else { return nil }
        self.low = low
        self.high = high
    }
}
