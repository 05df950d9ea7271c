public import Market
public import Network
public import Storage
public import Venues

/// Remembers over the end of a process that a server wants to be left alone.
public struct PauseMemory: Sendable {
    private let store: Store
    private let venue: any HistoricalVenue
    private let now: @Sendable () -> Timestamp

    /// A memory in a store of what a venue's server wants.
    public init(_ store: Store, _ venue: any HistoricalVenue, _ now: @escaping @Sendable () -> Timestamp) {
        self.store = store
        self.venue = venue
        self.now = now
    }

    /// Keeps the pause that the server asked an earlier process for.
    public func recall() {
        let now = now()
        guard let kept = try? KeptPause.read(store, venue.server, at: now) else { return }
        let rest = Duration.nanoseconds(kept.until.nanoseconds(since: now))
        venue.keep(RequestPause(reason: kept.reason, until: .now + rest))
    }

    /// Has later processes keep a pause that the server itself asked for; others are of this process alone.
    public func note(_ pause: RequestPause) {
        guard pause.reason.isServersOwn else { return }
        let (now, rest) = (now(), ContinuousClock.now.duration(to: pause.until))
        let kept = KeptPause(reason: pause.reason, until: now.adding(nanoseconds: rest.nanoseconds))
        // A store that can't be written shows elsewhere; this process keeps the pause anyway.
        try? kept.write(store, venue.server, at: now)
    }
}

extension Duration {
    /// The length in whole nanoseconds; 292 years at most.
    fileprivate var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
