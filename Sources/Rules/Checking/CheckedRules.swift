import Trading

/// Rules that have been read and found right: their expressions as trees.
struct CheckedRules: Sendable {
    /// A named expression.
    struct Definition: Sendable {
        var name: String
        var tree: Tree
        var isCondition: Bool
        /// Whether it is a price that can be had in whole price units.
        var hasUnits: Bool
    }

    let text: RuleText
    /// The parameters by the names that expressions use.
    let parameters: [String]
    private(set) var requirements: [Tree] = []
    private(set) var definitions: [Definition] = []
    private(set) var sections: [(RuleText.Section, Tree)] = []

    /// Reads and checks.
    ///
    /// - Throws: `RuleErrors` with everything that is wrong.
    init(_ text: RuleText) throws(RuleErrors) {
        self.text = text
        parameters = text.parameters.map { CheckedRules.word($0.name) }
        var problems = CheckedRules.problems(ofWhole: text)
        var scope = Checker.Scope(timeframe: text.timeframe)
        for (index, descriptor) in text.parameters.enumerated() {
            let name = parameters[index]
            if let problem = CheckedRules.problem(ofName: name, taken: scope) {
                problems.append(RuleProblem(.parameter(index), problem))
            }
            do { try descriptor.check(descriptor.defaultValue) } catch {
                problems.append(RuleProblem(.parameter(index), "the default does not fit: \(error.problem)"))
            }
            scope.parameters.append((name, descriptor))
        }
        for (index, requirement) in text.requirements.enumerated() {
            var narrow = scope
            narrow.isAboutParameters = true
            let tree = CheckedRules.read(requirement, .requirement(index), narrow, isCondition: true, &problems)?.tree
            if let tree { requirements.append(tree) }
        }
        for (index, part) in text.definitions.enumerated() {
            if let problem = CheckedRules.problem(ofName: part.label, taken: scope) {
                problems.append(RuleProblem(.definition(index), problem))
                continue
            }
            guard
                let read = CheckedRules.read(part.text, .definition(index), scope, isCondition: nil, &problems)
            else {
                scope.definitions.append((part.label, .wrong))
                continue
            }
            scope.definitions.append((part.label, read.type))
            if read.checker.isOfNow { scope.ofNow.append(part.label) }
            if read.checker.usesLonger { scope.longer.append(part.label) }
            definitions.append(
                Definition(
                    name: part.label, tree: read.tree, isCondition: read.type.kind == .condition, hasUnits: false))
            let last = definitions.count - 1
            definitions[last].hasUnits = hasUnits(read.tree.root, read.tree)
        }
        for part in text.sections {
            let read = CheckedRules.read(
                part.text, .section(part.label), scope, isCondition: part.label.isCondition, &problems)
            if let read { sections.append((part.label, read.tree)) }
        }
        guard problems.isEmpty else { throw RuleErrors(problems: problems) }
    }

    private static func read(
        _ text: String, _ place: RulePlace, _ scope: Checker.Scope, isCondition: Bool?, _ problems: inout [RuleProblem]
    ) -> (tree: Tree, type: RuleType, checker: Checker)? {
        do throws(TextProblem) {
            let tree = try Parser.tree(of: text)
            var checker = Checker(tree, scope)
            let type = checker.check(isCondition: isCondition)
            problems += checker.problems.map { RuleProblem(place, $0.range, $0.message) }
            return checker.problems.isEmpty ? (tree, type, checker) : nil
        } catch {
            problems.append(RuleProblem(place, error.range, error.message))
            return nil
        }
    }

    // MARK: Names and the whole

    /// The name of a parameter as expressions use it.
    static func word(_ name: String) -> String { String(name.map { $0 == "-" ? "_" : $0 }) }

