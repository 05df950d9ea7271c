import Dispatch
import Glibc
public import Market
import Synchronization
import Venues

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

    /// Says that a line is about to come: its thread is woken now, while the line is being made, and stays awake for a moment.
    public func expectLine() { writer.expect() }

    /// Writes a line; returns when the system has it, or when that takes too long.
    ///
    /// - Parameter release: what the line goes before, called once: by the thread that has written it, so that it need not wait
    ///   until this one is awake again.
    /// - Throws: when it is about something that opens a position: `Problem` when it can't be written, or not in time,
    ///   `RequestHeld` when an emergency stop came first. Then nothing is released.
    public func write(
        _ line: String, at time: Timestamp, then release: @escaping @Sendable () -> Void = {}
    ) throws {
        let stopped = RequestHeld("the emergency stop came first")
        // A request may have waited long since it was let out: for the venue's limits, or for its time.
        if RequestLog.opening?.isClosed == true { throw stopped }
        let ticket = AuditTicket(line, path: path(time), opening: RequestLog.opening, release)
        if let problem = writer.write(ticket, milliseconds: patience) {
            if ticket.isDispensable { throw Problem(description: problem) }
            ticket.goAhead()
        }
        guard ticket.isHeld else { return }
        _ = writer.write(AuditTicket("not sent, for \(stopped): \(line)", path: ticket.path), milliseconds: patience)
        throw stopped
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
    private let isExpecting = Atomic<Bool>(false)
    /// How many lines were handed in.
    private let handedIn = Atomic<UInt64>(0)

    /// How long the thread stays awake for a line that is expected.
    private static let watchNanoseconds: Int64 = 300_000

    /// Why lines wait; `nil` when they are written.
    var problem: String? { state.withLock { $0.problem } }

    /// Wakes the thread for a line that is about to come.
    func expect() {
        guard state.withLock({ $0.isRunning && !$0.isStalled }) else { return }
        isExpecting.store(true, ordering: .relaxed)
        wake.signal()
    }

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
        handedIn.wrappingAdd(1, ordering: .releasing)
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
                    "not sent, for its line took the disk too long: \(ticket.line)", path: ticket.path))
        }
        return problem
    }

    private func work() {
        /// What could not be written and must be.
        var kept: [AuditTicket] = []
        var file: AuditFile?
        /// How many lines had been handed in before the last ones were taken.
        var seen: UInt64 = 0
        while true {
            wake.wait()
            awaitExpected(beyond: seen)
            seen = handedIn.load(ordering: .acquiring)
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

    /// Stays awake until an expected line is there, though not for long: waking up takes longer than most that is done between.
    private func awaitExpected(beyond seen: UInt64) {
        guard isExpecting.exchange(false, ordering: .relaxed) else { return }
        let end = EngineClock.monotonic() + AuditWriter.watchNanoseconds
        while handedIn.load(ordering: .acquiring) == seen, EngineClock.monotonic() < end { sched_yield() }
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
