import Engine
import Market
import Trading

/// Asks for everything a search needs: ranges of parameters, what is to be great, how it is searched, and the run that is
/// varied; all of it checked as it is typed.
struct SearchForm: FormModel {
    private let run: BacktestForm
    private let start: SearchRequest

    private static let kinds: [(name: String, kind: SearchRequest.Kind)] = [
        ("optimize", .optimize), ("sweep", .sweep), ("walk-forward", .walkForward),
    ]

    /// The form over what the catalogue has, beginning with an earlier search or run.
    init(_ catalog: Catalog, start: SearchRequest) {
        run = BacktestForm(catalog, start: start.run)
        self.start = start
    }

    var title: String { "New search" }
    var submitLabel: String { "Search" }

    var fields: [FormField] {
        let classes = run.classes
        var fields = [
            FormField(
                "kind", "Search", .choice(Self.kinds.map(\.name)), value: start.kind.rawValue,
                help: "sweep: every combination; optimize: a sampler chooses; walk-forward: on unseen candles"),
            FormField(
                "class", "Strategy", .choice(classes.map(BacktestForm.title)), value: start.run.classTitle,
                help: "\u{2190} and \u{2192} choose"),
        ]
        for strategy in classes {
            for descriptor in strategy.parameters {
                let written = strategy.name == start.run.className ? start.run.parameters[descriptor.name] : nil
                fields.append(
                    FormField(
                        Self.name(strategy, descriptor), descriptor.name, .text,
                        value: written ?? descriptor.text(descriptor.defaultValue),
                        help: "a value, a list 20,50 or a range 5..50/5; \(descriptor.hint)"))
            }
        }
        fields += [
            FormField(
                "objective", "Objective", .text, value: start.objective,
                help: "what is to be great: sharpe, total_return, calmar or an expression over figures"),
            FormField(
                "constraints", "Constraints", .text, value: start.constraints.joined(separator: "; "),
                help: "what must hold: trade_count >= 30; max_drawdown < 0.2"),
            FormField(
                "sampler", "Sampler", .choice(["tpe", "random", "grid"]), value: start.sampler,
                help: "tpe learns from the trials before"),
            FormField(
                "trials", "Trials", .number, value: "\(start.trials)",
                help: "in all; of a walk-forward in each window"),
            FormField("seed", "Seed", .number, value: "\(start.seed)", help: "the same seed tries the same"),
            FormField(
                "prune", "Give up early", .toggle, value: start.isPruning ? "on" : "off",
                help: "gives up trials that do worse than half of the others"),
            FormField(
                "train", "Training", .text, value: start.train.isEmpty ? "90d" : start.train,
                help: "how long each search looks back: 90d, 26w"),
            FormField(
                "test", "Test", .text, value: start.test.isEmpty ? "30d" : start.test,
                help: "how long its parameters are used: 30d"),
            FormField(
                "anchored", "Anchored", .toggle, value: start.isAnchored ? "on" : "off",
                help: "every training begins at the first candle"),
            FormField(
                "purge", "Purge", .text, value: start.purge,
                help: "left out at the end of training: the longest trade, 2d; empty for nothing"),
            FormField(
                "embargo", "Embargo", .text, value: start.embargo,
                help: "left out between training and test; empty for nothing"),
            FormField(
                "workers", "Threads", .number, value: start.workers.map { "\($0)" } ?? "",
                help: "empty: one processor less than there is, at low priority"),
        ]
        return fields + run.runFields(start.run)
    }

    private static func name(_ strategy: StrategyDescriptor, _ descriptor: ParameterDescriptor) -> String {
        "\(BacktestForm.title(strategy)).\(descriptor.name)"
    }

