/// A condition over named figures, `trade_count >= 30 and max_drawdown < 0.2`.
public struct Condition: Sendable, Hashable, CustomStringConvertible {
    /// The text it was read from.
    public let text: String
    let comparisons: [Comparison]

    struct Comparison: Sendable, Hashable {
        var left: Formula
        var right: Formula
        /// Whether the left side is to be the greater one.
        var isGreater: Bool
        /// Whether equal sides keep it.
        var allowsEqual: Bool
    }

    /// The condition of a text that may use these names.
    ///
    /// - Throws: `FormulaError` at the first character that does not fit.
    public init(_ text: String, names: [String]) throws(FormulaError) {
        var parser = try FormulaParser(text, names: names)
        comparisons = try parser.wholeCondition()
        self.text = text
    }

    /// By how much the figures break it, summed over its comparisons, each relative to the larger side (at least 1); 0
    /// when it holds, infinite when a figure that it needs is undefined.
    public func violation(_ figures: [Double?]) -> Double {
        comparisons.reduce(0) { sum, comparison in
            guard let left = comparison.left.value(figures), let right = comparison.right.value(figures) else {
                return .infinity
            }
            let lack = comparison.isGreater ? right - left : left - right
            if lack < 0 || (lack == 0 && comparison.allowsEqual) { return sum }
            // Equal sides of a strict comparison break it, by as little as there is.
            return sum + max(lack / max(abs(left), abs(right), 1), .leastNonzeroMagnitude)
        }
    }

    /// The text it was read from.
    public var description: String { text }
}
