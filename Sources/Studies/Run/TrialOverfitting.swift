import Backtesting
public import Market
public import Statistics

extension StudyPlan {
    /// Trials that are played once more to measure overfitting: as many tell it well enough.
    public static let replayed = 40

    /// How often the best of a search's trials in one half of the time is below the middle in the other half, measured on
    /// at most `replayed` of those that ran to their end, evenly over their numbers and each combination once. Plays their
    /// backtests again, one after the other.
    ///
    /// - Returns: `nil` when it was cancelled, with fewer than two trials or with fewer than 40 days.
    public func overfitting(
        among trials: [Trial], over series: CandleSeries, isCancelled: @escaping @Sendable () -> Bool
    ) -> (measured: OverfittingProbability, trials: Int)? {
        var seen: Set<[Double]> = []
        let whole = trials.filter { trial in
            (trial.state == .complete || trial.state == .infeasible) && seen.insert(trial.point).inserted
        }
        let count = min(whole.count, StudyPlan.replayed)
        guard count > 1 else { return nil }
        var returns: [[Double]] = []
        for place in 0..<count {
            let trial = whole[place * (whole.count - 1) / (count - 1)]
            guard var configuration = try? configuration(trial.point, past: []) else { continue }
            configuration.keepsEquityCurve = false
            guard let result = try? Backtest.run(series, configuration, isCancelled: isCancelled) else {
                if isCancelled() { return nil }
                continue
            }
            let days = result.daily.returns
            // An account that was ruined has no ratio of later days.
            if !days.isEmpty { returns.append(days) }
        }
        guard let days = returns.first?.count, let blocks = [16, 8].first(where: { days >= $0 * 5 }),
            let measured = OverfittingProbability(returns: returns, blocks: blocks)
        else { return nil }
        return (measured, returns.count)
    }
}
