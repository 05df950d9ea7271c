import Glibc
import Synchronization

/// Runs things that may block, one after the other and in order, beside the thread that hands them in. The thread exists
/// only while there is something to do.
final class SerialThread: Sendable {
    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var isRunning = false
    }

    private let state = Mutex(State())

    /// Hands something in; returns at once.
    ///
    /// - Throws: `EngineError.system` when the system has no thread left; nothing was handed in then.
    func run(_ body: @escaping @Sendable () -> Void) throws(EngineError) {
        let needsThread = state.withLock { state in
            state.waiting.append(body)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard needsThread else { return }
        do {
            try EngineThread.start { self.work() }
        } catch {
            state.withLock { state in
                state.waiting.removeAll()
                state.isRunning = false
            }
            throw error
        }
    }

    /// Waits until everything handed in is done; false when the time is over first.
    func waitUntilIdle(milliseconds: Int) -> Bool {
        for _ in 0...milliseconds {
            if !state.withLock({ $0.isRunning }) { return true }
            usleep(1_000)
        }
        return false
    }

    private func work() {
        while true {
            let next = state.withLock { state -> (@Sendable () -> Void)? in
                guard !state.waiting.isEmpty else {
                    state.isRunning = false
                    return nil
                }
                return state.waiting.removeFirst()
            }
            guard let next else { return }
            next()
        }
    }
}
