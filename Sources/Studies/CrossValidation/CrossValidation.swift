import Backtesting
public import Market
public import Statistics

/// What came of one split of a cross-validation.
public struct ValidationSplit: Sendable {
    /// From 1.
    public var number: Int
    /// The folds it tests, from 0.
    public var testFolds: [Int]
    /// How many trials its search had.
    public var trials: Int
    /// The best of them; `nil` when none kept the constraints to its end with a defined objective.
    public var best: Trial?
    /// The daily returns of the best one's parameters over each tested fold, in the order of the folds.
    public var returns: [[Double]]
    /// The UTC day of the first return of each, in days since the epoch.
    public var firstDays: [Int64]

    /// The Sharpe ratio of all its tests, annualised; `nil` where it is undefined.
    public var testSharpe: Double? { ValidationPath.sharpe(ValidationPath.joined(Array(zip(firstDays, returns)))) }
}

/// One way through the whole series that consists of tests alone.
public struct ValidationPath: Sendable, Hashable {
    /// From 1.
    public var number: Int
    /// Mean ÷ sample deviation of daily returns × √365; `nil` where it is undefined.
    public var sharpe: Double?
    /// The compounded return.
    public var totalReturn: Double
    /// The deepest fall below the peak, by the marks of days.
    public var maximumDrawdown: Double

    init(number: Int, returns: [Double]) {
        self.number = number
        sharpe = ValidationPath.sharpe(returns)
        var (equity, peak, deepest) = (1.0, 1.0, 0.0)
        for value in returns {
            equity *= 1 + value
            peak = max(peak, equity)
            deepest = max(deepest, 1 - equity / peak)
        }
        totalReturn = equity - 1
        maximumDrawdown = deepest
    }

    /// The returns of folds one behind the other. A border may lie inside a day, and a fold be shorter than one: what folds
    /// brought on the same day is one return, compounded.
    static func joined(_ folds: [(firstDay: Int64, returns: [Double])]) -> [Double] {
        var joined: [Double] = []
        var lastDay = Int64.min
        for fold in folds {
            var returns = fold.returns[...]
            if fold.firstDay == lastDay, let first = returns.first {
                joined[joined.count - 1] = (1 + joined[joined.count - 1]) * (1 + first) - 1
                returns = returns.dropFirst()
            }
            joined += returns
            lastDay = fold.firstDay + Int64(fold.returns.count) - 1
        }
        return joined
    }

    static func sharpe(_ returns: [Double]) -> Double? { Moments(returns).sharpe.map { $0 * 365.0.squareRoot() } }
}

/// What came of a cross-validation.
public struct ValidationOutcome: Sendable {
    /// The splits that were finished.
    public var splits: [ValidationSplit]
    /// How many there are.
    public var planned: Int
    /// The paths; none unless all splits were finished.
    public var paths: [ValidationPath]

    /// The Sharpe ratios of the paths, in ascending order.
    public var sharpes: [Double] { paths.compactMap(\.sharpe).sorted() }

    /// The Sharpe ratio below which a share of the paths is, interpolated; `nil` without one.
    public func quantile(_ share: Double) -> Double? {
        let sorted = sharpes
        guard let last = sorted.last else { return nil }
        let place = share * Double(sorted.count - 1)
        let below = Int(place)
        guard below + 1 < sorted.count else { return last }
        return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
    }

    /// The share of paths whose ratio is not above 0, those without one among them; `nil` without paths.
    public var lossShare: Double? {
        paths.isEmpty ? nil : Double(paths.count { ($0.sharpe ?? 0) <= 0 }) / Double(paths.count)
    }
}

/// Searches in every combination of folds, and tests what it found on the folds left out.
public struct CrossValidationRunner: Sendable {
    private let runner: StudyRunner
    private let plan: StudyPlan
    private let series: CandleSeries
    private let cut: CombinatorialSplits
    private let workers: Int
    private let isCancelled: @Sendable () -> Bool

