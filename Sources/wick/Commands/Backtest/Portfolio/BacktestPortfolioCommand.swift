import ArgumentParser
import Backtesting
import Ingestion
import Market
import Settings
import Storage

/// `wick backtest portfolio`
struct BacktestPortfolioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "portfolio", abstract: "Run many strategies over many symbols on one account.",
        discussion: """
            A file (YAML or JSON) names the strategies, their symbols, shares of the capital and limits; docs/portfolios.md \
            says how it is written. Without a file one strategy trades each of the --symbol, in equal shares.

            Each strategy trades what it began with and what it made of it (--capital split), or all size by the whole \
            account (--capital pooled). The result says what each strategy and each symbol brought in.

            Examples:
              wick backtest portfolio portfolio.yaml
              wick backtest portfolio --symbol BINANCE:BTCUSDT --symbol BINANCE:ETHUSDT --timeframe 1h \\
                --strategy sma-crossover --param fast=20 --param slow=50
              wick backtest portfolio --csv BTCUSDT=btc.csv.gz --csv ETHUSDT=eth.csv.gz --strategy macd --json
            """)

    @Argument(
        help: ArgumentHelp("The file that describes the portfolio.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var file: String?

    @OptionGroup(title: "Candles") var candles: PortfolioCandles
    @OptionGroup(title: "Strategy and account") var setup: BacktestSetup

    @Option(help: ArgumentHelp("How the capital is shared: split or pooled (default: split).", valueName: "way"))
    var capital: String?

    @Option(help: ArgumentHelp("Write the round trips to a CSV file.", valueName: "file"), completion: .file())
    var trades: String?

    @Option(
        help: ArgumentHelp("Write the account's equity at every close to a JSON file.", valueName: "file"),
        completion: .file())
    var equity: String?

    @Option(
        name: .customLong("rolling-days"), parsing: .unconditional,
        help: ArgumentHelp("The window of the rolling Sharpe ratio, 2 to 3650.", valueName: "days"))
    var rollingDays = 90

    @Flag(name: .customLong("no-store"), help: "Don't keep the result in the history.")
    var isForgotten = false

    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        let plan = try plan()
        var files = try RunFiles(trades: trades, equity: equity, of: .portfolio)
        let line = ProgressLine("portfolio")
        let played = try play(plan, keepsEquityCurve: equity != nil || !isForgotten, line)
        let (result, extended) = (played.result, played.extended)
        let origin = played.origin(isForgotten ? [] : RunWords.current(.portfolio))
        try files.write(trips: result.tradesCSV(extended), result.account.equity, madeFrom: origin)
        let number = isForgotten ? nil : BacktestHistory.keep(played, origin, plan.description, data)
        let json = result.json(seconds: played.seconds, extended: extended, stamp: origin.stamp)
        if print.isJSON { return Output.line(json) }
        PortfolioTable(result).print(json, seconds: played.seconds, number: number)
    }

    /// What is to be run, after everything that was said has been looked at.
    ///
    /// - Parameter texts: what is read instead of the files of these paths.
    func plan(texts: [String: String] = [:]) throws -> PortfolioPlan {
        var problems = setup.account.singleRunProblems
        problems += OutputPaths.problems([("--trades", trades), ("--equity", equity)])
        if !(2...3_650).contains(rollingDays) {
            problems.append("--rolling-days: \(rollingDays) is out of range; expected 2 to 3650 days")
        }
        let span = candles.span.span(&problems)
        let detail = candles.detail.choice(&problems)
        var shared = setup
        // Each is of one symbol, not of all.
        let actions = shared.account.market.corporateActions
        shared.account.market.corporateActions = []
        let unreadable = shared.account.market.unreadable
        if let file {
            problems += optionsBesideFile.map { "--\($0): \(file) says it; leave the option out" }
            problems += unreadable
            guard problems.isEmpty else { throw CommandFailure(usage: problems, unreadable: unreadable) }
            var plan = PortfolioPlan(
                try PortfolioFile(file, catalog: .bundled, texts: texts), file: file, span,
                assuming: shared.text.assumptions, detail: detail, texts: texts)
            PortfolioCandles.add(actions, to: &plan.sources, &problems)
            guard problems.isEmpty else { throw CommandFailure(usage: problems) }
            return plan
        }
        let use = capital.map { $0.lowercased() } ?? CapitalUse.split.rawValue
        if CapitalUse(rawValue: use) == nil { problems.append("--capital: '\(use)' is neither split nor pooled") }
        let ruled = try shared.rules.read()?.text.timeframe
        let timeframe = Timeframe.option(candles.timeframe, &problems) ?? ruled
        let fills = PortfolioCandles.fills(candles.fills, &problems)
        var sources = candles.sources(&problems)
        PortfolioCandles.add(actions, to: &sources, &problems)
        problems += shared.problems(timeframe ?? .oneMinute)
        if candles.marketSeed != nil, !sources.contains(where: \.mayBeMade) {
            problems.append("--market-seed: says nothing of candles that are not made; those of SYNTHETIC:… are")
        }
        guard problems.isEmpty else { throw CommandFailure(usage: problems, unreadable: unreadable) }
        return PortfolioPlan(
            shared, sources, capital: CapitalUse(rawValue: use) ?? .split, timeframe: timeframe, fills: fills, span,
            seed: candles.marketSeed, detail: detail)
    }

    /// The options that say what the file says; the span may narrow it.
    private var optionsBesideFile: [String] {
        var text = BacktestText(strategy: "")
        setup.account.apply(to: &text)
        let usual = BacktestText(strategy: "")
        let said: [(String, Bool)] = [
            ("symbol", !candles.symbols.isEmpty), ("csv", !candles.files.isEmpty), ("kind", candles.kind != nil),
            ("timeframe", candles.timeframe != nil), ("fills", candles.fills != nil),
            ("market-seed", candles.marketSeed != nil), ("strategy", setup.strategy != nil),
            ("rules", setup.rules.file != nil), ("param", !setup.parameters.isEmpty), ("capital", capital != nil),
            ("limits", setup.account.limits != nil), ("cash", text.cash != usual.cash),
            ("fee-bps", text.feeBasisPoints != usual.feeBasisPoints),
            ("maker-fee-bps", text.makerFeeBasisPoints != usual.makerFeeBasisPoints),
            ("fee-asset", text.feeAsset != usual.feeAsset),
            ("slippage-bps", text.slippageBasisPoints != usual.slippageBasisPoints),
            ("sizing", text.sizing != usual.sizing), ("quantity-step", text.quantityStep != usual.quantityStep),
            ("participation", text.participationPercent != usual.participationPercent),
            ("wait-for-volume", text.waitsForVolume), ("stop-loss", text.stopLossPercent != nil),
            ("take-profit", text.takeProfitPercent != nil), ("trailing-stop", text.trailingStopPercent != nil),
        ]
        return said.compactMap { $0.1 ? $0.0 : nil }
    }
}
