import Bytes
import Market
import Trading

// Steps that strategies run in, and strategies that are kept out of one.
extension JournaledExchange {
    /// Runs a step in which strategies run: those that got stuck in it are kept out.
    func step(_ input: UInt64, _ body: () -> Void) {
        stepCount &+= 1
        // Without a journal no record has a number; whoever watches only has to tell one step from the next.
        probe?.begin(log.journal == nil ? stepCount : input)
        defer { probe?.end() }
        let keepsOut = isSuspending(input)
        if keepsOut {
            noteSuspensions(of: input)
            for suspension in suspensions where suspension.input == input { kernel.suspend(suspension.strategy, true) }
        }
        body()
        // A strategy that comes back after another core has taken over must not act.
        log.fence.pass()
        if keepsOut {
            for suspension in suspensions where suspension.input == input { kernel.suspend(suspension.strategy, false) }
        }
    }

    /// Whether a strategy is kept out of a step.
    func isSuspending(_ input: UInt64) -> Bool {
        !suspensions.isEmpty && suspensions.contains { $0.input == input }
    }

    /// Writes down who is kept out of a step, before what it leads to: whoever follows this must leave them out, too.
    func noteSuspensions(of input: UInt64) {
        suspended.append(input)
        // The step's own record may be the last that was written: what is noted now comes right behind it.
        log.endFollowingIfDone()
        guard !log.isFollowing else { return }
        for suspension in suspensions where suspension.input == input {
            log.note(.supervision, at: kernel.now, cause: input) { $0.value(suspension) }
        }
    }

    /// Halts what was kept out, as the next thing that happens.
    func haltSuspended(at time: Timestamp) {
        let inputs = suspended
        suspended = []
        for input in inputs {
            for suspension in suspensions where suspension.input == input {
                command(.haltStrategy(suspension.strategy, reason: suspension.reason), at: max(time, kernel.now))
            }
        }
    }
}
