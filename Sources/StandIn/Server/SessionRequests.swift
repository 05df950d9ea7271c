import Market

/// Sessions and user data: who logged on, and what is told of accounts.
extension APISession {
    /// Answers a request about the session; `nil` when it is about something else.
    func sessionRequest(_ method: String, _ parameters: Parameters) throws(APIError) -> JSONValue? {
        let now = core.exchange.serverTime
        func weigh(_ weight: Int64) throws(APIError) {
            if let refusal = core.ledger.admit(address, weight: weight, at: now) { throw refusal }
        }
        switch method {
        case "session.logon":
            try weigh(2)
            let account = try core.identify(parameters["apiKey"], parameters, payload: APISession.payload(parameters))
            guard let name = parameters["apiKey"], let (_, key) = core.find(name), case .ed25519 = key.kind else {
                throw APIError(-4056, "HMAC_SHA256 API key is not supported.", status: 401)
            }
            logon = (account, name, now)
            return status
        case "session.status":
            try weigh(2)
            return status
        case "session.logout":
            try weigh(2)
            // What the session subscribed to ends with it.
            if let account = logon?.account.id { terminate { $0 == account } }
            logon = nil
            return status
        case "session.subscriptions":
            try weigh(2)
            return .array(
                subscriptions.keys.sorted().map { number in .object { $0.add("subscriptionId", number) } })
        case "userDataStream.subscribe":
            try weigh(2)
            guard let logon else {
                throw APIError(-2015, "Invalid API-key, IP, or permissions for action.", status: 401)
            }
            return try subscribe(logon.account)
        case "userDataStream.subscribe.signature":
            try weigh(2)
            return try subscribe(
                try core.identify(parameters["apiKey"], parameters, payload: APISession.payload(parameters)))
        case "userDataStream.unsubscribe":
            try weigh(2)
            return try unsubscribe(parameters)
        default: return nil
        }
    }

    private func subscribe(_ account: Account) throws(APIError) -> JSONValue {
        guard !subscriptions.values.contains(account.id) else {
            throw APIError(-2035, "User Data Stream subscription already active.")
        }
        guard nextSubscription < 65_535, subscriptions.count < 1_000 else {
            throw APIError(-2042, "Maximum subscription ID reached for this connection.")
        }
        let number = nextSubscription
        nextSubscription += 1
        subscriptions[number] = account.id
        return .object { $0.add("subscriptionId", number) }
    }

    private func unsubscribe(_ parameters: Parameters) throws(APIError) -> JSONValue {
        guard let number = try parameters.integer("subscriptionId") else {
            guard !subscriptions.isEmpty else { throw APIError(-2036, "User Data Stream subscription not active.") }
            terminate { _ in true }
            return .empty
        }
        guard let owner = subscriptions[Int(clamping: number)] else {
            throw APIError(-2036, "User Data Stream subscription not active.")
        }
        terminate { $0 == owner }
        return .empty
    }

    /// Ends subscriptions by their accounts, and says so of each, behind whatever is being answered.
    func terminate(_ isMeant: (Int) -> Bool) {
        let ended = subscriptions.filter { isMeant($0.value) }.keys.sorted()
        for number in ended { subscriptions[number] = nil }
        let time = core.exchange.serverTime
        core.after(milliseconds: 0) { [weak self] in
            for number in ended {
                let event = JSONValue.object {
                    $0.add("e", "eventStreamTerminated")
                    $0.add("E", time: time)
                }
                self?.send(event, of: number)
            }
        }
    }

    private var status: JSONValue {
        .object {
            $0.add("apiKey", logon.map { .string($0.key) } ?? .null)
            $0.add("authorizedSince", logon.map { .time(milliseconds: $0.since) } ?? .null)
            $0.add("connectedSince", time: connectedSince)
            $0.add("returnRateLimits", returnsLimits)
            $0.add("serverTime", time: core.exchange.serverTime)
            $0.add("userDataStream", !subscriptions.isEmpty)
        }
    }
}
