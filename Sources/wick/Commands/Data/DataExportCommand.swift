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

            Examples:
              wick data export --venue binance --symbol BTCUSDT --timeframe 1h --output hours.csv
              wick data export --venue binance --symbol BTCUSDT --from 2023-03-24 --to 2023-03-25 --format json \\
                --output - | jq '.candles | length'
              wick data export --features --venue binance --symbol BTCUSDT --output book.csv
            """)

    @OptionGroup var series: SeriesOptions

    @Option(help: ArgumentHelp("The candles: 1m 3m 5m 15m 30m 1h 2h 4h 6h 12h 1d.", valueName: "timeframe"))
    var timeframe = "1m"

    @Flag(help: "Write what the order book was like each second instead of candles.") var features = false

    @OptionGroup var span: SpanOptions

    @Option(help: ArgumentHelp("csv or json.", valueName: "format"), completion: .list(["csv", "json"]))
    var format = "csv"

    @Option(help: ArgumentHelp("The file; - is the standard output.", valueName: "file"), completion: .file())
    var output: String?

    @OptionGroup var data: DataOptions

    func run() throws {
        var problems = series.problems
        let timeframe = Timeframe.option(self.timeframe, &problems)
        let (from, to) = span.span(&problems)
        let format = CandleExport.Format(rawValue: self.format.lowercased())
        if format == nil { problems.append("--format: '\(self.format)' is neither csv nor json") }
        if output == nil { problems.append("--output: missing; expected a file, or - for the standard output") }
        guard problems.isEmpty, let timeframe, let format, let output, let venue = series.names.venue,
            let symbol = series.names.symbol
        else { throw CommandFailure(usage: problems) }
        if features { return try exportFeatures(venue, symbol, from: from, to: to, format, output) }
        let candles = try data.store().candles(venue: venue, symbol: symbol, timeframe, from: from, to: to)
        guard !candles.candles.isEmpty else {
            throw CommandFailure(
                .noInput, "there are no \(timeframe) candles of \(venue):\(symbol) in the time asked for")
        }
        try CandleExport.write(candles, format, to: output)
        // On a pipe only the candles are wanted.
        if output != "-" { Output.line("\(candles.candles.count) candles are written to \(output)") }
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
        let features = try store.features(venue: venue, symbol: symbol, series.definition, from: from, to: to)
        guard !features.isEmpty else {
            throw CommandFailure(.noInput, "there are no book features of \(venue):\(symbol) in the time asked for")
        }
        try FeatureExport.write(features, of: series.instrument, series.definition, format, to: output)
        if output != "-" { Output.line("\(features.count) book features are written to \(output)") }
    }
}
