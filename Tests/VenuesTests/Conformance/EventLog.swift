import Synchronization
import Trading

@testable import Venues

/// Keeps what a venue tells, and waits for more. No test hangs on how long something takes; a minute is long enough for
/// a machine that is busy.
final class EventLog: Sendable {
    private let state = Mutex<[VenueEvent]>([])

    func add(_ event: VenueEvent) { state.withLock { $0.append(event) } }

    /// Everything that was told.
    var all: [VenueEvent] { state.withLock { $0 } }

    /// What was told of an order.
    func of(_ number: String) -> [VenueOrderEvent] {
        all.compactMap { event in
            if case .order(let event) = event, event.order.clientOrderID == number { return event }
            return nil
        }
    }

    /// What was told of an order, in single words.
    func words(_ number: String) -> [String] { of(number).map(\.word) }

    /// The executions that were told of an order.
    func executions(_ number: String) -> [VenueExecution] {
        of(number).compactMap { event in
            if case .filled(let execution) = event.kind { return execution }
            return nil
        }
    }

    /// The gaps that were told.
    var gaps: [StreamGap] {
        all.compactMap { event in
            if case .gap(let gap) = event { return gap }
            return nil
        }
    }

    /// Waits until something is true of what was told.
    func wait(_ what: String, until isTrue: ([VenueEvent]) -> Bool) async throws {
        for _ in 0..<6_000 {
            if isTrue(all) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Misfit("it was never told: \(what); told was \(all.suffix(12))")
    }

    /// Waits until an order was told to have had things happen to it, in this order and nothing else.
    func expect(_ words: [String], of number: String) async throws {
        for _ in 0..<6_000 {
            if self.words(number).count >= words.count { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        guard self.words(number) == words else {
            throw Misfit("of \(number) was told \(self.words(number)), expected \(words)")
        }
    }
}

extension VenueOrderEvent {
    /// What happened, in a word.
    var word: String {
        switch kind {
        case .accepted: return "accepted"
        case .rejected: return "rejected"
        case .filled: return "filled"
        case .canceled: return "canceled"
        case .expired: return "expired"
        case .amended: return "amended"
        case .triggered: return "triggered"
        case .prevented: return "prevented"
        }
    }
}

extension RequestOutcome {
    /// The outcome in a word, with the reason.
    var word: String {
        switch self {
        case .confirmed: return "confirmed"
        case .refused(let refusal): return "refused \(refusal.reason)"
        case .denied(let denial): return "denied \(denial.reason)"
        case .unknown: return "unknown"
        }
    }

    /// What was confirmed.
    func confirmed(_ what: String = "it") throws -> Value {
        guard case .confirmed(let value) = self else { throw Misfit("\(what) was \(self), expected confirmed") }
        return value
    }
}
