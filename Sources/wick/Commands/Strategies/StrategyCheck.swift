import ArgumentParser
import Engine
import Glibc
import Rules
import Settings
import Trading

/// The option that names a file of rules.
struct RuleOption: ParsableArguments {
    @Option(
        name: .customLong("rules"),
        help: ArgumentHelp(
            "A file of rules instead of a class; docs/rules.md says how they are written.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var file: String?

    /// The rules of the file, where one is named.
    ///
    /// - Throws: `CommandFailure` when they are wrong; what is wrong has been printed then.
    func read() throws -> RuleClass? { try file.map(RuleOption.read) }

    /// Has the store remember where the rules of a strategy come from, so that the engine sees when the file changes; a
    /// strategy without a file has none from then on.
    func remember(for strategy: String, _ data: DataOptions) throws {
        let path = file.flatMap { file -> String? in
            guard let whole = realpath(file, nil) else { return nil }
            defer { free(whole) }
            return String(cString: whole)
        }
        try data.withAccount { try RulesFile.remember(path, of: strategy, in: $0, at: Environment.now) }
    }

    static func read(_ file: String) throws -> RuleClass {
        do throws(RuleFileError) {
            return try RuleFile(file).rules
        } catch {
            // As they are: a mark stands below the sign it means.
            Output.error(error.description)
            throw CommandFailure(error.isUnreadable ? .noInput : .data)
        }
    }
}

/// `wick strategy check FILE`
struct StrategyCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Read a file of rules, and say what they come to or everything that is wrong.",
        discussion: """
            Nothing is registered. The command ends with 0 where the rules are right, with 65 where they are not, and with \
            66 where the file can't be read.

            Example: wick strategy check pullback.yaml
            """)

    @Argument(help: "The file, YAML or JSON.", completion: .file(extensions: ["yaml", "yml", "json"])) var file: String
    @OptionGroup var print: PrintOptions

    private struct Row {
        var name: String
        var summary: String
        var timeframe: String?
        var parameters: [String: String]
        var rules: [String: String]
        var indicators: [String]
        var warmUp: Int
        var steps: Int
    }

    func run() throws {
        let rules = try RuleOption.read(file)
        let text = rules.text
        let defaults = Parameters(text.parameters).texts
        if print.isJSON {
            return JSON.print(
                Row(
                    name: text.name, summary: text.summary, timeframe: text.timeframe?.description,
                    parameters: Dictionary(defaults.map { ($0.name, $0.text) }) { $1 },
                    rules: Dictionary(text.sections.map { ($0.label.rawValue, $0.text) }) { $1 },
                    indicators: rules.indicators, warmUp: rules.warmUp, steps: rules.stepCount))
        }
        var pairs = [("name", text.name)]
        if !text.summary.isEmpty { pairs.append(("summary", text.summary)) }
        if let timeframe = text.timeframe { pairs.append(("timeframe", timeframe.description)) }
        if !defaults.isEmpty {
            pairs.append(("parameters", defaults.map { "\($0.name)=\($0.text)" }.joined(separator: " ")))
        }
        pairs += text.sections.map { ($0.label.rawValue, $0.text) }
        pairs.append(("indicators", rules.indicators.isEmpty ? "none" : rules.indicators.joined(separator: ", ")))
        pairs.append(("warm-up", "\(rules.warmUp) candle\(rules.warmUp == 1 ? "" : "s")"))
        pairs.append(("steps a candle", "\(rules.stepCount)"))
        Output.line("ok")
        Output.pairs(pairs)
    }
}
