import Market
import Testing

@testable import StandIn

@Suite("replacing, amending, preventing self-trades")
struct ChangeTests {
    private let rig = ExchangeRig()

    private func replace(_ text: String) throws(APIError) -> JSONValue {
        try rig.exchange.cancelReplace(ExchangeRig.parameters(text), rig.account)
    }

    @Test("a replacement cancels the old order and places the new one")
    func replacement() throws {
        let old = try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=1 price=99")
        let answer = try replace(
            "cancelReplaceMode=STOP_ON_FAILURE cancelOrderId=\(old.id) side=BUY type=LIMIT timeInForce=GTC quantity=1 "
                + "price=98")
        #expect(answer["cancelResult"]?.string == "SUCCESS")
        #expect(answer["newOrderResult"]?.string == "SUCCESS")
        #expect(old.status == .canceled)
        #expect(rig.balance(.usdt) == ["9902", "98"])
    }

    @Test("when the cancel fails nothing is placed unless failure is allowed")
    func failingCancel() throws {
        let order = "cancelOrderId=1 side=BUY type=LIMIT timeInForce=GTC quantity=1 price=98"
        let stopped = #expect(throws: APIError.self) { try replace("cancelReplaceMode=STOP_ON_FAILURE " + order) }
        #expect(stopped?.code == -2022)
        #expect(stopped?.status == 400)
        #expect(stopped?.data?["newOrderResult"]?.string == "NOT_ATTEMPTED")
        #expect(rig.account.orders.isEmpty)
        let half = #expect(throws: APIError.self) { try replace("cancelReplaceMode=ALLOW_FAILURE " + order) }
        #expect(half?.code == -2021)
        #expect(half?.status == 409)
        #expect(half?.data?["newOrderResult"]?.string == "SUCCESS")
        #expect(rig.account.orders.count == 1)
    }

