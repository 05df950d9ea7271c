import Engine
import FoundationEssentials
import Ingestion

/// The command line of a run, so that it can be run again.
enum RunWords {
    /// Options that only say where output goes, and whether a value follows.
    private static let outputs: [String: Bool] = [
        "--trades": true, "--equity": true, "--plot": true, "--plot-kind": true, "--plot-size": true,
        "--plot-theme": true,
        "--report": true, "--data-dir": true, "--json": false, "--no-store": false,
    ]

    /// The largest file whose text is kept with the run.
    private static let largestText = 64 << 10

    /// The options of a command of `wick backtest` that this process was started with, without those of output.
    static func current(_ command: RunOrigin.Command) -> [String] {
        let all = Array(CommandLine.arguments.dropFirst())
        let place = all.indices.dropLast().first { all[$0] == "backtest" && all[$0 + 1] == command.rawValue }
        guard let place else { return [] }
        return withoutOutputs(Array(all[(place + 2)...]))
    }

    /// Words without the options of output.
    static func withoutOutputs(_ words: [String]) -> [String] {
        var result: [String] = []
        var index = 0
        while index < words.count {
            let word = words[index]
            let name = word.hasPrefix("--") ? String(word.prefix { $0 != "=" }) : word
            if let hasValue = outputs[name] {
                index += hasValue && name == word ? 2 : 1
                continue
            }
            result.append(word)
            index += 1
        }
        return result
    }

    /// The files that words name, with what is needed to know them again.
    static func files(_ words: [String]) -> [RunOrigin.File] {
        words.indices.compactMap { index in
            if let named = file(value(words[index]), word: index) { return named }
            // SYMBOL=FILE of a portfolio.
            guard index > 0, ofSymbols.contains(words[index - 1]), let sign = words[index].firstIndex(of: "=") else {
                return nil
            }
            return file(String(words[index][words[index].index(after: sign)...]), word: index)
        }
    }

    /// Options whose values may name a symbol before a file.
    private static let ofSymbols: Set<String> = ["--csv", "--corporate-actions"]

    /// A file with what is needed to know it again; `nil` of what is none.
    ///
    /// - Parameter word: which of the words names it; -1 where another file does.
    static func file(_ path: String, word: Int) -> RunOrigin.File? {
        guard !path.isEmpty, let bytes = try? bytes(of: path) else { return nil }
        let isText = bytes.count <= largestText
        return RunOrigin.File(
            word: word, path: absolute(path), count: bytes.count, hash: RunOrigin.fingerprint(bytes),
            text: isText ? String(validating: bytes, as: UTF8.self) : nil)
    }

    /// The bytes of a regular file.
    static func bytes(of path: String) throws -> [UInt8] {
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory,
            let kind = try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType,
            kind == .typeRegular || kind == .typeSymbolicLink
        else { throw CommandFailure(.noInput, "\(path) is no file") }
        return [UInt8](try Data(contentsOf: URL(filePath: path)))
    }

    /// The value of a word: what is behind `=` of an option, else the word.
    private static func value(_ word: String) -> String {
        guard word.hasPrefix("--") else { return word }
        guard let sign = word.firstIndex(of: "=") else { return "" }
        return String(word[word.index(after: sign)...])
    }

    /// A word with another value.
    static func word(_ word: String, value: String) -> String {
        guard let sign = word.firstIndex(of: "="), word.hasPrefix("--") || file(word, word: 0) == nil else {
            return value
        }
        return word[...sign] + value
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    /// The command as people type it into a shell.
    static func command(_ origin: RunOrigin) -> String {
        (["wick", "backtest", (origin.command ?? .run).rawValue] + origin.words).map(quoted).joined(separator: " ")
    }

    private static func quoted(_ word: String) -> String {
        let plain = word.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                || "-_.:,=/+@%".unicodeScalars.contains($0)
        }
        return plain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
