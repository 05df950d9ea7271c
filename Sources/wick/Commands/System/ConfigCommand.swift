import ArgumentParser
import Settings
import Workstation

/// `wick config …`
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check the configuration, show where it comes from.",
        discussion: """
            Examples:
              wick config check
              wick config check --config trial.yaml
            """,
        subcommands: [ConfigCheckCommand.self])
}

/// `wick config check`
struct ConfigCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say everything that is wrong with the configuration.",
        discussion: "Ends with 78 when something is wrong.\n\nExample: wick config check --config trial.yaml")

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var share: ShareOptions
    @OptionGroup var print: PrintOptions

    private struct Report {
        var file: String?
        var valid: Bool
        var problems: [Problem]

        struct Problem {
            var line: Int
            var column: Int
            var key: String
            var problem: String
            var example: String
        }
    }

    func run() throws {
        let file = configuration.path
        var problems: [SettingsProblem] = []
        do throws(SettingsError) {
            _ = try WickSettings.load(file, ConfigCheckCommand.vocabulary(share))
        } catch {
            problems = error.problems
        }
        if print.isJSON {
            JSON.print(
                Report(
                    file: file, valid: problems.isEmpty,
                    problems: problems.map {
                        .init(line: $0.line, column: $0.column, key: $0.key, problem: $0.text, example: $0.example)
                    }))
        } else if problems.isEmpty {
            Output.line(file.map { "\($0) is right" } ?? "there is no configuration file; the defaults hold")
        }
        guard problems.isEmpty else {
            let text = print.isJSON ? "" : problems.map(\.description).joined(separator: "\n")
            throw CommandFailure(.configuration, text)
        }
    }

    /// What names in the configuration are checked against.
    static func vocabulary(_ share: ShareOptions) -> SettingsVocabulary {
        SettingsVocabulary(themes: share.themeLibrary.names()) { keys in
            var settings = WorkstationSettings()
            settings.keys = keys
            return settings.keyProblems
        }
    }
}
