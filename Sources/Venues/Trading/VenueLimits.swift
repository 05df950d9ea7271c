public import Market
public import Network

/// How near a venue's limits are, and whether it wants to be left alone for a while.
public struct VenueLimits: Sendable, Hashable {
    /// The weight used up in the last minute: by this process, and by others on its address as far as the venue told.
    public var weight: Int64
    /// The most in a minute.
    public var limit: Int64
    /// Why nothing that opens is sent now, in words; `nil` when it is sent.
    public var pause: String?
    /// Until when, by the machine's clock.
    public var until: Timestamp?

    /// Limits of their parts.
    public init(weight: Int64, limit: Int64, pause: String? = nil, until: Timestamp? = nil) {
        self.weight = weight
        self.limit = limit
        self.pause = pause
        self.until = until
    }

    /// What a gate knows of its server, at a time of both clocks.
    ///
    /// - Parameters:
    ///   - priority: the requests whose pause is told: a server that keeps failing at some may be asked for others.
    ///   - now: the time that waits are measured with.
    ///   - wall: the machine's time of day at that moment.
    public init(
        of gate: RequestGate, _ priority: RequestPriority, at now: ContinuousClock.Instant, wall: Timestamp
    ) {
        let use = gate.use(at: now)
        self.init(weight: use.weight, limit: use.limit)
        guard let pause = gate.pause(priority, at: now) else { return }
        self.pause = pause.reason.description
        let left = (pause.until - now).components
        until = wall.adding(nanoseconds: left.seconds * 1_000_000_000 + left.attoseconds / 1_000_000_000)
    }

    /// Until when a pause lasts: ` until 12:00:05`; empty where that is not known.
    public var untilWords: String { until.map { " until \($0.timeOfDay)" } ?? "" }
}
