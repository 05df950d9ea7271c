public import Market
public import Plots

/// Plots of searches over parameters, of walk-forwards and of comparisons.
public enum SearchPlots {
    /// A trial as a point.
    public struct TrialPoint: Sendable {
        /// Its number, from 0.
        public var number: Int
        /// The values it tried, one for each parameter.
        public var values: [Double]
        /// What is to be great; `nil` where it is undefined.
        public var objective: Double?
        /// How it ended.
        public var state: State

        /// How a trial ended.
        public enum State: Sendable {
            /// It ran to its end and kept the constraints.
            case complete
            /// It was given up early.
            case pruned
            /// It broke a constraint.
            case infeasible
        }

        /// A trial of its parts.
        public init(number: Int, values: [Double], objective: Double?, state: State) {
            self.number = number
            self.values = values
            self.objective = objective
            self.state = state
        }
    }

    /// A parameter that was searched.
    public struct Parameter: Sendable {
        /// Its name.
        public var name: String
        /// Whether small values were as likely as great ones.
        public var isLogarithmic: Bool

        /// A parameter of its parts.
        public init(_ name: String, isLogarithmic: Bool = false) {
            self.name = name
            self.isLogarithmic = isLogarithmic
        }
    }

    /// A grid over two parameters, the objective as colour.
    public static func heatmap(
        columns: [String], rows: [String], cells: [[Double?]], names: (across: String, down: String), objective: String,
        decimals: Int = 2
    ) -> Panel {
        let grid = CellGrid(cells, title: objective, isDiverging: false, decimals: decimals)
        return Panel(
            x: Axis(names.across, .names(columns)), y: Axis(names.down, .names(rows)), marks: [.cells(grid)],
            whenEmpty: "no trial ran to its end with a defined objective")
    }

    /// The objective by the number of the trial and by each parameter, at most `limit` of them.
    public static func scatter(
        _ trials: [TrialPoint], _ parameters: [Parameter], objective: String, limit: Int = 3
    ) -> [Panel] {
        var best = -Double.infinity
        let way = trials.sorted { $0.number < $1.number }.compactMap { trial -> PlotPoint? in
            guard trial.state == .complete, let objective = trial.objective else { return nil }
            best = max(best, objective)
            return PlotPoint(Double(trial.number), best)
        }
        let empty = "no trial has a defined objective"
        var panels = [
            Panel(
                title: "By trial", share: 1.2, x: Axis("trial"), y: Axis(objective),
                marks: marks(trials, isNamed: true) { Double($0.number) } + [
                    .line(way, .series(1), name: "best so far")
                ],
                whenEmpty: empty)
        ]
        for (index, parameter) in parameters.prefix(limit).enumerated() {
            panels.append(
                Panel(
                    title: "By \(parameter.name)",
                    x: Axis(parameter.name, parameter.isLogarithmic ? .logarithmic : .linear), y: Axis(objective),
                    marks: marks(trials, isNamed: false) {
                        $0.values.indices.contains(index) ? $0.values[index] : .nan
                    },
                    whenEmpty: empty))
        }
        return panels
    }

    private static func marks(
        _ trials: [TrialPoint], isNamed: Bool, _ x: (TrialPoint) -> Double
    ) -> [Mark] {
        let kinds: [(TrialPoint.State, String, PointShape, Ink)] = [
            (.infeasible, "broke a constraint", .cross, .loss), (.pruned, "given up early", .ring, .muted),
            (.complete, "ran to its end", .disc, .series(0)),
        ]
        return kinds.compactMap { state, name, shape, ink in
            let points = trials.filter { $0.state == state }.compactMap { trial in
                trial.objective.map { PlotPoint(x(trial), $0) }
            }
            return points.isEmpty
                ? nil : .points(points, shape, ink, name: isNamed ? "\(name) (\(points.count))" : nil)
        }
    }

    /// A window of a walk-forward.
    public struct Window: Sendable {
        /// When training began and ended.
        public var train: ClosedRange<Timestamp>
        /// When the test began and ended.
        public var test: ClosedRange<Timestamp>
        /// What the best parameters brought in training.
        public var inside: Double?
        /// What they brought in the test; `nil` when nothing was traded.
        public var outside: Double?

