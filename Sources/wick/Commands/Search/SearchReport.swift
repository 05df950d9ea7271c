import Backtesting
import Ingestion
import Market
import Optimization
import Storage
import Studies
import Trading

/// What came of a search, for people and for programs.
struct SearchReport {
    let session: SearchSession
    /// The trials that have ended, the best first.
    let ranked: [Trial]
    let seconds: Double

    init(_ session: SearchSession, _ trials: [Trial], seconds: Double) {
        self.session = session
        ranked = session.plan.ranked(trials)
        self.seconds = seconds
    }

    /// The best trial that ran to its end and kept the constraints.
    var best: Trial? { ranked.first.flatMap { $0.state == .complete ? $0 : nil } }

    // MARK: For people

    /// The best trials, a line each.
    func table(_ count: Int) -> Table {
        let dimensions = session.plan.space.dimensions
        var table = Table(.number("rank"))
        table.columns += dimensions.map { .number($0.name) }
        let isExpression = !SearchReport.shown.contains { $0.key == session.plan.objective.text }
        if isExpression { table.columns.append(.number("objective")) }
        table.columns += SearchReport.shown.map { .number($0.title) } + [.text("")]
        for (rank, trial) in ranked.prefix(count).enumerated() {
            var cells = ["\(rank + 1)"] + zip(dimensions, trial.point).map { text($0.name, $1) }
            if isExpression { cells.append(trial.objective.map { Figures.decimal($0, 4) } ?? "–") }
            cells += SearchReport.shown.map { column in
                trial.figure(column.key).map { BacktestTable.text(column.key, $0) } ?? "–"
            }
            table.rows.append(cells + [SearchReport.remark(trial)])
        }
        return table
    }

    private static let shown = [
        (key: "sharpe", title: "Sharpe"), (key: "total_return", title: "return"),
        (key: "max_drawdown", title: "drawdown"), (key: "calmar", title: "Calmar"),
        (key: "trade_count", title: "trips"),
    ]

    private static func remark(_ trial: Trial) -> String {
        switch trial.state {
        case .complete: return ""
        case .pruned: return "given up at \(trial.looks.count) of \(StudyPlan.looks + 1)"
        case .infeasible: return "breaks a constraint"
        case .undefined: return "objective undefined"
        case .invalid: return "parameters contradict each other"
        }
    }

    /// A value of a parameter as people write it.
    func text(_ parameter: String, _ value: Double) -> String {
        session.plan.configuration.parameters.descriptors.first { $0.name == parameter }?.text(value) ?? "\(value)"
    }

    /// What was tried and what became of it, a sentence or more.
    var summary: [String] {
        func count(_ state: TrialRecord.State) -> Int { ranked.count { $0.state == state } }
        var parts: [String] = []
        for (state, words) in [
            (TrialRecord.State.infeasible, "broke a constraint"), (.pruned, "were given up early"),
            (.undefined, "have no defined objective"), (.invalid, "contradict themselves and never ran"),
        ] where count(state) > 0 { parts.append("\(count(state)) \(words)") }
        let rate = seconds > 0 ? ", \(Figures.decimal(Double(ranked.count) / seconds, 0))/s" : ""
        var lines = [
            "\(ranked.count) trials in \(Figures.decimal(seconds, 2)) s\(rate), study \(session.study.name)"
                + (parts.isEmpty ? "" : "; " + parts.joined(separator: ", ")) + "."
        ]
        if let invalid = ranked.first(where: { $0.state == .invalid }) {
            do {
                _ = try session.plan.parameters(invalid.point)
            } catch {
                lines.append("The first contradiction: \(error.problems.map(\.description).joined(separator: "; "))")
            }
        }
        return lines
    }

    /// What the best trial is worth, given how many were tried.
    var belief: TrialBelief? {
        best.flatMap { session.plan.belief(in: $0, among: ranked, over: session.series) }
    }

    /// The same in a sentence; with those of other searches where the ledger has more.
    func beliefLines() throws -> [String] {
        guard let belief else { return [] }
        var lines = [
            "Luck: the best of \(belief.trials) trials without any skill would show a Sharpe ratio of "
                + "\(Figures.decimal(belief.expectedMaximum, 3)). That the best one's is truly higher (deflated Sharpe "
                + "ratio) has a chance of \(belief.deflated.map(Figures.percent) ?? "–"); taken alone, that it is above "
                + "0, \(belief.probabilistic.map(Figures.percent) ?? "–")."
        ]
        let study = session.study
        let known = try session.store.trialSummaries().first {
            $0.className == study.className && $0.series == study.series && $0.timeframe == study.timeframe
        }
        if let known, known.combinations > belief.trials, let deflated = belief.deflated(among: known.combinations) {
            lines.append(
                "With all \(known.combinations) combinations that were ever tried on \(study.series) "
                    + "\(study.timeframe), \(Figures.percent(deflated)).")
        }
        return lines
    }

