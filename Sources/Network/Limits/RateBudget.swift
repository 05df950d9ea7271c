/// How much of a venue's weight limit is used up, and when there is room again.
///
/// The venue counts in windows whose beginning is not known here. So a request counts from its start until one window
/// after its answer: whenever the venue's windows begin, no more than the limit can have reached it in one of them. What
/// others on the same address use shows in the count that the venue tells with every answer; what that is above the own
/// count is held against the limit for one window, too.
///
/// A value: time comes from outside.
struct RateBudget: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// The venue's limit, in weight a window.
    private(set) var limit: Int64
    /// The length of the venue's window.
    let window: Duration
    private var inFlight: Int64 = 0
    /// Answered requests that still count, oldest first.
    private var answered: [(end: Instant, weight: Int64)] = []
    private var answeredWeight: Int64 = 0
    /// What others were seen to use, and until when that counts.
    private var others: (weight: Int64, until: Instant)?
    /// Until when the venue wants nothing at all.
    private(set) var blockedUntil: Instant?

    /// A budget of which nothing is used.
    init(limit: Int64, window: Duration = .seconds(60)) {
        precondition(limit > 0 && window > .zero, "a limit and a window are positive")
        self.limit = limit
        self.window = window
    }

    /// Takes the limit that the venue says it has.
    mutating func setLimit(_ limit: Int64) {
        if limit > 0 { self.limit = limit }
    }

    /// Takes `weight` for a request if there is room for its priority.
    ///
    /// - Returns: `nil` when it may be sent; otherwise when it is worth asking again. O(expired requests).
    mutating func take(_ weight: Int64, _ priority: RequestPriority, at now: Instant) -> Instant? {
        forget(at: now)
        if let blockedUntil, now < blockedUntil { return blockedUntil }
        let room = max(weight, limit * priority.percentOfLimit / 100)
        let excess = used + weight - room
        guard excess > 0 else {
            inFlight += weight
            return nil
        }
        return roomAgain(excess, at: now)
    }

    /// Notes that a request was answered, or failed, with what the venue says is used up in its window.
    mutating func answer(_ weight: Int64, used venueCount: Int64?, at now: Instant) {
        forget(at: now)
        inFlight -= weight
        answered.append((now + window, weight))
        answeredWeight += weight
        guard let venueCount else { return }
        let foreign = venueCount - inFlight - answeredWeight
        if foreign >= others?.weight ?? 1 { others = (foreign, now + window) }
    }

    /// Lets nothing pass, cancels neither, until `end`: the venue said so, and answers to more would be a longer ban.
    mutating func block(until end: Instant) {
        blockedUntil = max(blockedUntil ?? end, end)
    }

    /// The weight that counts at a time: what was asked here in the last window, and what others were seen to use.
    mutating func use(at now: Instant) -> Int64 {
        forget(at: now)
        return used
    }

    /// The weight that counts now.
    private var used: Int64 { inFlight + answeredWeight + (others?.weight ?? 0) }

    private mutating func forget(at now: Instant) {
        let expired = answered.prefix { $0.end <= now }
        if !expired.isEmpty {
            answeredWeight -= expired.reduce(0) { $0 + $1.weight }
            answered.removeFirst(expired.count)
        }
        if let others, others.until <= now { self.others = nil }
        if let end = blockedUntil, end <= now { blockedUntil = nil }
    }

    /// When `excess` of what counts now no longer will; what is in flight counts as if it were answered now.
    private func roomAgain(_ excess: Int64, at now: Instant) -> Instant {
        var ends = answered
        if let others { ends.append((others.until, others.weight)) }
        ends.sort { $0.end < $1.end }
        var freed: Int64 = 0
        for entry in ends {
            freed += entry.weight
            if freed >= excess { return entry.end }
        }
        return now + window
    }
}
