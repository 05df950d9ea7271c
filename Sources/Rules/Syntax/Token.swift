/// A word of an expression and where it stands.
struct Token {
    /// What a word can be.
    enum Kind: Equatable {
        case number(Double)
        /// A name: letters, digits and `_`, not beginning with a digit.
        case name(String)
        /// A timeframe behind `@`, as it is written.
        case timeframe(String)
        /// One of `Token.marks`.
        case mark(String)
        /// Something that belongs to no expression.
        case stray(String)
        case end
    }

    var kind: Kind
    /// Where it stands, in UTF-8 units of the expression.
    var range: Range<Int>

    /// The marks there are, longer ones first.
    static let marks = [
        "<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/", "%", "(", ")", "[", "]", ",", ".", "@",
    ]

    /// The words that are no names of anything.
    static let words = ["and", "or", "not", "true", "false"]

    /// The token as a message shows it.
    var shown: String {
        switch kind {
        case .number(let value): return "the number \(value.plain)"
        case .name(let text), .timeframe(let text), .mark(let text), .stray(let text): return "'\(text)'"
        case .end: return "the end"
        }
    }
}

extension Double {
    /// As people write it: whole numbers without a point.
    var plain: String { self == rounded() && abs(self) < 1e15 ? String(Int(self)) : String(self) }
}
