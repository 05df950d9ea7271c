import Statistics

/// Figures of the distribution of daily returns, risk-free rate and target 0, a year having 365 days.
struct DistributionFigures: Sendable {
    /// Sample deviation × √365.
    let volatility: Double?
    /// Annualised return ÷ volatility.
    let returnToVolatility: Double?
    /// Mean ÷ root of the long-run variance × √365: the Sharpe ratio of returns that depend on those before.
    let robustSharpe: Double?
    /// The probability that the true Sharpe ratio is above 0.
    let probabilisticSharpe: Double?
    /// Days until a Sharpe ratio like this is above 0 with 95 % confidence.
    let minimumTrackRecordDays: Double?
    /// Σ gains ÷ Σ losses of days.
    let omega: Double?
    /// The 95 % quantile ÷ the size of the 5 % quantile.
    let tailRatio: Double?
    /// The skewness G₁.
    let skew: Double?
    /// The excess kurtosis G₂.
    let excessKurtosis: Double?
    /// The loss that 95 % of the days don't exceed, as a positive share.
    let valueAtRisk: Double?
    /// The mean loss of the worst 5 % of the days, as a positive share.
    let expectedShortfall: Double?

    /// The figures of returns. O(n log n).
    init(_ returns: [Double], annualized: Double?, _ undefined: inout UndefinedFigures) {
        let year = DailyReturns.perYear
        let moments = Moments(returns)
        let two = UndefinedFigures.daily(returns, least: 2)
        let many = UndefinedFigures.daily(returns, least: ExtendedMetrics.minimumSample)
        let flat = "the daily returns don't differ"
        let volatility = moments.deviation.map { $0 * year.squareRoot() }
        self.volatility = undefined.figure("volatility", volatility, two ?? flat)
        returnToVolatility = undefined.figure(
            "return_to_volatility",
            moments.isSpread ? annualized.flatMap { yearly in volatility.map { yearly / $0 } } : nil,
            two ?? (moments.isSpread ? "annualized_return is undefined" : flat))

        let isEnough = many == nil && moments.isSpread
        let sample = isEnough ? SortedSample(returns) : SortedSample([])
        let inference = isEnough ? SharpeInference(moments) : nil
        var robust: Double?
        if isEnough, let variance = Autocorrelation.longRunVariance(returns), variance > 0 {
            let size = Double(returns.count)
            robust = moments.mean / (variance * size / (size - 1)).squareRoot() * year.squareRoot()
        }
        robustSharpe = undefined.figure("robust_sharpe", robust, many ?? flat)
        probabilisticSharpe = undefined.figure(
            "probabilistic_sharpe", inference?.probability(above: 0), many ?? flat)
        minimumTrackRecordDays = undefined.figure(
            "minimum_track_record_days", inference?.minimumTrackRecord(above: 0, error: 0.05),
            many ?? (isEnough ? "the Sharpe ratio is not above 0" : flat))

        let losses = returns.reduce(0) { $0 - min($1, 0) }
        let gains = returns.reduce(0) { $0 + max($1, 0) }
        omega = undefined.figure("omega", two == nil && losses > 0 ? gains / losses : nil, two ?? "no day lost")
        let low = sample.quantile(0.05)
        let high = sample.quantile(0.95)
        var ratio: Double?
        if let low, let high, low < 0, high > 0 { ratio = high / -low }
        tailRatio = undefined.figure(
            "tail_ratio", ratio, many ?? (isEnough ? "the 5 % and 95 % quantiles don't lie on both sides of 0" : flat))
        skew = undefined.figure("skew", isEnough ? moments.adjustedSkewness : nil, many ?? flat)
        excessKurtosis = undefined.figure(
            "excess_kurtosis", isEnough ? moments.adjustedExcessKurtosis : nil, many ?? flat)
        valueAtRisk = undefined.figure("value_at_risk", sample.valueAtRisk(0.95), many ?? flat)
        expectedShortfall = undefined.figure("expected_shortfall", sample.expectedShortfall(0.95), many ?? flat)
    }
}
