import Market
import NIOCore
import NIOPosix

/// The exchange with everything around it that all connections share. It lives on one event loop.
final class Core {
    let exchange: Exchange
    let loop: any EventLoop
    let pool: NIOThreadPool
    let options: StandInOptions
    let table: EndpointTable
    let hub: StreamHub
    var ledger: AddressLedger
    var desk: FaultDesk
    /// The sessions of the WebSocket API, which user data goes to.
    var sessions: [ObjectIdentifier: APISession] = [:]
    /// Every WebSocket connection, for the announcement of a shutdown.
    var sockets: [ObjectIdentifier: WebSocketHandler] = [:]
    /// Why a handshake of an address is turned away, until that is answered.
    var refusedHandshakes: [String: APIError] = [:]
    /// The faults of connections that are becoming WebSockets.
    var handshakeFaults: [ObjectIdentifier: [Fault.Kind]] = [:]
    private let clock: @Sendable () -> Timestamp

    init(
        _ exchange: Exchange, loop: any EventLoop, pool: NIOThreadPool, options: StandInOptions, faults: [Fault],
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.exchange = exchange
        self.loop = loop
        self.pool = pool
        self.options = options
        self.clock = clock
        table = EndpointTable(
            MarketEndpoints.all + RuleEndpoints.all + Tickers.endpoints + OrderEndpoints.all + AccountEndpoints.all
                + [PreventedMatches.endpoint, Allocations.endpoint])
        hub = StreamHub()
        ledger = AddressLedger(exchange.limits)
        desk = FaultDesk(seed: options.seed ?? 0)
        desk.add(faults)
        exchange.skew = desk.skew
    }

    /// Brings the market up to now and tells everybody what has happened.
    func catchUp() {
        exchange.advance(to: clock())
        tellEvents()
    }

    /// Tells what has happened since the last time.
    func tellEvents() {
        for event in exchange.takeEvents() {
            if case .user(let account, let event) = event {
                for session in sessions.values { session.tell(account, event) }
            } else {
                hub.tell(event, exchange)
            }
        }
    }

    /// What is due by the clock: the market, differences of books, candles, tickers.
    func beat() {
        catchUp()
        hub.beat(exchange)
    }

    /// Does something later on this loop.
    func after(milliseconds: Int64, _ body: @escaping () -> Void) {
        loop.assumeIsolated().scheduleTask(in: .milliseconds(milliseconds)) { body() }
    }

    /// Runs an endpoint, its weight and order counts included.
    ///
    /// - Parameter identify: proves who asks, for endpoints that need it.
    func run(
        _ endpoint: Endpoint, _ parameters: Parameters, address: String,
        identify: () throws(APIError) -> Account
    ) throws(APIError) -> Answer {
        let weight = endpoint.weight(parameters, exchange)
        if let refusal = ledger.admit(address, weight: weight, at: exchange.serverTime) { throw refusal }
        let account = endpoint.isSigned ? try identify() : nil
        if endpoint.orders > 0, let account {
            do throws(APIError) {
                try count(endpoint.orders, account)
            } catch {
                guard let instead = endpoint.runOverLimit else { throw error }
                return try instead(exchange, Call(parameters: parameters, account: account), error)
            }
        }
        let answer: Answer
        do throws(APIError) {
            answer = try endpoint.run(exchange, Call(parameters: parameters, account: account))
        } catch {
            // What is refused never became an order; half a replacement counts all the same.
            if let account, error.code != -2_021, error.code != -2_022 {
                account.counter.add(-Int64(endpoint.orders), at: exchange.serverTime)
            }
            throw error
        }
        if endpoint.isFreeWhenDone { ledger.refund(address, weight: weight, at: exchange.serverTime) }
        return answer
    }

    private func count(_ orders: Int, _ account: Account) throws(APIError) {
        let counts = account.counter.counts(at: exchange.serverTime)
        let limits = exchange.limits
        let isMany = counts.tenSeconds + Int64(orders) > limits.ordersPerTenSeconds
        guard isMany || counts.day + Int64(orders) > limits.ordersPerDay else {
            account.counter.add(Int64(orders), at: exchange.serverTime)
            return
        }
        let limit =
            isMany ? "\(limits.ordersPerTenSeconds) orders per 10 SECOND" : "\(limits.ordersPerDay) orders per 1 DAY"
        var error = APIError(-1015, "Too many new orders; current limit is \(limit).", status: 429)
        let length: Int64 = isMany ? 10_000 : 86_400_000
        let end = (exchange.serverTime / length + 1) * length
        error.retryAfter = (end - exchange.serverTime + 999) / 1_000
        error.data = .object {
            $0.add("serverTime", time: exchange.serverTime)
            $0.add("retryAfter", time: end)
        }
        throw error
    }

    /// The account of a key that signed a payload.
    ///
    /// - Parameters:
    ///   - name: the key as it was sent.
    ///   - parameters: those of the request, for its time and signature.
    ///   - payload: what was signed.
    func identify(_ name: String?, _ parameters: Parameters, payload: String) throws(APIError) -> Account {
        guard let name, !name.isEmpty, APIKey.isWellFormed(name) else { throw .badKeyFormat }
        guard let (account, key) = find(name) else { throw .badKey }
        try checkTime(parameters)
        let signature = try parameters.required("signature")
        guard key.verifies(signature, over: payload) else { throw .badSignature }
        return account
    }

    /// The account and the key of a name.
    func find(_ name: String) -> (Account, APIKey)? {
        for account in exchange.accounts {
            if let key = account.keys.first(where: { $0.name == name }) { return (account, key) }
        }
        return nil
    }

    /// Judges `timestamp` and `recvWindow` by the venue's clock.
    func checkTime(_ parameters: Parameters) throws(APIError) {
        _ = try parameters.required("timestamp")
        guard let time = try parameters.microseconds("timestamp") else { throw .mandatory("timestamp") }
        // All of this in microseconds: the window may have three decimals.
        let now = exchange.now.nanoseconds / 1_000 + exchange.skew * 1_000
        var window: Int64 = 5_000_000
        if let text = try parameters.text("recvWindow") {
            guard let units = try? DecimalText.mantissa(text, scale: 3), (0...60_000_000).contains(units) else {
                throw APIError(-1131, "recvWindow must be less than 60000.")
            }
            window = units
        }
        guard time < now + 1_000_000 else { throw .early }
        guard now - time <= window else { throw .late }
    }
}
