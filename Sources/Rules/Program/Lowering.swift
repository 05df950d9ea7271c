import Trading

/// A value that can't be right for one choice of parameters: a window of no length, say.
struct ValueProblem: Error {
    var place: RulePlace
    var range: Range<Int>
    var message: String
    /// The parameters that the value comes from.
    var parameters: [String]
}

/// Makes the program of checked rules: parameters become numbers, what is fixed is worked out, what is said twice is done
/// once, what nothing asks for is left out.
struct Lowering {
    /// A number known now, or the place that will hold it.
    enum Value: Hashable {
        case fixed(Double)
        case place(Int)
    }

    /// Prices are compared in whole price units where both sides can be had so: what is equal is equal then.
    enum Form: Hashable {
        case plain
        case units
    }

    let rules: CheckedRules
    let values: [Double]
    var builder = ProgramBuilder()
    var definitions: [DefinitionKey: Value] = [:]
    var place = RulePlace.whole

    /// A definition as it is used.
    struct DefinitionKey: Hashable {
        var index: Int
        var form: Form
        var clock: Int
    }

    /// The program for these values of the parameters.
    ///
    /// - Throws: `ValueProblem` at the first value that is out of range.
    static func program(_ rules: CheckedRules, _ parameters: Parameters) throws(ValueProblem) -> Program {
        var lowering = Lowering(rules: rules, values: parameters.values)
        lowering.builder.base = rules.text.timeframe
        return try lowering.program()
    }

    private mutating func program() throws(ValueProblem) -> Program {
        for (index, tree) in rules.requirements.enumerated() {
            place = .requirement(index)
            guard case .fixed(let value) = try lower(tree.root, tree, .plain, 0), value == 0 else { continue }
            throw ValueProblem(
                place: place, range: 0..<tree.text.utf8.count, message: "it must hold that \(tree.text)",
                parameters: names(in: tree.root, tree))
        }
        var program = Program()
        for (section, tree) in rules.sections {
            place = .section(section)
            let value = try lower(tree.root, tree, .plain, 0)
            let result = builder.place(of: value)
            switch section {
            case .entry: program.entry = result
            case .exit: program.exit = result
            case .short: program.short = result
            case .cover: program.cover = result
            case .filter: program.filter = result
            case .stop: program.stop = result
            case .target: program.target = result
            case .trail: program.trail = result
            case .size: program.size = result
            }
            if let index = [.entry, .exit, .short, .cover].firstIndex(of: section) {
                program.explanations[index] = try explanations(tree)
            }
        }
        if !rules.sections.contains(where: { $0.0 == .cover }) {
            program.cover = program.exit
            program.explanations[3] = program.explanations[1]
        }
        try builder.finish(&program)
        return program
    }

    // MARK: Nodes

    mutating func lower(_ node: Int, _ tree: Tree, _ form: Form, _ clock: Int) throws(ValueProblem) -> Value {
        switch tree.nodes[node].kind {
        case .number(let value): return .fixed(value)
        case .truth(let holds): return .fixed(holds ? 1 : 0)
        case .name(let name): return try lower(name: name, form, clock)
        case .minus(let a): return builder.apply(.negative, try lower(a, tree, form, clock), clock: clock)
        case .not(let a): return builder.apply(.not, try lower(a, tree, .plain, clock), clock: clock)
        case .binary(let sign, let a, let b): return try lower(sign, a, b, tree, form, clock)
        case .call(let name, let arguments):
            return try lower(call: name, arguments, line: nil, node, tree, form, clock)
        case .member(let call, let line):
            guard case .call(let name, let arguments) = tree.nodes[call].kind else { return .fixed(.nan) }
            return try lower(call: name, arguments, line: line, call, tree, form, clock)
        case .ago(let a, let count):
            let candles = try whole(count, tree, 0...Function.longestWindow, "how many candles ago", clock)
            let value = try lower(a, tree, form, clock)
            return builder.ago(value, candles, isCondition: rules.isCondition(a, tree), clock: clock)
        case .timeframe(let a, let name):
            return try lower(a, tree, form, builder.clock(named: name))
        }
    }

