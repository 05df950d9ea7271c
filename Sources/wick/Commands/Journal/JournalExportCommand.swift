import ArgumentParser
import Engine
import Glibc
import Journal
import Market
import Trading

/// `wick journal export`
struct JournalExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write records as lines of JSON.",
        discussion: """
            A record that this program can't read is written as its bytes. Every record is checked on the way; at a fault the export ends with 65 after what was right before it.

            Examples:
              wick journal export --kind fill --kind order --output orders.jsonl
              wick journal export --stream market --since 2023-03-24 --until 2023-03-25 --output - | gzip > day.jsonl.gz
            """)

    @Option(
        help: ArgumentHelp("decisions or market.", valueName: "stream"), completion: .list(["decisions", "market"]))
    var stream = "decisions"
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Only records of this kind, as fill; may be said several times.", valueName: "kind"))
    var kind: [String] = []
    @Option(
        name: .customLong("from-record"),
        help: ArgumentHelp("Only records from this sequence number on.", valueName: "number"))
    var fromRecord: UInt64 = 1
    @Option(help: ArgumentHelp("Only records of this time or later, 2023-01-01T12:00, UTC.", valueName: "time"))
    var since: String?
    @Option(help: ArgumentHelp("Only records before this time.", valueName: "time"))
    var until: String?
    @Option(help: ArgumentHelp("The file; - is the standard output.", valueName: "file"), completion: .file())
    var output = "-"
    @Flag(name: .customLong("raw"), help: "The payload's bytes too, in hexadecimal digits.") var isRaw = false
    @OptionGroup var place: JournalPlaceOptions

    private struct Row {
        var stream: String
        var sequence: UInt64
        var time: String
        var position: UInt64
        var cause: UInt64
        var correlation: UInt64
        var kind: String
        var version: UInt8
        var hash: String
        var record: RawJSON?
        var payload: String?
    }

    func run() throws {
        var problems: [String] = []
        let stream = JournalStream.option(self.stream, &problems)
        let from = Timestamp.option("--since", since, &problems)
        let to = Timestamp.option("--until", until, &problems)
        JournalKindOption.check(kind, &problems)
        guard problems.isEmpty, let stream else { throw CommandFailure(usage: problems) }
        let directory = try place.directory()
        let sink = try LineSink(output)
        do {
            var reader = try JournalReader(directory: directory, stream: stream, from: fromRecord)
            while let record = try reader.record() {
                let time = Timestamp(nanoseconds: record.time)
                if let from, time < from { continue }
                if let to, time >= to { continue }
                if !kind.isEmpty, !kind.contains(record.kindName) { continue }
                try sink.write(JSON.text(row(record, stream)))
            }
        } catch {
            try sink.finish()
            throw error
        }
        try sink.finish()
        if output != "-" { Output.line("\(sink.count) records are written to \(output)") }
    }

    private func row(_ record: JournalRecord, _ stream: JournalStream) -> Row {
        let decoded = JournalEntry(record).json
        return Row(
            stream: stream.description, sequence: record.sequence,
            time: Timestamp(nanoseconds: record.time).description, position: record.position, cause: record.cause,
            correlation: record.correlation, kind: record.kindName, version: record.version,
            hash: record.hash.description, record: decoded,
            payload: isRaw || decoded == nil ? Hexadecimal.text(record.payload) : nil)
    }
}

/// Kinds of records, as options name them.
enum JournalKindOption {
    /// Adds to the problems which of the names mean nothing.
    static func check(_ names: [String], _ problems: inout [String]) {
        for name in names where !JournalRecord.kindNames.contains(name) {
            problems.append(
                "--kind: '\(Table.plain(name))' is none of \(JournalRecord.kindNames.joined(separator: " "))")
        }
    }
}

/// Bytes as digits.
enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    static func text(_ bytes: some Collection<UInt8>) -> String {
        String(unsafeUninitializedCapacity: bytes.count * 2) { target in
            var index = 0
            for byte in bytes {
                target[index] = digits[Int(byte >> 4)]
                target[index + 1] = digits[Int(byte & 15)]
                index += 2
            }
            return index
        }
    }
}

/// Lines on their way to a file or the standard output, many at once.
final class LineSink {
    private let path: String
    private let file: Int32
    private var buffer = ""
    /// How many lines there were.
    private(set) var count = 0

    /// - Parameter path: a file, which is made anew; - is the standard output.
    init(_ path: String) throws {
        self.path = path
        guard path != "-" else {
            file = STDOUT_FILENO
            return
        }
        file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else {
            throw CommandFailure(.cannotCreate, "\(path): \(String(cString: strerror(errno)))")
        }
    }

    deinit { if file != STDOUT_FILENO, file >= 0 { close(file) } }

    func write(_ line: String) throws {
        buffer += line
        buffer += "\n"
        count += 1
        if buffer.utf8.count >= 1 << 16 { try finish() }
    }

    func finish() throws {
        defer { buffer = "" }
        if file == STDOUT_FILENO { return Output.text(buffer) }
        let error = Output.write(buffer, to: file)
        guard error == 0 else { throw CommandFailure(.inputOutput, "\(path): \(String(cString: strerror(error)))") }
    }
}
