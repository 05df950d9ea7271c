import Backtesting
import Engine
import Market
import Simulation

/// A run of `wick backtest run` that has ended.
struct PlayedRun {
    var result: BacktestResult
    var extended: ExtendedMetrics
    var series: CandleSeries
    /// The shorter candles that orders were filled on.
    var detail: CandleSeries?
    var seconds: Double
    /// The time that was asked for.
    var span: (from: Timestamp?, to: Timestamp?)
    /// Where the candles came from, and the seed of those that were made.
    var source: RunOrigin.Source
    var seed: UInt64?

    /// What it was made from.
    ///
    /// - Parameters:
    ///   - words: the options of the command.
    ///   - files: what they name; `nil` reads it, so that it can be found again.
    func origin(_ words: [String], files: [RunOrigin.File]? = nil) -> RunOrigin {
        RunOrigin(
            RunLabel.Strategy(result.strategy, result.parameters.texts), series, detail: detail, source: source,
            seed: seed, words: words, files: files ?? RunWords.files(words))
    }
}

extension BacktestSource {
    /// Where the candles of a request come from, and the seed of those that are made.
    func origin(_ request: Request, _ data: DataOptions) throws -> (source: RunOrigin.Source, seed: UInt64?) {
        if csv != nil || request.book != nil { return (.file, nil) }
        guard request.venue == "SYNTHETIC", try !isStored(request, data) else { return (.store, nil) }
        return (.synthetic, request.seed)
    }
}

extension BacktestRunCommand {
    /// What is asked for, after every option has been looked at.
    func request() throws -> BacktestSource.Request {
        let window = (2...3_650).contains(rollingDays)
        return try source.request(
            usual: try setup.rules.read()?.text.timeframe, book: book, unreadable: setup.account.market.unreadable
        ) { timeframe in
            setup.problems(timeframe)
                + (window ? [] : ["--rolling-days: \(rollingDays) is out of range; expected 2 to 3650 days"])
                + setup.account.singleInstrumentProblems + bookProblems + reports.problems
                + OutputPaths.problems(
                    [
                        ("--trades", trades), ("--equity", equity), ("--plot", reports.plots.plot),
                        ("--report", reports.report),
                    ])
        }
    }

    /// What is wrong with the options of recorded books.
    private var bookProblems: [String] {
        guard book != nil else { return queue == nil ? [] : ["--queue: says nothing without --book"] }
        var problems: [String] = []
        if let queue, QueueRule(rawValue: queue.lowercased()) == nil {
            problems.append("--queue: '\(queue)' is neither pessimistic nor proportional")
        }
        return problems + setup.account.recordingProblems
    }

    /// Runs what is asked for.
    func play(_ request: BacktestSource.Request, keepsEquityCurve: Bool, _ line: ProgressLine) throws -> PlayedRun {
        let captured = try request.book.map { _ in try source.captured(request, data, line) }
        let text = setup.text
        let candles =
            try captured.map { RunCandles($0.series) }
            ?? source.candles(request, assuming: text.assumptions, data, line)
        let series = candles.series
        let origin = try source.origin(request, data)
        var configuration = try text.configuration(over: candles)
        try setup.account.applyLimits(to: &configuration)
        if let path = request.book, let captured {
            configuration.recorded = CapturedMarket.fills(
                path, known: try data.store().instruments(), place: captured.place)
            configuration.venue.queue = QueueRule(rawValue: queue?.lowercased() ?? "") ?? .pessimistic
        }
        configuration.keepsEquityCurve = keepsEquityCurve
        let start = ContinuousClock.now
        let result = try Backtest.run(series, configuration) { line.show($0) }
        line.clear()
        let seconds = start.duration(to: .now) / .seconds(1)
        return PlayedRun(
            result: result,
            extended: ExtendedMetrics(result, series, detail: candles.detail, rollingDays: rollingDays),
            series: series, detail: candles.detail, seconds: seconds, span: (request.from, request.to),
            source: origin.source, seed: origin.seed)
    }
}
