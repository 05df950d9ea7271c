import Market
import Testing
import Trading

@testable import Venues

@Suite("Binance Spot's words become the kernel's")
struct SpotTranslationTests {
    private let translation = SpotTranslation { $0.hasPrefix("my-") }

    private func event(_ changes: [String: String?]) throws -> VenueOrderEvent {
        try #require(translation.event(try UserExamples.read(changes), of: SpotExamples.btc))
    }

    private static let plain: [String: String?] = ["t": "-1", "l": "\"0\"", "N": "null", "n": "\"0\""]

    private func ended(_ status: String, _ reason: String?, _ time: String = "GTC") throws -> VenueOrderEvent {
        var changes = Self.plain
        changes["x"] = status == "EXPIRED_IN_MATCH" ? "\"TRADE_PREVENTION\"" : "\"\(status)\""
        changes["X"] = "\"\(status)\""
        changes["f"] = "\"\(time)\""
        if let reason { changes["eR"] = "\"\(reason)\"" }
        return try event(changes)
    }

    @Test(
        "why an order expired",
        arguments: [
            ("EXPIRED", "UNFILLED_IOC_QUANTITY_EXPIRED", OrderReason.notFilledAtOnce),
            ("EXPIRED", "UNFILLED_FOK_ORDER_EXPIRED", .notFilledAtOnce),
            ("EXPIRED", "INSUFFICIENT_LIQUIDITY", .notFilledAtOnce), ("EXPIRED", "OCO_TRIGGER", .groupFilled),
            ("EXPIRED", "EXCHANGE_CANCELED", .venue), ("EXPIRED", "SOMETHING_NEW", .venue),
            ("EXPIRED_IN_MATCH", nil, .selfTrade), ("EXPIRED", nil, .venue),
        ] as [(String, String?, OrderReason)])
    func expiry(_ status: String, _ reason: String?, _ expected: OrderReason) throws {
        let event = try ended(status, reason)
        #expect(event.kind == .expired(expected) && event.order.status.state == .expired && event.order.words == reason)
    }