    /// A cross-validation over a series.
    ///
    /// - Parameters:
    ///   - cut: the splits of the series' candles.
    ///   - workers: how many threads run the tests.
    public init(
        _ runner: StudyRunner, _ plan: StudyPlan, over series: CandleSeries, cut: CombinatorialSplits, workers: Int,
        isCancelled: @escaping @Sendable () -> Bool
    ) {
        precondition(cut.count == series.candles.count, "the splits are those of the candles")
        self.runner = runner
        self.plan = plan
        self.series = series
        self.cut = cut
        self.workers = workers
        self.isCancelled = isCancelled
    }

    /// Goes through all splits. Stage n of the study is split n.
    ///
    /// In training, a position that is open where a stretch ends is sold there, and the cash goes on to the next stretch;
    /// days between stretches are days without a return, the same ones for every trial. Each test begins with the plan's
    /// cash and ends flat.
    ///
    /// - Parameter progress: called some times a second with how many trials of all splits have ended, and how many of
    ///   them were found in the store.
    /// - Throws: `StoreError`, or `BacktestError` when a test can't be run.
    public func run(progress: (_ ended: Int, _ found: Int) -> Void = { _, _ in }) throws -> ValidationOutcome {
        var splits: [ValidationSplit] = []
        var earlier = (ended: 0, found: 0)
        for number in 1...cut.splits.count {
            var latest = (ended: 0, found: 0)
            let trials = try runner.run(stage: number, over: series, in: cut.training(number - 1)) { ended, found in
                latest = (ended, found)
                progress(earlier.ended + ended, earlier.found + found)
            }
            earlier = (earlier.ended + latest.ended, earlier.found + latest.found)
            guard trials.count == plan.count, !isCancelled() else { break }
            let best = plan.ranked(trials).first { $0.state == .complete }
            let tested = cut.splits[number - 1]
            let tests = Workers.map(tested.count, workers: workers, meanwhile: { _ in }) { piece in
                Result { try self.returns(best, cut.fold(tested[piece])) }
            }
            guard !isCancelled() else { break }
            let returns = try tests.map { try $0.get() }
            splits.append(
                ValidationSplit(
                    number: number, testFolds: tested, trials: trials.count, best: best, returns: returns,
                    firstDays: tested.map { series.candles[cut.fold($0).lowerBound].openTime.day }))
        }
        var outcome = ValidationOutcome(splits: splits, planned: cut.splits.count, paths: [])
        guard splits.count == outcome.planned else { return outcome }
        outcome.paths = cut.paths.enumerated().map { number, path in
            let folds = path.enumerated().map { fold, split in
                let place = splits[split].testFolds.firstIndex(of: fold) ?? 0
                return (firstDay: splits[split].firstDays[place], returns: splits[split].returns[place])
            }
            return ValidationPath(number: number + 1, returns: ValidationPath.joined(folds))
        }
        return outcome
    }

    /// The daily returns of a trial's parameters over a fold; days without a return where there is no trial, and behind
    /// the day on which the account was lost.
    private func returns(_ best: Trial?, _ fold: Range<Int>) throws -> [Double] {
        let part = CandleSeries(
            instrument: series.instrument, timeframe: series.timeframe, candles: Array(series.candles[fold]))
        guard let first = part.candles.first, let last = part.candles.last else { return [] }
        guard let best else {
            return Array(repeating: 0, count: Int(last.openTime.day - first.openTime.day) + 1)
        }
        var configuration = try plan.configuration(best.point, past: series.candles[..<fold.lowerBound])
        configuration.keepsEquityCurve = false
        let result = try Backtest.run(part, configuration, isCancelled: isCancelled)
        var returns = result.daily.returnsUntilLost
        // What closing at the end costs falls on the last day.
        let marked = Double(result.finalEquity.units)
        let closed = Double(result.closedOut().finalEquity.units)
        if closed != marked, marked > 0, let final = returns.last, !returns.contains(-1) {
            returns[returns.count - 1] = max((1 + final) * closed / marked, 0) - 1
        }
        return returns
    }
}
