import Market
import Yams

/// One mapping of a file, read option by option. What is wrong is noted and the default taken, so that one reading finds
/// everything; `finish` notes the options that nobody asked for.
final class Section {
    let file: String
    private let path: String
    private let node: Node?
    private var asked: [String] = []
    /// The full names of all options that were asked for, here and in the sections below.
    private(set) var names: [String] = []
    /// Problems of this section and those below it.
    private(set) var problems: [SettingsProblem] = []

    /// The section of a whole file.
    convenience init(_ document: SettingsDocument) {
        self.init(document.root, path: "", file: document.file)
    }

    init(_ node: Node?, path: String, file: String) {
        self.file = file
        self.path = path
        if let node, node.mapping == nil, !Section.isEmpty(node) {
            self.node = nil
            note(node, "", "a list of options was expected, each on its line as 'name: value'")
        } else {
            self.node = node
        }
    }

    // MARK: - Options

    /// A section inside this one; its problems come to this one when `body` is done.
    func section<Result>(_ key: String, _ body: (Section) -> Result) -> Result {
        let section = Section(value(key), path: full(key), file: file)
        let result = body(section)
        section.finish()
        problems += section.problems
        names += section.names
        return result
    }

    /// The sections of a list, each begun by a dash; their problems come to this one. Nothing where the option is absent.
    func sections<Result>(_ key: String, example: String, _ body: (Section) -> Result) -> [Result] {
        guard let node = value(key) else { return [] }
        guard let list = node.sequence else {
            return refuse(node, key, "a list of sections, each begun by a dash", example, [])
        }
        return list.enumerated().map { index, element in
            let section = Section(element, path: "\(full(key))[\(index + 1)]", file: file)
            if Section.isEmpty(element) { section.note(element, "", "it is empty; '\(key): \(example)' for example") }
            let result = body(section)
            section.finish()
            problems += section.problems
            names += section.names
            return result
        }
    }

    /// A text.
    func text(_ key: String, default fallback: String, expected: String, check: (String) -> Bool) -> String {
        read(key, fallback, expected: expected, example: fallback) { check($0) ? $0 : nil }
    }

    /// One of several words.
    func choice(_ key: String, _ words: [String], default fallback: String) -> String {
        guard let node = value(key) else { return fallback }
        guard let word = node.scalar?.string else {
            return refuse(node, key, "one of \(words.joined(separator: ", "))", fallback, fallback)
        }
        if words.contains(word.lowercased()) { return word.lowercased() }
        let hint = NearestKey.match(word, in: words).map { "; did you mean '\($0)'?" } ?? ""
        note(node, key, "'\(word)' is none of \(words.joined(separator: ", "))\(hint)", "\(key): \(fallback)")
        return fallback
    }

    /// A switch: on, off, true, false, yes or no.
    func flag(_ key: String, default fallback: Bool) -> Bool {
        read(key, fallback, expected: "on or off", example: fallback ? "on" : "off") { text in
            ["true": true, "yes": true, "on": true, "false": false, "no": false, "off": false][text.lowercased()]
        }
    }

