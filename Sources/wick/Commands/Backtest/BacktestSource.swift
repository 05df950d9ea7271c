import ArgumentParser
import Ingestion
import Market

/// Where a backtest takes its candles from.
struct BacktestSource: ParsableArguments {
    @OptionGroup var series: SeriesOptions

    @Option(
        help: ArgumentHelp(
            "The candles: 1m 3m 5m 15m 30m 1h 2h 4h 6h 12h 1d (default: 1m, or those of the file).",
            valueName: "timeframe"))
    var timeframe: String?

    @OptionGroup var span: SpanOptions

    @Option(
        help: ArgumentHelp(
            "Take the candles from a file, CSV (plain or gzip) or Parquet, instead of the store.", valueName: "file"),
        completion: .file(extensions: ["csv", "gz", "parquet"]))
    var csv: String?

    @OptionGroup var detail: DetailOption

    @Option(
        name: .customLong("mark-csv"),
        help: ArgumentHelp(
            "Take mark prices for funding and liquidation from a file of candles (default: the candles that are traded).",
            valueName: "file"), completion: .file(extensions: ["csv", "gz", "parquet"]))
    var markCSV: String?

    @Option(
        help: ArgumentHelp(
            "What the instrument is: spot, or linear-perpetual or equity, which may be sold short (default: as it is stored).",
            valueName: "kind"))
    var kind: String?

    // Not --seed: the parser gives options that the workstation has too to the workstation.
    @Option(
        name: .customLong("market-seed"),
        help: ArgumentHelp(
            "The seed of the synthetic market, for SYNTHETIC:… symbols (default: 1).", valueName: "number"))
    var marketSeed: String?

    /// What was asked for, read and checked.
    struct Request {
        var venue = "FILE"
        var symbol = ""
        var timeframe: Timeframe?
        var from: Timestamp?
        var to: Timestamp?
        var kind: InstrumentKind?
        var seed: UInt64 = 1
        /// Whether orders are filled on shorter candles.
        var detail = DetailChoice.none
        /// The capture that candles and fills come from.
        var book: String?
    }

    /// The candles asked for, after every option of the run has been looked at, so that all mistakes are said at once.
    ///
    /// - Parameters:
    ///   - usual: the candles where no option says which: those that rules are for.
    ///   - book: the capture that candles and fills come from.
    ///   - unreadable: those of the other problems that are files which can't be read.
    ///   - others: what is wrong with the options that are not about candles, given which candles there are.
    func request(
        usual: Timeframe? = nil, book: String? = nil, unreadable: [String] = [],
        problems others: (Timeframe) -> [String]
    ) throws -> Request {
        var problems: [String] = []
        var request = Request()
        request.book = book
        request.detail = detail.choice(&problems)
        request.timeframe = Timeframe.option(timeframe, &problems)
        (request.from, request.to) = span.span(&problems)
        if let kind {
            request.kind = ["spot": .spot, "linear-perpetual": .linearPerpetual, "equity": .equity][kind.lowercased()]
            if request.kind == nil { problems.append("--kind: '\(kind)' is none of spot, linear-perpetual, equity") }
        }
        if let marketSeed {
            if let number = UInt64(marketSeed) {
                request.seed = number
            } else {
                problems.append("--market-seed: '\(marketSeed)' is no whole number from 0 to \(UInt64.max)")
            }
        }
        if let book {
            if csv != nil { problems.append("--csv: with --book candles come from the capture") }
            if marketSeed != nil { problems.append("--market-seed: with --book candles come from the capture") }
            if markCSV != nil {
                problems.append(
                    "--mark-csv: is of candles alone; with --book orders are filled on what the capture says")
            }
            if request.detail == .minutes {
                problems.append("--detail: with --book orders are filled on what the capture says")
            }
            problems += series.namingProblems
            request.venue = series.names.venue ?? ""
            request.symbol = series.names.symbol ?? ""
            if book.isEmpty { problems.append("--book: a capture is expected") }
        } else if let csv {
            problems += series.namingProblems
            let told = CandleImport.seriesNamed(in: csv)
            request.venue = series.names.venue ?? told?.venue ?? "FILE"
            request.symbol = series.names.symbol ?? told?.symbol ?? BacktestSource.symbol(ofFile: csv)
        } else if series.symbol == nil, series.venue == nil {
            problems.append("nothing to run over; expected --venue and --symbol, or --csv FILE")
        } else {
            problems += series.problems
            request.venue = series.names.venue ?? ""
            request.symbol = series.names.symbol ?? ""
        }
        if marketSeed != nil, book == nil, csv != nil || !["", "SYNTHETIC"].contains(request.venue) {
            problems.append("--market-seed: says nothing of candles that are not made; those of SYNTHETIC:… are")
        }
        if timeframe == nil { request.timeframe = usual }
        problems += others(request.timeframe ?? .oneMinute)
        guard problems.isEmpty else { throw CommandFailure(usage: problems, unreadable: unreadable) }
        return request
    }
}
