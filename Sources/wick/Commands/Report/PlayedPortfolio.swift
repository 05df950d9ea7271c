import Backtesting
import Engine
import Market
import Storage

/// A run of `wick backtest portfolio` that has ended.
struct PlayedPortfolio {
    var result: PortfolioResult
    var extended: ExtendedMetrics
    var series: [CandleSeries]
    /// The shorter candles that orders were filled on.
    var details: [CandleSeries]
    var seconds: Double
    /// Where the candles of the first series came from, and the seed of those that were made.
    var source: RunOrigin.Source
    var seed: UInt64?
    /// The files that the portfolio's file names.
    var namedFiles: [String]

    /// What it was made from.
    ///
    /// - Parameters:
    ///   - words: the options of the command.
    ///   - files: what they name; `nil` reads it, so that it can be found again.
    func origin(_ words: [String], files: [RunOrigin.File]? = nil) -> RunOrigin {
        RunOrigin(
            portfolio: result.strategies.map {
                RunLabel.Strategy($0.strategy.strategy, $0.strategy.parameters.texts, name: $0.strategy.name)
            }, series, details: details, source: source, seed: seed, words: words,
            files: files
                ?? (words.isEmpty
                    ? [] : RunWords.files(words) + namedFiles.compactMap { RunWords.file($0, word: -1) }))
    }
}

extension BacktestPortfolioCommand {
    /// Runs a plan.
    func play(_ plan: PortfolioPlan, keepsEquityCurve: Bool, _ line: ProgressLine) throws -> PlayedPortfolio {
        let loaded = try plan.load(data, line)
        var configuration = loaded.configuration
        configuration.keepsEquityCurve = keepsEquityCurve
        let start = ContinuousClock.now
        let result: PortfolioResult
        do throws(BacktestError) {
            result = try PortfolioBacktest.run(loaded.series, configuration) { line.show($0) }
        } catch {
            guard case .invalid(let problems) = error else { throw error }
            throw CommandFailure(usage: problems.map { plan.place + $0 })
        }
        line.clear()
        return PlayedPortfolio(
            result: result,
            extended: ExtendedMetrics(
                result, loaded.series, details: configuration.details, rollingDays: rollingDays),
            series: loaded.series, details: loaded.details, seconds: start.duration(to: .now) / .seconds(1),
            source: loaded.source, seed: loaded.seed, namedFiles: plan.files)
    }
}

/// A portfolio that is kept, run again.
struct RerunPortfolio {
    let played: PlayedPortfolio
    let now: RunOrigin
    let comparison: RerunComparison
    /// The result of today.
    let json: String
    /// Its files are there as long as this is.
    private let kept: KeptWords

    /// What is not as it was of the files that it names.
    var remarks: [String] { kept.remarks }

    /// Runs it over the same stretch, by the files of then.
    init(_ record: BacktestRecord, _ curves: BacktestCurves, _ origin: RunOrigin, _ data: DataOptions) throws {
        kept = try KeptWords(origin)
        var command: BacktestPortfolioCommand
        do {
            command = try BacktestPortfolioCommand.parse(kept.words)
            // Its relative paths begin where it was, and its text is that of then.
            if let file = try BacktestPortfolioCommand.parse(origin.words).file {
                let known = origin.files.first { $0.word >= 0 && origin.words[$0.word] == file }
                command.file = known?.path ?? file
            }
        } catch {
            throw CommandFailure(
                .data,
                "backtest \(record.id) was asked for in words that this release does not know: "
                    + BacktestPortfolioCommand.message(for: error))
        }
        command.data = data
        // Earlier releases filled no portfolio on minutes, and minutes that came later are not those of the run.
        if origin.detailHash == nil { command.candles.detail.detail = DetailChoice.none.rawValue }
        if let (from, to) = record.span {
            command.candles.span.from = from
            command.candles.span.to = to
        }
        do {
            played = try command.play(
                try command.plan(texts: kept.texts), keepsEquityCurve: true, ProgressLine("portfolio"))
        } catch let failure as CommandFailure {
            throw CommandFailure(.data, "backtest \(record.id) can't be run again: \(failure.description)")
        }
        now = played.origin(origin.words, files: [])
        json = played.result.json(seconds: played.seconds, extended: played.extended, stamp: now.stamp)
        comparison = try RerunComparison(
            record, curves, origin, now, json: json, trades: Array(played.result.tradesCSV(played.extended).utf8),
            equity: BacktestArchive.equityBytes(played.result))
    }
}
