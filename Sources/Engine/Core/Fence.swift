import Glibc
import Synchronization

/// Keeps a thread that does not own its engine any more from doing anything further.
///
/// A thread that is stuck in a strategy can't be ended from outside without leaving locks and memory in any state. It is
/// left alone instead; should it come back, it finds the fence raised and sleeps until the process ends.
final class Fence: Sendable {
    private let isDown = Atomic<Bool>(false)

    /// Whether the thread's engine goes on without it.
    var isRaised: Bool { isDown.load(ordering: .acquiring) }

    /// Lets the thread pass no more.
    func raise() { isDown.store(true, ordering: .releasing) }

    /// Returns at once, or never.
    @inline(__always)
    func pass() {
        if isDown.load(ordering: .relaxed) { Fence.park() }
    }

    @inline(never)
    private static func park() -> Never {
        while true { sleep(3_600) }
    }
}
