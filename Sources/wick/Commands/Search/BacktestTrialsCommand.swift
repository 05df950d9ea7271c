import ArgumentParser
import Storage
import Trading

/// `wick backtest trials`
struct BacktestTrialsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trials", abstract: "Show the ledger of all trials that searches have run.",
        discussion: """
            By strategy, series and timeframe: how many trials there were, and how many different combinations, in what \
            number of studies. The more were tried, the less the best of them means.

            Examples:
              wick backtest trials
              wick backtest trials --strategy sma-crossover --json
              wick backtest trials --study optimize-3
              wick backtest trials --studies
            """)

    @Option(help: ArgumentHelp("Only trials of a strategy class.", valueName: "class"))
    var strategy: String?

    @Option(name: .customLong("series"), help: ArgumentHelp("Only trials of a series.", valueName: "venue:symbol"))
    var seriesName: String?

    @Option(help: ArgumentHelp("The trials of one study, each.", valueName: "name"))
    var study: String?

    @Flag(help: "The studies instead.") var studies = false

    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func validate() throws {
        if study != nil, studies { throw ValidationError("--study and --studies: one of them is enough") }
    }

    func run() throws {
        let store = try data.store()
        if let study { return try show(study, store) }
        if studies { return try list(store) }
        let summaries = try store.trialSummaries().filter { isWanted($0.className, $0.series) }
        if print.isJSON { return JSON.print(summaries.map(SummaryRow.init)) }
        var table = Table(
            .text("strategy"), .text("series"), .text("timeframe"), .number("studies"), .number("trials"),
            .number("combinations"), .number("best Sharpe"), .text("last"))
        for row in summaries {
            table.add(
                StrategyClass.title(of: row.className), row.series, row.timeframe.description, "\(row.studies)",
                "\(row.trials)",
                "\(row.combinations)", row.bestSharpe.map { Figures.decimal($0, 3) } ?? "–", row.lastTime.description)
        }
        table.print(whenEmpty: "no trial was run; 'wick backtest sweep --help' shows how to")
    }

    private func isWanted(_ className: String, _ series: String) -> Bool {
        (strategy.map { $0 == StrategyClass.title(of: className) } ?? true)
            && (seriesName.map { $0.uppercased() == series } ?? true)
    }

    private func show(_ name: String, _ store: Store) throws {
        guard let study = try store.study(named: name) else {
            throw CommandFailure(.refused, "there is no study '\(name)'; 'wick backtest trials --studies' names them")
        }
        let trials = try store.trials(of: study.id)
        if print.isJSON { return JSON.print(trials.map(LedgerRow.init)) }
        var table = Table(
            .number("window"), .number("number"), .text("state"), .number("objective"), .text("parameters"),
            .text("ended"))
        for trial in trials {
            table.add(
                trial.stage == 0 ? "–" : "\(trial.stage)", "\(trial.number)", trial.state.rawValue,
                trial.objective.map { Figures.decimal($0, 4) } ?? "–",
                trial.parameters.filter { !"{}\"".contains($0) }.replacing(":", with: "=").replacing(",", with: " "),
                trial.time.description)
        }
        table.print(whenEmpty: "no trial of it has ended")
    }

    private func list(_ store: Store) throws {
        let studies = try store.studies().filter { isWanted($0.className, $0.series) }
        if print.isJSON { return JSON.print(studies.map(StudyRow.init)) }
        var table = Table(
            .text("study"), .text("kind"), .text("began"), .text("strategy"), .text("series"), .text("timeframe"),
            .text("search"))
        for study in studies {
            table.add(
                study.name, study.kind, study.createdAt.description, StrategyClass.title(of: study.className),
                study.series,
                study.timeframe.description, study.space)
        }
        table.print(whenEmpty: "there is no study; 'wick backtest sweep --help' shows how to make one")
    }
}

private struct SummaryRow {
    var strategy: String
    var series: String
    var timeframe: String
    var studies: Int
    var trials: Int
    var combinations: Int
    var bestSharpe: Double?
    var lastAt: String

    init(_ summary: TrialSummary) {
        strategy = StrategyClass.title(of: summary.className)
        series = summary.series
        timeframe = summary.timeframe.description
        studies = summary.studies
        trials = summary.trials
        combinations = summary.combinations
        bestSharpe = summary.bestSharpe
        lastAt = summary.lastTime.description
    }
}

private struct LedgerRow {
    var window: Int?
    var trial: RawJSON
    var endedAt: String

    init(_ record: TrialRecord) {
        window = record.stage == 0 ? nil : record.stage
        trial = RawJSON(text: JSON.text(TrialRow(record)))
        endedAt = record.time.description
    }
}

private struct StudyRow {
    var name: String
    var kind: String
    var createdAt: String
    var strategy: String
    var series: String
    var timeframe: String
    var from: String
    var to: String
    var dataHash: String
    var seed: UInt64
    var space: String
    var definition: String

    init(_ study: StudyRecord) {
        name = study.name
        kind = study.kind
        createdAt = study.createdAt.description
        strategy = StrategyClass.title(of: study.className)
        series = study.series
        timeframe = study.timeframe.description
        from = study.firstOpen.description
        to = study.lastClose.description
        dataHash = study.dataHash
        seed = study.seed
        space = study.space
        definition = study.definition
    }
}
