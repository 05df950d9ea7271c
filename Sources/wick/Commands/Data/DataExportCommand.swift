import ArgumentParser
import Ingestion
import Market
import Storage

/// `wick data export`
struct DataExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write candles or book features to a file.",
        discussion: """
            Longer timeframes derive from minutes. With --features, what the order book was like each second is written \
            instead: imbalance, spread in basis points, depth ratio. The file is there whole or not at all.

            Numbers are exact in every form. csv and parquet can be imported again; parquet says what it is of, packs with \
            zstd, and gives pandas, polars and DuckDB times in UTC and exact decimals.

            Examples:
              wick data export --venue binance --symbol BTCUSDT --timeframe 1h --output hours.csv
              wick data export --venue binance --symbol BTCUSDT --from 2023-03-24 --to 2023-03-25 --format json \\
                --output - | jq '.candles | length'
              wick data export --venue binance --symbol BTCUSDT --format parquet --output minutes.parquet
              wick data export --features --venue binance --symbol BTCUSDT --output book.csv
            """)

    @OptionGroup var series: SeriesOptions

    @Option(help: ArgumentHelp("The candles: 1m 3m 5m 15m 30m 1h 2h 4h 6h 12h 1d.", valueName: "timeframe"))
    var timeframe = "1m"

    @Flag(help: "Write what the order book was like each second instead of candles.") var features = false

    @OptionGroup var span: SpanOptions

    @Option(
        help: ArgumentHelp("csv, json or parquet.", valueName: "format"),
        completion: .list(CandleExport.Format.allCases.map(\.rawValue)))
    var format = "csv"

    @Option(help: ArgumentHelp("The file; - is the standard output.", valueName: "file"), completion: .file())
    var output: String?

    @OptionGroup var data: DataOptions

    func run() throws {
        var problems = series.problems
        let timeframe = Timeframe.option(self.timeframe, &problems)
        let (from, to) = span.span(&problems)
        let format = CandleExport.Format(rawValue: self.format.lowercased())
        if format == nil { problems.append("--format: '\(self.format)' is none; expected csv, json or parquet") }
        if output == nil { problems.append("--output: missing; expected a file, or - for the standard output") }
        guard problems.isEmpty, let timeframe, let format, let output, let venue = series.names.venue,
            let symbol = series.names.symbol
        else { throw CommandFailure(usage: problems) }
        if features { return try exportFeatures(venue, symbol, from: from, to: to, format, output) }
        let count = try CandleExport.write(
            data.store(), venue: venue, symbol: symbol, timeframe, from: from, to: to, format, to: output)
        guard count > 0 else {
            throw CommandFailure(
                .noInput, "there are no \(timeframe) candles of \(venue):\(symbol) in the time asked for")
        }
        // On a pipe only the candles are wanted.
        if output != "-" { Output.line("\(count) candles are written to \(output)") }
    }

    private func exportFeatures(
        _ venue: String, _ symbol: String, from: Timestamp?, to: Timestamp?, _ format: CandleExport.Format,
        _ output: String
    ) throws {
        let store = try data.store()
        let series = try store.featureSeries().first { series in
            series.instrument.venue == venue && series.instrument.symbol == symbol
        }
        guard let series else {
            throw CommandFailure(
                .noInput, "no book features of \(venue):\(symbol) are stored; 'wick data status' lists what is there")
        }
        let count = try FeatureExport.write(store, series, from: from, to: to, format, to: output)
        guard count > 0 else {
            throw CommandFailure(.noInput, "there are no book features of \(venue):\(symbol) in the time asked for")
        }
        if output != "-" { Output.line("\(count) book features are written to \(output)") }
    }
}