    @Test(
        "a rule that the new order breaks is told before anything is cancelled",
        arguments: [
            "STOP_ON_FAILURE", "ALLOW_FAILURE",
        ])
    func brokenRule(_ mode: String) throws {
        let old = try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=1 price=99")
        let error = #expect(throws: APIError.self) {
            try replace(
                "cancelReplaceMode=\(mode) cancelOrderId=\(old.id) side=BUY type=LIMIT timeInForce=GTC quantity=1 "
                    + "price=98.005")
        }
        #expect(error?.message == "Filter failure: PRICE_FILTER")
        #expect(old.status == .new)
    }

    @Test("when the new order fails the old one is gone, and both halves are told")
    func failingOrder() throws {
        let old = try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=1 price=99")
        let error = #expect(throws: APIError.self) {
            try replace(
                "cancelReplaceMode=STOP_ON_FAILURE cancelOrderId=\(old.id) side=BUY type=LIMIT_MAKER quantity=1 price=101"
            )
        }
        #expect(error?.code == -2021)
        #expect(error?.data?["cancelResult"]?.string == "SUCCESS")
        #expect(
            error?.data?["newOrderResponse"]?["msg"]?.string == "Order would immediately match and take.")
        #expect(old.status == .canceled)
    }

    @Test(
        "a new order that is refused after the old one's cancel is reported, with the reasons that user data has",
        arguments: [
            ("type=LIMIT_MAKER quantity=1 price=101", "WOULD_MATCH_IMMEDIATELY"),
            ("type=STOP_LOSS quantity=1 stopPrice=99", "STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY"),
            ("type=LIMIT timeInForce=GTC quantity=102 price=99", "INSUFFICIENT_BALANCES"),
            ("type=LIMIT timeInForce=GTC quantity=1 price=99 newClientOrderId=other", "NONE"),
        ])
    func reportedRefusal(_ text: String, _ reason: String) throws {
        let old = try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=1 price=98")
        try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=0.1 price=98 newClientOrderId=other")
        _ = rig.reports()
        let name = text.contains("newClientOrderId") ? "" : " newClientOrderId=new"
        let error = #expect(throws: APIError.self) {
            try replace("cancelReplaceMode=STOP_ON_FAILURE cancelOrderId=\(old.id) side=BUY \(text)\(name)")
        }
        #expect(error?.code == -2021)
        let reports = rig.told("executionReport")
        #expect(reports.map { $0["x"]?.string } == ["CANCELED", "REJECTED"])
        let refused = try #require(reports.last)
        #expect(refused["X"]?.string == "REJECTED")
        #expect(refused["r"]?.string == reason)
        #expect(refused["c"]?.string == (name.isEmpty ? "other" : "new"))
        #expect(refused["w"]?.text == "false")
        // It is told, and not kept: nothing is locked for it, and its number is nobody else's.
        #expect(rig.exchange.open(rig.account, 0).count == 1)
        #expect(refused["i"]?.text != "\(try rig.place("side=SELL type=MARKET quantity=1").id)")
    }

    @Test("where the cancel failed, too, no refusal is reported")
    func unreportedRefusal() throws {
        _ = rig.reports()
        let error = #expect(throws: APIError.self) {
            try replace(
                "cancelReplaceMode=ALLOW_FAILURE cancelOrderId=1 side=BUY type=LIMIT_MAKER quantity=1 price=101")
        }
        #expect(error?.code == -2022)
        #expect(rig.reports().isEmpty)
    }

    @Test("an amendment makes the quantity smaller, unlocks the difference and keeps the place")
    func amendment() throws {
        let order = try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=2 price=99.99 newClientOrderId=a")
        rig.trade("99.99", "0.7", .sell)
        let ahead = order.queueAhead
        let answer = try rig.exchange.amend(
            ExchangeRig.parameters("orderId=\(order.id) newQty=0.5 newClientOrderId=a"), rig.account)
        #expect(answer["amendedOrder"]?["qty"]?.string == "0.50000000")
        #expect(rig.balance(.usdt) == ["9950.005", "49.995"])
        #expect(order.queueAhead == ahead)
        #expect(order.clientID == "a")
    }

    @Test("a quantity is never amended upwards, nor below what has filled", arguments: ["2", "2.5", "0.4"])
    func refusedAmendment(_ quantity: String) throws {
        let order = try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=2 price=99.99")
        rig.trade("99.99", "1.5", .sell)
        #expect(order.executedText == "0.5")
        let error = #expect(throws: APIError.self) {
            try rig.exchange.amend(ExchangeRig.parameters("orderId=\(order.id) newQty=\(quantity)"), rig.account)
        }
        #expect(error?.code == -2038)
        #expect(order.quantity == ExchangeRig.quantity("2"))
    }

    @Test("an amendment whose two ids are of different orders is refused, and one to the id of another open order")
    func amendedIDs() throws {
        let order = try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=2 price=99 newClientOrderId=a")
        try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=2 price=98 newClientOrderId=b")
        func amend(_ text: String) throws(APIError) {
            _ = try rig.exchange.amend(ExchangeRig.parameters("orderId=\(order.id) newQty=1 " + text), rig.account)
        }
        let other = #expect(throws: APIError.self) { try amend("origClientOrderId=b") }
        #expect(other?.code == -2039)
        let taken = #expect(throws: APIError.self) { try amend("newClientOrderId=b") }
        #expect(taken?.code == -2038)
        #expect(taken?.message == "Duplicate order sent.")
        #expect(order.quantity == ExchangeRig.quantity("2"))
        try amend("origClientOrderId=a newClientOrderId=a")
        #expect(order.clientID == "a")
        #expect(order.quantity == ExchangeRig.quantity("1"))
    }

    @Test(
        "an order that meets one of its own account expires as its mode says",
        arguments: [
            ("EXPIRE_MAKER", OrderStatus.expiredInMatch, OrderStatus.filled),
            ("EXPIRE_TAKER", .new, .expiredInMatch), ("EXPIRE_BOTH", .expiredInMatch, .expiredInMatch),
            ("NONE", .filled, .filled),
        ])
    func selfTrade(_ mode: String, _ resting: OrderStatus, _ taking: OrderStatus) throws {
        let maker = try rig.place("side=SELL type=LIMIT timeInForce=GTC quantity=1 price=100")
        let taker = try rig.place(
            "side=BUY type=LIMIT timeInForce=GTC quantity=1 price=100.01 selfTradePreventionMode=\(mode)")
        #expect(maker.status == resting)
        #expect(taker.status == taking)
        let locked = rig.balance(ExchangeRig.btc)[1]
        #expect(locked == (resting == .new ? "1" : "0"))
    }

    @Test("a mode that the symbol does not have is refused")
    func unknownMode() {
        #expect(
            rig.refusal("side=BUY type=MARKET quantity=1 selfTradePreventionMode=TRANSFER")
                == "-1013 This symbol does not allow the specified self-trade prevention mode.")
    }
}
