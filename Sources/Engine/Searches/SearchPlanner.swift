import Backtesting
import Market
import Optimization
import Strategies
import Studies
public import Trading

extension SearchRequest {
    /// Everything that is wrong with it for a strategy with these parameters: the field (`param.fast`, `objective`,
    /// `train`) and a sentence. O(combinations written out).
    public func problems(_ descriptors: [ParameterDescriptor]) -> [(field: String, text: String)] {
        var problems: [(field: String, text: String)] = []
        let search = text(descriptors)
        for problem in search.problems {
            // `--param fast: what is wrong`
            let parts = problem.drop { $0 != " " }.dropFirst().split(separator: ":", maxSplits: 1)
            problems.append(
                parts.count == 2
                    ? ("param.\(parts[0])", String(parts[1].drop { $0 == " " })) : ("", problem))
        }
        if search.problems.isEmpty, search.space.dimensions.isEmpty {
            problems.append(("", "nothing varies; write a range as 5..50/5 or a list as 20,50,100 for a parameter"))
        } else if isGrid, search.problems.isEmpty, search.space.count == nil {
            problems.append(("", "a grid needs a step in every range, as 1..3/0.5"))
        }
        do throws(FormulaError) { _ = try SearchWords.objective(objective) } catch {
            problems.append(("objective", "\(error)"))
        }
        for constraint in constraints {
            do throws(FormulaError) { _ = try SearchWords.condition(constraint) } catch {
                problems.append(("constraints", "\(error)"))
            }
        }
        if kind != .sweep {
            if Sampler(rawValue: sampler) == nil {
                problems.append(("sampler", "'\(sampler)' is none of tpe, random, grid"))
            }
            if !(1...SearchRequest.mostTrials).contains(trials) {
                problems.append(("trials", "expected a whole number from 1 to \(SearchRequest.mostTrials)"))
            }
            if !(1...1_024).contains(batch) { problems.append(("batch", "expected a whole number from 1 to 1024")) }
        } else if search.problems.isEmpty, let count = search.space.count, count > SearchRequest.mostTrials {
            problems.append(
                (
                    "",
                    "\(count) combinations are more than the screen takes (\(SearchRequest.mostTrials)); "
                        + "wick backtest sweep tries as many as you like"
                ))
        }
        if kind == .walkForward { problems += windowProblems }
        return problems
    }

    private var windowProblems: [(field: String, text: String)] {
        var problems: [(field: String, text: String)] = []
        for (field, text, isNeeded) in [
            ("train", train, true), ("test", test, true), ("purge", purge, false), ("embargo", embargo, false),
        ] where (isNeeded || !text.isEmpty) && SearchWords.seconds(text) == nil {
            problems.append((field, "'\(text)' is no length of time; expected one such as 12h, 30d or 26w"))
        }
        if let train = SearchWords.seconds(train), let purge = SearchWords.seconds(purge), purge >= train {
            problems.append(("purge", "\(self.purge) leaves nothing of the training window"))
        }
        return problems
    }

    /// Whether every combination is tried in order.
    private var isGrid: Bool { kind == .sweep || sampler == Sampler.grid.rawValue }

    fileprivate func text(_ descriptors: [ParameterDescriptor]) -> SearchText {
        SearchText(
            run.parameters.sorted { $0.key < $1.key }.map { (name: $0.key, text: $0.value) }, of: descriptors,
            searchesAll: kind != .sweep)
    }
}

/// A search that can be run.
struct PlannedSearch: Sendable {
    let plan: StudyPlan
    let text: BacktestText
    /// The windows of a walk-forward; none elsewhere.
    let windows: [WalkForwardPlan.Window]
    /// What its results depend on besides, as the command line writes it too.
    let definition: [(String, String)]

    /// How many trials there are in all.
    var total: Int { plan.count * max(windows.count, 1) }

    /// Plans a request over its candles.
    ///
    /// - Throws: `SearchProblem` with everything that is wrong.
    init(_ request: SearchRequest, over candles: RunCandles, _ catalog: StrategyCatalog) throws(SearchProblem) {
        let series = candles.series
        guard let strategyClass = catalog.strategyClass(named: request.run.className) else {
            throw SearchProblem("there is no strategy class '\(request.run.classTitle)'")
        }
        let descriptors = strategyClass.descriptor.parameters
        let problems = request.problems(descriptors)
        guard problems.isEmpty else {
            throw SearchProblem(
                problems.map { $0.field.isEmpty ? $0.text : "\($0.field): \($0.text)" }.joined(separator: "; "))
        }
        var text = BacktestText(strategy: request.run.className)
        text.cash = request.run.cash
        text.feeBasisPoints = request.run.feeBasisPoints
        text.slippageBasisPoints = request.run.slippageBasisPoints
        text.sizing = request.run.sizing
        let search = request.text(descriptors)
        do {
            let configuration = try text.configuration(over: candles, catalog: catalog)
            let wrong = configuration.problems(for: series)
            guard wrong.isEmpty else { throw SearchProblem(wrong.joined(separator: "; ")) }
            let isSweep = request.kind == .sweep
            let count = isSweep ? search.space.count ?? 0 : request.trials
            plan = StudyPlan(
                configuration: configuration, fixed: search.fixed, space: search.space,
                sampler: isSweep ? .grid : Sampler(rawValue: request.sampler) ?? .tpe,
                seed: isSweep ? 0 : request.seed, count: min(count, search.space.count ?? count),
                batch: isSweep ? 1 : request.batch, isPruning: !isSweep && request.isPruning,
                objective: try SearchWords.objective(request.objective),
                constraints: try request.constraints.map { try SearchWords.condition($0) })
        } catch let problem as SearchProblem {
            throw problem
        } catch {
            throw SearchProblem(String(describing: error))
        }
        self.text = text
        guard request.kind == .walkForward, let train = SearchWords.seconds(request.train),
            let test = SearchWords.seconds(request.test)
        else {
            windows = []
            definition = []
            return
        }
        let cut = WalkForwardPlan(
            train: train, test: test, isAnchored: request.isAnchored,
            purge: SearchWords.seconds(request.purge) ?? 0, embargo: SearchWords.seconds(request.embargo) ?? 0)
        windows = cut.windows(of: series)
        definition = [
            ("train", request.train), ("test", request.test), ("anchored", request.isAnchored ? "on" : "off"),
            ("purge", request.purge), ("embargo", request.embargo), ("trials", "\(request.trials)"),
        ]
        guard !windows.isEmpty else {
            throw SearchProblem(
                "there is no whole window in these candles: shorten the training (\(request.train)) or the test "
                    + "(\(request.test)), or take more candles")
        }
        guard total <= SearchRequest.mostTrials else {
            throw SearchProblem(
                "\(windows.count) windows of \(plan.count) trials are more than the screen takes "
                    + "(\(SearchRequest.mostTrials)); fewer trials, longer windows, or wick backtest walk-forward")
        }
    }
}

/// Why a search can't be run.
struct SearchProblem: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension SearchRequest {
    /// How many trials it has, each window's of a walk-forward; `nil` where its ranges are wrong.
    public func count(_ descriptors: [ParameterDescriptor]) -> Int? {
        let search = text(descriptors)
        guard search.problems.isEmpty, !search.space.dimensions.isEmpty else { return nil }
        return kind == .sweep ? search.space.count : min(trials, search.space.count ?? trials)
    }
}
