import Keys
public import Market
public import Network
import Synchronization

/// The private REST API of Binance Spot for one key.
///
/// What changes orders is sent once, whatever comes of it, and its outcome is one of four; see `RequestOutcome`. It is
/// written down before it leaves and when its outcome is known. Only a request that the venue refused for its time is
/// made and sent anew, once, after the venue's time was asked for: such a request was not executed. Questions are asked
/// again where that may help.
public final class SpotAccountClient: Sendable {
    /// The key and where it is used.
    public let access: BinanceSpotAccess
    /// The venue's time as far as it is known.
    public let clock: VenueClock
    /// What every request to the venue passes, whoever asks.
    public let gate: RequestGate
    let client: GuardedClient
    private let audit: SpotAudit
    private let options: Options
    private let time: NetworkTime
    private let wall: @Sendable () -> Timestamp
    private let lastNumber = Atomic<UInt64>(0)
    let allowance = OrderAllowance()
    private let isRefreshing = Atomic<Bool>(false)

    /// How patient it is.
    public struct Options: Sendable, Hashable {
        /// How often a question is sent before it is given up.
        public var attempts = 4
        /// The longest pause that a question waits for; longer ones end it.
        public var longestPause = Duration.seconds(600)
        /// How long an order that opens a position waits for room in the venue's limits; its price is of now.
        public var patienceOfOpening = Duration.zero
        /// How long whatever makes a position smaller or safer waits.
        public var patienceOfOthers = Duration.seconds(5)

        /// The defaults.
        public init() {}
    }

    /// A client.
    ///
    /// - Parameters:
    ///   - access: the key and where it is used.
    ///   - http: how long requests may take, and whom to trust besides the system's certificates.
    ///   - options: how patient it is.
    ///   - time: what waits are measured with.
    ///   - wall: the machine's time of day.
    ///   - audit: writes down what can move money.
    /// - Throws: `HTTPError` when the certificates can't be read.
    public init(
        _ access: BinanceSpotAccess, _ http: HTTPOptions = HTTPOptions(), _ options: Options = Options(),
        time: NetworkTime = .system, wall: @escaping @Sendable () -> Timestamp, audit: SpotAudit
    ) throws(HTTPError) {
        self.access = access
        self.audit = audit
        self.options = options
        self.time = time
        self.wall = wall
        clock = VenueClock(time, wall: wall)
        gate = RequestGate.of(access.environment.restURL, limit: BinanceSpot.usualWeightPerMinute)
        var rules = GuardedClient.Rules(usedWeightHeader: "x-mbx-used-weight-1m")
        rules.longestPause = options.longestPause
        rules.isOfAccount = { ServerMessage($0)?.code == BinanceSpotErrors.tooManyOrders }
        client = GuardedClient(try HTTPClient(http), gate, rules, time: time)
    }

    /// How near the venue's limits are now.
    public var limits: VenueLimits { VenueLimits(of: gate, .open, at: time.now(), wall: wall()) }

    // MARK: - The venue's time

    /// Asks for the venue's time and keeps the median of the answers.
    ///
    /// - Parameters:
    ///   - probes: how often it is asked for.
    ///   - priority: what it is needed for; nothing waits longer for it than for that itself.
    /// - Throws: `VenueDenial` when there was no answer that could be read; what was known before is kept.
    @discardableResult
    public func synchronize(
        probes: Int = 5, priority: RequestPriority = .data
    ) async throws(VenueDenial) -> VenueClock.Reading {
        let location = access.environment.restURL + "/api/v3/time"
        return try await clock.refresh(probes: probes) { () async throws(VenueDenial) in
            let response: HTTPResponse
            do throws(RequestFailure) {
                response = try await self.client.sendOnce(
                    about: location, weight: 1, priority: priority, patience: self.options.patienceOfOthers
                ) { $0(HTTPRequest(location)) }
            } catch {
                throw VenueDenial(error)
            }
            return try SpotAccountClient.time(response)
        }
    }

    private static func time(_ response: HTTPResponse) throws(VenueDenial) -> Timestamp {
        guard response.status == 200 else {
            if case .denied(let denial) = verdict(response, .query) { throw denial }
            throw VenueDenial(.failing, "the venue does not tell its time (HTTP \(response.status))")
        }
        do throws(UnreadableAnswer) { return try SpotAnswers.serverTime(response.body) } catch {
            throw VenueDenial(.unreadable, "the venue's time can't be read: \(error)")
        }
    }

    /// Sees to it that the venue's time is known. One that is known but old serves, and is asked for again meanwhile: no
    /// order waits for that, and no cancel.
    private func tellTime(_ priority: RequestPriority) async -> VenueDenial? {
        guard clock.isDue else { return nil }
        if clock.now != nil {
            refreshMeanwhile()
            return nil
        }
        do throws(VenueDenial) { try await synchronize(for: priority) } catch { return error }
        return nil
    }

    private func synchronize(for priority: RequestPriority) async throws(VenueDenial) {
        // A cancel is not to wait for the last milliseconds of accuracy.
        try await synchronize(probes: priority == .cancel ? 1 : 5, priority: priority)
    }

    private func refreshMeanwhile() {
        guard !isRefreshing.exchange(true, ordering: .acquiringAndReleasing) else { return }
        Task {
            _ = try? await synchronize()
            isRefreshing.store(false, ordering: .releasing)
        }
    }

    // MARK: - What changes orders

