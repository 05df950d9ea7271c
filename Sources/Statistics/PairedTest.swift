/// Whether one series of returns has another mean than a second one over the same periods.
public struct PairedTest: Sendable, Hashable {
    /// The mean difference, first less second, per period.
    public let meanDifference: Double
    /// The mean difference ÷ its standard error after Newey & West; `nil` where the difference has no spread.
    public let statistic: Double?
    /// The chance of a statistic as far from 0 without any difference, from the normal distribution, both sides.
    public let probability: Double?
    /// The same chance from the stationary bootstrap of the centred differences, (1 + as far or farther) ÷ (1 + draws).
    public let bootstrapProbability: Double?

    /// Compares two series of the same periods.
    ///
    /// - Parameters:
    ///   - draws: how many samples the bootstrap draws. O(n · draws).
    ///   - bootstrap: for as many values as the series have; a copy of it is used.
    public init(_ first: [Double], _ second: [Double], draws: Int, bootstrap: StationaryBootstrap) {
        precondition(first.count == second.count && first.count == bootstrap.count, "series of the same periods")
        let differences = zip(first, second).map { $0 - $1 }
        let moments = Moments(differences)
        let mean = moments.mean
        meanDifference = mean
        guard moments.isSpread, let variance = Autocorrelation.longRunVariance(differences), variance > 0 else {
            statistic = nil
            probability = nil
            bootstrapProbability = nil
            return
        }
        let statistic = mean / (variance / Double(differences.count)).squareRoot()
        self.statistic = statistic
        probability = 2 * NormalDistribution.cumulative(-abs(statistic))
        var bootstrap = bootstrap
        var places = Array(repeating: 0, count: differences.count)
        var far = 0
        for _ in 0..<draws {
            bootstrap.draw(into: &places)
            let sum = places.reduce(0) { $0 + differences[$1] }
            if abs(sum / Double(differences.count) - mean) >= abs(mean) { far += 1 }
        }
        bootstrapProbability = Double(1 + far) / Double(1 + draws)
    }
}
