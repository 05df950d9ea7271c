public import Market
public import Trading

/// A strategy class made of rules: read, checked, and ready to be made into strategies.
public struct RuleClass: Sendable {
    private let rules: CheckedRules
    private let program: Program

    /// The text it was made of.
    public var text: RuleText { rules.text }

    /// Reads and checks rules.
    ///
    /// - Throws: `RuleErrors` with everything that is wrong, with the parameters at their defaults.
    public init(_ text: RuleText) throws(RuleErrors) {
        rules = try CheckedRules(text)
        do throws(ValueProblem) {
            program = try Lowering.program(rules, Parameters(text.parameters))
        } catch {
            throw RuleErrors(problems: [RuleProblem(error.place, error.range, error.message)])
        }
    }

    /// The class that a class name is the text of; `nil` where it is none, or none that is right. A pure function.
    @Sendable public static func strategyClass(named name: String) -> StrategyClass? {
        guard let text = RuleText(className: name), let rules = try? RuleClass(text) else { return nil }
        return rules.strategyClass
    }

    /// The class as the catalogue keeps it. Its name is its text.
    public var strategyClass: StrategyClass {
        let rules = self.rules
        return StrategyClass(
            StrategyDescriptor(
                name: text.className, summary: text.summary, parameters: text.parameters, overlays: overlays),
            timeframe: neededTimeframe
        ) { (parameters: Parameters) throws(ParameterErrors) -> any Strategy in
            do throws(ValueProblem) {
                return RuleStrategy(try Lowering.program(rules, parameters))
            } catch {
                let name = error.parameters.first ?? rules.text.name
                throw ParameterErrors(problems: [ParameterError(parameter: name, problem: error.message)])
            }
        }
    }

    // MARK: What it comes to

    /// Candles it must see before its first signal, with the parameters at their defaults.
    public var warmUp: Int { program.warmUp }

    /// How many steps it takes at a candle, with the parameters at their defaults.
    public var stepCount: Int { program.parts.reduce(0) { $0 + $1.steps.count } }

    /// The indicators it keeps, with the parameters at their defaults: `sma(10)`, each once.
    public var indicators: [String] {
        program.parts.flatMap { part in
            part.steps.filter { $0.operation.isIndicator }.map { step in
                let form = program.indicators.filter { $0.operation == step.operation }[Int(step.index)]
                let numbers = form.numbers.map { $0.plain }
                return "\(step.operation)(\(numbers.joined(separator: ", ")))"
                    + (part.timeframe.map { "@\($0)" } ?? "")
            }
        }
    }

    /// The candles it must see, because it looks at longer ones beside them; `nil` where any will do.
    public var neededTimeframe: Timeframe? { program.timeframe }

    /// The chart overlays of indicators of the close that parameters alone feed.
    private var overlays: [OverlayDescriptor] {
        let trees = rules.definitions.map(\.tree) + rules.sections.map(\.1)
        var found: [OverlayDescriptor] = []
        for tree in trees {
            for node in tree.nodes {
                guard case .call(let name, let arguments) = node.kind, let function = Function.named(name),
                    let overlay = overlay(of: function, arguments, tree), !found.contains(overlay)
                else { continue }
                found.append(overlay)
            }
        }
        return found
    }

    private func overlay(of function: Function, _ arguments: [Int], _ tree: Tree) -> OverlayDescriptor? {
        guard RuleClass.drawn.contains(function.name) else { return nil }
        var names: [String] = []
        for (place, node) in arguments.enumerated() {
            guard case .name(let name) = tree.nodes[node].kind else { return nil }
            if place == 0, name == "close", arguments.count == function.arguments.count, function.isOfClose { continue }
            guard let index = rules.parameters.firstIndex(of: name) else { return nil }
            names.append(rules.text.parameters[index].name)
        }
        return OverlayDescriptor(function.name, names)
    }

    /// Functions that are indicators of the chart by the same name and parameters.
    private static let drawn = ["sma", "ema", "wma", "rsi", "bollinger", "macd", "supertrend", "atr"]
}
