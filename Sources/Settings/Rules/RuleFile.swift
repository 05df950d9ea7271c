public import Rules

/// A strategy written down as rules in a YAML or JSON file.
public struct RuleFile: Sendable {
    /// The rules, read and checked.
    public let rules: RuleClass

    /// Reads and checks a file.
    ///
    /// - Throws: `RuleFileError` with everything that is wrong with it.
    public init(_ file: String) throws(RuleFileError) {
        let text: String
        do {
            text = try SettingsDocument.contents(file)
        } catch {
            throw RuleFileError(error, isUnreadable: true)
        }
        try self.init(text: text, name: file)
    }

    /// Reads and checks the text of a file; `name` is what messages call it.
    ///
    /// - Throws: `RuleFileError` with everything that is wrong with it.
    public init(text: String, name: String) throws(RuleFileError) {
        let document: SettingsDocument
        do {
            document = try SettingsDocument(text: text, file: name)
        } catch {
            throw RuleFileError(error, isUnreadable: false)
        }
        var reader = RuleReader(document)
        let rules = reader.read()
        let lines = SourceLines(text)
        var problems = reader.problems.map { RuleFileProblem($0, lines) }
        do throws(RuleErrors) {
            let checked = try RuleClass(rules)
            if problems.isEmpty {
                self.rules = checked
                return
            }
        } catch {
            problems += error.problems.map { reader.located($0, lines) }
        }
        throw RuleFileError(problems)
    }
}

/// Something wrong with a file of rules: where, what, and the line it stands in.
public struct RuleFileProblem: Sendable, Hashable, CustomStringConvertible {
    /// The file.
    public var file: String
    /// The line, from 1; 0 when the file as a whole is meant.
    public var line: Int
    /// The column, from 1; 0 when the line as a whole is meant.
    public var column: Int
    /// How many signs from the column on are meant; 0 when none is.
    public var width: Int
    /// What it is about, `entry` or `define.fast_mean`; empty when nothing is named.
    public var key: String
    /// What is wrong and what was expected.
    public var text: String
    /// The line as it stands in the file; empty when there is none.
    public var source: String

    /// The place, what is wrong, and the line with a mark below.
    public var description: String {
        var result = file
        if line > 0 { result += ":\(line)" }
        if column > 0 { result += ":\(column)" }
        result += ": "
        if !key.isEmpty { result += "\(key): " }
        result += text
        guard line > 0, column > 0, !source.isEmpty else { return result }
        let number = String(line)
        let margin = String(repeating: " ", count: number.count)
        // A tab stays one, so that the mark stands below what it means.
        let indent = String(source.prefix(column - 1).map { $0 == "\t" ? "\t" : " " })
        result += "\n  \(number) | \(source)\n  \(margin) | \(indent)"
        return result + String(repeating: "^", count: max(width, 1))
    }
}

/// Everything that is wrong with a file of rules, found in one reading.
public struct RuleFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The problems, in the order of their lines.
    public var problems: [RuleFileProblem]
    /// Whether the file could not be read at all.
    public var isUnreadable: Bool

    init(_ problems: [RuleFileProblem], isUnreadable: Bool = false) {
        self.problems = problems.enumerated().sorted {
            ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
        }.map(\.element)
        self.isUnreadable = isUnreadable
    }

    init(_ error: SettingsError, isUnreadable: Bool) {
        self.init(error.problems.map { RuleFileProblem($0, SourceLines("")) }, isUnreadable: isUnreadable)
    }

    /// The problems one after the other, each with its line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
