public import Market
import Simulation
import Trading

/// Runs one strategy over one series of candles through the kernel and the simulated venue that paper trading uses.
public enum Backtest {
    /// Candles between two looks at progress and cancellation.
    static let stride = 8_192

    /// The result of `configuration` over `series`: O(candles), the same to the last digit on every run.
    ///
    /// What is decided on the close of a candle meets the market from the open of the next one on. At the end open
    /// orders are cancelled and an open position is marked at the last close.
    ///
    /// - Parameters:
    ///   - progress: called now and then with the share done, 0…1.
    ///   - isCancelled: asked now and then; `true` ends the run with `BacktestError.cancelled`.
    /// - Throws: `BacktestError.invalid` with every problem of the configuration, or `.cancelled`.
    public static func run(
        _ series: CandleSeries, _ configuration: BacktestConfiguration, progress: (Double) -> Void = { _ in },
        isCancelled: () -> Bool = { false }
    ) throws(BacktestError) -> BacktestResult {
        let problems = configuration.problems(for: series)
        guard problems.isEmpty, let first = series.candles.first, let last = series.candles.last else {
            throw .invalid(problems)
        }
        let days = Int(last.openTime.day - first.openTime.day) + 1
        if configuration.measuresAmbiguity {
            return try ambiguous(series, configuration, progress: progress, isCancelled: isCancelled)
        }
        var run = BacktestRun(
            series, configuration,
            tracker: EquityTracker(initial: configuration.cash.units, first: first.openTime, days: days))
        try run.open(configuration.recorded)
        let isComplete = run.play(progress: progress, isCancelled: isCancelled)
        if let problem = run.recordingProblem { throw .invalid([problem]) }
        guard isComplete else { throw .cancelled }
        return run.result(series, configuration, from: first.openTime)
    }

    /// Both the cruellest and the kindest way through each bar.
    private static func ambiguous(
        _ series: CandleSeries, _ configuration: BacktestConfiguration, progress: (Double) -> Void,
        isCancelled: () -> Bool
    ) throws(BacktestError) -> BacktestResult {
        var cruel = configuration
        cruel.measuresAmbiguity = false
        cruel.venue.path = .pessimistic
        var kind = cruel
        kind.venue.path = .optimistic
        kind.keepsEquityCurve = false
        var result = try run(series, cruel, progress: { progress($0 / 2) }, isCancelled: isCancelled)
        let other = try run(series, kind, progress: { progress(0.5 + $0 / 2) }, isCancelled: isCancelled)
        result.ambiguity = AmbiguityInterval(pessimistic: result, optimistic: other)
        return result
    }

    /// As `run`, with a look at what came out so far after equal parts of the candles; for searches, which give up what
    /// does not look well. No equity curve is kept.
    ///
    /// - Parameters:
    ///   - looks: how many looks before the end; none in series shorter than `looks` + 1 candles.
    ///   - goesOn: the result as if the candles had ended there, with open orders still open; `false` ends the run.
    ///   - isCancelled: as for `run`.
    /// - Returns: the result, or `nil` when a look ended it.
    /// - Throws: `BacktestError`, as `run`.
    public static func run(
        _ series: CandleSeries, _ configuration: BacktestConfiguration, looks: Int,
        goesOn: (BacktestResult) -> Bool, isCancelled: () -> Bool = { false }
    ) throws(BacktestError) -> BacktestResult? {
        let problems = configuration.problems(for: series)
        guard problems.isEmpty, let first = series.candles.first, let last = series.candles.last else {
            throw .invalid(problems)
        }
        var configuration = configuration
        configuration.keepsEquityCurve = false
        let days = Int(last.openTime.day - first.openTime.day) + 1
        var run = BacktestRun(
            series, configuration,
            tracker: EquityTracker(initial: configuration.cash.units, first: first.openTime, days: days))
        try run.open(configuration.recorded)
        let count = series.candles.count
        for part in 0...looks {
            let range = count * part / (looks + 1)..<count * (part + 1) / (looks + 1)
            guard run.play(range, isCancelled: isCancelled) else { throw .cancelled }
            if let problem = run.recordingProblem { throw .invalid([problem]) }
            guard part < looks, range.upperBound > 0 else { continue }
            let partial = run.result(series, configuration, from: first.openTime, bars: range.upperBound)
            if !goesOn(partial) { return nil }
        }
        run.end()
        return run.result(series, configuration, from: first.openTime)
    }
}
