import Backtesting
import Engine
import Ingestion
import Market
import Storage

// The candles of a request, from wherever they are.
extension BacktestSource {
    /// Reads the candles with the shorter ones that orders are filled on, all in the shares of the end.
    ///
    /// - Parameter assumptions: what says the corporate actions.
    func candles(
        _ request: Request, assuming assumptions: AssumptionText, _ data: DataOptions, _ line: ProgressLine
    ) throws -> RunCandles {
        let read = try csv.map { try file($0, request, line) } ?? stored(request, data)
        try BacktestSource.check(read.series)
        var candles = try detailed(read, request, data)
        if let kind = request.kind {
            candles.series.instrument.kind = kind
            candles.detail?.instrument.kind = kind
        }
        if let markCSV {
            var wanted = request
            wanted.timeframe = (candles.detail ?? candles.series).timeframe
            candles.mark = MarkPrices(try file(markCSV, wanted, line).series)
        }
        return try candles.adjusted(by: assumptions.corporateActions)
    }

    /// - Throws: `CommandFailure` where there are no candles.
    private static func check(_ series: CandleSeries) throws {
        guard series.candles.isEmpty else { return }
        throw CommandFailure(
            .noInput, "there are no \(series.timeframe) candles of \(series.instrument.name) in the time asked for")
    }

    /// Candles with the minutes under them, for fills; without where none are wanted or, for `auto`, any is missing.
    ///
    /// - Parameter read: the candles, with the minutes that they were made of where that is known.
    private func detailed(_ read: RunCandles, _ request: Request, _ data: DataOptions) throws -> RunCandles {
        let series = read.series
        guard request.detail != .none else { return RunCandles(series) }
        let isNeeded = request.detail == .minutes
        guard series.timeframe > .oneMinute else {
            guard isNeeded else { return RunCandles(series) }
            throw CommandFailure(usage: ["--detail: the candles are minutes already"])
        }
        if read.detail != nil { return read }
        let minutes = csv == nil ? try data.store().minutes(under: series) : nil
        let first = series.candles.first?.openTime
        if isNeeded, let bare = minutes == nil ? first : minutes.flatMap(series.firstWithout) {
            throw CommandFailure(
                .data, "--detail: there is no minute in the candle of \(bare); '--detail auto' does without them then")
        }
        return minutes.map { RunCandles(series, whereWhole: $0) } ?? read
    }

    private func stored(_ request: Request, _ data: DataOptions) throws -> RunCandles {
        // The past of the synthetic market can be made; nobody has to store it first.
        if request.venue == "SYNTHETIC", try !isStored(request, data),
            let made = try SyntheticSeries(seed: request.seed).runCandles(
                named: "\(request.venue):\(request.symbol)", request.timeframe ?? .oneMinute, from: request.from,
                to: request.to, now: Environment.now)
        {
            return made
        }
        return RunCandles(
            try data.store().candles(
                venue: request.venue, symbol: request.symbol, request.timeframe ?? .oneMinute, from: request.from,
                to: request.to))
    }

    func isStored(_ request: Request, _ data: DataOptions) throws -> Bool {
        try !data.store().series(venue: request.venue, symbol: request.symbol).isEmpty
    }

    private func file(_ path: String, _ request: Request, _ line: ProgressLine) throws -> RunCandles {
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
        if summary.refused > 0, let first = summary.refusals.first {
            Output.error(
                "wick: \(path): \(summary.refused) of \(summary.rows) rows were left out; the first is line "
                    + "\(first.line): \(first.text)")
        }
        guard let wanted = request.timeframe, wanted != read.timeframe else {
            return RunCandles(BacktestSource.cut(read, request))
        }
        guard read.timeframe == .oneMinute else {
            throw CommandFailure(
                .usage, "--timeframe: \(path) holds \(read.timeframe) candles; other timeframes derive from 1m")
        }
        return RunCandles(BacktestSource.cut(read.resampled(to: wanted), request), detail: read)
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
        minutes.series = BacktestSource.cut(minutes.series, request)
        try BacktestSource.check(minutes.series)
        if let kind = request.kind { minutes.series.instrument.kind = kind }
        return minutes
    }

    /// The symbol that a file's name tells: the part that ends with a currency, else the name without extensions.
    static func symbol(ofFile path: String) -> String {
        let name = (path.split(separator: "/").last ?? "").split(separator: ".").first?.uppercased() ?? "FILE"
        let parts = name.split { $0 == "-" || $0 == "_" }
        return parts.first { SymbolSplit.split(String($0)) != nil }.map(String.init) ?? name
    }
}
