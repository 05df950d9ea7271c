import Backtesting
import Engine
import Ingestion
import Market
import Reports
import Storage

/// Reports of runs: of one that just ended, and of those that are kept.
enum RunReports {
    /// The report of a run that just ended.
    static func report(
        _ played: PlayedRun, json: String, number: Int64?, _ origin: RunOrigin
    ) throws -> RunReport {
        try made(
            json: json, equity: BacktestArchive.points(BacktestArchive.equityBytes(played.result)),
            days: DayCurve(played.result, played.series), trades: played.result.tradesCSV(played.extended),
            bars: ReportBar.bars(played.series), number: number, currency: played.series.instrument.quote.code, origin,
            notes: [])
    }

    /// The report of a portfolio that just ended; its prices are left out.
    static func report(
        _ played: PlayedPortfolio, json: String, number: Int64?, _ origin: RunOrigin
    ) throws -> RunReport {
        try made(
            json: json, equity: BacktestArchive.points(BacktestArchive.equityBytes(played.result)), days: nil,
            trades: played.result.tradesCSV(played.extended), bars: [], number: number,
            currency: played.series.first?.instrument.quote.code ?? "", origin, notes: [pricesOfMany])
    }

    private static let pricesOfMany = "A portfolio has several instruments; their prices are left out."

    /// The report of a run that is kept. Its candles are read again for the picture of prices; where they are others now,
    /// that is said and the picture left out.
    static func report(_ record: BacktestRecord, _ data: DataOptions) throws -> RunReport {
        let store = try data.store()
        guard let curves = try store.backtestCurves(record.id) else {
            throw CommandFailure(.data, "backtest \(record.id) has no curves")
        }
        let origin = RunOrigin(json: record.origin)
        var notes: [String] = []
        var bars: [ReportBar] = []
        if let origin, origin.command == .portfolio {
            notes.append(pricesOfMany)
        } else if let origin {
            do {
                let series = try KeptRun(record, origin, data).candles()
                if series.fingerprint == origin.dataHash {
                    bars = ReportBar.bars(series)
                } else {
                    notes.append(
                        "The candles are others now than those of the run; 'wick backtest rerun \(record.id)' says which. "
                            + "Prices are left out.")
                }
            } catch {
                notes.append("The candles can't be read any more, so prices are left out: \(reason(error))")
            }
        } else {
            notes.append("An earlier release kept this run: which candles it was over is not known.")
        }
        // Of a portfolio the first of its symbols stands there, with the count of the others.
        let name = String(record.series.prefix { $0 != " " })
        let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
        let instrument = try store.instruments().first { $0.name == name }
        let split = SymbolSplit.split(parts.last ?? "")
        return try made(
            json: record.result, equity: BacktestArchive.points(curves.equity), days: DayCurve(bytes: curves.days),
            trades: String(decoding: curves.trades, as: UTF8.self), bars: bars, number: record.id,
            currency: instrument?.quote.code ?? split?.quote.code ?? "", origin, notes: notes)
    }

    static func reason(_ error: any Error) -> String { CommandFailure(reason: error)?.description ?? "\(error)" }

    private static func made(
        json: String, equity: [(time: Timestamp, value: Double)], days: DayCurve?, trades: String, bars: [ReportBar],
        number: Int64?, currency: String, _ origin: RunOrigin?, notes: [String]
    ) throws -> RunReport {
        var report = RunReport(
            json: json, equity: equity, days: days, trades: trades, bars: bars, number: number, currency: currency,
            origin: origin.map(lines) ?? [], notes: notes)
        report?.parameters = origin?.parameterText
        guard let report else { throw CommandFailure(.data, "the result of the run is no JSON") }
        return report
    }

    private static func lines(_ origin: RunOrigin) -> [(title: String, text: String)] {
        var lines = [("candles", origin.dataHash)]
        for part in origin.series ?? [] { lines.append((part.name, part.hash)) }
        if let detail = origin.detailHash { lines.append(("filled on", detail)) }
        // Of a single strategy they stand at the head.
        for strategy in origin.command == .portfolio ? origin.strategies ?? [] : [] {
            lines.append((strategy.name, strategy.parameterText))
        }
        switch origin.source {
        case .store: lines.append(("from", "the store"))
        case .file: lines.append(("from", "a file"))
        case .synthetic: lines.append(("from", "the synthetic market"))
        }
        if let seed = origin.seed { lines.append(("seed", "\(seed)")) }
        lines.append(("Wick", origin.version))
        return lines.map { (title: $0.0, text: $0.1) }
    }

    /// The commands that the tear sheet names.
    static func commands(_ number: Int64?, _ origin: RunOrigin?) -> [(words: String, text: String)] {
        var commands: [(words: String, text: String)] = []
        if let number {
            commands.append(
                ("This runs it again, and says whether anything differs:", "wick backtest rerun \(number)"))
        }
        if let origin { commands.append(("So it was asked for:", RunWords.command(origin))) }
        return commands
    }
}

extension RunOrigin {
    /// The parameters of the only strategy, in its own order; `nil` of a portfolio, and of releases that left them to the
    /// result.
    var parameterText: String? { command == .portfolio ? nil : strategies?.first?.parameterText }
}
