import Backtesting
import Market
import Statistics
import Storage
import Studies
import Trading

/// What can be said for and against believing in a search's result, measured when all its trials have ended.
struct SearchVerdicts {
    let plan: StudyPlan
    let series: CandleSeries
    let isCancelled: @Sendable () -> Bool

    /// The share that a chance has to reach to count as evidence: the usual 95 %.
    private static let evidence = 0.95

    /// Of the best of many trials.
    ///
    /// - Parameter combinations: how many were ever tried on these candles, in all studies; `nil` where nobody knows.
    func ofTrials(_ trials: [Trial], combinations: Int?) -> [SearchVerdict] {
        guard let best = plan.ranked(trials).first, best.state == .complete else {
            return [
                SearchVerdict(
                    "Result", "none", .bad, "no trial ran to its end with a defined objective and kept the constraints")
            ]
        }
        var verdicts: [SearchVerdict] = []
        if let belief = plan.belief(in: best, among: trials, over: series) {
            let own = best.figure("sharpe")
            verdicts.append(
                SearchVerdict(
                    "Luck", number(belief.expectedMaximum),
                    judge(own.map { $0 > belief.expectedMaximum }),
                    "the Sharpe ratio that the best of \(belief.trials) trials without any skill would show; the best "
                        + "one's is \(own.map(number) ?? "undefined")"))
            verdicts.append(
                SearchVerdict(
                    "Deflated Sharpe", percent(belief.deflated), judge(belief.deflated.map(isEvidence)),
                    "the chance that the best one's true ratio is above that luck; from 95 % on it counts as evidence"))
            verdicts.append(
                SearchVerdict(
                    "Sharpe above 0", percent(belief.probabilistic), judge(belief.probabilistic.map(isEvidence)),
                    "the chance that it is above 0, as if it had been the only one tried"))
            if let combinations, combinations > belief.trials, let all = belief.deflated(among: combinations) {
                verdicts.append(
                    SearchVerdict(
                        "With all tried", percent(all), judge(isEvidence(all)),
                        "the deflated ratio with all \(combinations) combinations that were ever tried on these candles"
                    ))
            }
        } else {
            verdicts.append(
                SearchVerdict(
                    "Luck", "n/a", .open,
                    "it takes 20 days and two trials with a Sharpe ratio to tell skill from luck"))
        }
        if let (measured, count) = plan.overfitting(among: trials, over: series, isCancelled: isCancelled) {
            verdicts.append(
                SearchVerdict(
                    "Overfitting", percent(measured.probability), judge(measured.probability <= 0.5),
                    "how often the best of \(count) trials in one half of the time is below the middle in the other"))
        } else {
            verdicts.append(
                SearchVerdict("Overfitting", "n/a", .open, "it takes 40 days and two trials to measure"))
        }
        return verdicts
    }

    /// Of a walk-forward.
    func ofWindows(_ outcome: WalkForwardOutcome) -> [SearchVerdict] {
        guard let stitched = outcome.stitched else {
            return [SearchVerdict("Out of sample", "none", .bad, "no parameters were found in any window")]
        }
        let total = stitched.metrics.totalReturn
        var verdicts = [
            SearchVerdict(
                "Out of sample", (total > 0 ? "+" : "") + percent(total), judge(total > 0),
                "the return over all test windows, which no search has seen")
        ]
        let chance = SharpeInference(Moments(stitched.daily.returns))?.probability(above: 0)
        verdicts.append(
            SearchVerdict(
                "Sharpe above 0", percent(chance), judge(chance.map(isEvidence)),
                "the chance that the true ratio out of sample (\(stitched.metrics.sharpe.map(number) ?? "undefined") "
                    + "measured) is above 0"))
        verdicts.append(
            SearchVerdict(
                "Efficiency", outcome.efficiency.map(number) ?? "n/a", judge(outcome.efficiency.map { $0 >= 0.5 }),
                "what a day brought out of sample ÷ what it brought in training; below 0.5 most of it was fitted"))
        let traded = outcome.steps.compactMap(\.test)
        let gained = traded.count { $0.metrics.totalReturn > 0 }
        verdicts.append(
            SearchVerdict(
                "Windows", "\(gained) of \(traded.count)", judge(gained * 2 > traded.count),
                "test windows that gained"))
        let idle = outcome.steps.count - traded.count
        if idle > 0 {
            verdicts.append(
                SearchVerdict(
                    "Idle", "\(idle)", .open,
                    "windows in which no trial had a defined objective and kept the constraints: nothing was traded there"
                ))
        }
        if outcome.isRuined {
            verdicts.append(SearchVerdict("Ruin", "yes", .bad, "the equity was gone before the last window"))
        }
        return verdicts
    }

    private func isEvidence(_ chance: Double) -> Bool { chance >= SearchVerdicts.evidence }

    private func judge(_ holds: Bool?) -> SearchVerdict.Judgement { holds.map { $0 ? .good : .bad } ?? .open }

    private func number(_ value: Double) -> String { decimal(value, 2) }

    private func percent(_ share: Double?) -> String { share.map { decimal($0 * 100, 1) + "%" } ?? "n/a" }

    private func decimal(_ value: Double, _ decimals: Int) -> String {
        let scaled = (value * (decimals == 1 ? 10 : 100)).rounded()
        guard abs(scaled) < 9e17 else { return value.description }
        return DecimalText.text(Int128(Int64(scaled)), scale: decimals, minimumDecimals: decimals)
    }
}
