import Glibc
import Yams

/// A configuration file read into its nodes.
struct SettingsDocument {
    let file: String
    /// The top of the file; `nil` for an empty one.
    let root: Node?

    /// No configuration holds more; what does is another file by mistake.
    static let largestFile = 1 << 20

    /// Reads a file.
    ///
    /// - Throws: `SettingsError` when it can't be read or is no YAML.
    init(file: String) throws(SettingsError) {
        let text = try SettingsDocument.contents(file)
        try self.init(text: text, file: file)
    }

    /// Reads a text.
    ///
    /// - Throws: `SettingsError` when it is no YAML, with the line where it ceases to be.
    init(text: String, file: String) throws(SettingsError) {
        self.file = file
        // The library composes nested collections by recursion; brackets by the thousand are no configuration.
        guard text.utf8.count(where: { $0 == 0x5B || $0 == 0x7B }) < 1_000 else {
            throw SettingsError([SettingsProblem(file: file, text: "it nests lists and maps beyond reason")])
        }
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw SettingsError([SettingsDocument.problem(error, file)])
        }
    }

    /// The text of a file.
    ///
    /// - Throws: `SettingsError` when it can't be read or is no text.
    static func contents(_ file: String, largest: Int = largestFile) throws(SettingsError) -> String {
        func failure(_ text: String) -> SettingsError { SettingsError([SettingsProblem(file: file, text: text)]) }
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("it can't be opened: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure("it can't be read: \(String(cString: strerror(errno)))")
            }
            bytes += chunk[..<count]
            guard bytes.count <= largest else { throw failure("it is larger than \(largest >> 20) MiB") }
        }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw failure("it is no text in UTF-8")
        }
        return text
    }

    private static func problem(_ error: any Error, _ file: String) -> SettingsProblem {
        guard let error = error as? YamlError else {
            return SettingsProblem(file: file, text: "it is no YAML: \(error)")
        }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return SettingsProblem(file: file, line: mark.line, column: mark.column, text: "it is no YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            return SettingsProblem(
                file: file, line: context.mark.line, column: context.mark.column,
                text: "\(duplicates.joined(separator: ", ")) stands there more than once")
        case .reader(let problem, _, _, _):
            return SettingsProblem(file: file, text: "it is no YAML: \(problem)")
        default:
            return SettingsProblem(file: file, text: "it is no YAML")
        }
    }
}
