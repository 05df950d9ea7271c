public import Backtesting

/// What came of one window of a walk-forward.
public struct WalkForwardStep: Sendable {
    /// Where it trained and where it was measured.
    public var window: WalkForwardPlan.Window
    /// How many trials its search had.
    public var trials: Int
    /// The best of them; `nil` when none kept the constraints to its end with a defined objective.
    public var best: Trial?
    /// The run of its parameters over the test window; `nil` without any. A position that was open at the end is sold at
    /// its mark, as a market order would, before the next window begins; in the last window it stays open.
    public var test: BacktestResult?
}

/// What came of a walk-forward.
public struct WalkForwardOutcome: Sendable {
    /// The windows that were finished, oldest first.
    public var steps: [WalkForwardStep]
    /// How many there are.
    public var windows: Int
    /// The runs over the test windows as one, from the first window to the last, windows without a trade included; `nil`
    /// where none was traded.
    public var stitched: BacktestResult?
    /// Whether the equity was gone before the last window.
    public var isRuined: Bool

    /// What a day brought out of sample ÷ what a day brought in sample, of the windows that were traded; `nil` unless the
    /// days in sample brought something.
    public var efficiency: Double? {
        var (inside, insideDays, outside, outsideDays) = (0.0, 0.0, 0.0, 0.0)
        for step in steps {
            guard let best = step.best, let test = step.test, let trained = best.figure("total_return") else {
                continue
            }
            inside += trained
            outside += test.metrics.totalReturn
            insideDays += days(step.window.trainTo.nanoseconds(since: step.window.trainFrom))
            outsideDays += days(step.window.testTo.nanoseconds(since: step.window.testFrom))
        }
        guard inside > 0, outsideDays > 0 else { return nil }
        return outside / outsideDays / (inside / insideDays)
    }

    private func days(_ nanoseconds: Int64) -> Double { Double(nanoseconds) / 86_400e9 }
}
