/// Asks one server with the manners that it wants: within its weight limit, silent while it asks for a pause, not while
/// it keeps failing, and again after a while where that may help.
public struct GuardedClient: Sendable {
    private let client: HTTPClient
    private let gate: RequestGate
    private let rules: Rules
    private let time: NetworkTime

    /// What differs from server to server.
    public struct Rules: Sendable {
        /// The header field, in lower case, that tells the weight used up in the server's window.
        public var usedWeightHeader: String
        /// The longest pause that is waited for; longer ones end a request with `RequestFailure.paused`.
        public var longestPause = Duration.seconds(600)
        /// Whether an answer of 429 to something that is sent once is about the account alone: about its orders, not
        /// about the requests of the address. Then nothing else has to wait, cancels least of all.
        public var isOfAccount: @Sendable (HTTPResponse) -> Bool = { _ in false }

        /// Rules for a server that tells the used weight in a header field.
        public init(usedWeightHeader: String) { self.usedWeightHeader = usedWeightHeader }
    }

    /// What was made of an answer.
    public enum Reading<Value: Sendable>: Sendable {
        /// What it says.
        case value(Value)
        /// It can't be read, and why; worth asking again.
        case damaged(String)
    }

    /// A client of its parts.
    public init(_ client: HTTPClient, _ gate: RequestGate, _ rules: Rules, time: NetworkTime = .system) {
        self.client = client
        self.gate = gate
        self.rules = rules
        self.time = time
    }

    /// Asks until there is an answer, at most `attempts` times.
    ///
    /// Failures of the network and of the server (5xx), and answers that can't be read, are tried again, the first time
    /// at once. Pauses that the server or the limit ask for are waited for and are no attempts.
    /// - Parameters:
    ///   - request: what to ask; it must be harmless to ask it twice.
    ///   - weight: what the server counts for it.
    ///   - priority: what it is for.
    ///   - attempts: how often it is sent at most.
    ///   - pausing: told of every pause before it begins.
    ///   - read: makes something of an answer of any status but 5xx, 418 and 429.
    /// - Throws: `RequestFailure`.
    public func ask<Value: Sendable>(
        _ request: HTTPRequest, weight: Int64, priority: RequestPriority, attempts: Int,
        pausing: @Sendable (RequestPause) -> Void, read: @Sendable (HTTPResponse) -> Reading<Value>
    ) async throws(RequestFailure) -> Value {
        try await ask(
            about: request.location, weight: weight, priority: priority, attempts: attempts, pausing: pausing,
            prepare: { request }, read: read)
    }

    /// Asks as `ask` does, with a request that is made anew for every attempt, when it may be sent: one that says its
    /// own time would be out of date after a pause.
    ///
    /// - Parameters:
    ///   - location: the address without parameters, for messages.
    ///   - prepare: makes the request; with `nil` nothing is sent any more.
    /// - Throws: `RequestFailure`.
    public func ask<Value: Sendable>(
        about location: String, weight: Int64, priority: RequestPriority, attempts: Int,
        pausing: @Sendable (RequestPause) -> Void, prepare: @Sendable () -> HTTPRequest?,
        read: @Sendable (HTTPResponse) -> Reading<Value>
    ) async throws(RequestFailure) -> Value {
        var backoff = Backoff()
        var random = SystemRandomNumberGenerator()
        var attempt = 0
        while true {
            let ticket = try await pass(weight, priority, location, rules.longestPause, pausing)
            let request = try made(ticket, location, prepare)
            attempt += 1
            switch await send(request, ticket, read) {
            case .success(let value): return value
            case .failure(.again): attempt -= 1
            case .failure(.failed(let failure, mayHelp: let mayHelp)):
                guard mayHelp, attempt < attempts else { throw failure }
                try await wait(until: time.now() + backoff.next(using: &random), location)
            }
        }
    }

