/// Reads expressions by recursive descent; stops at the first character that does not fit.
struct FormulaParser {
    private let text: String
    private let names: [String]
    private let tokens: [FormulaToken]
    private var place = 0
    private var depth = 0

    /// Parentheses, signs and calls within each other, at most.
    private static let deepest = 64

    init(_ text: String, names: [String]) throws(FormulaError) {
        self.text = text
        self.names = names
        tokens = try FormulaToken.all(of: text)
    }

    private var token: FormulaToken { tokens[place] }

    private func error(_ problem: String, at offset: Int? = nil) -> FormulaError {
        FormulaError(text: text, offset: offset ?? token.offset, problem: problem)
    }

    private mutating func take(_ sign: String) -> Bool {
        guard token.kind == .sign(sign) else { return false }
        place += 1
        return true
    }

    /// An expression up to the end of the text.
    mutating func wholeExpression() throws(FormulaError) -> Formula.Node {
        let node = try sum()
        guard token.kind == .end else {
            if case .sign(let sign) = token.kind, "<>=".contains(sign.prefix(1)) {
                throw error("a comparison ('\(sign)') where a value is wanted; conditions are for --constraint")
            }
            throw error("unexpected \(token.name); expected an operator or the end")
        }
        return node
    }

    /// Comparisons joined with `and`, up to the end of the text.
    mutating func wholeCondition() throws(FormulaError) -> [Condition.Comparison] {
        var comparisons = [try comparison()]
        while token.kind == .name("and") {
            place += 1
            comparisons.append(try comparison())
        }
        guard token.kind == .end else { throw error("unexpected \(token.name); expected 'and' or the end") }
        return comparisons
    }

    private mutating func comparison() throws(FormulaError) -> Condition.Comparison {
        let left = Formula(text: text, root: try sum())
        guard case .sign(let sign) = token.kind, ["<", "<=", ">", ">="].contains(sign) else {
            throw error("\(token.name) where a comparison is wanted; expected <, <=, > or >=")
        }
        place += 1
        let right = Formula(text: text, root: try sum())
        return Condition.Comparison(
            left: left, right: right, isGreater: sign.hasPrefix(">"), allowsEqual: sign.hasSuffix("="))
    }

    private mutating func sum() throws(FormulaError) -> Formula.Node {
        var node = try product()
        while true {
            if take("+") {
                node = .binary(.plus, node, try product())
            } else if take("-") {
                node = .binary(.minus, node, try product())
            } else {
                return node
            }
        }
    }

    private mutating func product() throws(FormulaError) -> Formula.Node {
        var node = try signed()
        while true {
            if take("*") {
                node = .binary(.times, node, try signed())
            } else if take("/") {
                node = .binary(.over, node, try signed())
            } else {
                return node
            }
        }
    }

    /// A sign binds less than a power: −2^2 is −4.
    private mutating func signed() throws(FormulaError) -> Formula.Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= FormulaParser.deepest else { throw error("nested too deeply") }
        if take("-") { return .negated(try signed()) }
        if take("+") { return try signed() }
        let base = try atom()
        // Powers group from the right: 2^3^2 is 2^9.
        return take("^") ? .binary(.power, base, try signed()) : base
    }

    private mutating func atom() throws(FormulaError) -> Formula.Node {
        let here = token
        switch here.kind {
        case .number(let number):
            place += 1
            return .number(number)
        case .name(let name):
            place += 1
            if token.kind == .sign("(") { return try call(name, at: here.offset) }
            if let index = names.firstIndex(of: name) { return .name(index) }
            throw error(
                "there is no figure '\(name)' (known: \(names.joined(separator: ", ")))", at: here.offset)
        case .sign("("):
            place += 1
            let node = try sum()
            guard take(")") else { throw error("\(token.name) where ')' is wanted") }
            return node
        default:
            throw error("\(here.name) where a number, a figure or '(' is wanted")
        }
    }

    private mutating func call(_ name: String, at offset: Int) throws(FormulaError) -> Formula.Node {
        guard let function = Formula.Function(rawValue: name) else {
            let known = Formula.Function.allCases.map(\.rawValue).joined(separator: ", ")
            throw error("there is no function '\(name)' (known: \(known))", at: offset)
        }
        place += 1
        var nodes = [try sum()]
        while take(",") { nodes.append(try sum()) }
        guard take(")") else { throw error("\(token.name) where ')' is wanted") }
        guard nodes.count == function.arguments else {
            throw error("\(name) takes \(function.arguments) values, here are \(nodes.count),", at: offset)
        }
        return .call(function, nodes)
    }
}
