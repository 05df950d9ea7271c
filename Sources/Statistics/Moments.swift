/// The first four moments of a sample.
///
/// Two passes over the values: the mean, then the central sums. What needs a spread is `nil` where the values differ by
/// rounding only.
public struct Moments: Sendable, Hashable {
    /// How many values there are.
    public let count: Int
    /// The arithmetic mean; 0 of no value.
    public let mean: Double
    /// The means of the second, third and fourth power of the distances from the mean (divisor n).
    private let second: Double
    private let third: Double
    private let fourth: Double

    /// The moments of `values`. O(n).
    public init(_ values: [Double]) { self.init(values[...]) }

    /// The moments of a part of an array. O(n).
    public init(_ values: ArraySlice<Double>) {
        count = values.count
        let size = Double(max(count, 1))
        mean = values.reduce(0, +) / size
        var sums = (0.0, 0.0, 0.0)
        for value in values {
            let distance = value - mean
            let square = distance * distance
            sums.0 += square
            sums.1 += square * distance
            sums.2 += square * square
        }
        second = sums.0 / size
        third = sums.1 / size
        fourth = sums.2 / size
    }

    /// The sample standard deviation, divisor n − 1; `nil` below two values.
    public var deviation: Double? {
        count > 1 ? (second * Double(count) / Double(count - 1)).squareRoot() : nil
    }

    /// Whether the values differ by more than rounding.
    public var isSpread: Bool { count > 1 && second.squareRoot() > abs(mean) * 1e-12 && second > 0 }

    /// Mean ÷ sample deviation, per period and not annualised; `nil` without a spread.
    public var sharpe: Double? {
        guard isSpread, let deviation else { return nil }
        return mean / deviation
    }

    /// The skewness g₁ = m₃ ÷ m₂^1.5 with moments of divisor n; 0 for a symmetric sample, `nil` without a spread.
    public var skewness: Double? { isSpread ? third / (second * second.squareRoot()) : nil }

    /// The excess kurtosis g₂ = m₄ ÷ m₂² − 3 with moments of divisor n; 0 for a normal sample, `nil` without a spread.
    public var excessKurtosis: Double? { isSpread ? fourth / (second * second) - 3 : nil }

    /// The skewness G₁ = g₁ · √(n(n − 1)) ÷ (n − 2), unbiased for a normal population; `nil` below three values.
    ///
    /// Source: Joanes & Gill, “Comparing measures of sample skewness and kurtosis”, The Statistician 47 (1998).
    public var adjustedSkewness: Double? {
        guard count > 2, let skewness else { return nil }
        let size = Double(count)
        return skewness * (size * (size - 1)).squareRoot() / (size - 2)
    }

    /// The excess kurtosis G₂ = ((n + 1) g₂ + 6) · (n − 1) ÷ ((n − 2)(n − 3)), unbiased for a normal population; `nil`
    /// below four values. Source: as of `adjustedSkewness`.
    public var adjustedExcessKurtosis: Double? {
        guard count > 3, let excessKurtosis else { return nil }
        let size = Double(count)
        return ((size + 1) * excessKurtosis + 6) * (size - 1) / ((size - 2) * (size - 3))
    }
}
