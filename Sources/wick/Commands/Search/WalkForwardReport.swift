import Backtesting
import Market
import Storage
import Studies
import Trading

/// What came of a walk-forward, for people and for programs.
struct WalkForwardReport {
    private let session: SearchSession
    private let outcome: WalkForwardOutcome
    private let windows: WalkForwardPlan
    private let seconds: Double

    init(_ session: SearchSession, _ outcome: WalkForwardOutcome, _ windows: WalkForwardPlan, seconds: Double) {
        self.session = session
        self.outcome = outcome
        self.windows = windows
        self.seconds = seconds
    }

    /// A line for each window, then the figures of all test windows as one.
    func print() {
        var table = Table(
            .number("window"), .text("test from"), .text("to"), .text("parameters"), .number("objective in"),
            .number("return in"), .number("return out"), .number("Sharpe in"), .number("Sharpe out"),
            .number("drawdown out"), .number("trips out"))
        for step in outcome.steps {
            let parameters = step.best.map { session.plan.overrides($0.point) } ?? []
            func share(_ value: Double?) -> String { value.map(Figures.percent) ?? "–" }
            func ratio(_ value: Double?) -> String { value.map { Figures.decimal($0, 3) } ?? "–" }
            table.add(
                "\(step.window.number)", step.window.testFrom.date, step.window.testTo.date,
                parameters.isEmpty ? "none" : parameters.map { "\($0.name)=\($0.text)" }.joined(separator: " "),
                ratio(step.best?.objective), share(step.best?.figure("total_return")),
                share(step.test?.metrics.totalReturn), ratio(step.best?.figure("sharpe")),
                ratio(step.test?.metrics.sharpe), share(step.test?.metrics.maximumDrawdown),
                step.test.map { "\($0.metrics.tradeCount)" } ?? "–")
        }
        table.print(whenEmpty: "no window was finished")
        if let stitched = outcome.stitched {
            Output.line("\nAll test windows as one, out of sample:")
            Output.pairs(
                stitched.figures.filter { $0.key != "strategy" }.map {
                    (BacktestTable.titles[$0.key] ?? $0.key, $0.text)
                })
            Output.pairs([("efficiency", outcome.efficiency.map { Figures.decimal($0, 3) } ?? "–")])
        }
        Output.line("")
        let idle = outcome.steps.count { $0.test == nil }
        if idle > 0 {
            Output.line(
                "In \(idle) windows no trial kept the constraints to its end with a defined objective; nothing was traded in them."
            )
        }
        if outcome.isRuined { Output.line("The equity was gone before the last window.") }
        let trials = outcome.steps.reduce(0) { $0 + $1.trials }
        Output.line(
            "\(trials) trials in \(outcome.steps.count) of \(outcome.windows) windows, \(Figures.decimal(seconds, 2)) s, "
                + "study \(session.study.name).")
    }

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
                trialsPerWindow: session.plan.count, trainSeconds: windows.train, testSeconds: windows.test,
                anchored: windows.isAnchored, purgeSeconds: windows.purge, embargoSeconds: windows.embargo,
                seconds: seconds, planned: outcome.windows, efficiency: outcome.efficiency,
                outOfSample: outcome.stitched.map { RawJSON(text: WalkForwardReport.figures($0)) },
                windows: outcome.steps.map { step in
                    WindowRow(
                        number: step.window.number, trainFrom: step.window.trainFrom.description,
                        trainTo: step.window.trainTo.description, testFrom: step.window.testFrom.description,
                        testTo: step.window.testTo.description, trials: step.trials,
                        best: step.best.map { TrialRow(session.plan.record($0, at: .epoch)) },
                        test: step.test.map { RawJSON(text: WalkForwardReport.figures($0)) })
                }, version: Wick.version, detailHash: session.detailHash,
                marketSeed: session.marketSeed))
    }

    /// The figures of a result that are numbers.
    private static func figures(_ result: BacktestResult) -> String {
        let numbers = result.figures.compactMap { figure -> String? in
            switch figure.value {
            case .text, .time: return nil
            default: return "\"\(figure.key)\":\(JSON.text(figure.number as Any))"
            }
        }
        return "{" + numbers.joined(separator: ",") + "}"
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
        var trialsPerWindow: Int
        var trainSeconds: Int64
        var testSeconds: Int64
        var anchored: Bool
        var purgeSeconds: Int64
        var embargoSeconds: Int64
        var seconds: Double
        var planned: Int
        var efficiency: Double?
        var outOfSample: RawJSON?
        var windows: [WindowRow]
        var version: String
        var detailHash: String?
        var marketSeed: UInt64?
    }

    private struct WindowRow {
        var number: Int
        var trainFrom: String
        var trainTo: String
        var testFrom: String
        var testTo: String
        var trials: Int
        var best: TrialRow?
        var test: RawJSON?
    }
}
