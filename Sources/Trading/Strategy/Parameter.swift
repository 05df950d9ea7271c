/// What one parameter of a strategy means and may be: forms, help, files and the optimiser are all made from it.
public struct ParameterDescriptor: Sendable, Hashable {
    /// The name used in commands and files.
    public var name: String
    /// What it means, in one sentence.
    public var meaning: String
    /// The unit, `candles`, `×ATR`, or empty.
    public var unit: String
    /// Whether only whole numbers are allowed.
    public var isInteger: Bool
    /// The value when none is given. Switches are 0 or 1.
    public var defaultValue: Double
    /// The values allowed, inclusive.
    public var bounds: ClosedRange<Double>
    /// The step of forms and searches.
    public var step: Double
    /// Whether it is a switch: 0 is off, 1 is on.
    public var isSwitch: Bool

    /// A whole-number parameter.
    public static func integer(
        _ name: String, _ meaning: String, unit: String = "", default value: Int, in bounds: ClosedRange<Int>,
        step: Int = 1
    ) -> ParameterDescriptor {
        ParameterDescriptor(
            name: name, meaning: meaning, unit: unit, isInteger: true, defaultValue: Double(value),
            bounds: Double(bounds.lowerBound)...Double(bounds.upperBound), step: Double(step), isSwitch: false)
    }

    /// A real-number parameter.
    public static func number(
        _ name: String, _ meaning: String, unit: String = "", default value: Double, in bounds: ClosedRange<Double>,
        step: Double
    ) -> ParameterDescriptor {
        ParameterDescriptor(
            name: name, meaning: meaning, unit: unit, isInteger: false, defaultValue: value, bounds: bounds,
            step: step, isSwitch: false)
    }

    /// A switch.
    public static func toggle(_ name: String, _ meaning: String, default value: Bool) -> ParameterDescriptor {
        ParameterDescriptor(
            name: name, meaning: meaning, unit: "", isInteger: true, defaultValue: value ? 1 : 0, bounds: 0...1,
            step: 1, isSwitch: true)
    }

    /// The value of `text`, checked against kind and bounds.
    ///
    /// - Throws: `ParameterError`, naming what was expected.
    public func value(of text: String) throws(ParameterError) -> Double {
        let lower = text.lowercased()
        if isSwitch, let value = ["true": 1, "yes": 1, "on": 1, "false": 0, "no": 0, "off": 0][lower] {
            return Double(value)
        }
        guard let value = Double(text), value.isFinite else {
            throw ParameterError(parameter: name, problem: "'\(text)' is not a number; expected \(expectation)")
        }
        try check(value)
        return value
    }

    /// Checks a value against kind and bounds.
    ///
    /// - Throws: `ParameterError`, naming what was expected.
    public func check(_ value: Double) throws(ParameterError) {
        if isInteger, value != value.rounded() {
            throw ParameterError(parameter: name, problem: "\(value) is not a whole number; expected \(expectation)")
        }
        guard bounds.contains(value) else {
            throw ParameterError(parameter: name, problem: "\(text(value)) is out of range; expected \(expectation)")
        }
    }

    /// The value as people write it: whole numbers without a point, switches as `on` and `off`.
    public func text(_ value: Double) -> String {
        if isSwitch { return value == 0 ? "off" : "on" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
        return String(value)
    }

    /// Meaning, what may be given and unit in one line, for the foot of a form.
    public var hint: String {
        let plain = meaning.hasSuffix(".") ? String(meaning.dropLast()) : meaning
        return "\(plain): \(expectation)" + (unit.isEmpty ? "" : ", in \(unit)")
    }

    /// What may be given: `a whole number in 2…500`.
    public var expectation: String {
        if isSwitch { return "on or off" }
        return "\(isInteger ? "a whole number" : "a number") in \(text(bounds.lowerBound))…\(text(bounds.upperBound))"
    }
}

/// A parameter that is not what its strategy takes.
public struct ParameterError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The parameter's name.
    public var parameter: String
    /// What is wrong and what was expected.
    public var problem: String

    /// An error of its parts.
    public init(parameter: String, problem: String) {
        self.parameter = parameter
        self.problem = problem
    }

    /// The parameter and what is wrong with it.
    public var description: String { "\(parameter): \(problem)" }
}

/// Several parameters that are not what their strategy takes, all found at once.
public struct ParameterErrors: Error, Sendable, Hashable, CustomStringConvertible {
    /// Every problem found, in the order of the strategy's parameters.
    public var problems: [ParameterError]

    /// Errors of their parts.
    public init(problems: [ParameterError]) { self.problems = problems }

    /// One problem a line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// The checked values of a strategy's parameters, one for each of its descriptors, in their order.
public struct Parameters: Sendable, Hashable {
    /// What the values are of.
    public let descriptors: [ParameterDescriptor]
    /// The values, in the order of the descriptors.
    public private(set) var values: [Double]

    /// The defaults.
    public init(_ descriptors: [ParameterDescriptor]) {
        self.descriptors = descriptors
        values = descriptors.map(\.defaultValue)
    }

    init(_ descriptors: [ParameterDescriptor], values: [Double]) {
        self.descriptors = descriptors
        self.values = values
    }

    /// The defaults overridden by written values.
    ///
    /// - Throws: `ParameterErrors` with every unknown name and every value out of range.
    public init(
        _ descriptors: [ParameterDescriptor], overrides: [(name: String, text: String)]
    ) throws(ParameterErrors) {
        self.init(descriptors)
        var problems: [ParameterError] = []
        for override in overrides {
            guard let index = descriptors.firstIndex(where: { $0.name == override.name }) else {
                let known = descriptors.map(\.name).joined(separator: ", ")
                problems.append(
                    ParameterError(parameter: override.name, problem: "there is no such parameter; known: \(known)"))
                continue
            }
            do {
                values[index] = try descriptors[index].value(of: override.text)
            } catch {
                problems.append(error)
            }
        }
        guard problems.isEmpty else { throw ParameterErrors(problems: problems) }
    }

    /// The value named `name`.
    ///
    /// - Precondition: there is such a parameter. O(parameters).
    public subscript(_ name: String) -> Double {
        guard let index = descriptors.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("no parameter named \(name)")
        }
        return values[index]
    }

    /// The whole-number value named `name`; see the subscript.
    public func integer(_ name: String) -> Int { Int(self[name]) }

    /// The switch named `name`; see the subscript.
    public func isOn(_ name: String) -> Bool { self[name] != 0 }

    /// The values as people write them, in the order of the descriptors.
    public var texts: [(name: String, text: String)] {
        zip(descriptors, values).map { ($0.name, $0.text($1)) }
    }
}
