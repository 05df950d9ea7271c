import Backtesting
public import Market
import Statistics

/// What the Sharpe ratio of a search's best trial is worth: the best of many looks good by luck alone.
///
/// Source: Bailey & López de Prado, “The deflated Sharpe ratio” (2014).
public struct TrialBelief: Sendable, Hashable {
    /// How many trials ran.
    public let trials: Int
    /// The annualised Sharpe ratio that the best of so many would show without any skill, given how far theirs lie apart.
    public var expectedMaximum: Double {
        SharpeInference.expectedMaximum(trials: trials, variance: variance(of: trials))
            * TrialBelief.daysAYear.squareRoot()
    }
    /// The probability that the best one's true ratio is above 0, as if it had been the only one.
    public let probabilistic: Double?
    private let inference: SharpeInference
    /// How many of the trials have a ratio that is known, and the variance of these.
    private let known: Int
    private let variance: Double

    /// The fewest days that say anything.
    private static let minimumDays = 20
    private static let daysAYear = 365.0

    /// The probability that the best one's true ratio is above the best that luck would have shown.
    public var deflated: Double? { deflated(among: trials) }

    /// The same for another count of trials: with those of other searches over the same candles.
    public func deflated(among count: Int) -> Double? {
        let count = max(count, trials)
        return inference.deflated(trials: count, variance: variance(of: count))
    }

    /// The variance of the daily ratios of `count` trials. Where more were tried than are known it is at least
    /// 1 ÷ (days − 1), that of a ratio without skill: a few that resemble each other say little of many.
    private func variance(of count: Int) -> Double {
        count > known ? max(variance, 1 / Double(inference.count - 1)) : variance
    }

    init?(days returns: [Double], sharpes: [Double], trials: Int) {
        guard returns.count >= TrialBelief.minimumDays, let inference = SharpeInference(Moments(returns)),
            let deviation = Moments(sharpes).deviation
        else { return nil }
        self.trials = trials
        self.inference = inference
        known = sharpes.count
        variance = deviation * deviation
        probabilistic = inference.probability(above: 0)
    }
}

extension StudyPlan {
    /// What the Sharpe ratio of a trial is worth, which was the best of these; plays its backtest once more.
    ///
    /// - Returns: `nil` with fewer than 20 days, fewer than two trials that have a ratio, or returns without a spread.
    public func belief(in best: Trial, among trials: [Trial], over series: CandleSeries) -> TrialBelief? {
        guard var configuration = try? configuration(best.point, past: []) else { return nil }
        configuration.keepsEquityCurve = false
        guard let result = try? Backtest.run(series, configuration) else { return nil }
        let ran = trials.filter { $0.state != .invalid }
        // A trial that was given up has a ratio of other days.
        let sharpes = ran.filter { $0.state != .pruned }.compactMap { $0.figure("sharpe") }
        let aDay = 1 / 365.0.squareRoot()
        return TrialBelief(days: result.daily.returns, sharpes: sharpes.map { $0 * aDay }, trials: ran.count)
    }
}
