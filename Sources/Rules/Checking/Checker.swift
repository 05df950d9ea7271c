import Market
import Trading

/// Finds the type of every part of an expression, and everything that is wrong with it: what is wrong in one place is
/// taken for right elsewhere, so that it is said once.
struct Checker {
    /// What names mean beside those of the language.
    struct Scope {
        /// Parameters by the names that expressions use.
        var parameters: [(name: String, descriptor: ParameterDescriptor)] = []
        /// Named expressions so far.
        var definitions: [(name: String, type: RuleType)] = []
        /// The candles the strategy is for.
        var timeframe: Timeframe?
        /// Whether the text is about parameters alone.
        var isAboutParameters = false
        /// Names of definitions that look at the position or the clock, by themselves or through others.
        var ofNow: [String] = []
        /// Names of definitions that look at a longer timeframe.
        var longer: [String] = []
    }

    let tree: Tree
    let scope: Scope
    private(set) var problems: [TextProblem] = []
    /// Whether it looks at the position or the clock.
    private(set) var isOfNow = false
    /// Whether it looks at a longer timeframe.
    private(set) var usesLonger = false
    private var isLonger = false

    init(_ tree: Tree, _ scope: Scope) {
        self.tree = tree
        self.scope = scope
    }

    /// The type of the expression; `expected` is what its place asks for, where it asks for anything.
    mutating func check(isCondition: Bool?) -> RuleType {
        let type = type(of: tree.root)
        switch (isCondition, type.kind) {
        case (_, .wrong): break
        case (nil, .lines), (false?, .lines), (true?, .lines): single(tree.root, type)
        case (true?, .number):
            complain(tree.root, "a condition was expected here, not a number; compare it with something")
        case (false?, .condition): complain(tree.root, "a number was expected here, not a condition")
        default: break
        }
        return type
    }

    private mutating func complain(_ node: Int, _ message: String) {
        problems.append(TextProblem(range: tree.nodes[node].point, message: message))
    }

    // MARK: Types

    private mutating func type(of node: Int) -> RuleType {
        switch tree.nodes[node].kind {
        case .number: return RuleType(kind: .number, isFixed: true)
        case .truth: return RuleType(kind: .condition, isFixed: true)
        case .name(let name): return type(ofName: name, node)
        case .minus(let a): return RuleType(kind: .number, isFixed: number(a))
        case .not(let a): return RuleType(kind: .condition, isFixed: condition(a))
        case .binary(let sign, let a, let b): return type(ofBinary: sign, a, b)
        case .call(let name, let arguments): return type(ofCall: name, arguments, node)
        case .member(let a, let name): return type(ofMember: name, a, node)
        case .ago(let a, let count): return type(ofAgo: a, count)
        case .timeframe(let a, let name): return type(ofTimeframe: name, a, node)
        }
    }

    private mutating func type(ofName name: String, _ node: Int) -> RuleType {
        if let definition = scope.definitions.first(where: { $0.name == name }) {
            if scope.isAboutParameters && !definition.type.isFixed {
                complain(node, "'\(name)' changes from candle to candle; only parameters can be required here")
                return .wrong
            }
            if scope.ofNow.contains(name) { noteNow(name, node) }
            if scope.longer.contains(name) { noteLonger(node) }
            return definition.type
        }
        if let parameter = scope.parameters.first(where: { $0.name == name }) {
            return RuleType(kind: parameter.descriptor.isSwitch ? .condition : .number, isFixed: true)
        }
        if let known = Function.names.first(where: { $0.name == name }) {
            if scope.isAboutParameters {
                complain(node, "'\(name)' changes from candle to candle; only parameters can be required here")
                return .wrong
            }
            if Function.ofNow.contains(known.operation) { noteNow(name, node) }
            return RuleType(kind: .number, isFixed: false)
        }
        if let function = Function.named(name) {
            complain(node, "'\(name)' is a function: \(function.shape)")
            return .wrong
        }
        let hint = Nearest.match(name, in: names + Function.all.map(\.name)).map { "; did you mean '\($0)'?" }
        complain(node, "there is no '\(name)'\(hint ?? "; known names: \(names.joined(separator: ", "))")")
        return .wrong
    }

    private mutating func noteNow(_ name: String, _ node: Int) {
        isOfNow = true
        if isLonger { complain(node, "'\(name)' is of now; a longer timeframe can't say anything about it") }
    }

    private mutating func noteLonger(_ node: Int) {
        usesLonger = true
        if isLonger { complain(node, "a timeframe within a timeframe has no meaning") }
    }

    private var names: [String] {
        scope.parameters.map(\.name) + scope.definitions.map(\.name)
            + (scope.isAboutParameters ? [] : Function.names.map(\.name))
    }

    private mutating func type(ofBinary sign: Tree.Operator, _ a: Int, _ b: Int) -> RuleType {
        switch sign {
        case .or, .and:
            let (left, right) = (condition(a), condition(b))
            return RuleType(kind: .condition, isFixed: left && right)
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .unequal:
            let (left, right) = (number(a), number(b))
            return RuleType(kind: .condition, isFixed: left && right)
        case .add, .subtract, .multiply, .divide, .remainder:
            let (left, right) = (number(a), number(b))
            return RuleType(kind: .number, isFixed: left && right)
        }
    }

