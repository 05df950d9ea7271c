import ArgumentParser
import Market
import Storage

/// `wick data status`
struct DataStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show which candles and book features are stored, what is missing, and which trades were not heard.",
        discussion: """
            Examples:
              wick data status
              wick data status --venue binance --symbol BTCUSDT --all-gaps
            """)

    @OptionGroup var series: SeriesOptions
    @Flag(name: .customLong("all-gaps"), help: "Print every gap instead of ten of a series.")
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

    /// A series of book features, beside those of candles.
    private struct FeatureRow {
        var symbol: String
        var features: String
        var levels: Int
        var bandBps: Double
        var from: String
        var to: String
        var count: Int
        var missing: Int
        var updatedAt: String
    }

    private static func print(_ rows: [FeatureRow]) {
        guard !rows.isEmpty else { return }
        Output.line("\nbook features, one a second:")
        var table = Table(
            .text("symbol"), .number("levels"), .number("band bps"), .text("from"), .text("to"), .number("seconds"),
            .number("missing"))
        for row in rows {
            table.add(
                row.symbol, "\(row.levels)", Figures.decimal(row.bandBps, 1), row.from, row.to, "\(row.count)",
                "\(row.missing)")
        }
        table.print(whenEmpty: "")
    }

    func run() throws {
        let store = try data.store()
        let (venue, symbol) = series.names
        func isAsked(_ instrument: Instrument) -> Bool {
            (venue.map { instrument.venue == $0 } ?? true) && (symbol.map { instrument.symbol == $0 } ?? true)
        }
        let records = try store.series().filter { isAsked($0.instrument) }
        let tradeGaps = TradeGapRow.rows(try store.tradeGaps().filter { isAsked($0.instrument) })
        let candleGaps = CandleGapRow.rows(try store.candleGaps().filter { isAsked($0.instrument) })
        let features = try store.featureSeries().filter { isAsked($0.instrument) }.map { record in
            FeatureRow(
                symbol: record.instrument.name, features: "1s", levels: record.definition.levels,
                bandBps: record.definition.band, from: record.first.description,
                to: record.last.adding(seconds: 1).description, count: record.count, missing: record.missing,
                updatedAt: record.updatedAt.description)
        }
        if records.isEmpty, features.isEmpty, tradeGaps.isEmpty, candleGaps.isEmpty, let name = symbol ?? venue {
            throw CommandFailure(.noInput, "no candles of '\(name)' are stored; 'wick data status' lists what is there")
        }
        let rows = try records.map { record in
            Row(
                symbol: record.instrument.name, timeframe: record.timeframe.description,
                from: record.firstOpen.description, to: record.end.description, candles: record.count,
                missing: record.missing, gaps: try store.gaps(record).map { GapRow($0, record.timeframe) },
                updatedAt: record.updatedAt.description)
        }
        if print.isJSON { return JSON.print(rows as [Any] + features + tradeGaps + candleGaps) }
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
        DataStatusCommand.print(features)
        TradeGapRow.print(tradeGaps, all: showsAllGaps)
        CandleGapRow.print(candleGaps, all: showsAllGaps)
    }
}