    /// Sends a request that changes orders, once, and judges what comes of it.
    ///
    /// - Parameters:
    ///   - read: reads the answer; gives `nil` for an answer whose status is not its own.
    func act<Value: Sendable>(
        _ request: SpotRequest, _ priority: RequestPriority,
        read: @escaping @Sendable (HTTPResponse) throws(UnreadableAnswer) -> Value?
    ) async -> RequestOutcome<Value> {
        audit.expect()
        if let denial = await tellTime(priority) ?? allowance.denial(request.asked, priority, at: time.now()) {
            return .denied(denial)
        }
        let first = await attempt(request, priority, read)
        allowance.take(first, at: time.now())
        guard case .denied(let denial) = first, denial.reason == .clock else { return first }
        // It was not executed. With the right time it may be.
        do throws(VenueDenial) { try await synchronize(for: priority) } catch { return first }
        let second = await attempt(request, priority, read)
        allowance.take(second, at: time.now())
        return second
    }

    private func attempt<Value: Sendable>(
        _ request: SpotRequest, _ priority: RequestPriority,
        _ read: @Sendable (HTTPResponse) throws(UnreadableAnswer) -> Value?
    ) async -> RequestOutcome<Value> {
        let departure = Departure()
        let location = access.environment.restURL + request.path
        let number = lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
        let patience = priority <= .open ? options.patienceOfOpening : options.patienceOfOthers
        let outcome: RequestOutcome<Value>
        do throws(RequestFailure) {
            let response = try await client.sendOnce(
                about: location, weight: request.weight, priority: priority, patience: patience
            ) {
                self.depart(request, location, number, departure, $0)
            }
            outcome = SpotAccountClient.judge(response, request.asked, read)
        } catch {
            outcome = SpotAccountClient.judge(error, departure.denial, hasLeft: departure.hasLeft)
        }
        if departure.hasLeft {
            // The outcome is what it is, whether this can be written or not; whoever writes complains for themselves.
            let ending = entry(request, number, .ended(outcome.auditWords))
            await withCheckedContinuation { continuation in audit.write(ending) { _ in continuation.resume() } }
        }
        return outcome
    }

    /// What came of the moment in which a request was to leave.
    private final class Departure: Sendable {
        private let state = Mutex<(hasLeft: Bool, denial: VenueDenial?)>((false, nil))
        var hasLeft: Bool { state.withLock { $0.hasLeft } }
        var denial: VenueDenial? { state.withLock { $0.denial } }
        func leave() { state.withLock { $0.hasLeft = true } }
        func stay(_ denial: VenueDenial) { state.withLock { $0.denial = denial } }
    }

    /// Signs a request and writes it down; once that is done it leaves, from the thread that has written. Where either fails
    /// nothing leaves. Waits for neither.
    private func depart(
        _ request: SpotRequest, _ location: String, _ number: UInt64, _ departure: Departure,
        _ hand: @escaping @Sendable (HTTPRequest?) -> Void
    ) {
        guard let signed = sign(request, location) else {
            departure.stay(VenueDenial(.notSigned, "it could not be signed, so it was not sent"))
            return hand(nil)
        }
        audit.write(entry(request, number, .leaving)) { error in
            switch error {
            case nil:
                departure.leave()
                return hand(signed)
            case let held as RequestHeld:
                departure.stay(VenueDenial(.cancelled, "it was not sent: \(held)"))
            case let error?:
                departure.stay(
                    VenueDenial(.notRecorded, "it could not be written down, so it was not sent: \(error)"))
            }
            hand(nil)
        }
    }

    private func entry(_ request: SpotRequest, _ number: UInt64, _ phase: SpotAuditEntry.Phase) -> SpotAuditEntry {
        SpotAuditEntry(
            phase: phase, number: number, time: clock.now ?? .epoch, environment: access.environment.keys,
            keyName: access.name, maskedKey: access.signer.apiKey.masked,
            request: "\(request.method.rawValue) \(request.path)", parameters: HTTPRequest.encoded(request.parameters))
    }

    private func sign(_ request: SpotRequest, _ location: String) -> HTTPRequest? {
        guard let now = clock.now else { return nil }
        return try? access.signer.request(request.method, location, request.parameters, at: now.milliseconds)
    }

    // MARK: - Questions

    /// Asks a question, again where that may help; it is signed anew each time.
    func ask<Value: Sendable>(
        _ request: SpotRequest, _ priority: RequestPriority,
        read: @escaping @Sendable ([UInt8]) throws(UnreadableAnswer) -> Value
    ) async -> RequestOutcome<Value> {
        if let denial = await tellTime(priority) { return .denied(denial) }
        let first = await question(request, priority, read)
        guard case .denied(let denial) = first, denial.reason == .clock else { return first }
        do throws(VenueDenial) { try await synchronize(for: priority) } catch { return first }
        return await question(request, priority, read)
    }

    private func question<Value: Sendable>(
        _ request: SpotRequest, _ priority: RequestPriority,
        _ read: @escaping @Sendable ([UInt8]) throws(UnreadableAnswer) -> Value
    ) async -> RequestOutcome<Value> {
        let location = access.environment.restURL + request.path
        do throws(RequestFailure) {
            return try await client.ask(
                about: location, weight: request.weight, priority: priority, attempts: options.attempts,
                pausing: { _ in }, prepare: { self.sign(request, location) }
            ) { response in
                guard response.status == 200 else {
                    return .value(SpotAccountClient.verdict(response, request.asked).outcome())
                }
                do throws(UnreadableAnswer) {
                    return .value(.confirmed(try read(response.body)))
                } catch {
                    return .damaged("the answer can't be read: \(error)")
                }
            }
        } catch {
            return .denied(VenueDenial(error))
        }
    }
}
