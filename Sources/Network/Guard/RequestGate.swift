import Synchronization

/// What every request to one server passes: the weight budget and the circuit breaker, shared by the whole process.
///
/// Servers count by address, so two budgets for one of them would each believe the whole limit theirs: `of(_:limit:)`
/// gives everybody the same gate.
public final class RequestGate: Sendable {
    typealias Instant = ContinuousClock.Instant

    private let state: Mutex<State>
    /// Who is told of a pause that the server asks for.
    private typealias Observer = @Sendable (RequestPause) -> Void

    private struct State {
        var budget: RateBudget
        var breaker = CircuitBreaker()
        /// Why the venue wants nothing, while it does.
        var blockReason = RequestPause.Reason.tooMuchAsked
        var tally = Tally()
        var observer: Observer?
        /// Until when nothing is asked for data as that was turned away, and for how long that was.
        var turnedAway: (until: Instant, length: Duration)?

        /// - Returns: whom to tell of it, outside of the lock; `nil` where it says nothing new.
        mutating func block(_ pause: RequestPause) -> Observer? {
            let known = budget.blockedUntil
            // A ban stays one, whatever answers that were under way say after it.
            if known.map({ $0 < pause.until }) ?? true { blockReason = pause.reason }
            budget.block(until: pause.until)
            // Answers to what was under way together name the same second.
            return known.map { pause.until - $0 >= .seconds(1) } ?? true ? observer : nil
        }
    }

    /// How often the server itself asked for a pause.
    public struct Tally: Sendable, Hashable {
        /// Answers that said too much was asked (429), or that the address is banned (418).
        public var pauses = 0
        /// Requests that failed: no answer, a broken one, or an error of the server.
        public var failures = 0
    }

    /// A request that was let through; to be given back with how it ended.
    struct Ticket: Sendable {
        let weight: Int64
        let priority: RequestPriority
        let isTrial: Bool
    }

    /// How a request ended.
    enum Ending: Sendable {
        /// The server answered, and said how much is used up in its window.
        case answered(used: Int64?)
        /// The server wants nothing until a time.
        case refused(RequestPause, used: Int64?)
        /// The server failed.
        case failed(used: Int64?)
        /// Nobody wanted the answer any more.
        case givenUp
    }

    /// A gate of its own; see `of(_:limit:)`.
    init(limit: Int64) { state = Mutex(State(budget: RateBudget(limit: limit))) }

    private static let gates = Mutex<[String: RequestGate]>([:])

    /// The gate of a server, the same for the whole process.
    ///
    /// - Parameters:
    ///   - server: its address, `https://api.binance.com`.
    ///   - limit: the weight it grants in a minute as far as is known, until `setLimit` says it better.
    public static func of(_ server: String, limit: Int64) -> RequestGate {
        // Names of hosts are the same in any case.
        let server = server.lowercased()
        return gates.withLock { gates in
            if let gate = gates[server] { return gate }
            let gate = RequestGate(limit: limit)
            gates[server] = gate
            return gate
        }
    }

    /// Takes the weight that the server says it grants in a minute.
    public func setLimit(_ limit: Int64) { state.withLock { $0.budget.setLimit(limit) } }

    /// How much of the server's limit is used up.
    public struct Use: Sendable, Hashable {
        /// The weight of the last minute: of this process, and of others on the address as far as the server told.
        public var weight: Int64
        /// The most in a minute.
        public var limit: Int64
    }

    /// How much of the server's limit is used up at a time.
    public func use(at now: ContinuousClock.Instant) -> Use {
        state.withLock { Use(weight: $0.budget.use(at: now), limit: $0.budget.limit) }
    }

    /// Why a request of this priority would not be sent at a time, whatever its weight, and until when; `nil` when it would.
    public func pause(_ priority: RequestPriority, at now: ContinuousClock.Instant) -> RequestPause? {
        state.withLock { state in
            if let end = state.budget.blockedUntil, end > now {
                return RequestPause(reason: state.blockReason, until: end)
            }
            if priority == .data, let away = state.turnedAway, away.until > now {
                return RequestPause(reason: .turnedAway, until: away.until)
            }
            return state.breaker.pause(priority, at: now).map { RequestPause(reason: .keepsFailing, until: $0) }
        }
    }

    /// Keeps a pause that the server asked another process for.
    public func keep(_ pause: RequestPause) { state.withLock { _ = $0.block(pause) } }