    // MARK: For programs

    /// The columns of the file of all trials: number, state, the parameters, objective, violation and every figure; behind
    /// them what a trial is run again by.
    func writeCSV(_ file: inout OutputFile) throws {
        let descriptors = session.plan.configuration.parameters.descriptors
        let names = ["number", "state"] + session.plan.space.dimensions.map(\.name) + ["objective", "violation"]
        let label = ["strategy", "all_parameters", "seed", "data_hash", "version", "detail_hash", "market_seed"]
        try file.write((names + FigureNames.all + label).joined(separator: ",").utf8)
        let (detailHash, marketSeed) = (session.detailHash ?? "", session.marketSeed.map { "\($0)" } ?? "")
        for trial in ranked {
            var cells = ["\(trial.number)", trial.state.rawValue]
            for (dimension, value) in zip(session.plan.space.dimensions, trial.point) {
                cells.append(descriptors.first { $0.name == dimension.name }?.text(value) ?? "\(value)")
            }
            cells += [trial.objective, trial.violation].map(SearchReport.number)
            let figures = trial.figures.isEmpty ? FigureNames.all.map { _ in nil } : trial.figures
            cells += figures.map(SearchReport.number)
            cells += [
                CSVText.field(session.plan.configuration.strategy), CSVText.field(allParameters(trial)),
                "\(session.plan.seed)", session.study.dataHash, Wick.version, detailHash, marketSeed,
            ]
            try file.write(("\n" + cells.joined(separator: ",")).utf8)
        }
        try file.write("\n".utf8)
        try file.finish()
    }

    /// All parameters of a trial, those that are not varied and defaults too.
    private func allParameters(_ trial: Trial) -> String {
        let given = session.plan.overrides(trial.point)
        return session.plan.configuration.parameters.descriptors.map { descriptor in
            let written = given.last { $0.name == descriptor.name }
            return "\(descriptor.name)=\(written?.text ?? descriptor.text(descriptor.defaultValue))"
        }.joined(separator: " ")
    }

    private static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "" }
        return Int64(exactly: value).map(String.init) ?? value.description
    }
}

/// A trial, for programs.
struct TrialRow {
    var number: Int
    var state: String
    var parameters: RawJSON
    var objective: Double?
    var violation: Double?
    var figures: RawJSON

    init(_ record: TrialRecord) {
        number = record.number
        state = record.state.rawValue
        parameters = RawJSON(text: record.parameters)
        objective = record.objective
        violation = record.violation
        figures = RawJSON(text: record.metrics)
    }
}

/// A search, for programs. `trials` are those that have ended, the best first; everything but `seconds` depends on the
/// options and the candles alone.
struct SearchRow {
    var study: String
    var kind: String
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
    var planned: Int
    var seconds: Double
    var best: TrialRow?
    /// The Sharpe ratio that the best of the trials would show by luck, annualised.
    var expectedMaximumSharpe: Double?
    /// The chance that the best one's ratio is above that.
    var deflatedSharpe: Double?
    /// The chance that it is above 0, taken alone.
    var probabilisticSharpe: Double?
    var trials: [TrialRow]
    var version: String
    var detailHash: String?
    var marketSeed: UInt64?

    init(_ report: SearchReport) {
        let session = report.session
        study = session.study.name
        kind = session.study.kind
        strategy = StrategyClass.title(of: session.study.className)
        symbol = session.series.instrument.symbol
        timeframe = session.series.timeframe.description
        from = session.study.firstOpen.description
        to = session.study.lastClose.description
        bars = session.series.candles.count
        dataHash = session.study.dataHash
        objective = session.plan.objective.text
        constraints = session.plan.constraints.map(\.text)
        space = session.study.space
        sampler = session.plan.sampler.rawValue
        seed = session.plan.seed
        planned = session.plan.count
        seconds = report.seconds
        func row(_ trial: Trial) -> TrialRow { TrialRow(session.plan.record(trial, at: .epoch)) }
        best = report.best.map(row)
        let belief = report.belief
        expectedMaximumSharpe = belief?.expectedMaximum
        deflatedSharpe = belief?.deflated
        probabilisticSharpe = belief?.probabilistic
        trials = report.ranked.map(row)
        version = Wick.version
        detailHash = session.detailHash
        marketSeed = session.marketSeed
    }
}
