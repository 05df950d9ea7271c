import Dispatch
public import Market
import Synchronization

/// The audit of what can move money: a line before each request leaves, a line when its outcome is known.
///
/// One file a month in the account's directory, `requests-2026-11.log`, readable by its owner alone; Wick adds to it and
/// never takes anything away. A line is with the system before its request leaves; the journal has the order on the disk by
/// then. Where a line can't be written, or the disk does not take it in time, what opens a position does not leave. Cancels
/// and what closes a position must: their lines are kept and written as soon as they can be.
public final class RequestLog: Sendable {
    /// Whether the request under way opens a position: only that waits for an audit that can be written.
    @TaskLocal static var isOpening = false

    /// Why a line can't be written.
    public struct Problem: Error, CustomStringConvertible {
        /// What happened, and where.
        public let description: String
    }

    private let directory: String
    private let patience: Int
    private let writer = AuditWriter()

    /// A log in a directory that is there.
    ///
    /// - Parameter stallMilliseconds: how long a line waits for the disk.
    public init(directory: String, stallMilliseconds: Int = 500) {
        self.directory = directory
        patience = stallMilliseconds
    }

    deinit { writer.end() }

    /// Why lines wait; `nil` when they are written.
    public var problem: String? { writer.problem }

    /// Writes a line; returns when the system has it, or when that takes too long.
    ///
    /// - Parameter release: what the line goes before, called once: by the thread that has written it, so that it need not wait
    ///   until this one is awake again.
    /// - Throws: `Problem` when it can't be written, or not in time, and it is about something that opens a position; then
    ///   nothing is released.
    public func write(
        _ line: String, at time: Timestamp, then release: @escaping @Sendable () -> Void = {}
    ) throws(Problem) {
        let ticket = AuditTicket(line, path: path(time), isDispensable: RequestLog.isOpening, release)
        guard let problem = writer.write(ticket, milliseconds: patience) else { return }
        if ticket.isDispensable { throw Problem(description: problem) }
        ticket.goAhead()
    }

    private func path(_ time: Timestamp) -> String {
        let (year, month, _) = time.calendarDate
        return "\(directory)/requests-\(year)-\(month < 10 ? "0" : "")\(month).log"
    }
}

/// Writes lines on a thread of its own, which may hang while nobody else does.
final class AuditWriter: Sendable {
    /// How many lines wait at most for a disk that takes them again.
    private static let mostWaiting = 10_000

    private struct State {
        var waiting: [AuditTicket] = []
        var problem: String?
        /// Whether the thread hangs: then nobody waits for it.
        var isStalled = false
        var isRunning = false
        var hasEnded = false
    }

    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)

    /// Why lines wait; `nil` when they are written.
    var problem: String? { state.withLock { $0.problem } }

    /// Hands a line in and waits for it, though not for ever.
    ///
    /// - Returns: why it is not written; `nil` when it is.
    func write(_ ticket: AuditTicket, milliseconds: Int) -> String? {
        let stall: String? = state.withLock { state in
            guard state.isStalled else { return nil }
            if !ticket.isDispensable, state.waiting.count < AuditWriter.mostWaiting { state.waiting.append(ticket) }
            return state.problem ?? "\(ticket.path): the disk takes no line"
        }
        // Hundreds of cancels must not each wait for a disk that one of them has waited for.
        if let stall {
            wake.signal()
            return stall
        }
        let needsThread = state.withLock { state in
            state.waiting.append(ticket)
            let surplus = state.waiting.count - AuditWriter.mostWaiting
            if surplus > 0 { state.waiting.removeFirst(surplus) }
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if needsThread {
            do { try EngineThread.start { self.work() } } catch {
                state.withLock { $0.isRunning = false }
                return giveUp(ticket, "\(error)")
            }
        }
        wake.signal()
        if !ticket.wait(milliseconds: milliseconds) {
            return giveUp(ticket, "\(ticket.path): the disk took no line within \(milliseconds) ms")
        }
        return ticket.problem
    }

    /// Ends the thread once everything is written.
    func end() {
        state.withLock { $0.hasEnded = true }
        wake.signal()
    }

    /// A line that did not come to the disk in time: one that is dispensable is taken back, or what it says denied where it
    /// may be half-way there.
    private func giveUp(_ ticket: AuditTicket, _ problem: String) -> String? {
        let before = ticket.giveUp()
        if case .written = before { return nil }
        state.withLock { state in
            state.problem = problem
            if case .underWay = before { state.isStalled = true }
            guard ticket.isDispensable, case .underWay = before else { return }
            state.waiting.append(
                AuditTicket(
                    "not sent, for its line took the disk too long: \(ticket.line)", path: ticket.path,
                    isDispensable: false))
        }
        return problem
    }

    private func work() {
        /// What could not be written and must be.
        var kept: [AuditTicket] = []
        var file: AuditFile?
        while true {
            wake.wait()
            let (new, hasEnded) = state.withLock { state in
                defer { state.waiting = [] }
                // Whoever gets here hangs no more.
                state.isStalled = false
                return (state.waiting, state.hasEnded)
            }
            let tickets = kept + new.filter { $0.begin() }
            kept = []
            if !tickets.isEmpty {
                let problem = AuditWriter.append(tickets, to: &file)
                state.withLock { state in
                    state.problem = problem
                    state.isStalled = false
                }
                for ticket in tickets { ticket.end(problem) }
                if problem != nil { kept = Array(tickets.filter { !$0.isDispensable }.suffix(AuditWriter.mostWaiting)) }
            }
            if hasEnded { return }
        }
    }

    /// Appends lines, those of one file in one go.
    private static func append(_ tickets: [AuditTicket], to file: inout AuditFile?) -> String? {
        var rest = tickets[...]
        while let path = rest.first?.path {
            let group = rest.prefix { $0.path == path }
            if file?.path != path || file?.isInPlace == false { file = nil }
            do throws(AuditFile.Failure) {
                if file == nil { file = try AuditFile(path) }
                try file?.append(group.map(\.line))
            } catch {
                // Whatever is the matter with it, the next attempt begins anew.
                file = nil
                return error.words
            }
            rest = rest.dropFirst(group.count)
        }
        return nil
    }
}