    /// A whole number.
    func integer(_ key: String, in range: ClosedRange<Int>, default fallback: Int) -> Int {
        read(
            key, fallback, expected: "a whole number in \(range.lowerBound)…\(range.upperBound)", example: "\(fallback)"
        ) {
            Int($0).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A whole number, or `nil` for `off`.
    func optionalInteger(_ key: String, in range: ClosedRange<Int>, default fallback: Int?, example: Int) -> Int? {
        read(
            key, fallback, expected: "a whole number in \(range.lowerBound)…\(range.upperBound), or off",
            example: "\(example)"
        ) { text in
            if Section.isOff(text) { return .some(nil) }
            return Int(text).flatMap { range.contains($0) ? .some($0) : nil }
        }
    }

    /// A share written in percent, or `nil` for `off`.
    func optionalPercent(_ key: String, upTo limit: Int, default fallback: Ratio?, example: Int) -> Ratio? {
        read(key, fallback, expected: "a number above 0 and up to \(limit), or off", example: "\(example)") { text in
            if Section.isOff(text) { return .some(nil) }
            guard let ratio = try? Ratio(percent: text), ratio > .zero, ratio <= .percent(limit) else { return nil }
            return .some(ratio)
        }
    }

    /// A share written in basis points.
    func basisPoints(_ key: String, in range: ClosedRange<Int>, default fallback: Ratio) -> Ratio {
        let example = DecimalText.text(Int128(fallback.units), scale: 4)
        return read(
            key, fallback, expected: "a number in \(range.lowerBound)…\(range.upperBound), with four decimals at most",
            example: example
        ) { text in
            guard let ratio = try? Ratio(basisPoints: text), ratio >= .basisPoints(range.lowerBound),
                ratio <= .basisPoints(range.upperBound)
            else { return nil }
            return ratio
        }
    }

    /// A positive amount of money.
    func money(_ key: String, _ currency: Currency, default fallback: Money) -> Money {
        read(
            key, fallback, expected: "an amount above 0 with eight decimals at most", example: fallback.decimalText
        ) { Section.money($0, currency) }
    }

    /// A positive amount of money, or `nil` for `off`.
    func optionalMoney(_ key: String, _ currency: Currency, example: Int) -> Money? {
        read(
            key, nil, expected: "an amount above 0 with eight decimals at most, or off", example: "\(example)"
        ) { text in
            if Section.isOff(text) { return .some(nil) }
            return Section.money(text, currency).map { .some($0) }
        }
    }

    /// An instant, or `nil` when it is not said.
    func time(_ key: String) -> Timestamp? {
        read(key, nil, expected: "a date and time in UTC", example: "2023-01-01T00:00") { text in
            guard let time = Timestamp(iso8601: text), Timestamp.plausible.contains(time) else { return nil }
            return .some(time)
        }
    }

    /// Whatever `parse` makes of the text of an option.
    ///
    /// - Parameter parse: gives `nil` for what it does not take.
    func read<Value>(
        _ key: String, _ fallback: Value, expected: String, example: String, _ parse: (String) -> Value?
    ) -> Value {
        guard let node = value(key) else { return fallback }
        guard let text = node.scalar?.string, let value = parse(text) else {
            return refuse(node, key, expected, example, fallback)
        }
        return value
    }

    /// The words of an option: one, or a list of them.
    func words(_ key: String, expected: String, example: String) -> [String]? {
        guard let node = value(key) else { return nil }
        if let text = node.scalar?.string { return [text] }
        if let sequence = node.sequence {
            let words = sequence.compactMap { $0.scalar?.string }
            if words.count == sequence.count { return words }
        }
        return refuse(node, key, expected, example, nil)
    }

    /// Every option of this section, whatever its name; none is unknown then.
    func keys() -> [String] {
        let keys = node?.mapping?.compactMap { $0.key.scalar?.string } ?? []
        asked += keys.map(Section.normalised)
        return keys
    }

    /// The line that this section begins in; 0 when it is not there.
    var line: Int { node?.mark?.line ?? 0 }

    // MARK: - Problems

    /// Notes a problem of an option; of the section when the option is not there.
    func note(_ key: String, _ text: String, example: String = "") {
        note(entry(key)?.key ?? node, key, text, example)
    }

    /// Notes the options that nobody asked for.
    func finish() {
        for (key, _) in node?.mapping.map(Array.init) ?? [] {
            guard let name = key.scalar?.string else {
                note(key, "", "an option has a word for its name")
                continue
            }
            if asked.contains(Section.normalised(name)) { continue }
            let hint = NearestKey.match(name, in: asked).map { "did you mean '\($0)'?" }
            note(key, name, "there is no such option; \(hint ?? "there is \(asked.joined(separator: ", "))")")
        }
    }

    private func note(_ node: Node?, _ key: String, _ text: String, _ example: String = "") {
        problems.append(
            SettingsProblem(
                file: file, line: node?.mark?.line ?? 0, column: node?.mark?.column ?? 0,
                key: key.isEmpty ? path : full(key), text: text, example: example))
    }

    private func refuse<Value>(
        _ node: Node, _ key: String, _ expected: String, _ example: String, _ fallback: Value
    ) -> Value {
        let seen = node.scalar.map { "'\($0.string.prefix(60))'" } ?? (node.mapping == nil ? "a list" : "a section")
        note(node, key, "\(seen) was not expected here, but \(expected)", "\(key): \(example)")
        return fallback
    }

    // MARK: - Nodes

    /// The value of an option; `nil` when it is absent or empty.
    func value(_ key: String) -> Node? {
        asked.append(Section.normalised(key))
        names.append(full(key))
        guard let value = entry(key)?.value, !Section.isEmpty(value) else { return nil }
        return value
    }

    func entry(_ key: String) -> (key: Node, value: Node)? {
        let name = Section.normalised(key)
        return node?.mapping?.first { $0.key.scalar.map { Section.normalised($0.string) } == name }
    }

    private func full(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// JSON files write `stop_loss` where YAML files write `stop-loss`.
    private static func normalised(_ key: String) -> String {
        String(key.map { $0 == "_" ? "-" : $0 }).lowercased()
    }

    private static func isEmpty(_ node: Node) -> Bool {
        guard let scalar = node.scalar else { return false }
        return scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
    }

    private static func isOff(_ text: String) -> Bool { ["off", "none", "no", "false"].contains(text.lowercased()) }

    private static func money(_ text: String, _ currency: Currency) -> Money? {
        guard let money = try? Money(text, currency), money.units > 0 else { return nil }
        return money
    }
}
