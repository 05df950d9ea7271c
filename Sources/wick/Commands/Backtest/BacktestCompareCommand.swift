import ArgumentParser
import Backtesting
import Market
import Strategies

/// `wick backtest compare`
struct BacktestCompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compare strategies or parameter sets over the same candles.",
        discussion: """
            Each --strategy is CLASS or CLASS:NAME=VALUE,NAME=VALUE; hold buys on the first candle and never sells, and \
            is only there to measure the others by. All run with the same account and costs; each is tested against the \
            first.

            Intervals come from a bootstrap of whole blocks of days; the deflated Sharpe ratio and the probability of \
            overfitting say how much of the best one's lead is luck. Both know only what is compared here: --trials says \
            how many were tried in all.

            Examples:
              wick backtest compare --csv minutes.csv.gz --timeframe 1h --strategy sma-crossover:fast=20,slow=50 \\
                --strategy rsi-mean-reversion --strategy hold
              wick backtest compare --symbol BINANCE:BTCUSDT --timeframe 4h --strategy macd --strategy supertrend \\
                --trials 40 --json
            """)

    @OptionGroup(title: "Candles") var source: BacktestSource

    @Option(
        name: .customLong("strategy"), parsing: .singleValue,
        help: ArgumentHelp(
            "A strategy with its parameters; given several times, the first is what the others are tested against.",
            valueName: "class:name=value,…"))
    var strategies: [StrategySpec] = []

    @OptionGroup(title: "Account") var account: BacktestAccount

    @Option(help: ArgumentHelp("How many samples the bootstrap draws, 100 to 100000.", valueName: "count"))
    var resamples = 2_000

    @Option(
        name: .customLong("bootstrap-seed"),
        help: ArgumentHelp("The seed of the bootstrap: the same seed draws the same samples.", valueName: "number"))
    var seed: UInt64 = 1

    @Option(
        name: .customLong("block-days"), parsing: .unconditional,
        help: ArgumentHelp(
            "The mean length of the bootstrap's blocks (default: what suits the returns).", valueName: "days"))
    var blockDays: Double?

    @Option(help: ArgumentHelp("The confidence of intervals in percent, 50 to 99.9.", valueName: "percent"))
    var confidence = 95.0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How many strategies and parameter sets were tried in all (default: those compared, but hold).",
            valueName: "count"))
    var trials: Int?

    @OptionGroup(title: "Plot") var plots: PlotOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        let request = try source.request(unreadable: account.market.unreadable) { _ in problems + plots.problems }
        var picture = try plots.open()
        let line = ProgressLine("compare")
        let candles = try source.candles(request, assuming: account.market.text, data, line)
        let series = candles.series
        let start = ContinuousClock.now
        let entrants = try strategies.enumerated().map { index, spec in
            var configuration = try spec.backtest(account).configuration(over: candles, catalog: .withBenchmark)
            try account.applyLimits(to: &configuration)
            configuration.keepsEquityCurve = false
            let result = try Backtest.run(series, configuration) {
                line.show((Double(index) + $0) / Double(strategies.count), spec.text)
            }
            return StrategyComparison.Entrant(name: spec.text, result: result, isBenchmark: spec.isBenchmark)
        }
        let options = ComparisonOptions(
            seed: seed, resamples: resamples, confidence: confidence / 100, blockDays: blockDays, trials: trials)
        let comparison = StrategyComparison(entrants, options)
        line.clear()
        let seconds = start.duration(to: .now) / .seconds(1)
        let stamp = RunStamp(
            dataHash: series.fingerprint, detailHash: candles.detail?.fingerprint,
            seed: try source.origin(request, data).seed, version: Wick.version)
        try picture?.write(SearchPlotting.plot(comparison, dataHash: stamp.dataHash))
        if print.isJSON { return JSON.print(CompareRow(comparison, options, seconds: seconds, stamp)) }
        CompareTable(comparison, options).print()
    }

    /// Everything that is wrong with the options that are not about candles. What is wrong with the account is found for
    /// every strategy, and said once.
    private var problems: [String] {
        var problems = account.singleRunProblems + account.singleInstrumentProblems
        if strategies.count < 2 {
            problems.append("--strategy: expected two or more, such as --strategy sma-crossover --strategy hold")
        }
        for (index, spec) in strategies.enumerated() {
            if strategies[..<index].contains(spec) { problems.append("--strategy: '\(spec.text)' is there twice") }
            problems += spec.problems.map { "--strategy: \(Table.plain(spec.text)): \($0)" }
            for problem in BacktestAccount.problems(of: spec.backtest(account), .withBenchmark) {
                let isOfAccount = BacktestAccount.options.contains { problem.hasPrefix($0 + ":") }
                let text = isOfAccount ? "--\(problem)" : "--strategy: \(Table.plain(spec.text)): \(problem)"
                if !problems.contains(text) { problems.append(text) }
            }
        }
        if strategies.allSatisfy(\.isBenchmark), !strategies.isEmpty {
            problems.append("--strategy: hold alone compares nothing; expected a class of 'wick strategy classes'")
        }
        if !(100...100_000).contains(resamples) {
            problems.append("--resamples: \(resamples) is out of range; expected 100 to 100000")
        }
        if let blockDays, !(1...10_000).contains(blockDays) {
            problems.append("--block-days: \(blockDays) is out of range; expected 1 to 10000 days")
        }
        if !(50...99.9).contains(confidence) {
            problems.append("--confidence: \(confidence) is out of range; expected 50 to 99.9 percent")
        }
        let count = strategies.count { !$0.isBenchmark }
        if let trials, trials < count || trials > 1_000_000_000 {
            problems.append("--trials: \(trials) is out of range; expected \(count), those compared, or more")
        }
        return problems
    }
}
