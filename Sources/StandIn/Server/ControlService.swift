import Market

/// What a person or a test may tell the stand-in while it runs. No venue has these paths.
extension Core {
    /// Answers a request below `/stand-in/`.
    func control(_ request: RESTRequest) -> RESTReply {
        switch request.line {
        case "GET /stand-in/faults": return RESTReply(200, faultList)
        case "POST /stand-in/faults":
            do throws(StandInError) {
                desk.add(try FaultScript.faults(String(decoding: request.body, as: UTF8.self)))
            } catch {
                return RESTReply(400, .object { $0.add("msg", error.description) })
            }
            exchange.skew = desk.skew
            return RESTReply(200, faultList)
        case "DELETE /stand-in/faults":
            desk.clear()
            exchange.skew = 0
            return RESTReply(200, faultList)
        case "POST /stand-in/shutdown":
            announceShutdown()
            return RESTReply(200, .empty)
        case "POST /stand-in/symbol", "POST /stand-in/deposit", "POST /stand-in/lock":
            do throws(APIError) {
                let parameters = request.parameters
                switch request.path {
                case "/stand-in/symbol": try setSymbol(parameters)
                case "/stand-in/deposit": try deposit(parameters)
                default: try lock(parameters)
                }
                tellEvents()
                return RESTReply(200, .empty)
            } catch {
                return RESTReply(error.status, error.json)
            }
        case "POST /stand-in/terminate":
            for session in sessions.values { session.terminate { _ in true } }
            return RESTReply(200, .empty)
        case "GET /stand-in/status": return RESTReply(200, status)
        default: return RESTReply(404, .object { $0.add("msg", "there is no \(request.line)") })
        }
    }

    /// Gives a symbol another status (`HALT` takes no orders, `TRADING` does again), other limits and steps of orders, or
    /// no orders that wait for others.
    private func setSymbol(_ parameters: Parameters) throws(APIError) {
        let index = try exchange.index(parameters)
        if let status = try parameters.text("status") {
            guard ExchangeInfo.statuses.contains(status) else { throw APIError(-1122, "Invalid symbolStatus.") }
            exchange.markets[index].status = status
        }
        if let most = try parameters.integer("maxNumOrders") {
            exchange.markets[index].filters.maximumOrders = Int(clamping: most)
        }
        if let most = try parameters.integer("maxNumAlgoOrders") {
            exchange.markets[index].filters.maximumAlgoOrders = Int(clamping: most)
        }
        if let most = try parameters.decimal("maxMarketQty") {
            exchange.markets[index].filters.maximumMarketQuantity = Quantity(mantissa: most)
        }
        if let step = try parameters.decimal("stepSize") {
            guard step > 0 else { throw .invalid("stepSize") }
            exchange.markets[index].filters.step = Quantity(mantissa: step)
        }
        if let tick = try parameters.decimal("tickSize") {
            guard tick > 0 else { throw .invalid("tickSize") }
            exchange.markets[index].filters.tick = Price(mantissa: tick)
        }
        if let text = try parameters.text("otoAllowed") {
            guard let allows = Bool(text) else { throw .invalid("otoAllowed") }
            exchange.markets[index].allowsSequences = allows
        }
        if let text = try parameters.text("opoAllowed") {
            guard let allows = Bool(text) else { throw .invalid("opoAllowed") }
            exchange.markets[index].allowsPaying = allows
        }
        if let most = try parameters.decimal("maxPosition") {
            exchange.markets[index].filters.maximumPosition = Quantity(mantissa: most)
        }
    }

    /// Puts something into an account, or takes it out: the account hears of it as of a deposit.
    private func deposit(_ parameters: Parameters) throws(APIError) {
        let (account, asset, amount) = try change(parameters)
        guard account[asset].free + amount >= 0 else { throw .insufficientBalance }
        exchange.deposit(amount, asset, account)
    }

    /// Locks something of an account as a loan or a subscription at the venue would, or frees what was locked so.
    private func lock(_ parameters: Parameters) throws(APIError) {
        let (account, asset, amount) = try change(parameters)
        guard amount <= account[asset].free, account.lockedOutside[asset, default: 0] + amount >= 0 else {
            throw .insufficientBalance
        }
        exchange.lockOutside(amount, asset, account)
    }

    /// An account, the first where none is named, an asset and an amount of it in units of 10^−16, which may be negative.
    private func change(_ parameters: Parameters) throws(APIError) -> (Account, Currency, Int128) {
        let number = try parameters.integer("account") ?? 1
        guard let asset = Currency(try parameters.required("asset")) else { throw .invalid("asset") }
        var text = try parameters.required("amount")
        let isNegative = text.hasPrefix("-")
        if isNegative { text.removeFirst() }
        guard number >= 1, number <= exchange.accounts.count,
            let units = try? DecimalText.mantissa(text, scale: 8), units >= 0
        else { throw .invalid("amount") }
        return (exchange.accounts[Int(number) - 1], asset, Int128(isNegative ? -units : units) * 100_000_000)
    }

    private var faultList: JSONValue {
        .object {
            $0.add("happened", desk.happened)
            $0.add(
                "faults",
                .array(
                    desk.faults.map { fault in
                        .object {
                            $0.add("kind", "\(fault.kind)")
                            $0.add("scope", fault.scope.rawValue)
                            $0.add("pattern", fault.pattern)
                            $0.add("perMillion", fault.perMillion)
                            $0.add("remaining", fault.remaining.map { .integer($0) } ?? .null)
                            $0.add("skipping", fault.skipping)
                        }
                    }))
        }
    }

    /// How many orders of all accounts are open.
    var openOrders: Int { exchange.working.reduce(0) { $0 + $1.count } }

    private var status: JSONValue {
        .object {
            $0.add("serverTime", exchange.serverTime)
            $0.add("sockets", sockets.count)
            $0.add("subscriptions", hub.subscriptionCount)
            $0.add("openOrders", openOrders)
            $0.add("faultsHappened", desk.happened)
        }
    }

    /// Says on every WebSocket that the server is about to go, and ends the connections some seconds later.
    func announceShutdown() {
        for socket in sockets.values { socket.role?.announceShutdown(at: exchange.serverTime) }
        after(milliseconds: options.shutdownNotice) { [self] in
            for socket in Array(sockets.values) { socket.close() }
        }
    }
}
