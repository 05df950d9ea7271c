/// Stops asking a server that keeps failing: five failures in a minute open the circuit for half a minute, then one trial
/// decides. Each class of requests has a circuit of its own, and cancels have none.
///
/// A value: time comes from outside.
struct CircuitBreaker: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// How many failures open a circuit.
    static let failureLimit = 5
    /// Within what time.
    static let span = Duration.seconds(60)
    /// How long it stays open.
    static let pause = Duration.seconds(30)
    /// How often those who wait for a trial look whether it has ended.
    static let trialCheck = Duration.seconds(1)

    private var circuits = [Circuit](repeating: Circuit(), count: CircuitClass.allCases.count)

    private struct Circuit {
        var failures: [Instant] = []
        /// When the next trial may be made; `nil` while the circuit is closed.
        var openUntil: Instant?
        var isOnTrial = false
    }

    /// When it is worth asking again for a request of this priority; `nil` when it may be sent now.
    func pause(_ priority: RequestPriority, at now: Instant) -> Instant? {
        guard let index = priority.circuit?.rawValue, let end = circuits[index].openUntil else { return nil }
        if now < end { return end }
        // The one trial is waited for.
        return circuits[index].isOnTrial ? now + CircuitBreaker.trialCheck : nil
    }

    /// Notes that a request is sent for which there is no pause.
    ///
    /// - Returns: whether it is the trial of an open circuit.
    mutating func begin(_ priority: RequestPriority) -> Bool {
        guard let index = priority.circuit?.rawValue, circuits[index].openUntil != nil else { return false }
        circuits[index].isOnTrial = true
        return true
    }

    /// Notes how a request ended; `hasFailed` is `nil` when it was given up before it could tell anything.
    mutating func end(_ priority: RequestPriority, isTrial: Bool, hasFailed: Bool?, at now: Instant) {
        guard let index = priority.circuit?.rawValue else { return }
        if isTrial { return endTrial(index, hasFailed: hasFailed, at: now) }
        // What was under way when the circuit opened tells nothing new.
        guard hasFailed == true, circuits[index].openUntil == nil else { return }
        circuits[index].failures.removeAll { now - $0 > CircuitBreaker.span }
        circuits[index].failures.append(now)
        if circuits[index].failures.count >= CircuitBreaker.failureLimit {
            circuits[index] = Circuit(openUntil: now + CircuitBreaker.pause)
        }
    }

    private mutating func endTrial(_ index: Int, hasFailed: Bool?, at now: Instant) {
        switch hasFailed {
        case false?: circuits[index] = Circuit()
        case true?: circuits[index] = Circuit(openUntil: now + CircuitBreaker.pause)
        case nil: circuits[index].isOnTrial = false
        }
    }
}
