import Statistics

/// Figures of runs over days that are drawn anew: the same days for all of them in each sample, so that what they have in
/// common stays so.
struct ComparisonBootstrap {
    /// The mean length of blocks in days.
    let blockDays: Double
    private let returns: [[Double]]
    private let options: ComparisonOptions
    /// Of each run, a sample each: the daily Sharpe ratio, `nil` where the days don't differ, and the total return.
    private var sharpes: [[Double?]]
    private var totals: [[Double]]

    /// Draws the samples of runs; one that was lost on some day has none. O(runs · days · resamples).
    init?(_ returns: [[Double]], _ options: ComparisonOptions) {
        guard let count = returns.map(\.count).max(), count > 1 else { return nil }
        self.returns = returns
        self.options = options
        let longest = returns.map { Autocorrelation.blockLength($0) }.max() ?? 1
        blockDays = max(1, min(options.blockDays ?? longest, Double(count)))
        sharpes = returns.map { _ in [] }
        totals = returns.map { _ in [] }
        var bootstrap = StationaryBootstrap(count: count, meanBlock: blockDays, seed: options.seed)
        var places = Array(repeating: 0, count: count)
        for _ in 0..<options.resamples {
            bootstrap.draw(into: &places)
            for run in returns.indices where !returns[run].isEmpty { take(run, places) }
        }
    }

    private mutating func take(_ run: Int, _ places: [Int]) {
        var sum = 0.0
        var squares = 0.0
        var wealth = 1.0
        returns[run].withUnsafeBufferPointer { values in
            for place in places {
                let value = values[place]
                sum += value
                squares += value * value
                wealth *= 1 + value
            }
        }
        let count = Double(places.count)
        let mean = sum / count
        let variance = (squares - sum * mean) / (count - 1)
        sharpes[run].append(variance > squares / count * 1e-12 ? mean / variance.squareRoot() : nil)
        totals[run].append(wealth - 1)
    }

    /// The interval of a run's total return.
    func returnInterval(_ run: Int) -> Interval? { Interval(totals[run], confidence: options.confidence) }

    /// The interval of a run's annualised Sharpe ratio.
    func sharpeInterval(_ run: Int) -> Interval? {
        guard Moments(returns[run]).isSpread else { return nil }
        return Interval(sharpes[run].compactMap { annualized($0) }, confidence: options.confidence)
    }

    /// How a run differs from the first; `nil` where one of them has no returns.
    func difference(_ run: Int) -> StrategyComparison.Difference? {
        guard !returns[run].isEmpty, !returns[0].isEmpty else { return nil }
        let test = PairedTest(
            returns[run], returns[0], draws: options.resamples,
            bootstrap: StationaryBootstrap(count: returns[run].count, meanBlock: blockDays, seed: options.seed))
        let own = annualized(Moments(returns[run]).sharpe)
        let first = annualized(Moments(returns[0]).sharpe)
        var sharpe: Double?
        var interval: Interval?
        if let own, let first {
            sharpe = own - first
            let differences = zip(sharpes[run], sharpes[0]).compactMap { pair -> Double? in
                guard let one = annualized(pair.0), let other = annualized(pair.1) else { return nil }
                return one - other
            }
            interval = Interval(differences, confidence: options.confidence)
        }
        return StrategyComparison.Difference(
            test: test, yearly: test.meanDifference * DailyReturns.perYear, sharpe: sharpe, sharpeInterval: interval)
    }

    private func annualized(_ ratio: Double?) -> Double? { ratio.map { $0 * DailyReturns.perYear.squareRoot() } }
}
