import Synchronization

/// A time that passes only when somebody waits.
public final class VirtualTime: Sendable {
    private let state = Mutex((now: ContinuousClock.now, waits: [Duration]()))

    /// A time that begins now.
    public init() {}

    /// How long everybody waited, in order.
    public var waits: [Duration] { state.withLock { $0.waits } }

    /// The time.
    public var now: ContinuousClock.Instant { state.withLock { $0.now } }

    /// Waits, which takes no time at all.
    public func wait(until end: ContinuousClock.Instant) {
        state.withLock { state in
            state.waits.append(end - state.now)
            state.now = max(state.now, end)
        }
    }
}
