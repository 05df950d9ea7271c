import Dispatch
import Synchronization

/// A line on its way to the disk, and what it goes before.
final class AuditTicket: Sendable {
    let line: String
    let path: String
    /// What must be open when it lets go what it goes before: of what opens a position.
    private let gate: OpeningGate?
    private let done = DispatchSemaphore(value: 0)
    private let state: Mutex<(step: Step, release: (@Sendable () -> Void)?, isHeld: Bool)>

    /// How far it has come.
    enum Step: Sendable {
        case waiting
        case underWay
        case written
        case failed(String)
        case givenUp
    }

    init(
        _ line: String, path: String, opening gate: OpeningGate? = nil, _ release: @escaping @Sendable () -> Void = {}
    ) {
        self.line = line
        self.path = path
        self.gate = gate
        state = Mutex((.waiting, release, false))
    }

    /// Whether it is forgotten where it can't be written: what it is about does not happen then.
    var isDispensable: Bool { gate != nil }

    /// Whether an emergency stop came before it could let go what it goes before.
    var isHeld: Bool { state.withLock { $0.isHeld } }

    /// Why it could not be written, as far as that is known.
    var problem: String? {
        if case .failed(let problem) = state.withLock({ $0.step }) { return problem }
        return nil
    }

    /// Lets go what it goes before, unless that has happened, or an emergency stop has.
    func goAhead() {
        let release = state.withLock { state in
            let release = state.release
            state.release = nil
            state.isHeld = release != nil && gate?.isClosed == true
            return state.isHeld ? nil : release
        }
        release?()
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

    /// It is written, or could not be. Written, it lets go what it goes before, unless somebody has given that up.
    func end(_ problem: String?) {
        state.withLock { $0.step = problem.map(Step.failed) ?? .written }
        if problem == nil { goAhead() }
        done.signal()
    }

    // MARK: - The thread that waits

    /// Waits until it has ended; whether it has in time.
    func wait(milliseconds: Int) -> Bool { done.wait(timeout: .now() + .milliseconds(milliseconds)) == .success }

    /// Waits no longer. One that is dispensable lets nothing go any more.
    ///
    /// - Returns: where it was.
    func giveUp() -> Step {
        state.withLock { state in
            let before = state.step
            if case .written = before { return before }
            if isDispensable {
                state.release = nil
                if case .waiting = before { state.step = .givenUp }
            }
            return before
        }
    }
}
