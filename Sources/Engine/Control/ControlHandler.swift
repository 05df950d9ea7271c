import Market
import Trading

/// What the control socket needs of an engine: the newest snapshot and a way to ask.
struct ControlTarget: Sendable {
    /// The newest snapshot.
    var snapshot: @Sendable () -> Snapshot
    /// The strategy classes there are.
    var catalog: StrategyCatalog
    /// The screens that are attached.
    var screens: @Sendable () -> [(name: String, isInControl: Bool)] = { [] }
    /// Asks for something; the reply is called once, from any thread.
    var send: @Sendable (EngineRequest, @escaping @Sendable (EngineReply) -> Void) -> Void
}

/// Turns requests of the control socket into requests of the engine, and replies into responses.
struct ControlHandler: Sendable {
    let target: ControlTarget

    /// Carries out a request; `respond` is called once, at once or from the engine's thread.
    func handle(_ request: ControlRequest, respond: @escaping @Sendable (ControlResponse) -> Void) {
        do {
            try handleOrThrow(request, respond)
        } catch {
            respond(ControlResponse(id: request.id, error))
        }
    }

    private func handleOrThrow(
        _ request: ControlRequest, _ respond: @escaping @Sendable (ControlResponse) -> Void
    ) throws(ControlFailure) {
        let snapshot = target.snapshot()
        var response = ControlResponse(id: request.id)
        switch request.command {
        case "status":
            response.status = StatusMessage(snapshot, screens: target.screens())
            response.receipt = snapshot.receipt.map(ReceiptMessage.init)
        case "order.list":
            response.orders = snapshot.orders
                .filter { request.all == true || !$0.order.state.isClosed }
                .compactMap { message($0, snapshot) }
        case "order.external":
            response.externalOrders = snapshot.externalOrders.compactMap { view in
                snapshot.market(view.instrument).map { ExternalOrderMessage(view, instrument: $0.instrument) }
            }
        case "position.list":
            response.positions = snapshot.positions.compactMap { view in
                snapshot.market(view.position.instrument).map {
                    PositionMessage(view, instrument: $0.instrument, block: snapshot.block($0.id))
                }
            }
        case "strategy.list":
            response.strategies = snapshot.strategies.compactMap { view in
                snapshot.market(view.registration.instrument).map { StrategyMessage(view, instrument: $0.instrument) }
            }
            response.removed = snapshot.removedStrategies
        case "alert.list":
            response.alerts = snapshot.alerts.map { AlertMessage($0, snapshot) }
        default:
            return ask(try engineRequest(request, snapshot), id: request.id, respond)
        }
        respond(response)
    }

    private func ask(
        _ request: EngineRequest, id: Int64?, _ respond: @escaping @Sendable (ControlResponse) -> Void
    ) {
        let wantsReceipt = request.isEmergency
        let handler = self
        target.send(request) { reply in
            switch reply {
            case .done(let text):
                var response = ControlResponse(id: id, message: text)
                if let name = request.registeredName {
                    response.strategy = handler.strategyMessage(name)
                }
                if wantsReceipt { response.receipt = handler.target.snapshot().receipt.map(ReceiptMessage.init) }
                respond(response)
            case .refused(let text):
                respond(ControlResponse(id: id, ControlFailure(.refused, text)))
            case .order(let order, let verdict):
                let snapshot = handler.target.snapshot()
                let listed = snapshot.orders.first { $0.order.id == order.id }
                let owner = snapshot.strategy(order.owner)?.registration.name ?? "manual"
                var response = ControlResponse(id: id, message: "order \(order.id.rawValue) is \(order.state.name)")
                response.order = handler.message(
                    OrderView(
                        order: order, ownerName: owner, clientID: listed?.clientID, verdict: verdict, history: []),
                    snapshot)
                respond(response)
            }
        }
    }

    private func strategyMessage(_ name: String) -> StrategyMessage? {
        let snapshot = target.snapshot()
        guard let view = snapshot.strategies.first(where: { $0.registration.name == name }),
            let market = snapshot.market(view.registration.instrument)
        else { return nil }
        return StrategyMessage(view, instrument: market.instrument)
    }

    private func message(_ view: OrderView, _ snapshot: Snapshot) -> OrderMessage? {
        snapshot.market(view.order.request.instrument).map {
            OrderMessage(
                view.order, ownerName: view.ownerName, clientID: view.clientID, verdict: view.verdict,
                instrument: $0.instrument)
        }
    }

