/// An expression over named figures: `sharpe - 0.1 * max_drawdown`, `trade_count >= 30 and max_drawdown < 0.2`.
///
/// Numbers, names, `+ - * / ^`, parentheses, `min(a, b)`, `max(a, b)`, `abs(a)`, `sqrt(a)`, `log(a)`; and where a condition
/// is wanted, `< <= > >=` between two values, joined with `and`. `docs/optimization.md` has the grammar.
public struct Formula: Sendable, Hashable, CustomStringConvertible {
    /// The text it was read from.
    public let text: String
    let root: Node

    indirect enum Node: Sendable, Hashable {
        case number(Double)
        case name(Int)
        case negated(Node)
        case binary(Operator, Node, Node)
        case call(Function, [Node])
    }

    enum Operator: Sendable, Hashable {
        case plus, minus, times, over, power
    }

    enum Function: String, Sendable, Hashable, CaseIterable {
        case min, max, abs, sqrt, log

        var arguments: Int { self == .min || self == .max ? 2 : 1 }
    }

    /// The expression of a text that may use these names.
    ///
    /// - Throws: `FormulaError` at the first character that does not fit.
    public init(_ text: String, names: [String]) throws(FormulaError) {
        var parser = try FormulaParser(text, names: names)
        root = try parser.wholeExpression()
        self.text = text
    }

    init(text: String, root: Node) {
        self.text = text
        self.root = root
    }

    /// The value where the figures are these, in the order of the names; `nil` when a figure that it needs is undefined,
    /// or the result is no finite number (a division by zero).
    public func value(_ figures: [Double?]) -> Double? {
        guard let value = Formula.value(root, figures), value.isFinite else { return nil }
        return value
    }

    private static func value(_ node: Node, _ figures: [Double?]) -> Double? {
        switch node {
        case .number(let number): return number
        case .name(let index): return figures[index]
        case .negated(let node): return value(node, figures).map { -$0 }
        case .binary(let sign, let left, let right):
            guard let left = value(left, figures), let right = value(right, figures) else { return nil }
            switch sign {
            case .plus: return left + right
            case .minus: return left - right
            case .times: return left * right
            case .over: return left / right
            case .power: return Functions.power(left, right)
            }
        case .call(let function, let nodes):
            var values: [Double] = []
            for node in nodes {
                guard let value = value(node, figures) else { return nil }
                values.append(value)
            }
            switch function {
            case .min: return Swift.min(values[0], values[1])
            case .max: return Swift.max(values[0], values[1])
            case .abs: return Swift.abs(values[0])
            case .sqrt: return values[0].squareRoot()
            case .log: return Functions.logarithm(values[0])
            }
        }
    }

    /// The text it was read from.
    public var description: String { text }
}

/// What is wrong with an expression, and where.
public struct FormulaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The whole text.
    public var text: String
    /// How many characters stand before the place.
    public var offset: Int
    /// What is wrong and what was expected.
    public var problem: String

    /// Three lines: what is wrong at which character, the text, and a mark under the place.
    public var description: String {
        let plain = String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
        let mark = String(repeating: " ", count: offset) + "^"
        return "\(problem) at character \(offset + 1):\n  \(plain)\n  \(mark)"
    }
}
