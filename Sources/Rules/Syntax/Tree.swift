/// An expression as it was read: nodes in a list, a node behind those it is made of.
struct Tree {
    /// What a node is; whole numbers are places in the list.
    enum Kind {
        case number(Double)
        case truth(Bool)
        case name(String)
        case minus(Int)
        case not(Int)
        case binary(Operator, Int, Int)
        case call(String, [Int])
        /// One of the lines of an indicator that has several.
        case member(Int, String)
        /// A value some candles ago.
        case ago(Int, Int)
        /// A value of a longer timeframe.
        case timeframe(Int, String)
    }

    /// What stands between two operands.
    enum Operator: String {
        case or, and
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case equal = "=="
        case unequal = "!="
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"
        case remainder = "%"
    }

    /// A node, where its text stands, and what a message about it alone points at.
    struct Node {
        var kind: Kind
        var range: Range<Int>
        var point: Range<Int>
        /// The longest way down to a leaf.
        var depth: Int
    }

    /// What was read.
    let text: String
    var nodes: [Node] = []
    var root = 0

    /// How deep expressions may be nested; it bounds every recursion over them.
    static let deepest = 100
    /// The longest expression, in UTF-8 units.
    static let longest = 4_000

    /// The text of a node.
    func text(of node: Int) -> String {
        let utf8 = text.utf8
        let range = nodes[node].range
        let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
        let end = utf8.index(utf8.startIndex, offsetBy: range.upperBound)
        return String(decoding: utf8[start..<end], as: UTF8.self)
    }
}

/// Something wrong in one expression.
struct TextProblem: Error {
    /// Where, in UTF-8 units of the expression.
    var range: Range<Int>
    var message: String
}
