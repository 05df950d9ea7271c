import ArgumentParser
import Market
import Storage

/// `wick data status`
struct DataStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show which candles are stored and what is missing.",
        discussion: """
            Examples:
              wick data status
              wick data status --venue binance --symbol BTCUSDT --all-gaps
            """)

    @OptionGroup var series: SeriesOptions
    @Flag(name: .customLong("all-gaps"), help: "Print every gap instead of the first ten of a series.")
    var showsAllGaps = false
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    private struct Row {
        var symbol: String
        var timeframe: String
        var from: String
        var to: String
        var candles: Int
        var missing: Int
        var gaps: [GapRow]
        var updatedAt: String
    }

    func run() throws {
        let store = try data.store()
        let (venue, symbol) = series.names
        let records = try store.series().filter { record in
            (venue.map { record.instrument.venue == $0 } ?? true)
                && (symbol.map { record.instrument.symbol == $0 } ?? true)
        }
        if records.isEmpty, let name = symbol ?? venue {
            throw CommandFailure(.noInput, "no candles of '\(name)' are stored; 'wick data status' lists what is there")
        }
        let rows = try records.map { record in
            Row(
                symbol: record.instrument.name, timeframe: record.timeframe.description,
                from: record.firstOpen.description, to: record.end.description, candles: record.count,
                missing: record.missing, gaps: try store.gaps(record).map { GapRow($0, record.timeframe) },
                updatedAt: record.updatedAt.description)
        }
        if print.isJSON { return JSON.print(rows) }
        var table = Table(
            .text("symbol"), .text("timeframe"), .text("from"), .text("to"), .number("candles"), .number("missing"),
            .number("gaps"))
        for row in rows {
            table.add(
                row.symbol, row.timeframe, row.from, row.to, "\(row.candles)", "\(row.missing)", "\(row.gaps.count)")
        }
        table.print(
            whenEmpty: "no candles are stored; 'wick data download' and 'wick data import' get some, --help says how")
        for row in rows {
            let gaps = showsAllGaps ? row.gaps[...] : row.gaps.prefix(10)
            if !gaps.isEmpty { Output.line("\nmissing of \(row.symbol) \(row.timeframe):") }
            for gap in gaps { Output.line("  \(gap.text)") }
            if gaps.count < row.gaps.count { Output.line("  … and \(row.gaps.count - gaps.count) more; --all-gaps") }
        }
    }
}
