import Foundation
import Testing

/// What a run of the program left.
struct Run {
    /// The exit status; 128 and the signal's number where a signal ended it.
    var status: Int32
    var output: String
    var errors: String

    /// The object that standard output holds.
    func object() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any], "\(output) \(errors)")
    }

    /// The array of objects that standard output holds.
    func array() throws -> [[String: Any]] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]], "\(output) \(errors)")
    }
}

/// The built program.
enum Program {
    /// The file: it stands beside the tests that were built with it, unless the environment names another.
    static let path: String = {
        if let other = ProcessInfo.processInfo.environment["WICK_BINARY"] {
            return URL(fileURLWithPath: other).path
        }
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        let beside = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("wick").path
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        return root.appendingPathComponent(".build/debug/wick").path
    }()

    /// The root of the package.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}

/// A directory of its own for a test, with data and configuration, gone when the test is over.
final class Sandbox {
    let directory: URL
    var data: String { directory.appendingPathComponent("data").path }

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("wick-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    /// The path of a file in the directory.
    func path(_ name: String) -> String { directory.appendingPathComponent(name).path }

    /// Writes a file and gives its path.
    @discardableResult
    func write(_ text: String, _ name: String) throws -> String {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
        return path(name)
    }

    /// The text of a file.
    func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    /// The process number of the engine that runs on the data directory, from its lock.
    var engine: Int32? {
        (try? text("data/engine.lock")).flatMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    /// The environment of the program: nothing of the person's own.
    var environment: [String: String] {
        [
            "HOME": directory.path, "XDG_DATA_HOME": path("share"), "XDG_CONFIG_HOME": path("config"),
            "WICK_OFFLINE": "1", "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
        ]
    }

    /// Runs the program with the data directory of the sandbox and waits for its end.
    func wick(_ arguments: String...) throws -> Run { try wick(arguments) }

    /// Runs the program with the data directory of the sandbox and waits for its end.
    func wick(_ arguments: [String]) throws -> Run {
        let isAboutData = !arguments.contains("--data-dir") && !arguments.contains("--help")
        let needs = ["strategy classes", "theme list", "config check"]
        let isPlain = needs.contains { arguments.joined(separator: " ").hasPrefix($0) } || arguments == ["--version"]
        return try run(Program.path, isAboutData && !isPlain ? arguments + ["--data-dir", data] : arguments)
    }

    /// Runs a line of shell in which `wick` is the program.
    func shell(_ line: String) throws -> Run {
        try run("/bin/sh", ["-c", "wick() { '\(Program.path)' \"$@\"; }; cd '\(directory.path)'; \(line)"])
    }

    private func run(_ executable: String, _ arguments: [String]) throws -> Run {
        try Child(executable, arguments, environment, in: directory).finished()
    }

    /// Starts the program without waiting for it, with variables beside those of the environment.
    func started(_ arguments: [String], _ more: [String: String] = [:]) throws -> Child {
        try Child(
            Program.path, arguments + ["--data-dir", data], environment.merging(more) { _, new in new }, in: directory)
    }
}
