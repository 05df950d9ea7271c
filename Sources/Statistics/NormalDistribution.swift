/// The standard normal distribution.
public enum NormalDistribution {
    /// The probability of a value up to `x`, Φ(x), with the relative accuracy of `erfc` in both tails.
    public static func cumulative(_ x: Double) -> Double { 0.5 * Function.erfc(-x / 2.0.squareRoot()) }

    /// The probability density at `x`.
    public static func density(_ x: Double) -> Double { Function.exp(-0.5 * x * x) / (2 * Double.pi).squareRoot() }

    /// The value below which the share `probability` lies, Φ⁻¹; −∞ at 0, ∞ at 1, NaN outside. Within a few units in the
    /// last place of the true value.
    ///
    /// A rational first guess (Abramowitz & Stegun 26.2.23, error below 4.5·10⁻⁴), then Halley's method on Φ, which
    /// triples the right digits at each step. The lower tail is solved in either case, where Φ is exact.
    public static func quantile(_ probability: Double) -> Double {
        guard probability > 0, probability < 1 else {
            return probability == 0 ? -.infinity : probability == 1 ? .infinity : .nan
        }
        if probability > 0.5 { return -lowerQuantile(1 - probability) }
        return lowerQuantile(probability)
    }

    /// The quantile of a probability up to ½.
    private static func lowerQuantile(_ probability: Double) -> Double {
        let t = (-2 * Function.log(probability)).squareRoot()
        let above = 2.515517 + t * (0.802853 + t * 0.010328)
        let below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
        var x = above / below - t
        for _ in 0..<3 {
            let slope = density(x)
            guard slope > 0 else { break }
            let step = (cumulative(x) - probability) / slope
            x -= step / (1 + x * step / 2)
        }
        return x
    }
}
