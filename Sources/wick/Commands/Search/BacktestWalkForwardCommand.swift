import ArgumentParser
import Backtesting
import Market
import Optimization
import Storage
import Studies

/// `wick backtest walk-forward`
struct BacktestWalkForwardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "walk-forward", abstract: "Search again and again, and measure on what no search has seen.",
        discussion: """
            The candles are cut into training windows, each with a test window behind it. In each training window \
            parameters are searched as by 'wick backtest optimize'; the best are run over the test window. The figures \
            are those of the test windows one behind the other, with the cash going on from one to the next. Candles \
            before a window warm strategies up and count for nothing. A position that is open at the end of a test \
            window is sold there; its costs are charged.

            Examples:
              wick backtest walk-forward --csv minutes.csv.gz --timeframe 15m --strategy sma-crossover \\
                --param fast=2..50 --param slow=10..500 --train 90d --test 30d --trials 100
              wick backtest walk-forward --symbol BINANCE:BTCUSDT --timeframe 1h --strategy supertrend --train 180d \\
                --test 30d --anchored --purge 2d --embargo 1d --json
            """)

    @OptionGroup(title: "Candles") var source: BacktestSource
    @OptionGroup(title: "Strategy and account") var setup: BacktestSetup

    @Option(help: ArgumentHelp("How long each search looks back, as 90d.", valueName: "length"))
    var train: String?

    @Option(help: ArgumentHelp("How long its parameters are used, as 30d.", valueName: "length"))
    var test: String?

    @Flag(help: "Let every training window begin at the first candle.") var anchored = false

    @Option(
        help: ArgumentHelp("Leave out this much at the end of training: the longest trade, as 2d.", valueName: "length")
    )
    var purge: String?

    @Option(help: ArgumentHelp("Leave out this much between training and test.", valueName: "length"))
    var embargo: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("How many trials in each window.", valueName: "count"))
    var trials = "100"

    @OptionGroup(title: "Search") var sampling: SamplingOptions
    @OptionGroup(title: "Search") var search: SearchOptions
    @OptionGroup(title: "Plot") var plots: PlotOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        var problems: [String] = []
        let values = sampling.values(&problems)
        let count = CountText.option("--trials", trials, in: 1...SearchSession.largestGrid, &problems)
        let windowPlan = windowPlan(&problems)
        let session = try SearchSession.open(
            SearchSession.Request(
                kind: "walk-forward", source: source, setup: setup, options: search, data: data,
                sampler: values.sampler, seed: values.seed, count: count, batch: values.batch,
                isPruning: sampling.prune, searchesAll: true,
                definition: [
                    ("train", train ?? ""), ("test", test ?? ""), ("anchored", anchored ? "on" : "off"),
                    ("purge", purge ?? ""), ("embargo", embargo ?? ""),
                    // Of other counts the best trial of a window is another one, and so is the way from there on.
                    ("trials", trials),
                ], problems: problems + plots.problems))
        guard let windowPlan else { return }
        let windows = windowPlan.windows(of: session.series)
        guard !windows.isEmpty else { throw tooShort(session.series, windowPlan) }
        var picture = try plots.open()
        let total = windows.count * session.plan.count
        let progress = SearchProgress("walk-forward", of: total)
        let interruption = session.interruption.flag
        let runner = StudyRunner(
            store: session.store, study: session.study.id, plan: session.plan, workers: session.workers,
            clock: { Environment.now }, isCancelled: { interruption.isRaised })
        var ended = 0
        let outcome = try WalkForwardRunner(
            runner, session.plan, over: session.series, windows: windows,
            isCancelled: { interruption.isRaised }
        ).run {
            ended = $0
            progress.show($0, $1)
        }
        progress.clear()
        if source.csv == nil { try EvidenceKeeping.keep(outcome, session) }
        try picture?.write(SearchPlotting.plot(session, outcome))
        let report = WalkForwardReport(session, outcome, windowPlan, seconds: progress.seconds)
        if print.isJSON { Output.line(report.json) } else { report.print() }
        if outcome.steps.count < windows.count, interruption.isRaised {
            throw CommandFailure(
                .interrupted,
                "interrupted: \(outcome.steps.count) of \(windows.count) windows and \(ended) of \(total) trials are "
                    + "done and kept; the same command with --study \(session.study.name) goes on")
        }
    }

    private func windowPlan(_ problems: inout [String]) -> WalkForwardPlan? {
        let before = problems.count
        if train == nil { problems.append("--train: missing; expected a length of time such as 90d") }
        if test == nil { problems.append("--test: missing; expected a length of time such as 30d") }
        let train = LongDuration.option("--train", train, &problems)
        let test = LongDuration.option("--test", test, &problems)
        let purge = LongDuration.option("--purge", purge, &problems) ?? 0
        let embargo = LongDuration.option("--embargo", embargo, &problems) ?? 0
        guard problems.count == before, let train, let test else { return nil }
        guard purge < train else {
            problems.append("--purge: \(self.purge ?? "") leaves nothing of --train \(self.train ?? "")")
            return nil
        }
        return WalkForwardPlan(train: train, test: test, isAnchored: anchored, purge: purge, embargo: embargo)
    }

    private func tooShort(_ series: CandleSeries, _ plan: WalkForwardPlan) -> CommandFailure {
        let first = series.candles.first?.openTime ?? .epoch
        let last = series.candles.last?.closeTime(series.timeframe) ?? .epoch
        return CommandFailure(
            .noInput,
            "there is no whole window between \(first) and \(last) (\(series.candles.count) candles); one needs "
                + "\(Figures.decimal(Double(plan.train + plan.embargo + plan.test) / 86_400, 2)) days: shorten --train or "
                + "--test, or take more candles")
    }
}

/// Lengths of time beyond a year, for windows.
enum LongDuration {
    /// The seconds that an option says, `12h`, `90d`, `26w`, ten years at most; `nil`, and a problem, when it says none.
    static func option(_ name: String, _ text: String?, _ problems: inout [String]) -> Int64? {
        guard let text else { return nil }
        if let seconds = SearchWords.seconds(text) { return seconds }
        problems.append(
            "\(name): '\(Table.plain(text))' is no length of time; expected one such as 90m, 12h, 30d or 26w")
        return nil
    }
}
