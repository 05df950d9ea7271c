import Backtesting
import Market
import Statistics
import Studies
import Trading

/// What came of a cross-validation, for people and for programs.
struct CrossValidationReport {
    private let session: SearchSession
    private let outcome: ValidationOutcome
    private let cut: CombinatorialSplits
    private let seconds: Double

    init(_ session: SearchSession, _ outcome: ValidationOutcome, _ cut: CombinatorialSplits, seconds: Double) {
        self.session = session
        self.outcome = outcome
        self.cut = cut
        self.seconds = seconds
    }

    // MARK: For people

    func print() {
        var splits = Table(
            .number("split"), .text("tests folds"), .text("parameters"), .number("objective in"), .number("Sharpe in"),
            .number("Sharpe out"))
        for split in outcome.splits {
            let parameters = split.best.map { session.plan.overrides($0.point) } ?? []
            splits.add(
                "\(split.number)", split.testFolds.map { "\($0 + 1)" }.joined(separator: " "),
                parameters.isEmpty ? "none" : parameters.map { "\($0.name)=\($0.text)" }.joined(separator: " "),
                ratio(split.best?.objective), ratio(split.best?.figure("sharpe")), ratio(split.testSharpe))
        }
        splits.print(whenEmpty: "no split was finished")
        if !outcome.paths.isEmpty {
            Output.line("\nPaths of tests alone, out of sample:")
            var paths = Table(.number("path"), .number("Sharpe"), .number("return"), .number("drawdown"))
            for path in outcome.paths {
                paths.add(
                    "\(path.number)", ratio(path.sharpe), Figures.percent(path.totalReturn),
                    Figures.percent(path.maximumDrawdown))
            }
            paths.print(whenEmpty: "")
            Output.line("")
            Output.pairs([
                ("Sharpe, median", ratio(outcome.quantile(0.5))),
                ("Sharpe, lowest", ratio(outcome.quantile(0))),
                ("Sharpe, 5 % quantile", ratio(outcome.quantile(0.05))),
                ("Sharpe, 95 % quantile", ratio(outcome.quantile(0.95))),
                ("Sharpe, highest", ratio(outcome.quantile(1))),
                ("paths not above 0", outcome.lossShare.map(Figures.percent) ?? "–"),
            ])
        }
        Output.line("")
        let trials = outcome.splits.reduce(0) { $0 + $1.trials }
        Output.line(
            "\(trials) trials in \(outcome.splits.count) of \(outcome.planned) splits of \(cut.folds) folds, "
                + "\(Figures.decimal(seconds, 2)) s, study \(session.study.name).")
    }

    private func ratio(_ value: Double?) -> String { value.map { Figures.decimal($0, 3) } ?? "–" }

    // MARK: For programs

    /// The result as one JSON object; everything but `seconds` depends on the options and the candles alone.
    var json: String {
        JSON.text(
            Row(
                study: session.study.name, strategy: StrategyClass.title(of: session.study.className),
                symbol: session.series.instrument.symbol, timeframe: session.series.timeframe.description,
                from: session.study.firstOpen.description, to: session.study.lastClose.description,
                bars: session.series.candles.count, dataHash: session.study.dataHash,
                objective: session.plan.objective.text, constraints: session.plan.constraints.map(\.text),
                space: session.study.space, sampler: session.plan.sampler.rawValue, seed: session.plan.seed,
                folds: cut.folds, testFolds: cut.testFolds, purgeCandles: cut.purge, embargoCandles: cut.embargo,
                trialsPerSplit: session.plan.count, seconds: seconds, planned: outcome.planned,
                sharpeMedian: outcome.quantile(0.5), sharpeLowest: outcome.quantile(0),
                sharpeFivePercent: outcome.quantile(0.05), sharpeNinetyFivePercent: outcome.quantile(0.95),
                sharpeHighest: outcome.quantile(1), lossShare: outcome.lossShare,
                paths: outcome.paths.map {
                    PathRow(
                        number: $0.number, sharpe: $0.sharpe, totalReturn: $0.totalReturn,
                        maxDrawdown: $0.maximumDrawdown)
                },
                splits: outcome.splits.map { split in
                    SplitRow(
                        number: split.number, testFolds: split.testFolds.map { $0 + 1 }, trials: split.trials,
                        best: split.best.map { TrialRow(session.plan.record($0, at: .epoch)) },
                        testSharpe: split.testSharpe)
                }, version: Wick.version, detailHash: session.detailHash,
                marketSeed: session.marketSeed))
    }

    private struct Row {
        var study: String
        var strategy: String
        var symbol: String
        var timeframe: String
        var from: String
        var to: String
        var bars: Int
        var dataHash: String
        var objective: String
        var constraints: [String]
        var space: String
        var sampler: String
        var seed: UInt64
        var folds: Int
        var testFolds: Int
        var purgeCandles: Int
        var embargoCandles: Int
        var trialsPerSplit: Int
        var seconds: Double
        var planned: Int
        var sharpeMedian: Double?
        var sharpeLowest: Double?
        var sharpeFivePercent: Double?
        var sharpeNinetyFivePercent: Double?
        var sharpeHighest: Double?
        var lossShare: Double?
        var paths: [PathRow]
        var splits: [SplitRow]
        var version: String
        var detailHash: String?
        var marketSeed: UInt64?
    }

    private struct PathRow {
        var number: Int
        var sharpe: Double?
        var totalReturn: Double
        var maxDrawdown: Double
    }

    private struct SplitRow {
        var number: Int
        var testFolds: [Int]
        var trials: Int
        var best: TrialRow?
        var testSharpe: Double?
    }
}
