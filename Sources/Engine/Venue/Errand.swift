import Synchronization

/// Something that is under way, for whoever has to wait until it is over, though not for ever.
final class Errand: Sendable {
    private struct State {
        var isOver = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// It is over.
    func end() {
        let waiting = state.withLock { state in
            state.isOver = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for one in waiting { one.resume() }
    }

    /// Waits until it is over, or the patience is.
    func wait(_ patience: Duration) async {
        let timer = Task {
            try? await Task.sleep(for: patience)
            release()
        }
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.isOver { state.waiting.append(continuation) }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
        timer.cancel()
    }

    /// Lets go whoever waits; what is under way goes on.
    private func release() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for one in waiting { one.resume() }
    }
}
