import Market

/// A connection to the WebSocket API: requests, the account that logged on, and its user data.
final class APISession: SocketRole {
    let core: Core
    let address: String
    var returnsLimits: Bool
    let connectedSince: Int64
    /// The unit of its times.
    let unit: TimeUnit
    private var socket: WebSocketHandler?
    /// Who logged on, with which key and since when.
    var logon: (account: Account, key: String, since: Int64)?
    /// User data by the number of the subscription.
    var subscriptions: [Int: Int] = [:]
    var nextSubscription = 0

    init(_ core: Core, query: String, address: String) {
        self.core = core
        self.address = address
        returnsLimits = !query.split(separator: "&").contains("returnRateLimits=false")
        unit = (try? TimeUnit(query: query)) ?? .millisecond
        connectedSince = core.exchange.serverTime
    }

    var messagesPerSecond: Int? { nil }

    func begin(on socket: WebSocketHandler) {
        self.socket = socket
        core.sessions[ObjectIdentifier(self)] = self
    }

    func end() {
        core.sessions[ObjectIdentifier(self)] = nil
        socket = nil
    }

    func announceShutdown(at time: Int64) {
        let event = JSONValue.object {
            $0.add("e", "serverShutdown")
            $0.add("E", time: time)
        }
        socket?.send(JSONValue.object { $0.add("event", event) }.text(unit), .user, "serverShutdown")
    }

    /// Sends an event of an account to those of its subscriptions that are here.
    func tell(_ account: Int, _ event: JSONValue) {
        for (subscription, owner) in subscriptions.sorted(by: { $0.key < $1.key }) where owner == account {
            send(event, of: subscription)
        }
    }

    /// Sends an event of a subscription.
    func send(_ event: JSONValue, of subscription: Int) {
        let message = JSONValue.object {
            $0.add("subscriptionId", subscription)
            $0.add("event", event)
        }
        socket?.send(message.text(unit), .user, event["e"]?.string ?? "")
    }

    // MARK: - Requests

    func take(_ text: String, on socket: WebSocketHandler) {
        guard let request = JSONParser.value(text), case .object(let members) = request,
            let method = members["method"]?.string
        else {
            return respond(nil, .failure(APIError(-1135, "Invalid JSON Request")))
        }
        let id = members["id"] ?? .null
        guard StreamSession.isLegal(id) else {
            return respond(
                nil,
                .failure(
                    APIError(
                        -1100, "Illegal characters found in parameter 'id'; legal range is '^[a-zA-Z0-9-_]{1,36}$'.")))
        }
        let parameters = APISession.parameters(members["params"])
        // Each request may say for itself whether it wants to know what has been used.
        let weighs = (try? parameters.flag("returnRateLimits", returnsLimits)) ?? returnsLimits
        var isSilent = false
        var isBroken = false
        var late: Int64 = 0
        // What the answer meets on its way: it has no occasion of its own.
        var way: [Fault.Kind] = []
        var forged: APIError?
        for kind in core.desk.occasion(.api, method) {
            switch kind {
            case .drop: return socket.breakOff()
            case .hang: return
            case .halfOpen: return socket.freeze()
            case .disconnect: return socket.close()
            case .slowRead(let duration): socket.stopReading(duration)
            case .error(let status, let code):
                let error = APIError(code, Core.message(of: code), status: status)
                return respond(id, .failure(error), weighs ? limits : nil, way)
            case .limit(let status, let seconds):
                return respond(id, .failure(core.limitFault(status, seconds)), weighs ? limits : nil, way)
            case .errorAfter(let status, let code): forged = APIError(code, Core.message(of: code), status: status)
            case .hangAfter: isSilent = true
            case .dropAfter: isBroken = true
            case .delay, .truncate, .duplicate, .reorder: way.append(kind)
            case .late(let time): late += time
            default: break
            }
        }
        let work = { [weak self] in
            guard let self else { return }
            core.catchUp()
            perform(method, parameters) { [weak self] result, account in
                guard let self else { return }
                if isBroken { return socket.breakOff() }
                if isSilent { return }
                let final = forged.map { .failure($0) } ?? result
                let orders = account.map { AccountEndpoints.orderLimits(self.core.exchange, $0) } ?? []
                respond(id, final, weighs ? orders + limits : nil, way)
            }
        }
        if late > 0 { core.after(milliseconds: late, work) } else { work() }
    }

