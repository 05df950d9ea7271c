import Market
import Rules
import Trading
import Yams

/// Reads the parts of a strategy from the nodes of its file, and remembers where each stands.
struct RuleReader {
    private let root: Section
    private let file: String
    /// Where expressions stand: the node of the name and that of the text.
    private var nodes: [RulePlace: (key: Node?, value: Node?, name: String)] = [:]

    init(_ document: SettingsDocument) {
        root = Section(document)
        file = document.file
    }

    /// What is wrong with the file as such.
    var problems: [SettingsProblem] { root.problems }

    /// The strategy as far as it can be read.
    mutating func read() -> RuleText {
        var text = RuleText(name: "", sections: [])
        text.name = string("name", example: "trend") ?? ""
        if text.name.isEmpty { root.note("name", "a name was expected", example: "name: trend") }
        text.summary = string("summary", example: "Buys when …") ?? ""
        let timeframes = Timeframe.all.map(\.description).joined(separator: " ")
        text.timeframe = root.read("timeframe", nil, expected: "one of \(timeframes)", example: "5m") { Timeframe($0) }
        text.parameters = parameters()
        text.requirements = (root.words("require", expected: "a list of conditions", example: "[fast < slow]") ?? [])
        noteRequirements()
        text.definitions = definitions()
        for section in RuleText.Section.allCases {
            guard let expression = string(section.rawValue, example: RuleReader.example(section)) else { continue }
            let entry = root.entry(section.rawValue)
            nodes[.section(section)] = (entry?.key, entry?.value, section.rawValue)
            text.sections.append(.init(section, expression))
        }
        root.finish()
        return text
    }

    private func string(_ key: String, example: String) -> String? {
        root.read(key, nil, expected: "a text", example: example) { .some($0) }
    }

    private static func example(_ section: RuleText.Section) -> String {
        switch section {
        case .entry: return "crosses_above(close, sma(close, 20))"
        case .exit, .cover: return "crosses_below(close, sma(close, 20))"
        case .short: return "crosses_below(close, sma(close, 50))"
        case .filter: return "adx(14) > 20"
        case .stop, .trail: return "2 * atr(14)"
        case .target: return "4 * atr(14)"
        case .size: return "0.5"
        }
    }

    // MARK: Lists

    private mutating func noteRequirements() {
        guard let entry = root.entry("require") else { return }
        let list = entry.value.sequence.map { Array($0) } ?? [entry.value]
        for (index, node) in list.enumerated() {
            nodes[RulePlace.requirement(index)] = (entry.key, node, "require")
        }
    }

    private mutating func definitions() -> [RuleText.Part<String>] {
        var definitions: [RuleText.Part<String>] = []
        root.section("define") { section in
            for key in section.keys() {
                guard let entry = section.entry(key) else { continue }
                guard let text = entry.value.scalar?.string else {
                    section.note(key, "an expression was expected", example: "\(key): sma(close, 20)")
                    continue
                }
                nodes[.definition(definitions.count)] = (entry.key, entry.value, "define.\(key)")
                definitions.append(.init(key, text))
            }
        }
        return definitions
    }

    private mutating func parameters() -> [ParameterDescriptor] {
        var parameters: [ParameterDescriptor] = []
        root.section("parameters") { section in
            for key in section.keys() {
                let node = section.entry(key)?.key
                let descriptor = section.section(key) { RuleReader.parameter(key, $0) }
                guard let descriptor else { continue }
                nodes[.parameter(parameters.count)] = (node, node, "parameters.\(key)")
                parameters.append(descriptor)
            }
        }
        return parameters
    }

    private static func parameter(_ name: String, _ section: Section) -> ParameterDescriptor? {
        func number(_ key: String) -> Double? {
            section.read(key, nil, expected: "a number", example: "10") { text in
                guard let value = Double(text), value.isFinite, abs(value) <= 1e12 else { return nil }
                return .some(value)
            }
        }
        func text(_ key: String) -> String { section.read(key, "", expected: "a text", example: "candles") { $0 } }
        let (meaning, unit) = (text("meaning"), text("unit"))
        let written = section.read("default", "", expected: "a number, on or off", example: "10") { $0 }
        let switches = ["true": true, "yes": true, "on": true, "false": false, "no": false, "off": false]
        if let isOn = switches[written.lowercased()] { return .toggle(name, meaning, default: isOn) }
        let (value, low, high) = (number("default"), number("min"), number("max"))
        let step = number("step")
        let isWhole = section.read(
            "whole", nil, expected: "on or off", example: "on"
        ) { (text: String) -> Bool?? in
            switches[text.lowercased()].map { .some($0) }
        }
        guard let value, let low, let high else {
            section.note("default", "'default', 'min' and 'max' are needed", example: "{default: 10, min: 1, max: 500}")
            return nil
        }
        guard low <= value, value <= high else {
            section.note("default", "\(value) does not lie in \(low)…\(high)")
            return nil
        }
        if let step, step <= 0 {
            section.note("step", "a step is above 0")
            return nil
        }
        let numbers = [value, low, high, step ?? 1]
        if isWhole ?? numbers.allSatisfy({ $0 == $0.rounded() }) {
            guard numbers.allSatisfy({ $0 == $0.rounded() }) else {
                section.note("whole", "default, min, max and step of a whole number must be whole")
                return nil
            }
            return .integer(
                name, meaning, unit: unit, default: Int(value), in: Int(low)...Int(high), step: Int(numbers[3]))
        }
        return .number(
            name, meaning, unit: unit, default: value, in: low...high, step: step ?? max((high - low) / 100, 1e-9))
    }

    // MARK: Places

    /// A problem of the rules, with where it stands in the file.
    func located(_ problem: RuleProblem, _ lines: SourceLines) -> RuleFileProblem {
        let node = nodes[problem.place]
        var result = RuleFileProblem(
            file: file, line: 0, column: 0, width: 0, key: node?.name ?? "", text: problem.message, source: "")
        if let value = node?.value, !problem.range.isEmpty || value.mark != nil,
            let place = lines.place(of: problem.range, in: problem.range.isEmpty ? node?.key ?? value : value)
        {
            (result.line, result.column, result.width) = place
            result.source = lines.line(place.line)
        }
        return result
    }
}
