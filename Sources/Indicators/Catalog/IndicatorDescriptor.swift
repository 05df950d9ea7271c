/// A number by which an indicator is adjusted.
public struct IndicatorParameter: Sendable, Equatable {
    /// The name it is set by, such as `period`.
    public let name: String
    /// What it means, for a form's label.
    public let meaning: String
    /// The value it has unless set.
    public let defaultValue: Double
    /// The smallest and the largest value it takes.
    public let range: ClosedRange<Double>
    /// Whether only whole numbers make sense.
    public let isWhole: Bool
}

/// One named series of outputs, as long as the bars it was computed from.
public struct IndicatorLine: Sendable {
    /// How a line wants to be drawn.
    public enum Style: Sendable {
        /// A line from bar to bar, broken where undefined.
        case line
        /// A column a bar, rising or hanging from zero.
        case histogram
    }

    /// The output's name, such as `upper`.
    public let name: String
    /// How it wants to be drawn.
    public let style: Style
    /// One value a bar, NaN where undefined.
    public let values: [Double]
}

/// What a chart or a form must know of an indicator to offer it: name, parameters, place and outputs.
public struct IndicatorDescriptor: Sendable {
    /// Where an indicator is drawn.
    public enum Pane: Sendable {
        /// Over the price, in whose unit its outputs are.
        case overlay
        /// In a pane below with a scale of its own.
        case own
    }

    /// An output's name and style.
    public struct Output: Sendable, Equatable {
        /// The name, such as `upper`.
        public let name: String
        /// How it wants to be drawn.
        public let style: IndicatorLine.Style
    }

    /// The name it is chosen by: lower-case words joined by hyphens, unique in the catalog.
    public let identifier: String
    /// The few letters that stand for it in a legend.
    public let abbreviation: String
    /// Its full name.
    public let name: String
    /// Where it is drawn.
    public let pane: Pane
    /// What it can be adjusted by, in the order of its legend.
    public let parameters: [IndicatorParameter]
    /// Its outputs, in the order `ConfiguredIndicator.compute` gives them.
    public let outputs: [Output]
    /// The scale's fixed ends, for indicators that have them.
    public let bounds: ClosedRange<Double>?
    /// Levels that traders watch, to be drawn as faint lines.
    public let guides: [Double]

    /// How the outputs come from columns and a full list of parameter values.
    let evaluate: @Sendable (_ bars: BarColumns, _ values: [Double]) -> [[Double]]
    /// The name of the parameter that must stay below another one, and that one's.
    let ordering: (lesser: String, greater: String)?

    init(
        _ identifier: String, _ abbreviation: String, _ name: String, _ pane: Pane,
        parameters: [IndicatorParameter] = [], outputs: [Output], bounds: ClosedRange<Double>? = nil,
        guides: [Double] = [], ordering: (lesser: String, greater: String)? = nil,
        evaluate: @escaping @Sendable (_ bars: BarColumns, _ values: [Double]) -> [[Double]]
    ) {
        self.identifier = identifier
        self.abbreviation = abbreviation
        self.name = name
        self.pane = pane
        self.parameters = parameters
        self.outputs = outputs
        self.bounds = bounds
        self.guides = guides
        self.ordering = ordering
        self.evaluate = evaluate
    }

    /// Settles the parameters: those named in `values`, the rest by default. Throws all problems at once: names that
    /// do not exist, values out of range or not whole where they must be, pairs in the wrong order.
    public func configured(
        _ values: [String: Double] = [:]
    ) throws(IndicatorParameterError) -> ConfiguredIndicator {
        let settled = parameters.map { values[$0.name] ?? $0.defaultValue }
        var problems = values.keys.sorted().filter { name in !parameters.contains { $0.name == name } }.map {
            "\($0): no such parameter, expected one of: \(parameters.map(\.name).joined(separator: ", "))"
        }
        for (parameter, value) in zip(parameters, settled) {
            if !parameter.range.contains(value) {
                problems.append(
                    "\(parameter.name): \(plain(value)) is not between \(plain(parameter.range.lowerBound)) and "
                        + plain(parameter.range.upperBound))
            } else if parameter.isWhole && value != value.rounded() {
                problems.append("\(parameter.name): \(plain(value)) is not a whole number")
            }
        }
        if let ordering, let lesser = parameters.firstIndex(where: { $0.name == ordering.lesser }),
            let greater = parameters.firstIndex(where: { $0.name == ordering.greater }),
            settled[lesser] >= settled[greater]
        {
            problems.append(
                "\(ordering.lesser): \(plain(settled[lesser])) is not below \(ordering.greater), which is "
                    + plain(settled[greater]))
        }
        guard problems.isEmpty else { throw IndicatorParameterError(indicator: identifier, problems: problems) }
        return ConfiguredIndicator(descriptor: self, values: settled)
    }
}

/// Parameters that an indicator can't be made with.
public struct IndicatorParameterError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The indicator's identifier.
    public let indicator: String
    /// Every problem, each beginning with the parameter's name.
    public let problems: [String]

    /// All problems in one line.
    public var description: String { "\(indicator): \(problems.joined(separator: "; "))" }
}

/// A number without a needless fraction.
func plain(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
}
