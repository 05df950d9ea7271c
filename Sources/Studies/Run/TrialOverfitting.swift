import Backtesting
public import Market
public import Statistics

extension StudyPlan {
    /// Trials that are played once more to measure overfitting: as many tell it well enough.
    public static let replayed = 40

    /// How often the best of a search's trials in one half of the time is below the middle in the other half, measured on
    /// at most `replayed` of those that ran to their end, evenly over their numbers and each combination once. Plays their
    /// backtests again.
    ///
    /// - Parameter workers: how many threads; with one it is the thread that asks.
    /// - Returns: the same for any number of workers; `nil` when it was cancelled, with fewer than two trials or with fewer
    ///   than 40 days.
    public func overfitting(
        among trials: [Trial], over series: CandleSeries, workers: Int = 1,
        isCancelled: @escaping @Sendable () -> Bool
    ) -> (measured: OverfittingProbability, trials: Int)? {
        var seen: Set<[Double]> = []
        let whole = trials.sorted { $0.number < $1.number }.filter { trial in
            (trial.state == .complete || trial.state == .infeasible) && seen.insert(trial.point).inserted
        }
        let count = min(whole.count, StudyPlan.replayed)
        guard count > 1 else { return nil }
        let points = (0..<count).map { whole[$0 * (whole.count - 1) / (count - 1)].point }
        let play: @Sendable (Int) -> [Double] = { piece in
            guard !isCancelled(), var configuration = try? configuration(points[piece], past: []) else { return [] }
            configuration.keepsEquityCurve = false
            return (try? Backtest.run(series, configuration, isCancelled: isCancelled))?.daily.returns ?? []
        }
        let played =
            workers > 1 ? Workers.map(count, workers: workers, meanwhile: { _ in }, work: play) : (0..<count).map(play)
        if isCancelled() { return nil }
        // An account that was ruined has no ratio of later days.
        let returns = played.filter { !$0.isEmpty }
        guard let days = returns.first?.count, let blocks = [16, 8].first(where: { days >= $0 * 5 }),
            let measured = OverfittingProbability(returns: returns, blocks: blocks)
        else { return nil }
        return (measured, returns.count)
    }
}
