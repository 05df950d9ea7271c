public import Market
public import Trading

/// A strategy written down as rules: everything there is to it but the values of its parameters. Two with the same text
/// are the same strategy.
public struct RuleText: Sendable, Hashable {
    /// A part of a strategy that an expression stands for.
    public enum Section: String, Sendable, Hashable, CaseIterable {
        /// When it buys.
        case entry
        /// When it leaves what it bought; what it sold too, where there is no `cover`.
        case exit
        /// When it sells short.
        case short
        /// When it leaves what it sold short.
        case cover
        /// What must hold besides for an entry, either way.
        case filter
        /// How far behind the entry its stop rests, in the price.
        case stop
        /// How far before the entry its target rests, in the price.
        case target
        /// How far behind the best close its stop follows, in the price.
        case trail
        /// Which share of its sizing an entry takes, 0…1.
        case size

        /// Whether the expression is a condition, not a number.
        var isCondition: Bool {
            switch self {
            case .entry, .exit, .short, .cover, .filter: return true
            case .stop, .target, .trail, .size: return false
            }
        }
    }

    /// An expression and what it is of or called.
    public struct Part<Label: Sendable & Hashable>: Sendable, Hashable {
        /// What it is of or called.
        public var label: Label
        /// The expression.
        public var text: String

        /// A part of its label and its expression.
        public init(_ label: Label, _ text: String) {
            self.label = label
            self.text = text
        }
    }

    /// What people call it: letters, digits and dashes.
    public var name: String
    /// What it does, in a sentence or two.
    public var summary: String
    /// The candles it is for; needed where it looks at a longer timeframe.
    public var timeframe: Timeframe?
    /// Its parameters; in expressions a dash of a name is `_`.
    public var parameters: [ParameterDescriptor]
    /// Conditions of the parameters alone that must hold.
    public var requirements: [String]
    /// Names for expressions, each of which may use the ones before.
    public var definitions: [Part<String>]
    /// The rules.
    public var sections: [Part<Section>]

    /// A text of its parts.
    public init(
        name: String, summary: String = "", timeframe: Timeframe? = nil, parameters: [ParameterDescriptor] = [],
        requirements: [String] = [], definitions: [Part<String>] = [], sections: [Part<Section>]
    ) {
        self.name = name
        self.summary = summary
        self.timeframe = timeframe
        self.parameters = parameters
        self.requirements = requirements
        self.definitions = definitions
        self.sections = sections
    }
}

/// Where an expression of a strategy stands.
public enum RulePlace: Sendable, Hashable {
    /// The strategy as a whole.
    case whole
    /// A rule.
    case section(RuleText.Section)
    /// A named expression, by its place in the list.
    case definition(Int)
    /// A condition of the parameters, by its place in the list.
    case requirement(Int)
    /// A parameter, by its place in the list.
    case parameter(Int)
}

/// Something wrong with a strategy written down as rules.
public struct RuleProblem: Sendable, Hashable {
    /// Which expression.
    public var place: RulePlace
    /// Where in it, in UTF-8 units; empty where the whole of it is meant.
    public var range: Range<Int>
    /// What is wrong and what was expected.
    public var message: String

    init(_ place: RulePlace, _ message: String) { self.init(place, 0..<0, message) }

    init(_ place: RulePlace, _ range: Range<Int>, _ message: String) {
        self.place = place
        self.range = range
        self.message = message
    }
}

/// Everything wrong with a strategy written down as rules, found in one reading.
public struct RuleErrors: Error, Sendable, Hashable, CustomStringConvertible {
    /// The problems, in the order of the text.
    public var problems: [RuleProblem]

    /// One problem a line.
    public var description: String { problems.map(\.message).joined(separator: "\n") }
}
