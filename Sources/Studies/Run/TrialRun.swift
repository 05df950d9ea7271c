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
    /// The stretches of the series that count, each with its candles; the series as a whole where there are none.
    let stretches: [(range: Range<Int>, series: CandleSeries)]
    let isCancelled: @Sendable () -> Bool

    init(
        plan: StudyPlan, series: CandleSeries, past: ArraySlice<Candle>, stage: Int, stretches: [Range<Int>] = [],
        isCancelled: @escaping @Sendable () -> Bool
    ) {
        self.plan = plan
        self.series = series
        self.past = past
        self.stage = stage
        self.stretches = stretches.map { range in
            let candles = Array(series.candles[range])
            return (
                range, CandleSeries(instrument: series.instrument, timeframe: series.timeframe, candles: candles)
            )
        }
        self.isCancelled = isCancelled
    }

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
            if !stretches.isEmpty {
                guard let stitched = try stitched(point) else {
                    trial.state = .undefined
                    return trial
                }
                result = stitched
            } else if let pruner {
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

    /// The stretches one behind the other, with the cash going on and each ending flat; `nil` when the equity is gone
    /// before the last.
    private func stitched(_ point: [Double]) throws(BacktestError) -> BacktestResult? {
        var parts: [BacktestResult] = []
        var cash = plan.configuration.cash
        for stretch in stretches {
            guard cash.units > 0 else { return nil }
            // The parameters were tried before.
            let past = series.candles[..<stretch.range.lowerBound]
            guard var configuration = try? plan.configuration(point, past: past) else { return nil }
            configuration.cash = cash
            configuration.keepsEquityCurve = true
            let part = try Backtest.run(stretch.series, configuration, isCancelled: isCancelled)
                .closedOut()
            cash = part.finalEquity
            parts.append(part)
        }
        return .stitched(parts)
    }
}
