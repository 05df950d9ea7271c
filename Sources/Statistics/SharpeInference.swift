/// How far a Sharpe ratio can be believed. Ratios are per period here, never annualised.
///
/// Sources: Bailey & López de Prado, “The Sharpe ratio efficient frontier” (2012) and “The deflated Sharpe ratio” (2014).
public struct SharpeInference: Sendable, Hashable {
    /// Mean ÷ sample deviation of the returns.
    public let sharpe: Double
    /// How many returns it is of.
    public let count: Int
    /// (1 − γ₃ SR + (γ₄ − 1) ÷ 4 · SR²): the variance of the ratio times the count less one.
    private let spread: Double

    /// A ratio with what is known of its returns.
    ///
    /// - Parameters:
    ///   - skewness: γ₃, with moments of divisor n.
    ///   - kurtosis: γ₄, with moments of divisor n; 3 for normal returns.
    public init(sharpe: Double, count: Int, skewness: Double, kurtosis: Double) {
        self.sharpe = sharpe
        self.count = count
        spread = 1 - skewness * sharpe + (kurtosis - 1) / 4 * sharpe * sharpe
    }

    /// The inference from returns; `nil` where they have no spread.
    public init?(_ moments: Moments) {
        guard let sharpe = moments.sharpe, let skewness = moments.skewness, let excess = moments.excessKurtosis
        else { return nil }
        self.init(sharpe: sharpe, count: moments.count, skewness: skewness, kurtosis: excess + 3)
    }

    /// The probability that the true ratio is above `benchmark`:
    /// Φ((SR − SR*) √(n − 1) ÷ √(1 − γ₃ SR + (γ₄ − 1) ÷ 4 · SR²)); `nil` below two returns.
    public func probability(above benchmark: Double) -> Double? {
        guard count > 1, spread > 0 else { return nil }
        return NormalDistribution.cumulative(
            (sharpe - benchmark) * Double(count - 1).squareRoot() / spread.squareRoot())
    }

    /// How many returns it takes until a ratio like this is above `benchmark` with a chance of error `error` (0.05):
    /// 1 + (1 − γ₃ SR + (γ₄ − 1) ÷ 4 · SR²) (Φ⁻¹(1 − error) ÷ (SR − SR*))²; `nil` where the ratio is not above it.
    public func minimumTrackRecord(above benchmark: Double, error: Double) -> Double? {
        guard sharpe > benchmark, spread > 0 else { return nil }
        let ratio = NormalDistribution.quantile(1 - error) / (sharpe - benchmark)
        return 1 + spread * ratio * ratio
    }

    /// The deflated Sharpe ratio: the probability that the true ratio is above the best that luck alone would have shown
    /// among `trials` of this variance.
    public func deflated(trials: Int, variance: Double) -> Double? {
        probability(above: SharpeInference.expectedMaximum(trials: trials, variance: variance))
    }

    /// The highest ratio to be expected of `trials` independent ones without any skill:
    /// √V ((1 − γ) Φ⁻¹(1 − 1 ÷ N) + γ Φ⁻¹(1 − 1 ÷ (N e))), γ being Euler's constant; 0 of a single one.
    ///
    /// - Parameter variance: V, the variance of the trials' ratios.
    public static func expectedMaximum(trials: Int, variance: Double) -> Double {
        guard trials > 1 else { return 0 }
        let euler = 0.577_215_664_901_532_9
        let count = Double(trials)
        let first = NormalDistribution.quantile(1 - 1 / count)
        let second = NormalDistribution.quantile(1 - 1 / (count * Function.exp(1)))
        return variance.squareRoot() * ((1 - euler) * first + euler * second)
    }
}