    /// Parameters as texts; arrays and objects as JSON.
    private static func parameters(_ value: JSONValue?) -> Parameters {
        var parameters = Parameters()
        guard case .object(let members)? = value else { return parameters }
        for (name, value) in members.items {
            switch value {
            case .string(let text), .number(let text): parameters.add(name, text)
            case .boolean(let flag): parameters.add(name, flag ? "true" : "false")
            case .null, .time: break
            case .array, .object: parameters.add(name, value.text)
            }
        }
        return parameters
    }

    /// What a request signs: all parameters but the signature by their names.
    static func payload(_ parameters: Parameters) -> String {
        parameters.without("signature").items.sorted { $0.name < $1.name }.map { "\($0.name)=\($0.value)" }
            .joined(separator: "&")
    }

    /// - Parameter done: takes the answer, and the account whose unfilled orders the request is about.
    private func perform(
        _ method: String, _ parameters: Parameters, _ done: @escaping (Result<JSONValue, APIError>, Account?) -> Void
    ) {
        var owner: Account?
        do throws(APIError) {
            if let result = try sessionRequest(method, parameters) { return done(.success(result), nil) }
            guard let endpoint = core.table.method(method) else {
                throw method.hasPrefix("userDataStream.")
                    ? .gone : APIError(-1020, "This operation is not supported.", status: 404)
            }
            let answer = try core.run(endpoint, parameters, address: address) { () throws(APIError) in
                let account = try identify(parameters)
                if endpoint.orders > 0 { owner = account }
                return account
            }
            // The answer comes before what followed from it.
            switch answer {
            case .now(let json):
                done(.success(json), owner)
                core.tellEvents()
            case .later(let compute):
                core.pool.runIfActive(eventLoop: core.loop) { compute() }.assumeIsolated().whenSuccess {
                    done(.success($0), nil)
                }
            }
        } catch {
            done(.failure(error), owner)
            core.tellEvents()
        }
    }

    /// Who asks: by the request's own key and signature, or who logged on.
    private func identify(_ parameters: Parameters) throws(APIError) -> Account {
        if let logon, !parameters.has("apiKey"), !parameters.has("signature") {
            try core.checkTime(parameters)
            return logon.account
        }
        return try core.identify(parameters["apiKey"], parameters, payload: APISession.payload(parameters))
    }

    // MARK: - Responses

    /// - Parameters:
    ///   - limits: what has been used; left out where it is `nil`.
    ///   - way: the faults that the answer meets.
    private func respond(
        _ id: JSONValue?, _ result: Result<JSONValue, APIError>, _ limits: [JSONValue]? = nil, _ way: [Fault.Kind] = []
    ) {
        let message = JSONValue.object {
            $0.add("id", id ?? .null)
            switch result {
            case .success(let json):
                $0.add("status", 200)
                $0.add("result", json)
            case .failure(let error):
                $0.add("status", error.status)
                $0.add("error", error.json)
            }
            if let limits { $0.add("rateLimits", .array(limits)) }
        }
        socket?.send(message.text(unit), way)
    }

    /// What the address has used.
    private var limits: [JSONValue] {
        [
            .object {
                $0.add("rateLimitType", "REQUEST_WEIGHT")
                $0.add("interval", "MINUTE")
                $0.add("intervalNum", 1)
                $0.add("limit", core.exchange.limits.weightPerMinute)
                $0.add("count", core.ledger.used(address, at: core.exchange.serverTime))
            }
        ]
    }
}