    private mutating func lower(name: String, _ form: Form, _ clock: Int) throws(ValueProblem) -> Value {
        if let index = rules.definitions.firstIndex(where: { $0.name == name }) {
            let key = DefinitionKey(index: index, form: form, clock: clock)
            if let known = definitions[key] { return known }
            let outer = place
            place = .definition(index)
            defer { place = outer }
            let tree = rules.definitions[index].tree
            let value = try lower(tree.root, tree, form, clock)
            definitions[key] = value
            return value
        }
        if let index = rules.parameters.firstIndex(of: name) { return .fixed(values[index]) }
        guard let known = Function.names.first(where: { $0.name == name }) else { return .fixed(.nan) }
        return builder.source(form == .units ? known.operation.inUnits : known.operation, clock: clock)
    }

    private mutating func lower(
        _ sign: Tree.Operator, _ a: Int, _ b: Int, _ tree: Tree, _ form: Form, _ clock: Int
    ) throws(ValueProblem) -> Value {
        let isComparison = ![.or, .and, .add, .subtract, .multiply, .divide, .remainder].contains(sign)
        let inner = isComparison ? common(a, b, tree) : form
        let left = try lower(a, tree, inner, clock)
        let right = try lower(b, tree, inner, clock)
        let operation: Operation
        switch sign {
        case .or: operation = .or
        case .and: operation = .and
        case .less, .greater: operation = .less
        case .lessOrEqual, .greaterOrEqual: operation = .lessOrEqual
        case .equal: operation = .equal
        case .unequal: operation = .unequal
        case .add: operation = .add
        case .subtract: operation = .subtract
        case .multiply: operation = .multiply
        case .divide: operation = .divide
        case .remainder: operation = .remainder
        }
        let isTurned = sign == .greater || sign == .greaterOrEqual
        return builder.apply(operation, isTurned ? right : left, isTurned ? left : right, clock: clock)
    }

    /// The form in which two values are compared.
    func common(_ a: Int, _ b: Int, _ tree: Tree) -> Form {
        rules.hasUnits(a, tree) && rules.hasUnits(b, tree) ? .units : .plain
    }

    // MARK: Fixed values

    /// A fixed number that must be whole and within bounds.
    mutating func whole(
        _ node: Int, _ tree: Tree, _ bounds: ClosedRange<Int>, _ what: String, _ clock: Int
    ) throws(ValueProblem) -> Int {
        let value = try fixed(node, tree, clock)
        if let whole = Int(exactly: value), bounds.contains(whole) { return whole }
        throw problem(
            node, tree,
            "\(what), '\(tree.text(of: node))', is \(value.plain); expected a whole number in "
                + "\(bounds.lowerBound)…\(bounds.upperBound)")
    }

    mutating func factor(
        _ node: Int, _ tree: Tree, _ bounds: ClosedRange<Double>, _ what: String, _ clock: Int
    ) throws(ValueProblem) -> Double {
        let value = try fixed(node, tree, clock)
        if bounds.contains(value) { return value }
        throw problem(
            node, tree,
            "\(what), '\(tree.text(of: node))', is \(value.plain); expected a number in "
                + "\(bounds.lowerBound.plain)…\(bounds.upperBound.plain)")
    }

    private mutating func fixed(_ node: Int, _ tree: Tree, _ clock: Int) throws(ValueProblem) -> Double {
        if case .fixed(let value) = try lower(node, tree, .plain, clock) { return value }
        return .nan
    }

    func problem(_ node: Int, _ tree: Tree, _ message: String) -> ValueProblem {
        ValueProblem(
            place: place, range: tree.nodes[node].range, message: message, parameters: names(in: node, tree))
    }

    /// The parameters that a part of an expression names itself.
    private func names(in node: Int, _ tree: Tree) -> [String] {
        let range = tree.nodes[node].range
        var found: [String] = []
        for inner in tree.nodes
        where range.contains(inner.range.lowerBound) && inner.range.upperBound <= range.upperBound {
            guard case .name(let name) = inner.kind, let index = rules.parameters.firstIndex(of: name) else { continue }
            let parameter = rules.text.parameters[index].name
            if !found.contains(parameter) { found.append(parameter) }
        }
        return found
    }
}

extension Operation {
    /// The same price in whole price units.
    var inUnits: Operation {
        switch self {
        case .open: return .openUnits
        case .high: return .highUnits
        case .low: return .lowUnits
        case .close: return .closeUnits
        default: return self
        }
    }
}
