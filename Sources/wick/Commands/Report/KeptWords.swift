import Engine
import FoundationEssentials

/// The words that a kept run was asked for in, with the files of then: those that are others by now are taken from what was
/// kept of them.
struct KeptWords {
    /// The words; the files that they name are there.
    private(set) var words: [String]
    /// What is not as it was of the files.
    private(set) var remarks: [String] = []
    /// The texts of then by path, of files that are others by now.
    private(set) var texts: [String: String] = [:]
    private let scratch = ScratchFiles()

    /// The words of an origin.
    ///
    /// - Throws: `CommandFailure` when a file is gone and nothing was kept of it.
    init(_ origin: RunOrigin) throws {
        words = origin.words
        for file in origin.files where file.word < 0 || words.indices.contains(file.word) {
            let now = try? RunWords.bytes(of: file.path)
            var path = file.path
            if now.map({ RunOrigin.fingerprint($0) != file.hash }) ?? true {
                let state = now == nil ? "is not there any more" : "is another one than it was"
                if let text = file.text {
                    texts[file.path] = text
                    if file.word >= 0 { path = try scratch.write(text, named: file.path) }
                    remarks.append("\(file.path) \(state); what it was then is taken.")
                } else if now == nil {
                    throw CommandFailure(
                        .noInput,
                        "\(file.path) \(state), and it was too large to be kept with the run; put it back to run it again"
                    )
                } else {
                    remarks.append("\(file.path) \(state).")
                }
            }
            if file.word >= 0 { words[file.word] = RunWords.word(words[file.word], value: path) }
        }
    }
}

/// Files that are there as long as a command needs them.
final class ScratchFiles {
    private var directory: String?

    /// Writes a file of a name like another one's, whose ending says what it is.
    func write(_ text: String, named path: String) throws -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? "file"
        do {
            let directory = try self.directory ?? ScratchFiles.makeDirectory()
            self.directory = directory
            var place = directory + "/" + name
            while FileManager.default.fileExists(atPath: place) { place = directory + "/" + "x" + name }
            try Data(text.utf8).write(to: URL(filePath: place))
            return place
        } catch {
            throw CommandFailure(.cannotCreate, "a copy of \(path) can't be made: \(error)")
        }
    }

    private static func makeDirectory() throws -> String {
        let place = FileManager.default.temporaryDirectory.path() + "/wick-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return place
    }

    deinit {
        if let directory { try? FileManager.default.removeItem(atPath: directory) }
    }
}
