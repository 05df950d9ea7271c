/// Something wrong with a configuration file: where, what, what was expected, and how it is written.
public struct SettingsProblem: Sendable, Hashable, CustomStringConvertible {
    /// The file.
    public var file: String
    /// The line, from 1; 0 when the file as a whole is meant.
    public var line: Int
    /// The column, from 1; 0 when the line as a whole is meant.
    public var column: Int
    /// The option, `risk.drawdown-percent`; empty when none is meant.
    public var key: String
    /// What is wrong and what was expected.
    public var text: String
    /// How the option is written, `drawdown-percent: 25`; empty when there is nothing to show.
    public var example: String

    init(
        file: String, line: Int = 0, column: Int = 0, key: String = "", text: String, example: String = ""
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.key = key
        self.text = text
        self.example = example
    }

    /// `wick.yaml:12:3: risk.drawdown-percent: 'abc' was not expected here, but … (for example 'drawdown-percent: 25')`.
    public var description: String {
        var result = file
        if line > 0 { result += ":\(line)" }
        if column > 0 { result += ":\(column)" }
        result += ": "
        if !key.isEmpty { result += "\(key): " }
        result += text
        if !example.isEmpty { result += " (for example '\(example)')" }
        return result
    }
}

/// Everything that is wrong with a configuration file, found in one reading.
public struct SettingsError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The problems, in the order of their lines.
    public var problems: [SettingsProblem]

    init(_ problems: [SettingsProblem]) {
        self.problems = problems.enumerated().sorted {
            ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
        }.map(\.element)
    }

    /// The exit code after `sysexits.h` for a command that ends with this error.
    public var exitCode: Int32 { 78 }

    /// One problem a line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
