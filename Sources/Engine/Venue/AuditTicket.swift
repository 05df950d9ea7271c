import Synchronization
import Venues

/// A line on its way to the disk, and what it goes before.
final class AuditTicket: Sendable {
    /// Told once whether what a line goes before may happen: without an error it may.
    typealias Decision = @Sendable ((any Error)?) -> Void

    let line: String
    let path: String
    /// What must be open when it lets go what it goes before: of what opens a position.
    private let gate: OpeningGate?
    private let state: Mutex<(step: Step, decision: Decision?)>

    /// How far it has come.
    enum Step: Sendable {
        case waiting
        case underWay
        case written
        case failed
        case givenUp

        /// Whether the disk has said what becomes of it.
        var isOver: Bool {
            switch self {
            case .written, .failed: return true
            case .waiting, .underWay, .givenUp: return false
            }
        }
    }

    init(
        _ line: String, path: String, opening gate: OpeningGate? = nil, _ decision: @escaping Decision = { _ in }
    ) {
        self.line = line
        self.path = path
        self.gate = gate
        state = Mutex((.waiting, decision))
    }

    /// Whether it is forgotten where it can't be written: what it is about does not happen then.
    var isDispensable: Bool { gate != nil }

    /// Decides without a line: what it goes before happens nevertheless, unless it is dispensable.
    func decide(without problem: String) { tell(take(), without: problem) }

    private func take() -> Decision? {
        state.withLock { state in
            defer { state.decision = nil }
            return state.decision
        }
    }

    private func tell(_ decision: Decision?, without problem: String?) {
        if let problem, isDispensable {
            decision?(RequestLog.Problem(description: problem))
        } else {
            decision?(gate?.isClosed == true ? RequestHeld.byEmergencyStop : nil)
        }
    }

    // MARK: - The writer's thread

    /// It is about to be written; whether it still should be.
    func begin() -> Bool {
        state.withLock { state in
            guard case .waiting = state.step else { return false }
            state.step = .underWay
            return true
        }
    }

    /// It is written, or could not be: what it goes before is decided, unless somebody has done that.
    func end(_ problem: String?) {
        let decision = state.withLock { state in
            state.step = problem == nil ? .written : .failed
            defer { state.decision = nil }
            return state.decision
        }
        tell(decision, without: problem)
    }

    // MARK: - Whoever finds that its time is up

    /// Decides without the disk, unless it has ended.
    ///
    /// - Parameter noting: called with where it was, before anybody hears of it.
    func giveUp(_ problem: String, noting: (Step) -> Void) {
        let (before, decision) = state.withLock { state -> (Step, Decision?) in
            let before = state.step
            guard !before.isOver else { return (before, nil) }
            if isDispensable, case .waiting = before { state.step = .givenUp }
            defer { state.decision = nil }
            return (before, state.decision)
        }
        guard !before.isOver else { return }
        noting(before)
        tell(decision, without: problem)
    }
}
