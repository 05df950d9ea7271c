import ArgumentParser
import Backtesting
import Engine
import Ingestion
import Market
import Storage

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
        /// The capture that candles and fills come from.
        var book: String?
        /// Whether rows that are left out are said: once is enough for a file that is read twice.
        var saysRefusals = true
    }

    /// The candles asked for, after every option of the run has been looked at, so that all mistakes are said at once.
    ///
    /// - Parameters:
    ///   - usual: the candles where no option says which: those that rules are for.
    ///   - book: the capture that candles and fills come from.
    ///   - others: what is wrong with the options that are not about candles, given which candles there are.
    func request(
        usual: Timeframe? = nil, book: String? = nil, problems others: (Timeframe) -> [String]
    ) throws -> Request {
        var problems: [String] = []
        var request = Request()
        request.book = book
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
        if timeframe == nil { request.timeframe = usual }
        problems += others(request.timeframe ?? .oneMinute)
        guard problems.isEmpty else { throw CommandFailure(usage: problems) }
        return request
    }

    /// Reads the candles.
    func series(_ request: Request, _ data: DataOptions, _ line: ProgressLine) throws -> CandleSeries {
        if request.book != nil { return try captured(request, data, line).series }
        return try checked(csv.map { try file($0, request, line) } ?? stored(request, data), request)
    }

    /// Candles that there are, of the kind of instrument that is asked for.
    private func checked(_ series: CandleSeries, _ request: Request) throws -> CandleSeries {
        var series = series
        guard !series.candles.isEmpty else {
            throw CommandFailure(
                .noInput, "there are no \(series.timeframe) candles of \(series.instrument.name) in the time asked for")
        }
        if let kind = request.kind { series.instrument.kind = kind }
        return series
    }

    /// The minutes under longer candles, for fills; `nil` where none are wanted or, for `auto`, any is missing.
    func detail(
        _ choice: DetailChoice, under series: CandleSeries, _ request: Request, _ data: DataOptions,
        _ line: ProgressLine
    ) throws -> CandleSeries? {
        guard choice != .none else { return nil }
        guard series.timeframe > .oneMinute else {
            if choice == .auto { return nil }
            throw CommandFailure(usage: ["--detail: the candles are minutes already"])
        }
        var wanted = request
        wanted.timeframe = .oneMinute
        wanted.saysRefusals = false
        let minutes: CandleSeries
        do {
            minutes = try self.series(wanted, data, line)
        } catch {
            if choice == .auto { return nil }
            throw error
        }
        if let bare = series.firstWithout(minutes) {
            if choice == .auto { return nil }
            throw CommandFailure(
                .data, "--detail: there is no minute in the candle of \(bare); '--detail auto' does without them then")
        }
        // What lies beyond is never played, and would only change the hash.
        return minutes.within(series)
    }

    private func stored(_ request: Request, _ data: DataOptions) throws -> CandleSeries {
        // The past of the synthetic market can be made; nobody has to store it first.
        if request.venue == "SYNTHETIC", try !isStored(request, data),
            let made = try SyntheticSeries(seed: request.seed).candles(
                named: "\(request.venue):\(request.symbol)", request.timeframe ?? .oneMinute, from: request.from,
                to: request.to, now: Environment.now)
        {
            return made
        }
        return try data.store().candles(
            venue: request.venue, symbol: request.symbol, request.timeframe ?? .oneMinute, from: request.from,
            to: request.to)
    }

    func isStored(_ request: Request, _ data: DataOptions) throws -> Bool {
        try !data.store().series(venue: request.venue, symbol: request.symbol).isEmpty
    }

    private func file(_ path: String, _ request: Request, _ line: ProgressLine) throws -> CandleSeries {
        let isKnown = SymbolSplit.split(request.symbol) != nil || CandleImport.seriesNamed(in: path) != nil
        var options = ImportOptions(
            venue: request.venue, symbol: request.symbol, timeframe: nil, base: isKnown ? nil : Currency("BASE"),
            quote: isKnown ? nil : Currency("QUOTE"))
        func take() throws -> (CandleSeries, ImportSummary) {
            try CandleImport.read(path, options) { progress in
                line.show(progress.share, "\(progress.rows) rows")
                return true
            }
        }
        let (read, summary): (CandleSeries, ImportSummary)
        do {
            (read, summary) = try take()
        } catch let error as IngestionError where error.kind == .notCandles && request.timeframe != nil {
            // Rows may not show how long they are; then the option says it.
            options.timeframe = request.timeframe
            (read, summary) = try take()
        }
        line.clear()
        if let damage = summary.damage { throw CommandFailure(.data, "\(path): \(damage)") }
        if summary.refused > 0, request.saysRefusals, let first = summary.refusals.first {
            Output.error(
                "wick: \(path): \(summary.refused) of \(summary.rows) rows were left out; the first is line "
                    + "\(first.line): \(first.text)")
        }
        var series = read
        if let wanted = request.timeframe, wanted != series.timeframe {
            guard series.timeframe == .oneMinute else {
                throw CommandFailure(
                    .usage, "--timeframe: \(path) holds \(series.timeframe) candles; other timeframes derive from 1m")
            }
            series = series.resampled(to: wanted)
        }
        return BacktestSource.cut(series, request)
    }

    private static func cut(_ series: CandleSeries, _ request: Request) -> CandleSeries {
        if request.from == nil, request.to == nil { return series }
        var series = series
        let step = series.timeframe
        series.candles = series.candles.filter { candle in
            (request.from.map { candle.openTime >= $0 } ?? true)
                && (request.to.map { candle.closeTime(step) <= $0 } ?? true)
        }
        return series
    }

    /// The candles of a capture in the time asked for, and the place of their instrument in it.
    func captured(_ request: Request, _ data: DataOptions, _ line: ProgressLine) throws -> CapturedMarket.Minutes {
        var minutes: CapturedMarket.Minutes
        do {
            minutes = try CapturedMarket.minutes(
                request.book ?? "", known: try data.store().instruments(),
                where: { instrument in
                    (request.venue.isEmpty || instrument.venue == request.venue)
                        && (request.symbol.isEmpty || instrument.symbol == request.symbol)
                }, progress: { line.show($0, "candles") })
        } catch let error as RecordingError {
            throw CommandFailure(.noInput, "--book: \(error.description)")
        }
        line.clear()
        if let wanted = request.timeframe, wanted != .oneMinute {
            minutes.series = minutes.series.resampled(to: wanted)
        }
        minutes.series = try checked(BacktestSource.cut(minutes.series, request), request)
        return minutes
    }

    /// The symbol that a file's name tells: the part that ends with a currency, else the name without extensions.
    private static func symbol(ofFile path: String) -> String {
        let name = (path.split(separator: "/").last ?? "").split(separator: ".").first?.uppercased() ?? "FILE"
        let parts = name.split { $0 == "-" || $0 == "_" }
        return parts.first { SymbolSplit.split(String($0)) != nil }.map(String.init) ?? name
    }
}

/// Whether orders are filled on shorter candles than those a strategy sees.
enum DetailChoice: String {
    case auto
    case none
    case minutes = "1m"
}
