import Glibc
import Synchronization
import Trading

/// Watches the kernel's thread from another: a strategy that does not come back is left behind, and the engine goes on
/// with a core that is rebuilt from the journal without it.
final class KernelWatch: Sendable {
    /// How often it looks, in microseconds.
    private static let interval: UInt32 = 10_000
    /// How long a strategy may go on when somebody waits for an emergency stop, in nanoseconds.
    static let urgentBudget: Int64 = 100_000_000

    private let probe: ProbePage
    private let inbox: Inbox
    private let budget: Int64
    private let takeOver: @Sendable (Suspension) -> Void
    private let isStopping = Atomic<Bool>(false)
    private let finished = FinishedFlag()

    /// A watch that calls `takeOver`, on its own thread, with the strategy that is stuck.
    init(probe: ProbePage, inbox: Inbox, budget: Int64, takeOver: @escaping @Sendable (Suspension) -> Void) {
        self.probe = probe
        self.inbox = inbox
        self.budget = budget
        self.takeOver = takeOver
    }

    func start() throws(EngineError) { try EngineThread.start { self.run() } }

    /// Ends the watch; a takeover that is under way is done first.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        finished.wait()
    }

    private func run() {
        var watch = StrategyWatch(budget: budget)
        while !isStopping.load(ordering: .acquiring) {
            usleep(KernelWatch.interval)
            let shorter = inbox.hasEmergency ? KernelWatch.urgentBudget : nil
            if let stuck = watch.look(probe.reading, at: EngineClock.monotonic(), budget: shorter) { takeOver(stuck) }
        }
        finished.set()
    }
}