    /// Has somebody told of every pause that the server asks this process for, whatever was asked; in the place of whoever
    /// was told before. It is called on the thread that the answer came to.
    public func tellPauses(to observer: @escaping @Sendable (RequestPause) -> Void) {
        state.withLock { $0.observer = observer }
    }

    /// Asks to do something that the server counts beside the requests of a `GuardedClient`: to open a socket, to ask over
    /// one. It counts when it may be done. Whether requests keep failing does not matter to it: another way leads there.
    ///
    /// - Parameters:
    ///   - weight: what the server counts for it.
    ///   - priority: what it is for.
    /// - Returns: why and until when to wait before asking again; `nil` when it may be done.
    public func admit(_ weight: Int64, _ priority: RequestPriority, at now: ContinuousClock.Instant) -> RequestPause? {
        state.withLock { state in
            if let end = state.budget.take(weight, priority, at: now) {
                let reason = state.budget.blockedUntil == nil ? .limitUsedUp : state.blockReason
                return RequestPause(reason: reason, until: end)
            }
            state.budget.answer(weight, used: nil, at: now)
            return nil
        }
    }

    /// Takes a pause that the server asked for in an answer to what was admitted.
    public func refused(_ pause: RequestPause) {
        let observer = state.withLock { state in
            state.tally.pauses += 1
            return state.block(pause)
        }
        observer?(pause)
    }

    /// For how long nothing is asked for data once that was turned away; twice as long each time in a row.
    private static let awayAtFirst = Duration.seconds(300)
    /// The longest such pause.
    private static let awayAtMost = Duration.seconds(3_600)

    /// A request for data was turned away by something before the server, a wall that bans who goes on. Orders and questions
    /// about them have answers of their own.
    public func turnedAway(at now: ContinuousClock.Instant) {
        state.withLock { state in
            // Answers to what was under way together are one.
            if let away = state.turnedAway, away.until > now { return }
            let length = min(state.turnedAway.map { $0.length * 2 } ?? RequestGate.awayAtFirst, RequestGate.awayAtMost)
            state.turnedAway = (now + length, length)
            state.tally.pauses += 1
        }
    }

    /// A request for data was answered: what turned them away does so no more.
    public func served() { state.withLock { $0.turnedAway = nil } }

    /// How often the server asked for a pause or failed, since the gate was made.
    public var tally: Tally { state.withLock { $0.tally } }

    /// Asks to send a request.
    ///
    /// - Returns: a ticket, or why and until when to wait.
    func ask(_ weight: Int64, _ priority: RequestPriority, at now: Instant) -> Result<Ticket, Refusal> {
        state.withLock { state in
            if priority == .data, let away = state.turnedAway, away.until > now {
                return .failure(Refusal(pause: RequestPause(reason: .turnedAway, until: away.until)))
            }
            if let end = state.breaker.pause(priority, at: now) {
                return .failure(Refusal(pause: RequestPause(reason: .keepsFailing, until: end)))
            }
            if let end = state.budget.take(weight, priority, at: now) {
                let reason = state.budget.blockedUntil == nil ? .limitUsedUp : state.blockReason
                return .failure(Refusal(pause: RequestPause(reason: reason, until: end)))
            }
            let isTrial = state.breaker.begin(priority)
            return .success(Ticket(weight: weight, priority: priority, isTrial: isTrial))
        }
    }

    /// A request that has to wait.
    struct Refusal: Error {
        var pause: RequestPause
    }

    /// Gives a ticket back.
    func end(_ ticket: Ticket, _ ending: Ending, at now: Instant) {
        let observer = state.withLock { state -> Observer? in
            var venueCount: Int64?
            var hasFailed: Bool?
            var observer: Observer?
            switch ending {
            case .answered(let used): (venueCount, hasFailed) = (used, false)
            case .failed(let used):
                (venueCount, hasFailed) = (used, true)
                state.tally.failures += 1
            case .refused(let pause, let used):
                venueCount = used
                observer = state.block(pause)
                state.tally.pauses += 1
            case .givenUp: break
            }
            state.budget.answer(ticket.weight, used: venueCount, at: now)
            state.breaker.end(ticket.priority, isTrial: ticket.isTrial, hasFailed: hasFailed, at: now)
            return observer
        }
        if case .refused(let pause, _) = ending { observer?(pause) }
    }
}
