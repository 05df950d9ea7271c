import Market
import Testing

@testable import StandIn

@Suite("orders that rest")
struct RestingOrderTests {
    private let rig = ExchangeRig()

    @Test("a resting order locks what it may cost and stands in the public book")
    func locking() throws {
        try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=2 price=99.99")
        #expect(rig.balance(.usdt) == ["9800.02", "199.98"])
        #expect(rig.book(.buy) == ["3@99.99", "2@99.98"])
        try rig.place("side=SELL type=LIMIT timeInForce=GTC quantity=2 price=101")
        #expect(rig.balance(ExchangeRig.btc) == ["3", "2"])
    }

    @Test("a trade at its price fills it once what rested before it has traded")
    func queue() throws {
        let order = try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=1 price=99.99")
        rig.trade("99.99", "0.6", .sell)
        #expect(order.executedText == "0")
        // 0.4 of the one that was there before is left; 0.5 of 0.9 are the order's.
        rig.trade("99.99", "0.9", .sell)
        #expect(order.executedText == "0.5")
        #expect(order.status == .partiallyFilled)
    }

    @Test("what rested before two orders is ahead of both of them once")
    func queueOfTwo() throws {
        let first = try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=0.5 price=99.99")
        let second = try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=2 price=99.99")
        // Of 2.5, one was there before; the first has its half, the second the rest.
        rig.trade("99.99", "2.5", .sell)
        #expect(first.executedText == "0.5")
        #expect(second.executedText == "1")
    }

    @Test("a trade through its price fills it at its price, as a maker")
    func tradeThrough() throws {
        let order = try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=1 price=99.99")
        _ = rig.reports()
        rig.trade("99.98", "3", .sell)
        #expect(order.status == .filled)
        #expect(rig.reports() == ["TRADE/FILLED 1@99.99"])
        #expect(rig.account.trades.last?.isMaker == true)
        #expect(rig.balance(.usdt) == ["9900.01", "0"])
        #expect(rig.balance(ExchangeRig.btc) == ["5.999", "0"])
        // A trade of its own beside the print that caused it.
        #expect(rig.tape == ["1@99.99", "3@99.98"])
    }

    @Test("the market's own quote fills an order that it reaches, as far as it goes")
    func quoteReaches() throws {
        let order = try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=1 price=99.99")
        rig.show(bids: [("99.9", "1")], asks: [("99.95", "0.3"), ("100", "1")])
        #expect(order.executedText == "0.3")
        #expect(rig.book(.buy).first == "0.7@99.99")
        #expect(rig.book(.sell) == ["1@100"])
    }

    @Test("the public book is never crossed")
    func neverCrossed() throws {
        try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=5 price=100")
        rig.show(bids: [("99", "1")], asks: [("99.5", "1"), ("100", "1"), ("100.5", "1")])
        let bid = try #require(rig.exchange.markets[0].book.bids.first)
        let ask = try #require(rig.exchange.markets[0].book.asks.first)
        #expect(bid.price < ask.price)
        #expect(rig.book(.buy).first == "3@100")
    }

    @Test("clients trade with each other by price, then by age")
    func clients() throws {
        let older = try rig.place("side=SELL type=LIMIT timeInForce=GTC quantity=1 price=100", rig.other)
        let younger = try rig.place("side=SELL type=LIMIT timeInForce=GTC quantity=1 price=100", rig.other)
        let order = try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=1.5 price=100")
        #expect(order.status == .filled)
        #expect(older.status == .filled)
        #expect(younger.executedText == "0.5")
        // The market's own asks stand behind, at 100.01.
        #expect(rig.book(.sell).first == "0.5@100")
        #expect(rig.balance(.usdt, rig.other) == ["10149.85", "0"])
    }

    @Test("an iceberg shows its tip")
    func iceberg() throws {
        try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=3 price=100 icebergQty=0.5")
        #expect(rig.book(.buy).first == "0.5@100")
        #expect(rig.balance(.usdt) == ["9700", "300"])
    }

    @Test("a cancel unlocks, and its report carries both ids")
    func cancel() throws {
        let order = try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=2 price=99.99 newClientOrderId=mine")
        let found = try rig.exchange.cancellable(ExchangeRig.parameters("origClientOrderId=mine"), rig.account)
        let answer = rig.exchange.cancel(found, cancelID: "gone")
        #expect(order.status == .canceled)
        #expect(rig.balance(.usdt) == ["10000", "0"])
        #expect(answer["origClientOrderId"]?.string == "mine")
        #expect(answer["clientOrderId"]?.string == "gone")
        let events = rig.exchange.takeEvents()
        var report: JSONValue?
        for case .user(_, let event) in events where event["x"]?.string == "CANCELED" { report = event }
        #expect(report?["c"]?.string == "gone")
        #expect(report?["C"]?.string == "mine")
        #expect(throws: APIError.self) {
            try rig.exchange.cancellable(ExchangeRig.parameters("origClientOrderId=mine"), rig.account)
        }
    }

    @Test("cancel restrictions are kept to")
    func restrictions() throws {
        let order = try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=2 price=99.99")
        let text = "orderId=\(order.id) cancelRestrictions=ONLY_PARTIALLY_FILLED"
        let error = #expect(throws: APIError.self) {
            try rig.exchange.cancellable(ExchangeRig.parameters(text), rig.account)
        }
        #expect(error?.message == "Order was not canceled due to cancel restrictions.")
    }

    @Test("two ids that are not of one order are refused")
    func mismatchedIDs() throws {
        let order = try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=2 price=99.99 newClientOrderId=a")
        let error = #expect(throws: APIError.self) {
            try rig.exchange.cancellable(
                ExchangeRig.parameters("orderId=\(order.id) origClientOrderId=b"), rig.account)
        }
        #expect(error?.code == -2039)
    }

    @Test("a live client id is refused a second time and free again afterwards")
    func duplicateID() throws {
        let text = "side=BUY type=LIMIT timeInForce=GTC quantity=1 price=99 newClientOrderId=twice"
        let order = try rig.place(text)
        #expect(rig.refusal(text) == "-2010 Duplicate order sent.")
        _ = rig.exchange.cancel(order, cancelID: "x")
        #expect(rig.refusal(text) == nil)
    }
}
