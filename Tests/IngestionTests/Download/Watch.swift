import Foundation
import Synchronization

/// Looks again and again, in a thread of its own, whether something is so.
final class Watch: Sendable {
    private let state = Mutex((isOver: false, wasSeen: false))

    init(_ isSo: @escaping @Sendable () -> Bool) {
        Thread.detachNewThread { [self] in
            while !state.withLock({ $0.isOver || $0.wasSeen }) {
                if isSo() { state.withLock { $0.wasSeen = true } }
                usleep(2_000)
            }
        }
    }

    /// Ends it; whether it ever was so.
    func end() -> Bool {
        state.withLock { state in
            state.isOver = true
            return state.wasSeen
        }
    }
}
