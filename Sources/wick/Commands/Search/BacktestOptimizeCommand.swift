import ArgumentParser
import Optimization
import Studies

/// How a search chooses, where it does not try everything.
struct SamplingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How trials are chosen: tpe (learns from those before), random or grid.", valueName: "sampler"),
        completion: .list(Sampler.allCases.map(\.rawValue)))
    var sampler = "tpe"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Trials that are chosen together, before any of their results is known; as many can run at once.",
            valueName: "count"))
    var batch = "4"

    @Flag(help: "Give up trials that do worse than the median after a quarter, half or three quarters of the candles.")
    var prune = false

    @OptionGroup var random: SeedOptions

    /// The options, read.
    struct Values {
        var sampler = Sampler.tpe
        var batch = 4
        var seed: UInt64 = 1
    }

    /// Reads them; what is wrong is added to the problems.
    func values(_ problems: inout [String]) -> Values {
        var values = Values()
        if let sampler = Sampler(rawValue: sampler.lowercased()) {
            values.sampler = sampler
        } else {
            problems.append("--sampler: '\(Table.plain(sampler))' is none of tpe, random, grid")
        }
        values.batch = CountText.option("--batch", batch, in: 1...1_024, &problems) ?? 4
        values.seed = random.seed(&problems) ?? 1
        return values
    }
}

/// `wick backtest optimize`
struct BacktestOptimizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "optimize", abstract: "Search for good parameters.",
        discussion: """
            Ranges and lists are written as for 'wick backtest sweep'; ':log' behind a range makes small values as \
            likely as great ones. Without any, everything but switches is searched within its bounds. The same seed gives \
            the same trials, with any number of workers, in any number of processes that share one --study, and however \
            often it was interrupted. Every trial is kept in the ledger, see 'wick backtest trials'. The best of many \
            trials looks better than it is: 'wick backtest walk-forward' measures on candles that no search has seen.

            Examples:
              wick backtest optimize --csv minutes.csv.gz --strategy sma-crossover --param fast=2..200:log \\
                --param slow=10..2000:log --trials 200 --seed 7
              wick backtest optimize --symbol BINANCE:BTCUSDT --timeframe 15m --strategy rsi-mean-reversion \\
                --objective 'sharpe - 0.1 * max_drawdown' --constraint 'trade_count >= 30' --study btc-rsi
            """)

    @OptionGroup(title: "Candles") var source: BacktestSource
    @OptionGroup(title: "Strategy and account") var setup: BacktestSetup

    @Option(parsing: .unconditional, help: ArgumentHelp("How many trials in all.", valueName: "count"))
    var trials = "100"

    @OptionGroup(title: "Search") var sampling: SamplingOptions
    @OptionGroup(title: "Search") var search: SearchOptions

    @Option(help: ArgumentHelp("Write all trials to a CSV file.", valueName: "file"), completion: .file())
    var results: String?

    @OptionGroup(title: "Plot") var plots: PlotOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        var problems: [String] = []
        let values = sampling.values(&problems)
        let count = CountText.option("--trials", trials, in: 1...SearchSession.largestGrid, &problems)
        let session = try SearchSession.open(
            SearchSession.Request(
                kind: "optimize", source: source, setup: setup, options: search, data: data, sampler: values.sampler,
                seed: values.seed, count: count, batch: values.batch, isPruning: sampling.prune, searchesAll: true,
                problems: problems + plots.problems(beside: results)))
        try session.run(search, results: results, plots, print) { report, top in
            report.table(top).print(whenEmpty: "no trial has ended")
            Output.line("")
            for line in try report.summary + report.beliefLines() { Output.line(line) }
            guard let best = report.best else {
                return Output.line("No trial kept the constraints to its end with a defined objective.")
            }
            let written = session.plan.overrides(best.point).map { "--param \($0.name)=\($0.text)" }
            Output.line("Best: trial \(best.number), \(written.joined(separator: " "))")
        }
    }
}
