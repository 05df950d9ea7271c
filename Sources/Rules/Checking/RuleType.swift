/// What an expression is: what its value is, and whether it changes from candle to candle.
struct RuleType {
    /// What a value is.
    enum Kind: Equatable {
        case number
        case condition
        /// Several lines, none of them chosen.
        case lines(Function)
        /// Something that has been complained of already; it fits everywhere.
        case wrong
    }

    var kind: Kind
    /// Whether it is known once the parameters are.
    var isFixed: Bool

    static let wrong = RuleType(kind: .wrong, isFixed: true)
}

extension Function: Equatable {
    static func == (a: Function, b: Function) -> Bool { a.name == b.name }

    /// The names of its lines; empty where it gives a single value.
    var lines: [String] {
        if case .lines(let names) = result { return names }
        return []
    }
}
