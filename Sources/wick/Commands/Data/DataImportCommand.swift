import ArgumentParser
import Ingestion
import Market
import Storage

/// `wick data import FILE…`
struct DataImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take candles of CSV files, plain or gzip, or of Parquet files into the store.",
        discussion: """
            Columns are recognised by their names: a time (timestamp, time, date, open_time …; seconds, milliseconds or \
            ISO 8601, UTC), open, high, low, close and volume. Parquet that 'wick data export' wrote says itself what it is \
            of. Taking the same file in again changes nothing, and an import that was interrupted goes on where it stopped.

            Ends with 0 when every row was taken or was there already, with 65 when rows were refused or a file is \
            damaged: what is right is taken all the same.

            Examples:
              wick data import btcusdt-2023.csv.gz --venue binance --symbol BTCUSDT
              wick data import minutes.parquet
              wick data import *.csv --venue coinbase --symbol BTC-USD --timeframe 1m --json
            """)

    @Argument(help: "The files.", completion: .file(extensions: ["csv", "gz", "parquet"])) var files: [String]
    @OptionGroup var series: SeriesOptions

    @Option(help: ArgumentHelp("How long the candles are (default: as the file shows).", valueName: "timeframe"))
    var timeframe: String?

    @Option(help: ArgumentHelp("What is traded, where the symbol does not tell it.", valueName: "currency"))
    var base: String?

    @Option(help: ArgumentHelp("What it is priced in, where the symbol does not tell it.", valueName: "currency"))
    var quote: String?

    @Flag(help: "Candles of the files take the place of stored ones with other numbers.")
    var replace = false

    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        let options = try options()
        let store = try data.store()
        var rows: [ImportRow] = []
        var firstFailure: CommandFailure?
        for file in files {
            do {
                let summary = try take(file, into: store, options)
                rows.append(ImportRow(summary))
                if !print.isJSON { ImportReport.print(summary) }
                if !summary.isClean { firstFailure = firstFailure ?? CommandFailure(.data) }
            } catch {
                // The other files are still worth taking.
                guard var failure = CommandFailure(reason: error) else { throw error }
                if files.count > 1 {
                    Output.error("wick: \(failure.description)")
                    failure.description = ""
                }
                firstFailure = firstFailure ?? failure
            }
        }
        if print.isJSON { JSON.print(rows) }
        if let firstFailure { throw firstFailure }
    }

    private func take(_ file: String, into store: Store, _ options: ImportOptions) throws -> ImportSummary {
        let line = ProgressLine(file.split(separator: "/").last.map(String.init) ?? file)
        defer { line.clear() }
        return try CandleImport.run(file, into: store, options, at: Environment.now) { progress in
            line.show(progress.share, "\(progress.rows) rows, \(Int(progress.rate)) a second")
            return true
        }
    }

    private func options() throws -> ImportOptions {
        // Files that may name their series themselves need not be told.
        let areNamed = files.allSatisfy(CandleImport.canNameItsSeries)
        var problems = areNamed ? series.namingProblems : series.problems
        let timeframe = Timeframe.option(self.timeframe, &problems)
        func currency(_ option: String, _ text: String?) -> Currency? {
            guard let text else { return nil }
            if let currency = Currency(text.uppercased()) { return currency }
            problems.append("\(option): '\(text)' is no currency; expected 1 to 16 letters or digits, as BTC")
            return nil
        }
        let base = currency("--base", self.base)
        let quote = currency("--quote", self.quote)
        if let symbol = series.names.symbol, SymbolSplit.split(symbol) == nil, self.base == nil || self.quote == nil,
            !areNamed
        {
            problems.append("--base, --quote: needed, because '\(symbol)' does not tell what is traded for what")
        }
        guard problems.isEmpty else { throw CommandFailure(usage: problems) }
        return ImportOptions(
            venue: series.names.venue, symbol: series.names.symbol, timeframe: timeframe, base: base, quote: quote,
            replacesStored: replace)
    }
}
