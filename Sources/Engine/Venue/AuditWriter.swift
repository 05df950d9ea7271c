import Dispatch
import Glibc
import Synchronization

/// Writes lines on a thread of its own, which may hang while nobody else does.
final class AuditWriter: Sendable {
    /// How many lines wait at most for a disk that takes them again.
    private static let mostWaiting = 10_000

    private struct State {
        var waiting: [AuditTicket] = []
        /// Lines whose time is not up yet, and when it is, by the monotonic clock; oldest first.
        var watched: [(ticket: AuditTicket, due: Int64)] = []
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
    private let patience: Int

    /// How long the thread stays awake for a line that is expected.
    private static let watchNanoseconds: Int64 = 300_000

    /// - Parameter patienceMilliseconds: how long a line waits for the disk.
    init(patienceMilliseconds: Int) { patience = patienceMilliseconds }

    /// Why lines wait; `nil` when they are written.
    var problem: String? { state.withLock { $0.problem } }

    /// Wakes the thread for a line that is about to come.
    func expect() {
        guard state.withLock({ $0.isRunning && !$0.isStalled }) else { return }
        isExpecting.store(true, ordering: .relaxed)
        wake.signal()
    }

    /// Hands a line in; returns at once. What becomes of it its ticket tells.
    func write(_ ticket: AuditTicket) {
        let stall: String? = state.withLock { state in
            guard state.isStalled else { return nil }
            if !ticket.isDispensable, state.waiting.count < AuditWriter.mostWaiting { state.waiting.append(ticket) }
            return state.problem ?? "\(ticket.path): the disk takes no line"
        }
        // Hundreds of cancels must not each wait for a disk that one of them has waited for.
        if let stall {
            wake.signal()
            return ticket.decide(without: stall)
        }
        let due = EngineClock.monotonic() + Int64(patience) * 1_000_000
        let (needsThread, needsWatch) = state.withLock { state in
            state.waiting.append(ticket)
            let surplus = state.waiting.count - AuditWriter.mostWaiting
            if surplus > 0 { state.waiting.removeFirst(surplus) }
            let needs = (!state.isRunning, state.watched.isEmpty)
            state.watched.append((ticket, due))
            state.isRunning = true
            return needs
        }
        handedIn.wrappingAdd(1, ordering: .releasing)
        wake.signal()
        if needsThread {
            do { try EngineThread.start { self.work() } } catch {
                state.withLock { $0.isRunning = false }
                giveUp(ticket, "\(error)")
            }
        }
        // After the line is on its way: nothing of what follows delays it.
        if needsWatch { watch(milliseconds: patience) }
    }

    /// Ends the thread once everything is written.
    func end() {
        state.withLock { $0.hasEnded = true }
        wake.signal()
    }

    // MARK: - Lines whose time is up

    private func watch(milliseconds: Int) {
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { self.expire() }
    }

    /// Gives up what the disk did not take in time, and looks again when the time of the next one is up.
    private func expire() {
        let now = EngineClock.monotonic()
        let (late, next) = state.withLock { state in
            let late = state.watched.prefix { $0.due <= now }.map(\.ticket)
            state.watched.removeFirst(late.count)
            return (late, state.watched.first?.due)
        }
        for ticket in late { giveUp(ticket, "\(ticket.path): the disk took no line within \(patience) ms") }
        if let next { watch(milliseconds: Int((next - now) / 1_000_000) + 1) }
    }

    /// A line that did not come to the disk in time: one that is dispensable is taken back, or what it says denied where it
    /// may be half-way there.
    private func giveUp(_ ticket: AuditTicket, _ problem: String) {
        ticket.giveUp(problem) { before in
            state.withLock { state in
                state.problem = problem
                guard case .underWay = before else { return }
                state.isStalled = true
                guard ticket.isDispensable else { return }
                state.waiting.append(
                    AuditTicket(
                        "not sent, for its line took the disk too long: \(ticket.line)", path: ticket.path))
            }
        }
    }

    // MARK: - The thread

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