    // MARK: Arguments

    private func engineRequest(
        _ request: ControlRequest, _ snapshot: Snapshot
    ) throws(ControlFailure) -> EngineRequest {
        switch request.command {
        case "order.place":
            return .placeOrder(try orderRequest(request, snapshot))
        case "order.cancel":
            guard let order = request.order else { throw missing("order", "the order's number") }
            return .cancelOrder(OrderID(rawValue: order))
        case "order.claim":
            guard let order = request.venueOrder else {
                throw missing("venue_order", "the venue's number of the order")
            }
            return .claimOrder(order, cancels: request.cancel ?? false)
        case "order.cancel-all":
            return .cancelAll(request.symbol == nil ? nil : try market(request.symbol, snapshot).id)
        case "position.close":
            let market = try market(request.symbol, snapshot)
            return .closePosition(try owner(request, market, snapshot), market.id)
        case "position.accept":
            if request.cash == true {
                guard request.symbol == nil else {
                    throw ControlFailure(.invalidArgument, "symbol: stands alone; 'cash' is for the account's cash")
                }
                return .acceptCash
            }
            return .acceptPosition(try market(request.symbol, snapshot).id)
        case "strategy.enable":
            let id = try strategy(request, snapshot)
            return request.waive.map { .enableWaived(id, reason: $0) } ?? .enableStrategy(id)
        case "strategy.disable":
            return .disableStrategy(try strategy(request, snapshot))
        case "strategy.add":
            return .addStrategy(try newStrategy(request, snapshot))
        case "strategy.set":
            return .changeStrategy(try changedStrategy(request, snapshot))
        case "strategy.remove":
            return .removeStrategy(try strategy(request, snapshot))
        case "alert.shelve":
            guard let alert = request.alerts?.first, request.alerts?.count == 1 else {
                throw missing("alerts", "a list of one number")
            }
            guard let seconds = request.seconds else { throw missing("seconds", "how long it is to be out of sight") }
            return .shelve(alert, seconds: seconds)
        case "breakers.reset":
            return .resetBreakers
        case "alert.acknowledge":
            guard let alerts = request.alerts, !alerts.isEmpty else { throw missing("alerts", "a list of numbers") }
            return .acknowledge(alerts)
        case "stop":
            if request.flatten == true { return .emergencyFlatten(origin: "command") }
            return .emergencyStop(keepsProtection: request.keepProtection ?? false, origin: "command")
        case "rearm":
            guard request.confirm == ControlRequest.rearmWord else {
                throw missing("confirm", "\(ControlRequest.rearmWord), which says that orders may open again")
            }
            return .rearm
        default:
            throw ControlFailure(
                .unknownCommand,
                "there is no command '\(request.command.prefix(40))'; known: \(ControlHandler.commands.joined(separator: ", "))"
            )
        }
    }

    /// The commands there are.
    static let commands = [
        "status", "order.place", "order.cancel", "order.cancel-all", "order.list", "order.external", "order.claim",
        "position.list", "position.close", "position.accept", "strategy.list", "strategy.add", "strategy.set",
        "strategy.remove", "strategy.enable",
        "strategy.disable",
        "alert.list", "alert.acknowledge", "alert.shelve", "breakers.reset", "stop", "rearm",
    ]

    func missing(_ name: String, _ what: String) -> ControlFailure {
        ControlFailure(.invalidArgument, "\(name): missing; expected \(what)")
    }

    func market(_ name: String?, _ snapshot: Snapshot) throws(ControlFailure) -> MarketView {
        let known = snapshot.markets.map(\.instrument.name).joined(separator: ", ")
        guard let name else { throw missing("symbol", "one of \(known)") }
        let wanted = name.uppercased()
        let matches = snapshot.markets.filter {
            $0.instrument.name == wanted || $0.instrument.symbol == wanted || $0.instrument.pair == wanted
        }
        guard let match = matches.first, matches.count == 1 else {
            let problem = matches.isEmpty ? "is not traded here" : "is ambiguous"
            throw ControlFailure(.invalidArgument, "symbol: '\(name.prefix(40))' \(problem); expected one of \(known)")
        }
        return match
    }

