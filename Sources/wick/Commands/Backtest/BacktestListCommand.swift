import ArgumentParser
import Engine
import Storage
import Trading

/// `wick backtest list`
struct BacktestListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the backtests that are kept, newest first.",
        discussion: "Example: wick backtest list --limit 20")

    @Option(help: ArgumentHelp("How many at most.", valueName: "count"))
    var limit = 50

    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit: \(limit) is no count; expected 1 or more") }
    }

    func run() throws {
        let records = try data.store().backtests(limit: limit)
        if print.isJSON { return JSON.print(records.map(BacktestRow.init)) }
        var table = Table(
            .number("number"), .text("ended"), .text("strategy"), .text("series"), .text("timeframe"),
            .number("return"), .number("drawdown"), .number("Sharpe"), .number("trips"))
        for record in records {
            let figures = KeptFigures(record)
            table.add(
                "\(record.id)", record.createdAt.description, StrategyClass.title(of: record.className), record.series,
                record.timeframe.description, figures.percent("total_return"), figures.percent("max_drawdown"),
                figures.decimal("sharpe"), figures.whole("trade_count"))
        }
        table.print(whenEmpty: "no backtest is kept; 'wick backtest run --help' shows how to run one")
    }
}

/// `wick backtest show NUMBER`
struct BacktestShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a backtest that is kept.",
        discussion: """
            Examples:
              wick backtest show 3
              wick backtest show 3 --trades
            """)

    @Argument(help: "The backtest's number, of 'wick backtest list'.") var number: Int64
    @Flag(help: "Print its round trips as CSV instead.") var trades = false
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        let store = try data.store()
        let record = try BacktestRecord.kept(number, data)
        if trades {
            let kept = String(decoding: try store.backtestCurves(number)?.trades ?? [], as: UTF8.self)
            let label = RunOrigin(json: record.origin).map { $0.label(command: RunWords.command($0)) }
            return Output.text(label?.stamped(kept) ?? kept)
        }
        if print.isJSON { return JSON.print(BacktestRow(record)) }
        let figures = KeptFigures(record)
        Output.pairs([("number", "\(record.id)"), ("ended", record.createdAt.description)] + figures.pairs)
        ExtendedTable(JSONValue(text: record.result)).print()
        guard let origin = RunOrigin(json: record.origin) else { return }
        Output.line("")
        Output.pairs(
            [("candles", origin.dataHash)] + (origin.seed.map { [("seed", "\($0)")] } ?? [])
                + [("Wick", origin.version), ("command", Table.plain(RunWords.command(origin)))])
    }
}
