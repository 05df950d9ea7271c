public import Backtesting
public import Market
import Optimization
import Storage

/// Walks forward through a series: searches in each training window, and runs the best parameters over the test window
/// behind it, which the search has not seen.
public struct WalkForwardRunner: Sendable {
    private let runner: StudyRunner
    private let plan: StudyPlan
    private let series: CandleSeries
    private let windows: [WalkForwardPlan.Window]
    private let isCancelled: @Sendable () -> Bool

    /// A walk through the windows of a series.
    public init(
        _ runner: StudyRunner, _ plan: StudyPlan, over series: CandleSeries, windows: [WalkForwardPlan.Window],
        isCancelled: @escaping @Sendable () -> Bool
    ) {
        self.runner = runner
        self.plan = plan
        self.series = series
        self.windows = windows
        self.isCancelled = isCancelled
    }

    /// Goes through all windows; the cash of each test is what the one before it ended with.
    ///
    /// - Parameter progress: called some times a second with how many trials of all windows have ended, and how many of
    ///   them were found in the store.
    /// - Returns: the windows that were finished, all of them unless it was cancelled or the equity was gone.
    /// - Throws: `StoreError`, or `BacktestError` when a run can't be made.
    public func run(progress: (_ ended: Int, _ found: Int) -> Void = { _, _ in }) throws -> WalkForwardOutcome {
        var steps: [WalkForwardStep] = []
        var cash = plan.configuration.cash
        var earlier = (ended: 0, found: 0)
        var isRuined = false
        for window in windows {
            guard cash.units > 0 else {
                isRuined = true
                break
            }
            var latest = (ended: 0, found: 0)
            let trials = try runner.run(
                stage: window.number, over: part(window.train), past: series.candles[..<window.train.lowerBound]
            ) { ended, found in
                latest = (ended, found)
                progress(earlier.ended + ended, earlier.found + found)
            }
            earlier = (earlier.ended + latest.ended, earlier.found + latest.found)
            guard trials.count == plan.count, !isCancelled() else { break }
            let best = plan.ranked(trials).first { $0.state == .complete }
            var test = try best.flatMap { try run($0, window, cash) }
            if best != nil, test == nil { break }
            if let open = test, window != windows.last { test = open.closedOut() }
            if let test { cash = test.finalEquity }
            steps.append(WalkForwardStep(window: window, trials: trials.count, best: best, test: test))
        }
        let parts = steps.compactMap(\.test)
        return WalkForwardOutcome(
            steps: steps, windows: windows.count,
            stitched: parts.isEmpty ? nil : .stitched(parts, over: span(of: steps)), isRuined: isRuined)
    }

    /// The candles of all test windows that were finished, traded or not.
    private func span(of steps: [WalkForwardStep]) -> StitchedSpan? {
        guard let first = steps.first?.window.test.lowerBound, let end = steps.last?.window.test.upperBound else {
            return nil
        }
        return StitchedSpan(
            from: series.candles[first].openTime, to: series.candles[end - 1].closeTime(series.timeframe),
            bars: steps.reduce(0) { $0 + $1.window.test.count })
    }

    /// The test of a trial's parameters; `nil` when it was cancelled.
    private func run(_ best: Trial, _ window: WalkForwardPlan.Window, _ cash: Money) throws -> BacktestResult? {
        let past = series.candles[..<window.test.lowerBound]
        var configuration = try plan.configuration(best.point, past: past)
        configuration.cash = cash
        configuration.keepsEquityCurve = true
        do {
            return try Backtest.run(part(window.test), configuration, isCancelled: isCancelled)
        } catch BacktestError.cancelled {
            return nil
        }
    }

    private func part(_ range: Range<Int>) -> CandleSeries {
        CandleSeries(instrument: series.instrument, timeframe: series.timeframe, candles: Array(series.candles[range]))
    }
}
