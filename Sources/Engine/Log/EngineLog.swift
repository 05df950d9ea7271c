import Glibc
import Market
import Synchronization

/// How much a line of the log matters.
enum LogLevel: String, Sendable {
    case info, warning, error
}

/// The engine's log: the newest lines in memory for the screen, all of them in a file.
///
/// Writing a line never touches the disk: lines queue until `flush`, which the recorder's thread calls. The queue is
/// bounded; when the disk is slower than the log, the oldest waiting lines give way and their number is written instead.
/// Nothing secret is ever logged: the engine has no secrets of its own, and requests are logged without free text.
final class EngineLog: Sendable {
    private static let memoryLines = 500
    private static let queueLines = 10_000

    private struct State {
        var lines: [LogLine] = []
        var waiting: [LogLine] = []
        var droppedCount = 0
        var generation: UInt64 = 0
    }

    private let state = Mutex(State())
    private let file: LogFile?

    /// A log that writes to `path`, which is renamed to `path.1` when it grows beyond `maximumBytes`; `nil` keeps the
    /// lines in memory only.
    init(path: String?, maximumBytes: Int) {
        file = path.map { LogFile(path: $0, maximumBytes: maximumBytes) }
    }

    /// Adds a line. Line breaks and control characters in `text` become spaces: a venue's words must not move a terminal.
    func write(_ level: LogLevel, _ text: String, at time: Timestamp) {
        let clean = EngineLog.isPlain(text) ? text : EngineLog.plain(text)
        let line = LogLine(time: time, level: level.rawValue, text: clean)
        state.withLock { state in
            state.generation += 1
            state.lines.append(line)
            if state.lines.count > EngineLog.memoryLines * 2 {
                state.lines.removeFirst(state.lines.count - EngineLog.memoryLines)
            }
            guard file != nil else { return }
            state.waiting.append(line)
            if state.waiting.count > EngineLog.queueLines {
                state.waiting.removeFirst(EngineLog.queueLines / 2)
                state.droppedCount += EngineLog.queueLines / 2
            }
        }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
    }

    private static func isPlain(_ text: String) -> Bool { !text.unicodeScalars.contains(where: isControl) }

    private static func plain(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { scalars.append(isControl(scalar) ? " " : scalar) }
        return String(scalars)
    }

    /// The newest lines, oldest first, and a number that changes with every line.
    var newest: (lines: [LogLine], generation: UInt64) {
        state.withLock {
            (
                $0.lines.count > EngineLog.memoryLines ? Array($0.lines.suffix(EngineLog.memoryLines)) : $0.lines,
                $0.generation
            )
        }
    }

    /// Counts up with every line.
    var generation: UInt64 { state.withLock { $0.generation } }

    /// Writes what waits to the file.
    func flush() {
        guard let file else { return }
        let (waiting, droppedCount) = state.withLock { state in
            defer {
                state.waiting = []
                state.droppedCount = 0
            }
            return (state.waiting, state.droppedCount)
        }
        guard !waiting.isEmpty else { return }
        var text = ""
        if droppedCount > 0 { text += "… \(droppedCount) lines were dropped, the disk was too slow\n" }
        for line in waiting { text += "\(line.time) \(line.level) \(line.text)\n" }
        file.append(text)
    }
}

/// A file that lines are appended to and that is put aside when it has grown.
private final class LogFile: Sendable {
    private let path: String
    private let maximumBytes: Int
    private let descriptor = Mutex<Int32>(-1)

    init(path: String, maximumBytes: Int) {
        self.path = path
        self.maximumBytes = maximumBytes
    }

    deinit {
        descriptor.withLock { if $0 >= 0 { close($0) } }
    }

    /// Appends a text. A file that can't be written is tried again with the next text; the log is no reason to stop.
    func append(_ text: String) {
        descriptor.withLock { descriptor in
            if descriptor < 0 { descriptor = reopen() }
            guard descriptor >= 0 else { return }
            var status = stat()
            if fstat(descriptor, &status) == 0, Int(status.st_size) > maximumBytes {
                rename(path, path + ".1")
                close(descriptor)
                descriptor = reopen()
                guard descriptor >= 0 else { return }
            }
            let bytes = Array(text.utf8)
            _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        }
    }

    private func reopen() -> Int32 { open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) }
}
