import Synchronization

/// What other threads hand to the engine's thread.
enum InboxItem: Sendable {
    /// Somebody asks for something.
    case request(EngineRequest, origin: String, reply: (@Sendable (EngineReply) -> Void)?)
    /// Another part of the engine has news for the core.
    case news(@Sendable (EngineCore) -> Void)
}

/// The engine's inbox: a double buffer under a mutex, drained in batches.
///
/// **Overflow**: requests beyond the capacity are refused to whoever sends them; an emergency stop and the engine's own
/// news are always taken (both are few by nature). Nothing is dropped silently.
final class Inbox: Sendable {
    /// How many requests may wait.
    static let capacity = 4_096

    private struct State {
        var items: [InboxItem] = []
        var requestCount = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let wake: WakeDescriptor

    /// An empty inbox that signals `wake` when something comes in.
    init(wake: WakeDescriptor) { self.wake = wake }

    /// Why a request was not taken.
    enum Refusal { case full, closed }

    /// Hands in a request.
    ///
    /// - Returns: `nil` when it was taken, otherwise why not; the caller answers then.
    func send(
        _ request: EngineRequest, origin: String, reply: (@Sendable (EngineReply) -> Void)?
    ) -> Refusal? {
        let refusal = state.withLock { state -> Refusal? in
            if state.isClosed { return .closed }
            if state.requestCount >= Inbox.capacity && !request.isEmergency { return .full }
            state.requestCount += 1
            state.items.append(.request(request, origin: origin, reply: reply))
            return nil
        }
        if refusal == nil { wake.signal() }
        return refusal
    }

    /// Hands in a request, and answers it where it can't be taken.
    func submit(_ request: EngineRequest, origin: String, reply: (@Sendable (EngineReply) -> Void)?) {
        switch send(request, origin: origin, reply: reply) {
        case nil: break
        case .full: reply?(.refused("the engine has more to do than it takes; try again in a moment"))
        case .closed: reply?(.refused("the engine is stopping"))
        }
    }

    /// Hands in news of another part of the engine.
    func tell(_ news: @escaping @Sendable (EngineCore) -> Void) {
        let isTaken = state.withLock { state -> Bool in
            if state.isClosed { return false }
            state.items.append(.news(news))
            return true
        }
        if isTaken { wake.signal() }
    }

    /// Everything that waits, in the order it came; `items` gives its storage back for reuse.
    func drain(into items: inout [InboxItem]) {
        items.removeAll(keepingCapacity: true)
        state.withLock { state in
            swap(&state.items, &items)
            state.requestCount = 0
        }
    }

    /// Takes nothing more and gives back what still waits.
    func close() -> [InboxItem] {
        state.withLock { state in
            state.isClosed = true
            state.requestCount = 0
            defer { state.items = [] }
            return state.items
        }
    }
}

extension EngineRequest {
    /// Whether the request belongs to the emergency stop, which no queue may hold up.
    var isEmergency: Bool {
        switch self {
        case .halt, .emergencyStop, .emergencyFlatten: return true
        default: return false
        }
    }
}
