public import Optimization
public import Trading

/// Parameters as people write them for a search: one value, a list, or a range.
///
/// `fast=20` is fixed; `slow=20,50,100` is a list; `fast=5..50` a range in the parameter's own step, `fast=5..50/5` in steps
/// of five; `:log` behind a range makes small values as likely as great ones.
public struct SearchText: Sendable {
    /// The parameters that are not varied, `name` and `text` each.
    public private(set) var fixed: [(name: String, text: String)] = []
    /// Those that are.
    public private(set) var space = SearchSpace([])
    /// What is wrong, a sentence each, with the option's name before it.
    public private(set) var problems: [String] = []

    /// Reads what was written for a strategy with these parameters.
    ///
    /// - Parameter searchesAll: whether a search over everything but switches is meant where no range is written.
    public init(
        _ written: [(name: String, text: String)], of descriptors: [ParameterDescriptor], searchesAll: Bool = false
    ) {
        var dimensions: [String: SearchDimension.Values] = [:]
        var seen: [String] = []
        for (name, text) in written {
            guard let descriptor = descriptors.first(where: { $0.name == name }) else {
                let known = descriptors.map(\.name).joined(separator: ", ")
                problems.append("--param \(name): there is no such parameter; known: \(known)")
                continue
            }
            if seen.contains(name) { problems.append("--param \(name): given twice; expected once") }
            seen.append(name)
            do {
                if let values = try SearchText.values(text, descriptor) {
                    dimensions[name] = values
                } else {
                    _ = try descriptor.value(of: text)
                    fixed.append((name, text))
                }
            } catch {
                problems.append("--param \(error.description)")
            }
        }
        if searchesAll, dimensions.isEmpty, problems.isEmpty {
            for descriptor in descriptors where !descriptor.isSwitch && !seen.contains(descriptor.name) {
                dimensions[descriptor.name] = .range(
                    low: descriptor.bounds.lowerBound, high: descriptor.bounds.upperBound, step: descriptor.step,
                    isLogarithmic: false)
            }
        }
        // In the strategy's order, so that the order of options changes nothing.
        space = SearchSpace(
            descriptors.compactMap { descriptor in
                dimensions[descriptor.name].map { SearchDimension(descriptor.name, $0) }
            })
    }

    /// The values of a list or range; `nil` for a single value.
    private static func values(
        _ text: String, _ descriptor: ParameterDescriptor
    ) throws(ParameterError) -> SearchDimension.Values? {
        if text.contains("..") { return try range(text, descriptor) }
        guard text.contains(",") else { return nil }
        var values: [Double] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let value = try descriptor.value(of: String(part))
            if values.contains(value) {
                throw ParameterError(parameter: descriptor.name, problem: "\(part) stands in the list twice")
            }
            values.append(value)
        }
        return .choice(values)
    }

    private static func range(
        _ text: String, _ descriptor: ParameterDescriptor
    ) throws(ParameterError) -> SearchDimension.Values {
        func problem(_ words: String) -> ParameterError {
            ParameterError(
                parameter: descriptor.name, problem: "\(words); expected a range such as 5..50/5 or 5..500:log")
        }
        if descriptor.isSwitch { throw ParameterError(parameter: descriptor.name, problem: "a switch is on,off") }
        let isLogarithmic = text.hasSuffix(":log")
        let rest = isLogarithmic ? text.dropLast(4) : Substring(text)
        let slash = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let dots = slash[0].firstRange(of: "..") else { throw problem("'\(text)' is no range") }
        let low = try descriptor.value(of: String(slash[0][..<dots.lowerBound]))
        let high = try descriptor.value(of: String(slash[0][dots.upperBound...]))
        guard low <= high else { throw problem("'\(text)' ends before it begins") }
        // A real number on a logarithmic scale needs no step; everything else has the parameter's own.
        var step: Double? = isLogarithmic && !descriptor.isInteger ? nil : descriptor.step
        if slash.count == 2 {
            guard let written = Double(slash[1]), written > 0, written.isFinite else {
                throw problem("'\(slash[1])' is no step")
            }
            if descriptor.isInteger, written != written.rounded() { throw problem("\(slash[1]) is no whole step") }
            step = written
        }
        if isLogarithmic, low <= (step ?? 0) / 2 {
            throw problem("a logarithmic range begins above \(step == nil ? "0" : "half a step")")
        }
        return .range(low: low, high: high, step: step, isLogarithmic: isLogarithmic)
    }
}

extension SearchSpace {
    /// The space in words, a dimension each: `fast=5..50/5 slow=20,50,100`.
    public func text(_ descriptors: [ParameterDescriptor]) -> String {
        dimensions.map { dimension in
            let descriptor = descriptors.first { $0.name == dimension.name }
            func text(_ value: Double) -> String { descriptor?.text(value) ?? "\(value)" }
            switch dimension.values {
            case .choice(let values): return dimension.name + "=" + values.map(text).joined(separator: ",")
            case .range(let low, let high, let step, let isLogarithmic):
                let steps = step.map { "/" + ($0 == $0.rounded() ? "\(Int($0))" : "\($0)") } ?? ""
                return "\(dimension.name)=\(text(low))..\(text(high))\(steps)\(isLogarithmic ? ":log" : "")"
            }
        }.joined(separator: " ")
    }
}
