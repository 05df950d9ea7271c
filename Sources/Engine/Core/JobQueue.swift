import Synchronization

/// Long work in the background, one piece after the other on a thread of its own.
///
/// A piece has a negative number from when it is asked for; a number that it is given later, by the store, may be told by
/// `name`.
final class JobQueue<Request: Sendable>: Sendable {
    private struct State {
        var nextID: Int64 = -1
        var waiting: [(id: Int64, request: Request)] = []
        var cancelled: Set<Int64> = []
        /// The number that the running piece was given, and the one it has by now.
        var running: (id: Int64, name: Int64)?
        var isStopping = false
    }

    private let capacity: Int
    private let state = Mutex(State())
    private let wake: WakeDescriptor
    private let isStarted = Atomic<Bool>(false)
    private let finished = FinishedFlag()

    /// A queue in which so many pieces may wait.
    init(capacity: Int) throws(EngineError) {
        self.capacity = capacity
        wake = try WakeDescriptor()
    }

    /// Begins.
    ///
    /// - Parameters:
    ///   - prepare: what the thread does first.
    ///   - work: carries a piece out.
    func start(
        _ prepare: @escaping @Sendable () -> Void, _ work: @escaping @Sendable (Int64, Request) -> Void
    ) throws(EngineError) {
        try EngineThread.start {
            prepare()
            while self.carryOutNext(work) {}
            self.finished.set()
        }
        isStarted.store(true, ordering: .releasing)
    }

    /// Takes a piece in; it begins once `announce` has returned, at the earliest.
    ///
    /// - Returns: its number; `nil` when too many wait.
    func add(_ request: Request, announce: (Int64) -> Void) -> Int64? {
        let id = state.withLock { state -> Int64? in
            guard state.waiting.count < capacity, !state.isStopping else { return nil }
            let id = state.nextID
            state.nextID -= 1
            announce(id)
            state.waiting.append((id, request))
            return id
        }
        if id != nil { wake.signal() }
        return id
    }

    /// Gives the piece under way another number to be known by.
    func name(_ name: Int64) { state.withLock { $0.running?.name = name } }

    /// Cancels a piece that waits or is under way, by either of its numbers; false when there is none.
    func cancel(_ id: Int64) -> Bool {
        state.withLock { state in
            if let running = state.running, running.id == id || running.name == id {
                state.cancelled.insert(running.id)
                return true
            }
            guard state.waiting.contains(where: { $0.id == id }) else { return false }
            state.cancelled.insert(id)
            return true
        }
    }

    /// Whether a piece is to end: somebody cancelled it, or everything ends.
    func isCancelled(_ id: Int64) -> Bool { state.withLock { $0.isStopping || $0.cancelled.contains(id) } }

    /// Whether everything is to end.
    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Ends what runs, forgets what waits, and waits for the thread to end.
    ///
    /// - Parameter milliseconds: how long at most; without an end below zero.
    func stop(milliseconds: Int32 = -1) {
        state.withLock { $0.isStopping = true }
        wake.signal()
        if isStarted.load(ordering: .acquiring) { finished.wait(milliseconds: milliseconds) }
    }

    /// Carries out what waits longest, or waits for something; false when everything ends.
    private func carryOutNext(_ work: (Int64, Request) -> Void) -> Bool {
        let (next, isStopping) = state.withLock { state -> ((id: Int64, request: Request)?, Bool) in
            if state.isStopping { return (nil, true) }
            let next = state.waiting.isEmpty ? nil : state.waiting.removeFirst()
            state.running = next.map { ($0.id, $0.id) }
            return (next, false)
        }
        if isStopping { return false }
        guard let next else {
            wake.wait(milliseconds: -1)
            return true
        }
        work(next.id, next.request)
        state.withLock { state in
            state.running = nil
            state.cancelled.remove(next.id)
        }
        return true
    }
}