    func review(_ values: FormValues, _ snapshot: Snapshot) -> FormReview {
        var review = FormReview()
        let className = values["class"]
        for strategy in run.classes where BacktestForm.title(strategy) != className {
            for descriptor in strategy.parameters { review.hidden.insert(Self.name(strategy, descriptor)) }
        }
        guard let strategy = run.classes.first(where: { BacktestForm.title($0) == className }) else {
            review.problems.append(("class", "there is no strategy class '\(className)'"))
            return review
        }
        let kind = Self.kinds.first { $0.name == values["kind"] }?.kind ?? .optimize
        if kind == .sweep { review.hidden.formUnion(["sampler", "trials", "seed", "prune"]) }
        if kind != .walkForward { review.hidden.formUnion(["train", "test", "anchored", "purge", "embargo"]) }
        if kind != .sweep, Int(values["trials"]) == nil {
            review.problems.append(("trials", "'\(values["trials"])' is no whole number"))
        }
        if kind != .sweep, UInt64(values["seed"]) == nil {
            review.problems.append(("seed", "'\(values["seed"])' is no whole number from 0 on"))
        }
        if !values["workers"].isEmpty, Int(values["workers"]).map({ $0 < 1 }) ?? true {
            review.problems.append(("workers", "expected a whole number from 1 on, or nothing"))
        }
        run.checkSeries(values, &review)
        run.checkMoney(values, &review)
        let request = request(values, strategy, kind)
        for problem in request.problems(strategy.parameters) {
            // What was said of a number that can't be read is enough.
            if problem.field == "trials", Int(values["trials"]) == nil { continue }
            let name =
                problem.field.hasPrefix("param.")
                ? "\(className).\(problem.field.dropFirst("param.".count))" : problem.field
            review.problems.append((name, problem.text))
        }
        if request.ranges.isEmpty, review.isAcceptable {
            review.problems.append(("", "nothing varies: write a range 5..50/5 or a list 20,50"))
        }
        review.preview.insert(.init("", strategy.summary), at: 0)
        if review.isAcceptable, let count = request.count(strategy.parameters) {
            let each = kind == .walkForward ? " in each window" : ""
            review.preview.append(.init("Trials", "\(Words.grouped(String(count)))\(each)"))
        }
        return review
    }

    func submit(_ values: FormValues, _ snapshot: Snapshot) -> [Consequence] {
        guard let strategy = run.classes.first(where: { BacktestForm.title($0) == values["class"] }),
            Timeframe(values["timeframe"]) != nil
        else { return [.toast(.error, "The form could not be read any more")] }
        let kind = Self.kinds.first { $0.name == values["kind"] }?.kind ?? .optimize
        return [.request(.runSearch(request(values, strategy, kind))), .focus(.backtests)]
    }

    private func request(
        _ values: FormValues, _ strategy: StrategyDescriptor, _ kind: SearchRequest.Kind
    ) -> SearchRequest {
        var parameters: [String: String] = [:]
        for descriptor in strategy.parameters {
            // A default that is not written down is the same search as on the command line, where nobody writes it.
            let text = values[Self.name(strategy, descriptor)]
            if text != descriptor.text(descriptor.defaultValue) { parameters[descriptor.name] = text }
        }
        let run = BacktestForm.request(
            strategy.name, parameters, Timeframe(values["timeframe"]) ?? .oneMinute, values)
        var request = SearchRequest(kind, run)
        request.objective = values["objective"]
        request.constraints = values["constraints"].split(separator: ";").map { part in
            let start = part.drop { $0 == " " }
            return String(start.prefix(upTo: start.lastIndex { $0 != " " }.map(start.index(after:)) ?? start.endIndex))
        }.filter { !$0.isEmpty }
        request.sampler = values["sampler"]
        request.trials = Int(values["trials"]) ?? 0
        request.seed = UInt64(values["seed"]) ?? 0
        request.isPruning = values.isOn("prune")
        request.train = kind == .walkForward ? values["train"] : ""
        request.test = kind == .walkForward ? values["test"] : ""
        request.isAnchored = values.isOn("anchored")
        request.purge = values["purge"]
        request.embargo = values["embargo"]
        request.workers = Int(values["workers"])
        return request
    }
}