    private mutating func type(ofMember name: String, _ a: Int, _ node: Int) -> RuleType {
        let type = type(of: a)
        guard case .lines(let function) = type.kind else {
            if type.kind != .wrong { complain(node, "'.\(name)': there are no lines to choose from here") }
            return .wrong
        }
        guard function.lines.contains(name) else {
            complain(node, "\(function.name) has no '\(name)'; it has \(function.lines.joined(separator: ", "))")
            return .wrong
        }
        return RuleType(kind: .number, isFixed: false)
    }

    private mutating func type(ofAgo a: Int, _ count: Int) -> RuleType {
        let type = type(of: a)
        single(a, type)
        if !number(count) {
            complain(count, "how many candles ago must not change from candle to candle")
        }
        if case .lines = type.kind { return .wrong }
        return RuleType(kind: type.kind, isFixed: type.isFixed)
    }

    private mutating func type(ofTimeframe name: String, _ a: Int, _ node: Int) -> RuleType {
        noteLonger(node)
        if let longer = Timeframe(name) {
            if let base = scope.timeframe {
                if longer <= base || longer.seconds % base.seconds != 0 {
                    complain(node, "\(longer) is no multiple of \(base), the candles that the strategy sees")
                }
            } else if !scope.isAboutParameters {
                complain(node, "say which candles the strategy sees, as 'timeframe: 5m', to look at longer ones")
            }
        } else {
            let all = Timeframe.all.map(\.description).joined(separator: " ")
            complain(node, "'\(name)' is no timeframe; there are \(all)")
        }
        let outer = isLonger
        isLonger = true
        defer { isLonger = outer }
        return type(of: a)
    }

    private mutating func type(ofCall name: String, _ arguments: [Int], _ node: Int) -> RuleType {
        guard let function = Function.named(name) else {
            for argument in arguments { _ = type(of: argument) }
            let known = Function.all.map(\.name)
            let hint = Nearest.match(name, in: known).map { "; did you mean '\($0)'?" }
            complain(node, "there is no function '\(name)'\(hint ?? "; known: \(known.joined(separator: ", "))")")
            return .wrong
        }
        if scope.isAboutParameters, function.operation.remembers {
            complain(node, "'\(name)' changes from candle to candle; only parameters can be required here")
            return .wrong
        }
        let isShort = function.isOfClose && arguments.count == function.arguments.count - 1
        guard arguments.count == function.arguments.count || isShort else {
            for argument in arguments { _ = type(of: argument) }
            let count = function.arguments.count
            let given = arguments.isEmpty ? "none" : "\(arguments.count)"
            complain(
                node,
                "\(name) takes \(count) argument\(count == 1 ? "" : "s"), \(function.shape)"
                    + (function.isOfClose ? ", or one less for the close" : "") + "; here are \(given)")
            return .wrong
        }
        var isFixed = !function.operation.remembers
        for (argument, expected) in zip(arguments, function.arguments.dropFirst(isShort ? 1 : 0)) {
            let isArgumentFixed = check(argument, expected, function)
            isFixed = isFixed && isArgumentFixed
        }
        switch function.result {
        case .number: return RuleType(kind: .number, isFixed: isFixed)
        case .condition: return RuleType(kind: .condition, isFixed: isFixed)
        case .lines: return RuleType(kind: .lines(function), isFixed: false)
        }
    }

    /// Whether the argument is fixed.
    private mutating func check(_ node: Int, _ expected: Function.Argument, _ function: Function) -> Bool {
        switch expected {
        case .number: return number(node)
        case .condition: return condition(node)
        case .window, .factor:
            let isFixed = number(node)
            if !isFixed {
                complain(
                    node,
                    "\(expected.name) of \(function.name) must not change from candle to candle; expected a number or "
                        + "a parameter, as in \(function.shape)")
            }
            return isFixed
        }
    }

    // MARK: What is asked for

    /// Asks for a number; whether it is fixed.
    private mutating func number(_ node: Int) -> Bool {
        let type = type(of: node)
        if type.kind == .condition { complain(node, "a number was expected here, not a condition") }
        single(node, type)
        return type.isFixed
    }

    /// Asks for a condition; whether it is fixed.
    private mutating func condition(_ node: Int) -> Bool {
        let type = type(of: node)
        if type.kind == .number {
            complain(node, "a condition was expected here, not a number; compare it with something")
        }
        single(node, type)
        return type.isFixed
    }

    private mutating func single(_ node: Int, _ type: RuleType) {
        guard case .lines(let function) = type.kind else { return }
        let lines = function.lines.map { ".\($0)" }.joined(separator: ", ")
        complain(node, "\(function.name) has several lines; choose one: \(lines)")
    }
}

extension Operation {
    /// Whether what it gives depends on the candle even where its arguments do not.
    var remembers: Bool {
        switch self {
        case .crossAbove, .crossBelow, .barsSince, .adx: return true
        default: return isIndicator
        }
    }
}
