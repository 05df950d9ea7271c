import Network

/// How fast connections are made, over all of them: a server that ends each at once, or a stream that can't be read on any,
/// must not have one connect until it bans the address.
struct ConnectPacing {
    /// How long a connection must have lasted for the next to be made at once.
    static let steady = Duration.seconds(30)
    /// How many are made in a stretch of time at most. The venue bans an address beyond 300 in five minutes; others may share it.
    static let most = 60
    /// That stretch.
    static let window = Duration.seconds(300)

    private var backoff = Backoff()
    private var random = SystemRandomNumberGenerator()
    /// When connections were made, the last `most` of them, oldest first.
    private var made: [ContinuousClock.Instant] = []

    /// A connection is being made.
    mutating func begin(at now: ContinuousClock.Instant) {
        if made.count == ConnectPacing.most { made.removeFirst() }
        made.append(now)
    }

    /// How long to wait with the next one for there have been too many; zero when there have not.
    func excess(at now: ContinuousClock.Instant) -> Duration {
        guard made.count == ConnectPacing.most, let first = made.first else { return .zero }
        return max(.zero, first + ConnectPacing.window - now)
    }

    /// How long to wait after one that could not be made.
    mutating func next() -> Duration { backoff.next(using: &random) }

    /// How long to wait after one that lasted so long: one that ended as soon as it stood is no better than one that never
    /// did.
    mutating func next(after lasted: Duration) -> Duration {
        guard lasted < ConnectPacing.steady else {
            backoff = Backoff()
            return .zero
        }
        return next()
    }
}
