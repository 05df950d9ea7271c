import Foundation

/// The manual page, made of what the program says about itself and of what only people know.
enum Manual {
    /// The page for what `wick --experimental-dump-help` printed.
    static func page(_ dump: String, version: String) throws -> String {
        let root = try JSONDecoder().decode(Dump.self, from: Data(dump.utf8)).command
        var text = """
            .\\" Made from the program's own help by the tests: WICK_UPDATE_GOLDENS=1 swift test --filter ManualTests
            .TH WICK 1 "" "wick \(version)" "User Commands"
            .SH NAME
            wick \\- \(escaped(lowercasedFirst(root.abstract ?? "")))
            .SH SYNOPSIS
            .B wick
            [\\fIoptions\\fR]
            .br
            .B wick
            \\fIcommand\\fR [\\fIoptions\\fR]
            .SH DESCRIPTION

            """
        text += discussion(root)
        text += ".SH OPTIONS\n" + arguments(root, isRoot: true) + ".SH COMMANDS\n"
        for command in root.subcommands ?? [] where command.commandName != "help" { text += section(command, []) }
        return text + closing
    }

    private static func section(_ command: Command, _ parents: [String]) -> String {
        let path = parents + [command.commandName]
        let children = (command.subcommands ?? []).filter { $0.commandName != "help" }
        if !children.isEmpty {
            return children.map { section($0, path) }.joined()
        }
        var text = ".SS \"wick \(path.joined(separator: " "))\"\n"
        text += escaped(command.abstract ?? "") + "\n"
        let more = discussion(command)
        if !more.isEmpty { text += ".PP\n" + more }
        return text + arguments(command, isRoot: false)
    }

    private static func discussion(_ command: Command) -> String {
        var text = ""
        var isExample = false
        for line in (command.discussion ?? "").split(separator: "\n", omittingEmptySubsequences: false) {
            let indented = line.hasPrefix("  ")
            if indented != isExample { text += indented ? ".RS 2\n.nf\n" : ".fi\n.RE\n" }
            isExample = indented
            text += line.isEmpty ? ".PP\n" : escaped(indented ? String(line.dropFirst(2)) : String(line)) + "\n"
        }
        return text + (isExample ? ".fi\n.RE\n" : "")
    }

    private static func arguments(_ command: Command, isRoot: Bool) -> String {
        var text = ""
        for argument in command.arguments ?? [] where argument.shouldDisplay ?? true {
            let names = (argument.names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name }
            if !isRoot, names.contains("--help") || names.contains("--version") { continue }
            let value = argument.valueName ?? ""
            let title: String
            switch argument.kind {
            case "positional": title = "\\fI\(escaped(value))\\fR"
            case "option":
                title = names.map { "\\fB\(escaped($0))\\fR" }.joined(separator: ", ") + " \\fI\(escaped(value))\\fR"
            default: title = names.map { "\\fB\(escaped($0))\\fR" }.joined(separator: ", ")
            }
            text += ".TP\n\(title)\n\(escaped(argument.abstract ?? ""))"
            if let value = argument.defaultValue { text += " The default is \(escaped(value))." }
            text += "\n"
        }
        return text
    }

    /// Hyphens that are typed, backslashes, and lines that would be read as requests.
    private static func escaped(_ text: String) -> String {
        let plain = text.replacingOccurrences(of: "\\", with: "\\e").replacingOccurrences(of: "-", with: "\\-")
        return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
    }

    private static func lowercasedFirst(_ text: String) -> String {
        text.prefix(1).lowercased() + text.dropFirst().prefix { $0 != "." }
    }

    private static let closing = """
        .SH "EXIT STATUS"
        .TP
        0
        Everything that was asked for was done.
        .TP
        1
        It was understood and refused: an order denied, a strategy that is not there, a check that failed.
        .TP
        64
        The command line is wrong; every problem is printed.
        .TP
        65
        A file or a venue's answer holds wrong data. What is right in it was taken.
        .TP
        66
        A file, series or symbol is not there.
        .TP
        69
        There is no running engine, no terminal to open the screen on, or no way to the venue.
        .TP
        73
        A file can't be made.
        .TP
        74
        Reading or writing failed.
        .TP
        75
        Somebody else holds it: an engine runs on the data directory already, or did not answer in time. Or a venue wants a
        pause.
        .TP
        78
        The configuration is wrong; every problem is printed.
        .TP
        128 + \\fIn\\fR
        The workstation ended in order on signal \\fIn\\fR.
        .SH SIGNALS
        .TP
        SIGTERM, SIGINT
        End the workstation in order. Positions and orders stay as they are in the store.
        .TP
        SIGHUP
        The terminal is gone; the engine goes on, commands reach it, SIGTERM ends it.
        .TP
        SIGUSR1
        The emergency stop.
        .SH FILES
        .TP
        $XDG_DATA_HOME/wick, ~/.local/share/wick
        The data directory: wick.sqlite (everything), engine.lock (the running engine's process number), engine.sock (where
        commands reach it), HALTED (the emergency stop holds), wick.log, and output.log (what was printed while the screen was up).
        .TP
        $XDG_CONFIG_HOME/wick/wick.yaml, ~/.config/wick/wick.yaml
        The configuration; the one that comes with the program names every option.
        .TP
        $XDG_CONFIG_HOME/wick/themes
        Themes of one's own.
        .SH ENVIRONMENT
        .TP
        TERM, LANG, NO_COLOR
        What the terminal can do, and that no colours are wanted.
        .TP
        https_proxy, no_proxy
        The proxy that venues are asked through, and the hosts that are asked without it.
        .TP
        WICK_SHARE
        A directory with Themes and Config, instead of those that came with the program.

        """

    private struct Dump: Decodable {
        var command: Command
    }

    private struct Command: Decodable {
        var commandName: String
        var abstract: String?
        var discussion: String?
        var arguments: [Argument]?
        var subcommands: [Command]?
    }

    private struct Argument: Decodable {
        var kind: String
        var names: [Name]?
        var valueName: String?
        var abstract: String?
        var defaultValue: String?
        var shouldDisplay: Bool?

        struct Name: Decodable {
            var kind: String
            var name: String
        }
    }
}
