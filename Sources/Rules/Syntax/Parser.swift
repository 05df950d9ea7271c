/// Reads an expression by recursive descent, one function a level of precedence; the grammar is that of `docs/rules.md`.
/// Recursion ends at `Tree.deepest`, whatever the text.
struct Parser {
    private let tokens: [Token]
    private var place = 0
    private var nesting = 0
    private var tree: Tree

    /// The tree of a text.
    ///
    /// - Throws: `TextProblem` at the first word that fits nowhere.
    static func tree(of text: String) throws(TextProblem) -> Tree {
        guard text.utf8.count <= Tree.longest else {
            throw TextProblem(range: 0..<1, message: "an expression has \(Tree.longest) letters at most; use 'define'")
        }
        var parser = Parser(text)
        if case .end = parser.token.kind { throw parser.problem("an expression was expected here") }
        parser.tree.root = try parser.disjunction()
        guard case .end = parser.token.kind else { throw parser.unexpected("an operator or the end") }
        return parser.tree
    }

    private init(_ text: String) {
        tokens = Lexer.tokens(of: text)
        tree = Tree(text: text)
    }

    // MARK: Levels, the loosest first

    private mutating func disjunction() throws(TextProblem) -> Int {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Tree.deepest else { throw problem("this is nested too deep; use 'define' to name a part") }
        var left = try conjunction()
        while take(word: "or") { left = try join(.or, left, conjunction()) }
        return left
    }

    private mutating func conjunction() throws(TextProblem) -> Int {
        var left = try negation()
        while take(word: "and") { left = try join(.and, left, negation()) }
        return left
    }

    private mutating func negation() throws(TextProblem) -> Int {
        let start = token.range
        guard take(word: "not") else { return try comparison() }
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Tree.deepest else { throw problem("this is nested too deep; use 'define' to name a part") }
        let operand = try negation()
        return try add(.not(operand), start.lowerBound..<tree.nodes[operand].range.upperBound, point: start)
    }

    private mutating func comparison() throws(TextProblem) -> Int {
        let left = try sum()
        guard let comparison = comparisonHere() else { return left }
        place += 1
        let joined = try join(comparison, left, sum())
        if comparisonHere() != nil {
            throw problem("comparisons can't follow one another; write 'a < b and b < c'")
        }
        return joined
    }

    private mutating func sum() throws(TextProblem) -> Int {
        var left = try product()
        while true {
            if take(mark: "+") {
                left = try join(.add, left, product())
            } else if take(mark: "-") {
                left = try join(.subtract, left, product())
            } else {
                return left
            }
        }
    }

    private mutating func product() throws(TextProblem) -> Int {
        var left = try sign()
        while true {
            if take(mark: "*") {
                left = try join(.multiply, left, sign())
            } else if take(mark: "/") {
                left = try join(.divide, left, sign())
            } else if take(mark: "%") {
                left = try join(.remainder, left, sign())
            } else {
                return left
            }
        }
    }

    private mutating func sign() throws(TextProblem) -> Int {
        let start = token.range
        guard take(mark: "-") else { return try postfix() }
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Tree.deepest else { throw problem("this is nested too deep; use 'define' to name a part") }
        let operand = try sign()
        return try add(.minus(operand), start.lowerBound..<tree.nodes[operand].range.upperBound, point: start)
    }

    private mutating func postfix() throws(TextProblem) -> Int {
        var value = try primary()
        while true {
            let start = tree.nodes[value].range.lowerBound
            let mark = token.range
            if take(mark: ".") {
                guard case .name(let name) = token.kind else { throw unexpected("the name of a line, as 'upper'") }
                place += 1
                value = try add(.member(value, name), start..<last.upperBound, point: last)
            } else if take(mark: "[") {
                let count = try disjunction()
                guard take(mark: "]") else { throw unexpected("']'") }
                value = try add(.ago(value, count), start..<last.upperBound, point: tree.nodes[count].range)
            } else if take(mark: "@") {
                guard case .timeframe(let name) = token.kind else { throw unexpected("a timeframe, as '@1h'") }
                place += 1
                value = try add(
                    .timeframe(value, name), start..<last.upperBound, point: mark.lowerBound..<last.upperBound)
            } else {
                return value
            }
        }
    }

    private mutating func primary() throws(TextProblem) -> Int {
        let start = token.range
        switch token.kind {
        case .number(let value):
            place += 1
            return try add(.number(value), start)
        case .name("true"), .name("false"):
            let isTrue = token.kind == .name("true")
            place += 1
            return try add(.truth(isTrue), start)
        case .name(let name) where !Token.words.contains(name):
            place += 1
            guard take(mark: "(") else { return try add(.name(name), start) }
            let arguments = try arguments()
            return try add(.call(name, arguments), start.lowerBound..<last.upperBound, point: start)
        case .mark("("):
            place += 1
            let inner = try disjunction()
            guard take(mark: ")") else { throw unexpected("')'") }
            return inner
        default:
            throw unexpected("a value, a name or '('")
        }
    }

    private mutating func arguments() throws(TextProblem) -> [Int] {
        if take(mark: ")") { return [] }
        var arguments: [Int] = []
        repeat { arguments.append(try disjunction()) } while take(mark: ",")
        guard take(mark: ")") else { throw unexpected("',' or ')'") }
        return arguments
    }

    // MARK: Parts

    private var token: Token { tokens[place] }
    private var last: Range<Int> { tokens[place - 1].range }

    private mutating func take(mark: String) -> Bool {
        guard token.kind == .mark(mark) else { return false }
        place += 1
        return true
    }

    private mutating func take(word: String) -> Bool {
        guard token.kind == .name(word) else { return false }
        place += 1
        return true
    }

    private func comparisonHere() -> Tree.Operator? {
        guard case .mark(let mark) = token.kind, ["<", "<=", ">", ">=", "==", "!="].contains(mark) else { return nil }
        return Tree.Operator(rawValue: mark)
    }

    private mutating func join(_ sign: Tree.Operator, _ left: Int, _ right: Int) throws(TextProblem) -> Int {
        try add(
            .binary(sign, left, right), tree.nodes[left].range.lowerBound..<tree.nodes[right].range.upperBound)
    }

    private mutating func add(
        _ kind: Tree.Kind, _ range: Range<Int>, point: Range<Int>? = nil
    ) throws(TextProblem) -> Int {
        let below: Int
        switch kind {
        case .number, .truth, .name: below = 0
        case .minus(let a), .not(let a), .member(let a, _), .timeframe(let a, _): below = tree.nodes[a].depth
        case .binary(_, let a, let b), .ago(let a, let b): below = max(tree.nodes[a].depth, tree.nodes[b].depth)
        case .call(_, let arguments): below = arguments.map { tree.nodes[$0].depth }.max() ?? 0
        }
        guard below < Tree.deepest else {
            throw TextProblem(
                range: range, message: "this is nested too deep; use 'define' to name a part")
        }
        tree.nodes.append(Tree.Node(kind: kind, range: range, point: point ?? range, depth: below + 1))
        return tree.nodes.count - 1
    }

    private func problem(_ message: String) -> TextProblem { TextProblem(range: token.range, message: message) }

    private func unexpected(_ expected: String) -> TextProblem {
        let hint: String
        switch token.kind {
        case .stray("="): hint = "; a comparison is '=='"
        case .stray("&"): hint = "; write 'and'"
        case .stray("|"): hint = "; write 'or'"
        case .stray("!"): hint = "; write 'not'"
        default: hint = ""
        }
        return problem("\(expected) was expected here, not \(token.shown)\(hint)")
    }
}