    /// Sends a request once, whatever comes of it: for what must not happen twice.
    ///
    /// - Parameters:
    ///   - location: the address without parameters, for messages.
    ///   - weight: what the server counts for it.
    ///   - priority: what it is for.
    ///   - patience: the longest pause of the gate that is waited for; what would wait longer is not sent.
    ///   - launch: makes the request when it may be sent and hands it in, once, on whatever thread; with `nil` nothing is sent.
    ///     May return before.
    /// - Returns: the answer, whatever its status.
    /// - Throws: `RequestFailure`: `paused` when it was not sent, `transport` when no whole answer came.
    public func sendOnce(
        about location: String, weight: Int64, priority: RequestPriority, patience: Duration,
        launch: @Sendable (_ hand: @escaping @Sendable (HTTPRequest?) -> Void) -> Void
    ) async throws(RequestFailure) -> HTTPResponse {
        let ticket = try await pass(weight, priority, location, patience) { _ in }
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try await client.send(to: location, launch: launch)
        } catch {
            gate.end(ticket, error.isTransient ? .failed(used: nil) : .givenUp, at: time.now())
            throw .transport(error)
        }
        let used = response.headers[rules.usedWeightHeader].flatMap { Int64($0) }
        switch response.status {
        case 429 where rules.isOfAccount(response): gate.end(ticket, .answered(used: used), at: time.now())
        case 418, 429: gate.end(ticket, .refused(pause(response), used: used), at: time.now())
        case 500...599: gate.end(ticket, .failed(used: used), at: time.now())
        default: gate.end(ticket, .answered(used: used), at: time.now())
        }
        return response
    }

    private func made(
        _ ticket: RequestGate.Ticket, _ location: String, _ prepare: @Sendable () -> HTTPRequest?
    ) throws(RequestFailure) -> HTTPRequest {
        if let request = prepare() { return request }
        gate.end(ticket, .givenUp, at: time.now())
        throw .transport(HTTPError(.cancelled, location, "it could not be made"))
    }

    /// Why one sending brought nothing.
    private enum Setback: Error {
        /// The server asked for a pause; it counts for nothing.
        case again
        /// It failed, and whether trying again may help.
        case failed(RequestFailure, mayHelp: Bool)
    }

    /// Waits until the request may be sent.
    private func pass(
        _ weight: Int64, _ priority: RequestPriority, _ location: String, _ patience: Duration,
        _ pausing: @Sendable (RequestPause) -> Void
    ) async throws(RequestFailure) -> RequestGate.Ticket {
        while true {
            let now = time.now()
            switch gate.ask(weight, priority, at: now) {
            case .success(let ticket): return ticket
            case .failure(let refusal):
                let pause = refusal.pause
                pausing(pause)
                guard pause.until - now <= patience else {
                    throw .paused(pause.reason, seconds: (pause.until - now).components.seconds)
                }
                try await wait(until: pause.until, location)
            }
        }
    }

    private func wait(until end: ContinuousClock.Instant, _ location: String) async throws(RequestFailure) {
        do {
            try await time.wait(end)
        } catch {
            throw .transport(HTTPError(.cancelled, location, ""))
        }
    }

    private func send<Value>(
        _ request: HTTPRequest, _ ticket: RequestGate.Ticket, _ read: @Sendable (HTTPResponse) -> Reading<Value>
    ) async -> Result<Value, Setback> {
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try await client.send(request)
        } catch {
            gate.end(ticket, error.isTransient ? .failed(used: nil) : .givenUp, at: time.now())
            return .failure(.failed(.transport(error), mayHelp: error.isTransient))
        }
        let used = response.headers[rules.usedWeightHeader].flatMap { Int64($0) }
        switch response.status {
        case 418, 429:
            gate.end(ticket, .refused(pause(response), used: used), at: time.now())
            return .failure(.again)
        case 500...599:
            gate.end(ticket, .failed(used: used), at: time.now())
            return .failure(.failed(.server(response), mayHelp: true))
        default: break
        }
        switch read(response) {
        case .value(let value):
            gate.end(ticket, .answered(used: used), at: time.now())
            return .success(value)
        case .damaged(let detail):
            gate.end(ticket, .failed(used: used), at: time.now())
            return .failure(.failed(.damaged(detail), mayHelp: true))
        }
    }

    /// The pause that a server asks for; one that does not say how long gets a window of its limit, or, for a ban, the
    /// shortest there is.
    private func pause(_ response: HTTPResponse) -> RequestPause {
        let isBan = response.status == 418
        let seconds = response.retryAfterSeconds ?? (isBan ? 120 : 60)
        return RequestPause(
            reason: isBan ? .banned : .tooMuchAsked, until: time.now() + .seconds(min(max(seconds, 1), 1 << 32)))
    }
}
