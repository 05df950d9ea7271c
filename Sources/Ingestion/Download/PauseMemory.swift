public import Market
public import Network
public import Storage
public import Venues

/// Remembers over the end of a process that a server wants to be left alone, whichever of its parts was told so.
public struct PauseMemory: Sendable {
    private let store: Store
    private let server: String
    private let gate: RequestGate
    private let now: @Sendable () -> Timestamp

    /// A memory in a store of what a venue's server wants.
    public init(_ store: Store, _ venue: any HistoricalVenue, _ now: @escaping @Sendable () -> Timestamp) {
        self.init(store, server: venue.server, venue.gate, now)
    }

    /// A memory in a store of what a server wants.
    ///
    /// - Parameters:
    ///   - server: its address, `https://api.binance.com`.
    ///   - gate: what everything that this process asks of it passes.
    public init(
        _ store: Store, server: String, _ gate: RequestGate, _ now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.server = server
        self.gate = gate
        self.now = now
    }

    /// Keeps the pause that the server asked an earlier process for, and has later ones keep what it asks this one for.
    public func recall() {
        gate.tellPauses(to: note)
        let now = now()
        guard let kept = try? KeptPause.read(store, server, at: now) else { return }
        let rest = Duration.nanoseconds(kept.until.nanoseconds(since: now))
        gate.keep(RequestPause(reason: kept.reason, until: .now + rest))
    }

    /// Has later processes keep a pause that the server itself asked for; others are of this process alone.
    private func note(_ pause: RequestPause) {
        guard pause.reason.isServersOwn else { return }
        let (now, rest) = (now(), ContinuousClock.now.duration(to: pause.until))
        let kept = KeptPause(reason: pause.reason, until: now.adding(nanoseconds: rest.nanoseconds))
        // A store that can't be written shows elsewhere; this process keeps the pause anyway.
        try? kept.write(store, server, at: now)
    }
}

extension Duration {
    /// The length in whole nanoseconds; 292 years at most.
    fileprivate var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
