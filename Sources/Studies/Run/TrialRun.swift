import Backtesting
import Market
import Optimization
import Storage

/// Runs the trials of one stage; shared by all threads, and nothing in it changes.
struct TrialRun: Sendable {
    let plan: StudyPlan
    let series: CandleSeries
    /// The candles before the series, to warm strategies up.
    let past: ArraySlice<Candle>
    let stage: Int
    let isCancelled: @Sendable () -> Bool

    /// The result of a point, or `nil` when it was cancelled. The same on every thread.
    func trial(_ number: Int, _ point: [Double], _ pruner: MedianPruner?) -> Trial? {
        var trial = Trial(
            stage: stage, number: number, point: point, state: .invalid, objective: nil, violation: nil, looks: [],
            figures: [])
        guard var configuration = try? plan.configuration(point, past: past) else { return trial }
        configuration.keepsEquityCurve = false
        var partial: [Double?] = []
        let result: BacktestResult?
        do throws(BacktestError) {
            if let pruner {
                var looks: [Double?] = []
                result = try Backtest.run(
                    series, configuration, looks: StudyPlan.looks,
                    goesOn: { soFar in
                        partial = FigureNames.values(soFar)
                        looks.append(plan.objective.value(partial))
                        return !pruner.givesUp(looks.map { look in look.map { -$0 } })
                    }, isCancelled: isCancelled)
                trial.looks = looks
            } else {
                result = try Backtest.run(series, configuration, isCancelled: isCancelled)
            }
        } catch {
            // What stands against every run was found before the first.
            return error == .cancelled ? nil : trial
        }
        trial.figures = result.map(FigureNames.values) ?? partial
        trial.objective = plan.objective.value(trial.figures)
        let violation = plan.constraints.reduce(0) { $0 + $1.violation(trial.figures) }
        trial.violation = violation.isFinite ? violation : nil
        if result == nil {
            trial.state = .pruned
        } else if violation > 0 {
            trial.state = .infeasible
        } else {
            trial.state = trial.objective == nil ? .undefined : .complete
        }
        return trial
    }
}