    private static func problem(ofName name: String, taken scope: Checker.Scope) -> String? {
        let isWord =
            name.utf8.first.map { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 == 0x5F } == true
            && name.utf8.count <= 40 && Lexer.tokens(of: name).count == 2
        guard isWord else { return "'\(name)' is no name; expected letters, digits and '_', 40 at most" }
        let isKnown =
            Token.words.contains(name) || Function.named(name) != nil
            || Function.names.contains { $0.name == name }
        if isKnown { return "'\(name)' is a word of the language; choose another name" }
        if scope.parameters.contains(where: { $0.name == name })
            || scope.definitions.contains(where: { $0.name == name })
        {
            return "there is a '\(name)' already"
        }
        return nil
    }

    private static func problems(ofWhole text: RuleText) -> [RuleProblem] {
        var problems: [RuleProblem] = []
        func isSign(_ byte: UInt8) -> Bool {
            (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x5F
        }
        if text.name.isEmpty || text.name.utf8.count > 40 || !text.name.utf8.allSatisfy(isSign) {
            problems.append(
                RuleProblem(.whole, "'\(text.name.prefix(60))' is no name; expected letters, digits and dashes"))
        }
        let kinds = text.sections.map(\.label)
        if !kinds.contains(.entry) && !kinds.contains(.short) {
            problems.append(
                RuleProblem(.whole, "there is neither an 'entry' nor a 'short'; the strategy would never trade"))
        }
        for section in RuleText.Section.allCases where kinds.filter({ $0 == section }).count > 1 {
            problems.append(RuleProblem(.section(section), "there is more than one '\(section.rawValue)'"))
        }
        if text.parameters.count > 50 { problems.append(RuleProblem(.whole, "there are more than 50 parameters")) }
        if text.definitions.count > 200 { problems.append(RuleProblem(.whole, "there are more than 200 definitions")) }
        if text.className.utf8.count > RuleText.longest {
            problems.append(RuleProblem(.whole, "the rules are longer than \(RuleText.longest) letters in all"))
        }
        return problems
    }

    // MARK: What lowering asks

    /// Whether a part of an expression is a condition.
    func isCondition(_ node: Int, _ tree: Tree) -> Bool {
        switch tree.nodes[node].kind {
        case .truth, .not: return true
        case .number, .minus, .member: return false
        case .name(let name):
            if let definition = definitions.first(where: { $0.name == name }) { return definition.isCondition }
            return parameters.firstIndex(of: name).map { text.parameters[$0].isSwitch } ?? false
        case .binary(let sign, _, _): return ![.add, .subtract, .multiply, .divide, .remainder].contains(sign)
        case .call(let name, _): return Function.named(name)?.result == .condition
        case .ago(let a, _), .timeframe(let a, _): return isCondition(a, tree)
        }
    }

    /// Whether a part of an expression is a price that can be had in whole price units: a price of the candle, or what sums,
    /// averages and extremes make of such. The number 0 is one too.
    func hasUnits(_ node: Int, _ tree: Tree) -> Bool {
        switch tree.nodes[node].kind {
        case .number(let value): return value == 0
        case .truth, .not: return false
        case .name(let name):
            if let definition = definitions.first(where: { $0.name == name }) { return definition.hasUnits }
            return !parameters.contains(name) && ["open", "high", "low", "close"].contains(name)
        case .minus(let a), .ago(let a, _), .timeframe(let a, _), .member(let a, _): return hasUnits(a, tree)
        case .binary(let sign, let a, let b):
            return (sign == .add || sign == .subtract) && hasUnits(a, tree) && hasUnits(b, tree)
        case .call("when", let arguments): return arguments.dropFirst().allSatisfy { hasUnits($0, tree) }
        case .call(let name, let arguments):
            guard let function = Function.named(name), function.operation.keepsUnits else { return false }
            if function.isOfClose && arguments.count < function.arguments.count { return true }
            return zip(function.arguments, arguments).allSatisfy { $0 != .number || hasUnits($1, tree) }
        }
    }
}
