/// A sample in ascending order, for quantiles and for the losses in its tail.
public struct SortedSample: Sendable, Hashable {
    /// The values, smallest first.
    public let values: [Double]

    /// The sample of `values`, none of which is NaN. O(n log n).
    public init(_ values: [Double]) { self.values = values.sorted() }

    /// The quantile at `share` (0…1), interpolated linearly between order statistics: type 7 of Hyndman & Fan, “Sample
    /// quantiles in statistical packages” (1996), the default of R and NumPy; `nil` of no value.
    public func quantile(_ share: Double) -> Double? {
        guard let last = values.indices.last else { return nil }
        let place = min(max(share, 0), 1) * Double(last)
        let lower = Int(place)
        let upper = min(lower + 1, last)
        return values[lower] + (values[upper] - values[lower]) * (place - Double(lower))
    }

    /// The value at risk of a sample of returns: the loss (positive) that the share `level` of the values does not
    /// exceed, −x of the order statistic ⌈level · n⌉ counted from the best; `nil` of no value.
    public func valueAtRisk(_ level: Double) -> Double? { atRisk(level).map { -values[$0] } }

    /// The expected shortfall of a sample of returns: the mean loss (positive) of the worst share 1 − `level`, of which
    /// the value at risk itself takes what the worse ones leave; `nil` of no value.
    ///
    /// Source: Rockafellar & Uryasev, “Optimization of conditional value-at-risk” (2000):
    /// VaR + Σ max(loss − VaR, 0) ÷ ((1 − level) n). O(n (1 − level)).
    public func expectedShortfall(_ level: Double) -> Double? {
        guard let place = atRisk(level) else { return nil }
        let atRisk = -values[place]
        let beyond = values[..<place].reduce(0) { $0 + (-$1 - atRisk) }
        return atRisk + beyond / ((1 - level) * Double(values.count))
    }

    /// Where the value at risk stands.
    private func atRisk(_ level: Double) -> Int? {
        guard !values.isEmpty, level > 0, level < 1 else { return nil }
        // A product such as 0.95 · 60 may come out a little above the whole number that it is.
        let rank = Int((level * Double(values.count) - 1e-9).rounded(.up))
        return values.count - min(max(rank, 1), values.count)
    }
}