    @Test("an order that had to fill at once has one reason to expire")
    func immediate() throws { #expect(try ended("EXPIRED", nil, "IOC").kind == .expired(.notFilledAtOnce)) }

    @Test(
        "why an order was rejected",
        arguments: [
            ("INSUFFICIENT_BALANCES", OrderReason.insufficientBalance), ("WOULD_MATCH_IMMEDIATELY", .wouldTake),
            ("STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY", .overtaken), ("SOMETHING_NEW", .venue),
        ])
    func rejection(_ words: String, _ reason: OrderReason) throws {
        var changes = Self.plain
        changes["x"] = "\"REJECTED\""
        changes["X"] = "\"REJECTED\""
        changes["r"] = "\"\(words)\""
        #expect(try event(changes).kind == .rejected(reason))
    }

    @Test("a stop waits until it is on the book")
    func waiting() throws {
        var changes = Self.plain
        changes["x"] = "\"NEW\""
        changes["X"] = "\"NEW\""
        changes["z"] = "\"0\""
        changes["o"] = "\"STOP_LOSS_LIMIT\""
        changes["P"] = "\"34000\""
        changes["w"] = "false"
        let waiting = try event(changes)
        #expect(waiting.kind == .accepted && waiting.order.isWaiting && waiting.order.type == .stopLimit)
        changes["w"] = "true"
        let working = try event(changes)
        #expect(working.kind == .triggered && !working.order.isWaiting && working.order.status.state == .triggered)
    }

    @Test("how much was kept from trading with an own order")
    func prevented() throws {
        var changes = Self.plain
        changes["x"] = "\"TRADE_PREVENTION\""
        changes["B"] = "\"0.002\""
        changes["A"] = "\"0.003\""
        #expect(try event(changes).kind == .prevented(SpotExamples.quantity("0.002")))
    }

    @Test("whose order it is, its number says")
    func external() throws {
        #expect(try !event([:]).order.isExternal)
        let foreign = try event(["c": "\"web_1\""])
        #expect(foreign.order.isExternal)
        guard case .filled(let execution) = foreign.kind else { throw Misfit("it filled") }
        #expect(execution.isExternal == true && execution.clientOrderID == "web_1")
    }

    @Test("every order of the kernel is one of the venue's, and comes back as it was", arguments: 0..<8)
    func terms(_ kind: Int) throws {
        let price = SpotExamples.price("35000")
        let trigger = SpotExamples.price("34000")
        let cases: [(OrderType, Price?, Price?, TimeInForce, Bool, SpotOrderType)] = [
            (.market, nil, nil, .goodTilCancelled, false, .market),
            (.limit, price, nil, .immediateOrCancel, false, .limit),
            (.limit, price, nil, .goodTilCancelled, true, .limitMaker),
            (.stop, nil, trigger, .goodTilCancelled, false, .stopLoss),
            (.stopLimit, price, trigger, .goodTilCancelled, false, .stopLossLimit),
            (.takeProfit, nil, trigger, .goodTilCancelled, false, .takeProfit),
            (.takeProfitLimit, price, trigger, .fillOrKill, false, .takeProfitLimit),
            (.limit, price, nil, .fillOrKill, false, .limit),
        ]
        let (type, limit, stop, time, isPostOnly, expected) = cases[kind]
        let order = OrderPlacement(
            SpotExamples.btc, clientOrderID: "my-1", .sell, type, quantity: SpotExamples.quantity("0.01"),
            limitPrice: limit, triggerPrice: stop, timeInForce: time, isPostOnly: isPostOnly)
        #expect(order.contradiction == nil)
        let spot = NewSpotOrder(order)
        #expect(spot.terms.type == expected && spot.terms.price == limit && spot.terms.trigger?.price == stop)
        // A maker's order has no time of its own; the venue tells it as one that works until cancelled.
        #expect(spot.terms.timeInForce.map { $0.rawValue == time.name } ?? (time == .goodTilCancelled))
        let back = try event([
            "o": "\"\(expected.rawValue)\"", "f": "\"\(time.name)\"", "p": "\"\(limit == nil ? "0" : "35000")\"",
            "P": "\"\(stop == nil ? "0" : "34000")\"",
        ]).order
        #expect(back.type == type && back.isPostOnly == isPostOnly && back.timeInForce == time)
        #expect(back.status.limitPrice == limit && back.status.triggerPrice == stop)
    }

    @Test("a trailing stop is a STOP_LOSS with a delta, and comes back with it", arguments: [nil, "34000"])
    func trailing(_ start: String?) throws {
        let id = ClientOrderID(try #require(ClientOrderID.Instance("ABC")), sequence: 7, ordinal: 0)
        let placement = OrderPlacement(
            OrderRequest(
                instrument: InstrumentID(0), side: .sell, type: .trailingStop, quantity: SpotExamples.quantity("0.01"),
                triggerPrice: start.map(SpotExamples.price), trailing: 150, isReduceOnly: true, purpose: .manual),
            of: SpotExamples.btc, clientOrderID: id)
        #expect(placement.contradiction == nil && placement.trailing == 150)
        #expect(NewSpotOrder(placement).terms == .stopLoss(.trailing(150, from: start.map(SpotExamples.price))))
        let back = try event([
            "o": "\"STOP_LOSS\"", "p": "\"0\"", "P": "\"\(start ?? "0")\"", "d": "150", "w": "false", "x": "\"NEW\"",
            "X": "\"NEW\"", "z": "\"0\"", "t": "-1", "l": "\"0\"", "N": "null", "n": "\"0\"",
        ])
        #expect(back.kind == .accepted && back.order.type == .trailingStop && back.order.trailing == 150)
        #expect(back.order.isWaiting && back.order.status.triggerPrice == start.map(SpotExamples.price))
        var bare = placement
        bare.trailing = nil
        #expect(bare.contradiction != nil)
    }

    @Test("a pair is the order above the market and the one below it", arguments: [Side.sell, .buy], [true, false])
    func pair(_ side: Side, _ isStopFirst: Bool) throws {
        let target = OrderPlacement(
            SpotExamples.btc, clientOrderID: "my-t", side, .limit, quantity: SpotExamples.quantity("0.01"),
            limitPrice: SpotExamples.price("35000"), isPostOnly: true)
        let stop = OrderPlacement(
            SpotExamples.btc, clientOrderID: "my-s", side, .stop, quantity: SpotExamples.quantity("0.01"),
            triggerPrice: SpotExamples.price("34000"))
        let list = OrderListPlacement(
            clientListID: "my-l", .pair, isStopFirst ? [stop, target] : [target, stop])
        guard case .pair(let pair) = NewSpotOrderList(list).content else { throw Misfit("it is a pair") }
        #expect(pair.above.clientOrderID == (side == .sell ? "my-t" : "my-s"))
        #expect(pair.below.clientOrderID == (side == .sell ? "my-s" : "my-t") && pair.side == side)
    }
}
