import ArgumentParser
import Backtesting
import FoundationEssentials
import Market
import Storage
import Studies

/// `wick backtest audit`
struct BacktestAuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Hunt for look-ahead, and see how far a result holds.",
        discussion: """
            Looks for knowledge of the future: candles are taken away and replaced, orders come a candle late, and prices \
            are made up that nobody can foretell; decisions must not change where they must not, and nothing may be earned \
            on noise. Then parameters nearby, dearer costs and more money are tried. Ends with 0 when nothing failed, \
            with 1 when a check did. 'docs/audit.md' says how to read each verdict, and what no check can find.

            Examples:
              wick backtest audit --symbol BINANCE:BTCUSDT --timeframe 15m --strategy sma-crossover --param fast=20 \\
                --param slow=50 --fee-bps 7.5
              wick backtest audit --csv minutes.csv.gz --timeframe 1h --rules pullback.yaml --json
            """)

    @OptionGroup(title: "Candles") var source: BacktestSource
    @OptionGroup(title: "Strategy and account") var setup: BacktestSetup

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How many instants the candles are cut at; as often their future is replaced.", valueName: "count"))
    var cuts = "160"

    @Option(
        parsing: .unconditional, help: ArgumentHelp("How many series of noise are made up.", valueName: "count"))
    var noises = "64"

    @Option(
        name: .customLong("hunted-candles"), parsing: .unconditional,
        help: ArgumentHelp(
            "How many of the newest candles are cut, replaced and imitated.", valueName: "count"))
    var huntedCandles = "20000"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Threads that run backtests (default: one a processor).", valueName: "count"))
    var workers: String?

    @OptionGroup var random: SeedOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        var problems: [String] = []
        let options = options(&problems)
        let workers =
            self.workers.map { CountText.option("--workers", $0, in: 1...1_024, &problems) ?? 1 }
            ?? ProcessInfo.processInfo.activeProcessorCount
        let request = try source.request(
            usual: try setup.rules.read()?.text.timeframe, unreadable: setup.account.market.unreadable
        ) {
            setup.problems($0) + setup.account.singleRunProblems + setup.account.singleInstrumentProblems + problems
        }
        let line = ProgressLine("audit")
        let text = setup.text
        let candles = try source.candles(request, assuming: text.assumptions, data, line)
        let series = candles.series
        var configuration = try text.configuration(over: candles)
        try setup.account.applyLimits(to: &configuration)
        let interruption = SearchInterruption()
        let flag = interruption.flag
        let start = ContinuousClock.now
        let report = try StrategyAudit(AuditSubject(configuration, over: series), options: options).run(
            workers: workers, progress: { line.show($0, $1.rawValue) }, isCancelled: { flag.isRaised })
        line.clear()
        guard let report else {
            throw CommandFailure(.interrupted, "interrupted: an audit is kept as a whole or not at all")
        }
        // Other candles than those of the store say nothing that anybody could find again.
        if source.csv == nil { try EvidenceKeeping.keep(report, configuration, series, data) }
        let shown = AuditShown(
            report, series, configuration, options, seconds: start.duration(to: .now) / .seconds(1),
            marketSeed: try source.origin(request, data).seed)
        if print.isJSON { Output.line(shown.json) } else { shown.print() }
        if report.verdict == .failed { throw CommandFailure(.refused) }
    }

    private func options(_ problems: inout [String]) -> AuditOptions {
        var options = AuditOptions()
        options.cuts = CountText.option("--cuts", cuts, in: 1...100_000, &problems) ?? 1
        options.noises = CountText.option("--noises", noises, in: 8...10_000, &problems) ?? 8
        options.candles =
            CountText.option("--hunted-candles", huntedCandles, in: 100...10_000_000, &problems) ?? 100
        options.seed = random.seed(&problems) ?? 1
        return options
    }
}