        /// A window of its parts.
        public init(train: ClosedRange<Timestamp>, test: ClosedRange<Timestamp>, inside: Double?, outside: Double?) {
            self.train = train
            self.test = test
            self.inside = inside
            self.outside = outside
        }
    }

    /// The windows as bars below each other, what each brought a day in and out of sample, and the equity of the test
    /// windows one behind the other.
    public static func walkForward(_ windows: [Window], equity: [(time: Timestamp, value: Double)]) -> [Panel] {
        func seconds(_ time: Timestamp) -> Double { Double(time.nanoseconds) / 1e9 }
        func range(_ span: ClosedRange<Timestamp>) -> ClosedRange<Double> {
            seconds(span.lowerBound)...seconds(span.upperBound)
        }
        func bars(_ span: (Window) -> ClosedRange<Timestamp>, _ ink: Ink) -> [PlotBar] {
            windows.enumerated().map { index, window in
                PlotBar(x: range(span(window)), y: (Double(index) - 0.36)...(Double(index) + 0.36), ink: ink)
            }
        }
        func daily(_ value: Double?, _ span: ClosedRange<Timestamp>) -> Double? {
            let days = (seconds(span.upperBound) - seconds(span.lowerBound)) / 86_400
            return value.flatMap { days > 0 ? $0 / days : nil }
        }
        func rates(_ rate: (Window) -> Double?, _ place: ClosedRange<Double>, _ ink: Ink) -> [PlotBar] {
            windows.compactMap { window in
                guard let value = rate(window) else { return nil }
                let test = range(window.test)
                let span = test.upperBound - test.lowerBound
                return PlotBar(
                    x: (test.lowerBound + span * place.lowerBound)...(test.lowerBound + span * place.upperBound),
                    y: min(value, 0)...max(value, 0), ink: ink)
            }
        }
        let names = windows.indices.map { "\($0 + 1)" }
        return [
            Panel(
                title: "Windows", share: 1, x: Axis("", .time), y: Axis("window", .names(names)),
                marks: [
                    .bars(bars(\.train, .muted), name: "training", .muted),
                    .bars(bars(\.test, .series(0)), name: "test", .series(0)),
                ], whenEmpty: "no window was finished"),
            Panel(
                title: "Return a day", share: 1, x: Axis("", .time), y: Axis("", unit: .percent, including: [0]),
                marks: [
                    .bars(
                        rates({ daily($0.inside, $0.train) }, 0.08...0.48, .muted), name: "in training (best trial)",
                        .muted),
                    .bars(
                        rates({ daily($0.outside, $0.test) }, 0.52...0.92, .series(0)), name: "in the test window",
                        .series(0)),
                ], whenEmpty: "no window was traded"),
            Panel(
                title: "Equity of the test windows", share: 1.5, x: Axis("", .time), y: Axis(),
                marks: [.line(equity.map { PlotPoint(seconds($0.time), $0.value) }, .series(0), name: nil)],
                whenEmpty: "no window was traded"),
        ]
    }

    /// What runs over the same candles made of the same cash, as shares of it, and how far each was below its peak.
    public static func comparison(
        _ runs: [(name: String, isBenchmark: Bool, curve: [(time: Timestamp, value: Double)])]
    )
        -> [Panel]
    {
        var number = 0
        var lines: [Mark] = []
        var falls: [Mark] = []
        for run in runs {
            guard let first = run.curve.first?.value, first > 0 else { continue }
            let ink: Ink = run.isBenchmark ? .muted : .series(number)
            if !run.isBenchmark { number += 1 }
            var peak = first
            var returns: [PlotPoint] = []
            var depths: [PlotPoint] = []
            for point in run.curve {
                let x = Double(point.time.nanoseconds) / 1e9
                peak = max(peak, point.value)
                returns.append(PlotPoint(x, point.value / first - 1))
                depths.append(PlotPoint(x, point.value / peak - 1))
            }
            lines.append(.line(returns, ink, name: run.name, isDashed: number > 8))
            falls.append(.line(depths, ink, name: nil, isThin: true))
        }
        return [
            Panel(
                title: "Return", share: 2.2, x: Axis("", .time), y: Axis("", unit: .percent, including: [0]),
                marks: lines),
            Panel(
                title: "Below the peak", x: Axis("", .time), y: Axis("", unit: .percent, including: [0]), marks: falls),
        ]
    }
}
