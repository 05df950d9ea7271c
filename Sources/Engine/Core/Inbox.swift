import Synchronization

/// What other threads hand to the engine's thread.
enum InboxItem: Sendable {
    /// Somebody asks for something.
    case request(EngineRequest, origin: String, reply: (@Sendable (EngineReply) -> Void)?)
    /// Another part of the engine has news for the core.
    case news(@Sendable (EngineCore) -> Void)
}

extension InboxItem {
    /// Whether it asks for an emergency stop.
    var isEmergency: Bool {
        if case .request(let request, _, _) = self { return request.isEmergency }
        return false
    }
}

/// The engine's inbox: a queue under a mutex.
///
/// **Overflow**: requests beyond the capacity are refused to whoever sends them; an emergency stop and the engine's own
/// news are always taken (both are few by nature). Nothing is dropped silently.
final class Inbox: Sendable {
    /// How many requests may wait.
    static let capacity = 4_096

    private struct State {
        var items: [InboxItem] = []
        /// The first item that was not taken yet.
        var place = 0
        var requestCount = 0
        /// Why nothing is taken any more.
        var end: String?
    }

    /// What an emergency stop closes before anybody has looked into the inbox.
    let gate: OpeningGate
    private let state = Mutex(State())
    private let urgentCount = Atomic<Int>(0)
    private let wake: WakeDescriptor
    private let latch: Latch?

    /// Has an emergency stop from somewhere hold for the next engine.
    typealias Latch = @Sendable (_ origin: String) throws(EngineError) -> Void

    /// An empty inbox that signals `wake` when something comes in.
    ///
    /// - Parameter latch: keeps an emergency stop that comes when nobody takes it any more.
    init(wake: WakeDescriptor, gate: OpeningGate = OpeningGate(), latch: Latch? = nil) {
        self.wake = wake
        self.gate = gate
        self.latch = latch
    }

    /// Whether an emergency stop waits.
    var hasEmergency: Bool { urgentCount.load(ordering: .acquiring) > 0 }

    /// Has the engine's thread look what there is, though nothing was handed in.
    func wakeUp() { wake.signal() }

    /// Why a request was not taken.
    enum Refusal: Equatable {
        case full
        case closed(String)
    }

    /// Hands in a request.
    ///
    /// - Returns: `nil` when it was taken, otherwise why not; the caller answers then.
    func send(
        _ request: EngineRequest, origin: String, reply: (@Sendable (EngineReply) -> Void)?
    ) -> Refusal? {
        // Nothing opens from here on, however long the engine's thread takes to come to it.
        if request.isEmergency { gate.close(at: EngineClock.monotonic()) }
        let refusal = state.withLock { state -> Refusal? in
            if let end = state.end { return .closed(end) }
            if state.requestCount >= Inbox.capacity && !request.isEmergency { return .full }
            state.requestCount += 1
            if request.isEmergency { urgentCount.add(1, ordering: .acquiringAndReleasing) }
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
        case .closed(let reason): refuse(request, origin: origin, reason, reply)
        }
    }

    /// Answers what can't be carried out any more. A stop is kept all the same: the next engine must not open anything.
    func refuse(
        _ request: EngineRequest, origin: String, _ reason: String, _ reply: (@Sendable (EngineReply) -> Void)?
    ) {
        guard request.isEmergency, let latch else {
            reply?(.refused(reason))
            return
        }
        let keep: @Sendable () -> Void = {
            var end = "The stop holds for the next engine; orders stay where they are"
            do throws(EngineError) { try latch(origin) } catch {
                end = "The stop could not be kept: \(error.description)"
            }
            reply?(.refused("\(reason). \(end)"))
        }
        // A disk that hangs must not hold up whoever asks.
        do throws(EngineError) { try EngineThread.start(keep) } catch { keep() }
    }

    /// Hands in news of another part of the engine.
    func tell(_ news: @escaping @Sendable (EngineCore) -> Void) {
        let isTaken = state.withLock { state -> Bool in
            if state.end != nil { return false }
            state.items.append(.news(news))
            return true
        }
        if isTaken { wake.signal() }
    }

    /// The next thing that waits: emergency stops first, then in the order it came. One at a time, so that what waits
    /// behind something that never ends is still there for whoever goes on.
    func take() -> InboxItem? {
        state.withLock { state in
            guard state.place < state.items.count else { return nil }
            let item: InboxItem
            if urgentCount.load(ordering: .relaxed) > 0,
                let urgent = state.items[state.place...].firstIndex(where: \.isEmergency)
            {
                item = state.items.remove(at: urgent)
            } else {
                item = state.items[state.place]
                state.place += 1
            }
            if case .request(let request, _, _) = item {
                state.requestCount -= 1
                if request.isEmergency { urgentCount.subtract(1, ordering: .acquiringAndReleasing) }
            }
            if state.place == state.items.count {
                state.items.removeAll(keepingCapacity: true)
                state.place = 0
            }
            return item
        }
    }

    /// Whether anything waits.
    var isEmpty: Bool { state.withLock { $0.place == $0.items.count } }

    /// Takes nothing more and gives back what still waits. Whoever asks from now on is told why; the first reason stays.
    func close(_ reason: String = "the engine is stopping") -> [InboxItem] {
        state.withLock { state in
            state.end = state.end ?? reason
            state.requestCount = 0
            defer {
                state.items = []
                state.place = 0
            }
            return Array(state.items[state.place...])
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
