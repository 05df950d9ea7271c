/// Variances of means of values that depend on those before them.
public enum Autocorrelation {
    /// The autocovariance at a lag, Σ (xₜ − x̄)(xₜ₋ₖ − x̄) ÷ n. O(n).
    static func covariance(_ centered: [Double], lag: Int) -> Double {
        guard lag < centered.count else { return 0 }
        var sum = 0.0
        for index in lag..<centered.count { sum += centered[index] * centered[index - lag] }
        return sum / Double(centered.count)
    }

    /// Values less their mean.
    static func centered(_ values: [Double]) -> [Double] {
        let mean = values.reduce(0, +) / Double(max(values.count, 1))
        return values.map { $0 - mean }
    }

    /// How many lags a sample of `count` values bears, ⌊4 (n ÷ 100)^(2⁄9)⌋.
    ///
    /// Source: Newey & West, “Automatic lag selection in covariance matrix estimation” (1994).
    public static func lags(count: Int) -> Int {
        Int(4 * Function.power(Double(count) / 100, 2.0 / 9))
    }

    /// The long-run variance γ₀ + 2 Σ (1 − k ÷ (K + 1)) γₖ; divided by the count it is the variance of the mean. Never
    /// below zero; `nil` below two values. O(n · lags).
    ///
    /// Source: Newey & West, “A simple, positive semi-definite, heteroskedasticity and autocorrelation consistent
    /// covariance matrix” (1987).
    ///
    /// - Parameter lags: K; by default what the count bears.
    public static func longRunVariance(_ values: [Double], lags: Int? = nil) -> Double? {
        guard values.count > 1 else { return nil }
        let centered = centered(values)
        let last = min(lags ?? Autocorrelation.lags(count: values.count), values.count - 1)
        var variance = covariance(centered, lag: 0)
        if last > 0 {
            for lag in 1...last {
                variance += 2 * (1 - Double(lag) / Double(last + 1)) * covariance(centered, lag: lag)
            }
        }
        return max(variance, 0)
    }

    /// The mean length of the stationary bootstrap's blocks that suits a sample, at least 1.
    ///
    /// Source: Politis & White, “Automatic block-length selection for the dependent bootstrap” (2004), with the
    /// correction of Patton, Politis & White (2009). The first lag m from which max(5, ⌊log₁₀ n⌋) autocorrelations in a
    /// row lie within ±2 √(log₁₀ n ÷ n) decides how far covariances are added up: to 2m, by the flat-top window. The
    /// length is at most min(3√n, n ÷ 3). O(n^1.5).
    public static func blockLength(_ values: [Double]) -> Double {
        let size = Double(values.count)
        guard values.count > 8 else { return 1 }
        let centered = centered(values)
        let run = max(5, Int(Function.log10(size)))
        let furthest = min(Int(size.squareRoot().rounded(.up)) + run, values.count - 2)
        let bound = 2 * (Function.log10(size) / size).squareRoot()
        let covariances = (0...furthest).map { covariance(centered, lag: $0) }
        guard covariances[0] > 0 else { return 1 }
        let isSmall = (0...furthest).map { isInsignificant(centered, covariances[$0], lag: $0, bound) }
        let quiet = (1...furthest).first { lag in
            lag + run <= furthest + 1 && isSmall[lag..<(lag + run)].allSatisfy { $0 }
        }
        let last = min(quiet.map { 2 * $0 } ?? furthest, furthest)
        var weighted = 0.0
        var longRun = covariances[0]
        for lag in 1...last {
            let share = Double(lag) / Double(last)
            let weight = share <= 0.5 ? 1 : 2 * (1 - share)
            weighted += 2 * weight * Double(lag) * covariances[lag]
            longRun += 2 * weight * covariances[lag]
        }
        guard longRun != 0 else { return 1 }
        // (2 g² ÷ (2 v²))^⅓ · n^⅓
        let length = Function.power(weighted * weighted / (longRun * longRun) * size, 1.0 / 3)
        return max(1, min(length, (min(3 * size.squareRoot(), size / 3)).rounded(.up)))
    }

    /// Whether the correlation of the values with those `lag` before lies within the bound.
    private static func isInsignificant(
        _ centered: [Double], _ covariance: Double, lag: Int, _ bound: Double
    ) -> Bool {
        let count = centered.count
        let later = centered[(lag + 1)...].reduce(0) { $0 + $1 * $1 }
        let earlier = centered[..<(count - lag - 1)].reduce(0) { $0 + $1 * $1 }
        return abs(covariance) * Double(count) < bound * (later * earlier).squareRoot()
    }
}
