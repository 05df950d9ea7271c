import Engine
import FoundationEssentials
import Market
import Storage
import Trading

/// A run that is kept, as the command that runs it again.
struct KeptRun {
    let record: BacktestRecord
    let origin: RunOrigin
    private let data: DataOptions
    /// What is not as it was of the files that it names.
    private(set) var remarks: [String] = []
    private var words: [String]
    private let scratch: ScratchFiles

    /// The run of a record.
    ///
    /// - Throws: `CommandFailure` when a file of it is gone and nothing was kept of it.
    init(_ record: BacktestRecord, _ origin: RunOrigin, _ data: DataOptions) throws {
        self.record = record
        self.origin = origin
        self.data = data
        words = origin.words
        scratch = ScratchFiles()
        for file in origin.files where words.indices.contains(file.word) {
            let now = try? RunWords.bytes(of: file.path)
            var path = file.path
            if now.map({ RunOrigin.fingerprint($0) != file.hash }) ?? true {
                let state = now == nil ? "is not there any more" : "is another one than it was"
                if let text = file.text {
                    path = try scratch.write(text, named: file.path)
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
            words[file.word] = RunWords.word(words[file.word], value: path)
        }
    }

    /// The command, over the very stretch of the run.
    ///
    /// - Throws: `CommandFailure` when this release doesn't understand it.
    func command() throws -> BacktestRunCommand {
        var command: BacktestRunCommand
        do {
            command = try BacktestRunCommand.parse(words)
        } catch {
            throw CommandFailure(
                .data,
                "backtest \(record.id) was asked for in words that this release does not know: "
                    + BacktestRunCommand.message(for: error))
        }
        command.data = data
        command.isForgotten = true
        // Rules are their own name; their file may say other things by now.
        command.setup.strategy = record.className
        command.setup.rules.file = nil
        command.source.timeframe = record.timeframe.description
        if let (from, to) = span {
            command.source.span.from = from
            command.source.span.to = to
        }
        return command
    }

    /// The candles of the run as they are today.
    func candles() throws -> CandleSeries {
        let command = try command()
        return try command.source.series(try command.request(), data, ProgressLine("candles"))
    }

    /// From the open of the first candle to the close of the last.
    private var span: (from: String, to: String)? {
        guard case .object(let members)? = JSONValue(text: record.result), case .string(let from)? = members["from"],
            case .string(let to)? = members["to"]
        else { return nil }
        return (from, to)
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
