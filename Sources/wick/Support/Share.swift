import ArgumentParser
import FoundationEssentials
import Storage
import Terminal

/// Where what comes with the program is found: themes and the commented configuration.
struct ShareOptions: ParsableArguments {
    @Option(
        name: .customLong("themes-dir"),
        help: ArgumentHelp("Look for themes here first.", valueName: "directory"), completion: .directory)
    var themesDirectory: String?

    /// The themes that can be chosen: of `--themes-dir`, the person's own, and those that came with the program.
    var themeLibrary: ThemeLibrary {
        let own = DataDirectory.configuration(environment: Environment.variables).file("themes")
        let shipped = Share.directories.map { $0 + "/Themes" }
        return ThemeLibrary(directories: (themesDirectory.map { [$0] } ?? []) + [own] + shipped)
    }
}

/// The directories that hold `Themes` and `Config`, most important first.
enum Share {
    /// `$WICK_SHARE`; `<prefix>/share/wick` of an installed program; the root of the package for one run from where it
    /// was built. Only those that are there.
    static var directories: [String] {
        var candidates: [String] = []
        if let named = Environment.variables["WICK_SHARE"], !named.isEmpty { candidates.append(named) }
        if let program = programPath {
            let folders = program.split(separator: "/").dropLast()
            candidates.append("/" + folders.dropLast().joined(separator: "/") + "/share/wick")
            if let build = folders.lastIndex(where: { $0.hasPrefix(".build") }) {
                candidates.append("/" + folders[..<build].joined(separator: "/"))
            }
        }
        return candidates.filter { FileManager.default.fileExists(atPath: $0 + "/Themes") }
    }

    /// The file that is running, links followed.
    private static var programPath: String? {
        if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") { return path }
        return CommandLine.arguments.first.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
}
