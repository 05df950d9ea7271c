import ArgumentParser
import Backtesting
import Ingestion
import Market
import Settings
import Storage

/// `wick backtest run`
struct BacktestRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run one strategy over one series.",
        discussion: """
            Decided on the close of a candle, filled at the open of the next one; the fee is charged in the quote \
            currency on both sides; an open position is marked at the last close. No limits hold unless --limits names \
            some.

            Examples:
              wick backtest run --venue binance --symbol BTCUSDT --timeframe 1h --from 2023-01-01 --to 2024-01-01 \\
                --strategy sma-crossover --param fast=20 --param slow=50 --fee-bps 7.5
              wick backtest run --symbol SYNTHETIC:BTCUSDT --rules pullback.yaml --param depth=30
              wick backtest run --book monday.wickcap --timeframe 5m --strategy supertrend --queue proportional
              wick backtest run --csv minutes.csv.gz --timeframe 15m --strategy bollinger-breakout --json \\
                --trades trades.csv --equity equity.json --plot equity.svg --report run.html
            """)

    @OptionGroup(title: "Candles") var source: BacktestSource
    @OptionGroup(title: "Strategy and account") var setup: BacktestSetup

    @Option(
        help: ArgumentHelp(
            "Take candles from a capture, and fill on its recorded books, best prices and trades.", valueName: "capture"
        ),
        completion: .file(extensions: ["wickcap", "gz"]))
    var book: String?

    @Option(
        help: ArgumentHelp(
            "How the queue before a resting order shortens when its level does: pessimistic (default) or proportional.",
            valueName: "rule"))
    var queue: String?

    @Option(help: ArgumentHelp("Write the round trips to a CSV file.", valueName: "file"), completion: .file())
    var trades: String?

    @Option(
        help: ArgumentHelp("Write the equity at every candle's close to a JSON file.", valueName: "file"),
        completion: .file())
    var equity: String?

    @Option(
        name: .customLong("rolling-days"), parsing: .unconditional,
        help: ArgumentHelp("The window of the rolling Sharpe ratio, 2 to 3650.", valueName: "days"))
    var rollingDays = 90

    @OptionGroup(title: "Reports") var reports: RunReportOptions

    @Flag(name: .customLong("no-store"), help: "Don't keep the result in the history.")
    var isForgotten = false

    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        let request = try request()
        var files = try RunFiles(trades: trades, equity: equity, of: .run)
        var reportFiles = try reports.open()
        let keepsCurve = equity != nil || !isForgotten || reports.isWanted
        let played = try play(request, keepsEquityCurve: keepsCurve, ProgressLine("backtest"))
        let (result, extended) = (played.result, played.extended)
        let origin = played.origin(isForgotten ? [] : RunWords.current(.run))
        try files.write(trips: result.tradesCSV(extended), result.equity, madeFrom: origin)
        let number = isForgotten ? nil : BacktestHistory.keep(played, origin, setup.text, data)
        let json = result.json(seconds: played.seconds, extended: extended, stamp: origin.stamp)
        if reports.isWanted {
            let report = try RunReports.report(played, json: json, number: number, origin)
            try reportFiles.write(report, commands: RunReports.commands(number, files.told(origin)))
        }
        if print.isJSON { return Output.line(json) }
        BacktestTable.print(result, json, number: number)
    }
}
