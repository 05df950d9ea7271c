import Market
import Trading

// The text that stands for a strategy in a registration, a journal and a store: a line a part, tabs between fields. The
// first line is what people see of it.

extension RuleText {
    /// What the name of such a class begins with.
    static let prefix = "rules:"

    /// The longest text of a strategy, in UTF-8 units.
    static let longest = 32_000

    /// The name of the class: the whole text, of which people see the first line, `rules:` and its name.
    public var className: String {
        var lines = [RuleText.prefix + RuleText.flat(name), "summary\t" + RuleText.flat(summary)]
        if let timeframe { lines.append("timeframe\t\(timeframe)") }
        for parameter in parameters {
            let kind = parameter.isSwitch ? "switch" : parameter.isInteger ? "whole" : "real"
            let numbers = [
                parameter.defaultValue, parameter.bounds.lowerBound, parameter.bounds.upperBound, parameter.step,
            ]
            let fields =
                ["parameter", parameter.name, kind] + numbers.map(\.description)
                + [parameter.unit, parameter.meaning]
            lines.append(fields.map(RuleText.flat).joined(separator: "\t"))
        }
        lines += requirements.map { "require\t" + RuleText.flat($0) }
        lines += definitions.map { "define\t\($0.label)\t" + RuleText.flat($0.text) }
        lines += sections.map { "\($0.label.rawValue)\t" + RuleText.flat($0.text) }
        return lines.joined(separator: "\n")
    }

    /// The text that a class name is; `nil` when it is none.
    public init?(className: String) {
        guard className.hasPrefix(RuleText.prefix), className.utf8.count <= RuleText.longest else { return nil }
        let lines = className.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
        guard let first = lines.first, first.count == 1 else { return nil }
        self.init(name: String(first[0].dropFirst(RuleText.prefix.count)), sections: [])
        for fields in lines.dropFirst() {
            guard read(fields) else { return nil }
        }
    }

    private mutating func read(_ fields: [String]) -> Bool {
        switch (fields[0], fields.count) {
        case ("summary", 2): summary = fields[1]
        case ("timeframe", 2):
            guard let timeframe = Timeframe(fields[1]) else { return false }
            self.timeframe = timeframe
        case ("parameter", 9):
            let numbers = fields[3..<7].compactMap(Double.init)
            guard numbers.count == 4, numbers.allSatisfy(\.isFinite), numbers[1] <= numbers[2],
                ["switch", "whole", "real"].contains(fields[2])
            else { return false }
            return read(parameter: fields, numbers)
        case ("require", 2): requirements.append(fields[1])
        case ("define", 3): definitions.append(Part(fields[1], fields[2]))
        default:
            guard fields.count == 2, let section = Section(rawValue: fields[0]) else { return false }
            sections.append(Part(section, fields[1]))
        }
        return true
    }

    private mutating func read(parameter fields: [String], _ numbers: [Double]) -> Bool {
        let (name, unit, meaning) = (fields[1], fields[7], fields[8])
        switch fields[2] {
        case "switch":
            parameters.append(.toggle(name, meaning, default: numbers[0] != 0))
        case "whole":
            let whole = numbers.compactMap { Int(exactly: $0) }
            guard whole.count == 4 else { return false }
            parameters.append(
                .integer(name, meaning, unit: unit, default: whole[0], in: whole[1]...whole[2], step: whole[3]))
        default:
            parameters.append(
                .number(
                    name, meaning, unit: unit, default: numbers[0], in: numbers[1]...numbers[2], step: numbers[3]))
        }
        return true
    }

    /// A text on one line and without tabs. Every such sign becomes one space, so that places in it stay where they are.
    private static func flat(_ text: String) -> String {
        String(decoding: text.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
    }
}
