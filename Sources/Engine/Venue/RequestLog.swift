import Glibc
public import Market
import Synchronization

/// The audit of what can move money: a line before each request leaves, a line when its outcome is known.
///
/// One file a month in the account's directory, `requests-2026-11.log`, readable by its owner alone; Wick adds to it and
/// never takes anything away. A line is with the system before its request leaves; the journal has the order on the disk by
/// then. Where a line can't be written, what opens a position does not leave. Cancels and what closes a position must: their
/// lines are kept and written as soon as they can be.
public final class RequestLog: Sendable {
    /// Whether the request under way opens a position: only that waits for an audit that can be written.
    @TaskLocal static var isOpening = false

    /// How many lines wait at most for a disk that takes them again.
    private static let mostWaiting = 10_000

    /// Why a line can't be written.
    public struct Problem: Error, CustomStringConvertible {
        /// What happened, and where.
        public let description: String
    }

    private struct State {
        var waiting: [String] = []
        var problem: String?
    }

    private let directory: String
    private let state = Mutex(State())

    /// A log in a directory that is there.
    public init(directory: String) { self.directory = directory }

    /// Why lines wait; `nil` when they are written.
    public var problem: String? { state.withLock { $0.problem } }

    /// Writes a line.
    ///
    /// - Throws: `Problem` when it can't be written and it is about something that opens a position.
    public func write(_ line: String, at time: Timestamp) throws(Problem) {
        let problem: String? = state.withLock { state in
            let lines = state.waiting + [line]
            let problem = RequestLog.append(lines, to: path(time))
            state.problem = problem
            if problem == nil {
                state.waiting = []
            } else if !RequestLog.isOpening {
                state.waiting = Array(lines.suffix(RequestLog.mostWaiting))
            }
            return problem
        }
        if let problem, RequestLog.isOpening { throw Problem(description: problem) }
    }

    private func path(_ time: Timestamp) -> String { "\(directory)/requests-\(time.description.prefix(7)).log" }

    /// Appends lines in one go; what could be written only in part is taken back.
    private static func append(_ lines: [String], to path: String) -> String? {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return "\(path): \(String(cString: strerror(errno)))" }
        defer { close(descriptor) }
        let end = lseek(descriptor, 0, SEEK_END)
        let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
        let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count == bytes.count { return nil }
        let reason = count < 0 ? String(cString: strerror(errno)) : "there is no more room"
        if end >= 0 { ftruncate(descriptor, end) }
        return "\(path): \(reason)"
    }
}
