import Market
import Network
import Storage
import Venues

/// Remembers over the end of a process that a server wants to be left alone.
struct PauseMemory: Sendable {
    private let store: Store
    private let venue: any HistoricalVenue
    private let now: @Sendable () -> Timestamp

    init(_ store: Store, _ venue: any HistoricalVenue, _ now: @escaping @Sendable () -> Timestamp) {
        self.store = store
        self.venue = venue
        self.now = now
    }

    /// Keeps the pause that the server asked an earlier process for.
    func recall() {
        let now = now()
        guard let kept = try? KeptPause.read(store, venue.server, at: now) else { return }
        let rest = Duration.nanoseconds(kept.until.nanoseconds(since: now))
        venue.keep(RequestPause(reason: kept.reason, until: .now + rest))
    }

    /// Has later processes keep a pause that the server itself asked for; others are of this process alone.
    func note(_ pause: RequestPause) {
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
