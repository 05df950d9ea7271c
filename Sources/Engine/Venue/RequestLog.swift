import Dispatch
public import Market
import Synchronization
public import Venues

/// The audit of what can move money: a line before each request leaves, a line when its outcome is known.
///
/// One file a month in the account's directory, `requests-2026-11.log`, readable by its owner alone; Wick adds to it and
/// never takes anything away. A line is with the system before its request leaves; the journal has the order on the disk by
/// then. Where a line can't be written, or the disk does not take it in time, what opens a position does not leave. Cancels
/// and what closes a position must: their lines are kept and written as soon as they can be.
public final class RequestLog: Sendable {
    /// What must be open for the request under way: of one that opens a position. Only such a request waits for an audit that can
    /// be written.
    @TaskLocal static var opening: OpeningGate?

    /// Why a line can't be written.
    public struct Problem: Error, CustomStringConvertible {
        /// What happened, and where.
        public let description: String
    }

    private let directory: String
    private let writer: AuditWriter

    /// A log in a directory that is there.
    ///
    /// - Parameter stallMilliseconds: how long a line waits for the disk.
    public init(directory: String, stallMilliseconds: Int = 500) {
        self.directory = directory
        writer = AuditWriter(patienceMilliseconds: stallMilliseconds)
    }

    deinit { writer.end() }

    /// Why lines wait; `nil` when they are written.
    public var problem: String? { writer.problem }

    /// Says that a line is about to come: its thread is woken now, while the line is being made, and stays awake for a moment.
    public func expectLine() { writer.expect() }

    /// Writes a line about something that is about to leave; returns at once.
    ///
    /// - Parameter decide: called once, without an error when what the line goes before may leave: by the thread that has
    ///   written it, or by whoever finds that the disk does not take it in time. With one when something that opens a position
    ///   may not: `Problem` when its line can't be written, or not in time, `RequestHeld` when an emergency stop came first.
    public func write(_ line: String, at time: Timestamp, then decide: @escaping @Sendable ((any Error)?) -> Void) {
        let opening = RequestLog.opening
        // A request may have waited long since it was let out: for the venue's limits, or for its time.
        if opening?.isClosed == true { return decide(RequestHeld.byEmergencyStop) }
        let path = path(time)
        writer.write(
            AuditTicket(line, path: path, opening: opening) { [writer] error in
                if let held = error as? RequestHeld {
                    writer.write(AuditTicket("not sent, for \(held): \(line)", path: path))
                }
                decide(error)
            })
    }

    /// Writes a line about something that has happened, whatever it was about; returns at once.
    ///
    /// - Parameter end: called once, when the system has it or when that takes too long.
    public func note(_ line: String, at time: Timestamp, then end: @escaping @Sendable () -> Void) {
        writer.write(AuditTicket(line, path: path(time)) { _ in end() })
    }

    /// Writes a line about something that is about to happen, and waits for it, though not for ever.
    ///
    /// - Throws: what keeps it from happening, as `write(_:at:then:)` tells it.
    public func write(_ line: String, at time: Timestamp) throws {
        let verdict = Verdict()
        write(line, at: time) { verdict.reach($0) }
        if let error = verdict.wait() { throw error }
    }

    private func path(_ time: Timestamp) -> String {
        let (year, month, _) = time.calendarDate
        return directory + "/" + RequestLog.fileName(year: year, month: month)
    }

    /// The name of a month's file.
    static func fileName(year: Int64, month: Int64) -> String {
        "requests-\(year)-\(month < 10 ? "0" : "")\(month).log"
    }
}

/// What became of a line, for a thread that waits for it.
private final class Verdict: Sendable {
    private let error = Mutex<(any Error)?>(nil)
    private let done = DispatchSemaphore(value: 0)

    func reach(_ error: (any Error)?) {
        self.error.withLock { $0 = error }
        done.signal()
    }

    func wait() -> (any Error)? {
        done.wait()
        return error.withLock { $0 }
    }
}

extension RequestHeld {
    /// An emergency stop came before it could leave.
    static let byEmergencyStop = RequestHeld("the emergency stop came first")
}

extension SpotAudit {
    /// The audit that an engine's requests are written to.
    public init(_ log: RequestLog) {
        self.init(expecting: { log.expectLine() }) { entry, decide in
            switch entry.phase {
            case .leaving: log.write(entry.description, at: entry.time, then: decide)
            case .ended: log.note(entry.description, at: entry.time) { decide(nil) }
            }
        }
    }
}