    /// Whose position of an instrument is meant: the strategy named, or the only owner there is.
    private func owner(
        _ request: ControlRequest, _ market: MarketView, _ snapshot: Snapshot
    ) throws(ControlFailure) -> StrategyID {
        if request.strategy == "manual" { return .manual }
        if request.strategy != nil { return try strategy(request, snapshot) }
        let owners = snapshot.positions.filter { $0.position.instrument == market.id }
        if owners.count > 1 {
            let names = owners.map(\.ownerName).joined(separator: ", ")
            throw ControlFailure(
                .invalidArgument, "strategy: several hold \(market.instrument.name); expected one of \(names)")
        }
        guard let only = owners.first else {
            throw ControlFailure(.refused, "nobody holds \(market.instrument.name)")
        }
        return only.position.owner
    }

    /// The order that the arguments describe.
    ///
    /// - Throws: a failure that names every argument that is missing or wrong.
    private func orderRequest(
        _ request: ControlRequest, _ snapshot: Snapshot
    ) throws(ControlFailure) -> OrderRequest {
        var problems: [String] = []
        func parsed<Value>(_ name: String, _ text: String?, _ expected: String, _ parse: (String) -> Value?) -> Value? {
            guard let text else { return nil }
            let value = parse(text)
            if value == nil { problems.append("\(name): '\(text.prefix(40))' is wrong; expected \(expected)") }
            return value
        }
        var market: MarketView?
        do { market = try self.market(request.symbol, snapshot) } catch { problems.append(error.message) }
        let side = parsed("side", request.side, "buy or sell") { Side(name: $0) }
        if request.side == nil { problems.append("side: missing; expected buy or sell") }
        let type = parsed("type", request.type ?? "market", OrderType.names) {
            OrderType(name: $0)
        }
        let timeInForce = parsed("time_in_force", request.timeInForce ?? "GTC", "GTC, IOC or FOK") {
            TimeInForce(name: $0)
        }
        if request.quantity == nil { problems.append("quantity: missing; expected a decimal number") }
        var quantity: Quantity?
        var price: Price?
        var stopPrice: Price?
        var protection: EntryProtection?
        if let instrument = market?.instrument {
            quantity = parsed(
                "quantity", request.quantity, "a number with at most \(instrument.quantityScale) decimals"
            ) { try? instrument.quantity($0) }
            let expected = "a number with at most \(instrument.priceScale) decimals"
            price = parsed("price", request.price, expected) { try? instrument.price($0) }
            stopPrice = parsed("stop_price", request.stopPrice, expected) { try? instrument.price($0) }
            if request.stop != nil || request.target != nil {
                protection = EntryProtection(
                    stop: parsed("stop", request.stop, expected) { try? instrument.price($0) },
                    target: parsed("target", request.target, expected) { try? instrument.price($0) })
            }
        }
        if let type {
            if type.hasLimit && request.price == nil { problems.append("price: missing; \(type.name) orders need one") }
            if !type.hasLimit && request.price != nil { problems.append("price: \(type.name) orders have none") }
            let isTrailing = type == .trailingStop
            if isTrailing, request.trailingBps.map({ !OrderRequest.trailingRange.contains($0) }) ?? true {
                problems.append("trailing_bps: expected basis points, 1 to 9999, for a trailing-stop order")
            }
            if !isTrailing && request.trailingBps != nil {
                problems.append("trailing_bps: \(type.name) orders have none")
            }
            if type.hasTrigger && !isTrailing && request.stopPrice == nil {
                problems.append("stop_price: missing; \(type.name) orders need one")
            }
            if !type.hasTrigger && request.stopPrice != nil {
                problems.append("stop_price: \(type.name) orders have none")
            }
            if type.hasTrigger || request.reduceOnly == true {
                let what =
                    type.hasTrigger ? "\(type.name) orders have none" : "an order that only reduces opens nothing"
                if request.stop != nil { problems.append("stop: \(what)") }
                if request.target != nil { problems.append("target: \(what)") }
            }
        }
        guard problems.isEmpty, let market, let side, let type, let timeInForce, let quantity else {
            throw ControlFailure(.invalidArgument, problems.joined(separator: "\n"))
        }
        return OrderRequest(
            instrument: market.id, side: side, type: type, quantity: quantity, limitPrice: price,
            triggerPrice: stopPrice, trailing: request.trailingBps, timeInForce: timeInForce,
            isPostOnly: request.postOnly ?? false,
            isReduceOnly: request.reduceOnly ?? false, purpose: .manual, protection: protection)
    }
}

extension EngineRequest {
    /// The name of the strategy that is registered or changed.
    fileprivate var registeredName: String? {
        switch self {
        case .addStrategy(let registration), .changeStrategy(let registration): registration.name
        default: nil
        }
    }
}
