import Backtesting
import Engine
import Market
import Optimization
import Plots
import Reports
import Storage
import Studies
import Trading

/// The plots of searches, walk-forwards and comparisons.
enum SearchPlotting {
    /// A grid over two parameters as a heatmap, any other search as points by trial and by parameter.
    static func plot(_ report: SearchReport) -> Plot {
        let session = report.session
        let objective = session.plan.objective.text
        let panels: [Panel]
        if session.study.kind == "sweep", let map = Heatmap(report) {
            let names = session.plan.space.dimensions.map(\.name)
            panels = [
                SearchPlots.heatmap(
                    columns: map.columns, rows: map.rows, cells: map.cells, names: (names[0], names[1]),
                    objective: objective)
            ]
        } else {
            panels = SearchPlots.scatter(points(report), parameters(session), objective: objective)
        }
        return Plot(
            title: title(session), subtitle: subtitle(session, report.ranked.count), footer: footer(session),
            panels: panels)
    }

    /// The windows of a walk-forward, and the equity of the tests one behind the other.
    static func plot(_ session: SearchSession, _ outcome: WalkForwardOutcome) -> Plot {
        let windows = outcome.steps.map { step in
            SearchPlots.Window(
                train: step.window.trainFrom...step.window.trainTo, test: step.window.testFrom...step.window.testTo,
                inside: step.best?.figure("total_return"), outside: step.test?.metrics.totalReturn)
        }
        let equity = outcome.stitched.map { curve($0) } ?? []
        let trials = outcome.steps.reduce(0) { $0 + $1.trials }
        return Plot(
            title: title(session), subtitle: subtitle(session, trials), footer: footer(session),
            panels: SearchPlots.walkForward(windows, equity: equity))
    }

    /// Runs over the same candles on one another.
    static func plot(_ comparison: StrategyComparison, dataHash: String) -> Plot {
        let first = comparison.rows[0].entrant.result
        return Plot(
            title: "Comparison on \(first.instrument.symbol) \(first.timeframe)",
            subtitle: "\(first.from.date) to \(first.to.date) · \(comparison.days) days",
            footer: "candles \(dataHash) · Wick \(WickRelease.version)",
            panels: SearchPlots.comparison(
                comparison.rows.map { ($0.entrant.name, $0.entrant.isBenchmark, curve($0.entrant.result)) }))
    }

    /// The equity day by day, the initial one first.
    private static func curve(_ result: BacktestResult) -> [(time: Timestamp, value: Double)] {
        let daily = result.daily
        guard daily.count > 0 else { return [] }
        return [(daily.day(0), daily.initial.approximation)]
            + (0..<daily.count).map { (daily.day($0).adding(seconds: 86_400), daily.equity($0).approximation) }
    }

    private static func points(_ report: SearchReport) -> [SearchPlots.TrialPoint] {
        report.ranked.compactMap { trial in
            let state: SearchPlots.TrialPoint.State
            switch trial.state {
            case .complete: state = .complete
            case .pruned: state = .pruned
            case .infeasible: state = .infeasible
            case .undefined, .invalid: return nil
            }
            // One that was given up has the objective of its last look.
            let objective = trial.objective ?? trial.looks.last ?? nil
            return SearchPlots.TrialPoint(number: trial.number, values: trial.point, objective: objective, state: state)
        }
    }

    private static func parameters(_ session: SearchSession) -> [SearchPlots.Parameter] {
        session.plan.space.dimensions.map { dimension in
            if case .range(_, _, _, true) = dimension.values {
                return SearchPlots.Parameter(dimension.name, isLogarithmic: true)
            }
            return SearchPlots.Parameter(dimension.name)
        }
    }

    private static func title(_ session: SearchSession) -> String {
        let study = session.study
        return "\(study.kind) of \(StrategyClass.title(of: study.className)) on \(study.series) \(study.timeframe)"
    }

    private static func subtitle(_ session: SearchSession, _ trials: Int) -> String {
        let space = session.study.space.split(separator: "\n").joined(separator: ", ")
        let constraints = session.plan.constraints.map(\.text)
        return (["objective \(session.plan.objective.text)"] + constraints + [space, "\(trials) trials"])
            .joined(separator: " · ")
    }

    private static func footer(_ session: SearchSession) -> String {
        let study = session.study
        return "candles \(study.dataHash) · \(study.firstOpen.date) to \(study.lastClose.date) · seed \(study.seed) · "
            + "study \(study.name) · Wick \(WickRelease.version)"
    }
}
