import ArgumentParser
import Backtesting
import Market
import Optimization
import Statistics
import Storage
import Studies

/// `wick backtest cross-validate`
struct BacktestCrossValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cross-validate",
        abstract: "Search in every combination of folds, and test on the folds left out.",
        discussion: """
            Combinatorial purged cross-validation: the candles are cut into folds; for each choice of test folds, \
            parameters are searched on the others as by 'wick backtest optimize', and the best are run over the test \
            folds. What touches a test is left out of training (--purge on both sides, --embargo behind it). The tests \
            make C(n, k) · k / n whole paths through the candles; how their Sharpe ratios are spread says more than one \
            walk forward. Interrupted, it goes on with --study or --resume.

            Examples:
              wick backtest cross-validate --csv minutes.csv.gz --timeframe 15m --strategy sma-crossover \\
                --param fast=2..50 --param slow=10..500 --folds 6 --test-folds 2 --purge 1d --embargo 1d --trials 60
              wick backtest cross-validate --symbol BINANCE:BTCUSDT --timeframe 1h --strategy supertrend \\
                --sampler grid --param period=5..20/5 --param multiplier=2..4/1 --json
            """)

    @OptionGroup(title: "Candles") var source: BacktestSource
    @OptionGroup(title: "Strategy and account") var setup: BacktestSetup

    @Option(parsing: .unconditional, help: ArgumentHelp("Into how many folds the candles are cut.", valueName: "count"))
    var folds = "6"

    @Option(
        name: .customLong("test-folds"), parsing: .unconditional,
        help: ArgumentHelp("How many of them are tested at a time.", valueName: "count"))
    var testFolds = "2"

    @Option(
        help: ArgumentHelp(
            "Leave out this much of training at each border with a test: the longest trade, as 2d.", valueName: "length"
        ))
    var purge: String?

    @Option(help: ArgumentHelp("Leave out this much more of training behind each test.", valueName: "length"))
    var embargo: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many trials in each split; a grid has all its combinations.", valueName: "count"))
    var trials = "100"

    @OptionGroup(title: "Search") var sampling: SamplingOptions
    @OptionGroup(title: "Search") var search: SearchOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    /// More splits are a mistake more often than a wish.
    private static let mostSplits = 1_000

    func run() throws {
        var problems: [String] = []
        let values = sampling.values(&problems)
        let count = CountText.option("--trials", trials, in: 1...SearchSession.largestGrid, &problems)
        let (folds, testFolds) = counts(&problems)
        let purge = LongDuration.option("--purge", purge, &problems) ?? 0
        let embargo = LongDuration.option("--embargo", embargo, &problems) ?? 0
        if sampling.prune { problems.append("--prune: trials of stretches in pieces are not given up; leave it out") }
        let session = try SearchSession.open(
            SearchSession.Request(
                kind: "cross-validate", source: source, setup: setup, options: search, data: data,
                sampler: values.sampler, seed: values.seed, count: values.sampler == .grid ? nil : count,
                batch: values.batch, isPruning: false, searchesAll: values.sampler != .grid,
                definition: [
                    ("folds", self.folds), ("test-folds", self.testFolds), ("purge", self.purge ?? ""),
                    ("embargo", self.embargo ?? ""), ("trials", trials),
                ], problems: problems))
        let cut = try cut(session.series, folds, testFolds, purge, embargo)
        let total = cut.splits.count * session.plan.count
        let progress = SearchProgress("cross-validate", of: total)
        let interruption = session.interruption.flag
        let runner = StudyRunner(
            store: session.store, study: session.study.id, plan: session.plan, workers: session.workers,
            clock: { Environment.now }, isCancelled: { interruption.isRaised })
        var ended = 0
        let outcome = try CrossValidationRunner(
            runner, session.plan, over: session.series, cut: cut, workers: session.workers,
            isCancelled: { interruption.isRaised }
        ).run {
            ended = $0
            progress.show($0, $1)
        }
        progress.clear()
        let report = CrossValidationReport(session, outcome, cut, seconds: progress.seconds)
        if print.isJSON { Output.line(report.json) } else { report.print() }
        if outcome.splits.count < outcome.planned {
            throw CommandFailure(
                .interrupted,
                "interrupted: \(outcome.splits.count) of \(outcome.planned) splits and \(ended) of \(total) trials are "
                    + "done and kept; the same command with --study \(session.study.name) goes on")
        }
    }

    private func counts(_ problems: inout [String]) -> (folds: Int, testFolds: Int) {
        let folds = CountText.option("--folds", folds, in: 3...62, &problems) ?? 6
        let testFolds = CountText.option("--test-folds", testFolds, in: 1...61, &problems) ?? 2
        if testFolds >= folds {
            problems.append("--test-folds: \(testFolds) of \(folds) folds leave none to train on")
        } else if CombinatorialSplits.count(folds: folds, testFolds: testFolds) > Self.mostSplits {
            problems.append(
                "--folds: \(CombinatorialSplits.count(folds: folds, testFolds: testFolds)) splits are too many; expected "
                    + "at most \(Self.mostSplits)")
        }
        return (folds, testFolds)
    }

    private func cut(
        _ series: CandleSeries, _ folds: Int, _ testFolds: Int, _ purge: Int64, _ embargo: Int64
    ) throws -> CombinatorialSplits {
        let step = series.timeframe.seconds
        let cut = CombinatorialSplits(
            count: series.candles.count, folds: folds, testFolds: testFolds, purge: Int((purge + step - 1) / step),
            embargo: Int((embargo + step - 1) / step))
        guard let cut else {
            throw CommandFailure(.noInput, "\(series.candles.count) candles are too few for \(folds) folds")
        }
        if let empty = cut.splits.indices.first(where: { cut.training($0).isEmpty }) {
            let tested = cut.splits[empty].map { "\($0 + 1)" }.joined(separator: " and ")
            throw CommandFailure(
                .usage,
                "--purge: with --embargo it leaves nothing to train on where fold \(tested) is tested; a fold has "
                    + "\(cut.fold(folds - 1).count) candles")
        }
        return cut
    }
}
