import Trading

// Functions: what they take in which form, and what they become.
extension Lowering {
    mutating func lower(
        call name: String, _ arguments: [Int], line: String?, _ node: Int, _ tree: Tree, _ form: Form, _ clock: Int
    ) throws(ValueProblem) -> Value {
        guard let function = Function.named(name) else { return .fixed(.nan) }
        let isShort = arguments.count < function.arguments.count
        let nodes: [Int?] = (isShort ? [nil] : []) + arguments
        switch function.operation {
        case .crossAbove, .crossBelow:
            let inner = common(arguments[0], arguments[1], tree)
            let a = try lower(arguments[0], tree, inner, clock)
            let b = try lower(arguments[1], tree, inner, clock)
            return builder.cross(a, b, isAbove: function.operation == .crossAbove, clock: clock)
        case .barsSince:
            return builder.barsSince(try lower(arguments[0], tree, .plain, clock), clock: clock)
        case let operation where operation.isIndicator || operation == .adx:
            return try lower(indicator: function, nodes, line, node, tree, form, clock)
        case .when:
            let condition = try lower(arguments[0], tree, .plain, clock)
            let a = try lower(arguments[1], tree, form, clock)
            return builder.apply(.when, condition, a, try lower(arguments[2], tree, form, clock), clock: clock)
        case let operation:
            let keepsUnits = operation.keepsUnits
            let a = try lower(arguments[0], tree, keepsUnits ? form : .plain, clock)
            guard arguments.count > 1 else { return builder.apply(operation, a, clock: clock) }
            return builder.apply(operation, a, try lower(arguments[1], tree, form, clock), clock: clock)
        }
    }

    private mutating func lower(
        indicator function: Function, _ nodes: [Int?], _ line: String?, _ node: Int, _ tree: Tree, _ form: Form,
        _ clock: Int
    ) throws(ValueProblem) -> Value {
        var input = Value.fixed(0)
        var numbers: [Double] = []
        // An average of prices is worked out in whole units, and turned into a price where one is wanted.
        let takesUnits = function.operation.takesUnits && (nodes.first ?? nil).map { rules.hasUnits($0, tree) } != false
        for (index, argument) in function.arguments.enumerated() {
            let what = "the \(function.words[index]) of \(function.name)"
            switch (argument, nodes[index]) {
            case (.window(let least), let node?):
                numbers.append(Double(try whole(node, tree, least...Function.longestWindow, what, clock)))
            case (.factor(let bounds), let node?):
                numbers.append(try factor(node, tree, bounds, what, clock))
            case (_, let node?):
                input = try lower(node, tree, takesUnits ? .units : .plain, clock)
            case (_, nil):
                input = builder.source(takesUnits ? .closeUnits : .close, clock: clock)
            }
        }
        if function.operation == .macd, numbers[0] >= numbers[1] {
            throw problem(
                node, tree,
                "the fast window of macd, \(Int(numbers[0])), must be below the slow one, \(Int(numbers[1]))")
        }
        let place = builder.indicator(function.operation, input, numbers, clock: clock)
        let offset = line.flatMap { function.lines.firstIndex(of: $0) } ?? 0
        guard function.operation.keepsUnits, takesUnits, form == .plain else { return .place(place + offset) }
        return builder.apply(.price, .place(place + offset), clock: clock)
    }

    /// The values of a rule that explain why it fired: what it compares, under the words it is written in.
    mutating func explanations(_ tree: Tree) throws(ValueProblem) -> [Program.Explanation] {
        var nodes: [(node: Int, form: Form)] = []
        collect(tree.root, tree, &nodes)
        var explanations: [Program.Explanation] = []
        for (node, form) in nodes {
            let name = tree.text(of: node)
            guard explanations.count < 8, !explanations.contains(where: { $0.name == name }),
                case .place(let place) = try lower(node, tree, form, 0)
            else { continue }
            explanations.append(Program.Explanation(name: name, place: place, isInUnits: form == .units))
        }
        return explanations
    }

    /// The operands of the comparisons of a condition, in the form in which they are compared.
    private func collect(_ node: Int, _ tree: Tree, _ nodes: inout [(node: Int, form: Form)]) {
        func note(_ a: Int, _ b: Int) {
            let form = common(a, b, tree)
            nodes += [(a, form), (b, form)]
        }
        switch tree.nodes[node].kind {
        case .not(let a): collect(a, tree, &nodes)
        case .binary(.and, let a, let b), .binary(.or, let a, let b):
            collect(a, tree, &nodes)
            collect(b, tree, &nodes)
        case .binary(_, let a, let b): note(a, b)
        case .call("crosses_above", let arguments), .call("crosses_below", let arguments):
            note(arguments[0], arguments[1])
        default: break
        }
    }
}

extension Operation {
    /// Whether it gives prices of prices, so that whole units in are whole units out.
    var keepsUnits: Bool {
        switch self {
        case .sma, .wma, .stdev, .highest, .lowest, .bollinger, .absolute, .minimum, .maximum: return true
        default: return false
        }
    }

    /// Whether whole units do as input: it keeps them, or has no unit at all.
    var takesUnits: Bool {
        switch self {
        case .sma, .wma, .stdev, .highest, .lowest, .bollinger, .rsi, .zscore, .roc: return true
        default: return false
        }
    }
}
