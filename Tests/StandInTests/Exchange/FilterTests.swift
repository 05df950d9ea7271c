import Market
import Testing

@testable import StandIn

@Suite("what an order may not be")
struct FilterTests {
    private let rig = ExchangeRig()

    @Test(
        "each rule is named by its message",
        arguments: [
            ("side=BUY type=LIMIT timeInForce=GTC quantity=1 price=99.995", "PRICE_FILTER"),
            ("side=BUY type=LIMIT timeInForce=GTC quantity=0.000015 price=99", "LOT_SIZE"),
            ("side=BUY type=LIMIT timeInForce=GTC quantity=0.05 price=99", "NOTIONAL"),
            ("side=BUY type=MARKET quantity=0.04", "NOTIONAL"),
            ("side=BUY type=MARKET quoteOrderQty=4.99", "NOTIONAL"),
            ("side=BUY type=MARKET quantity=901", "MARKET_LOT_SIZE"),
            ("side=SELL type=LIMIT timeInForce=GTC quantity=1 price=500.01", "PERCENT_PRICE_BY_SIDE"),
            ("side=BUY type=LIMIT timeInForce=GTC quantity=1 price=19.99", "PERCENT_PRICE_BY_SIDE"),
            ("side=SELL type=STOP_LOSS quantity=1 trailingDelta=5", "TRAILING_DELTA"),
            ("side=BUY type=LIMIT timeInForce=GTC quantity=1 price=99 icebergQty=0.01", "ICEBERG_PARTS"),
        ])
    func filters(_ text: String, _ name: String) {
        #expect(rig.refusal(text) == "-1013 Filter failure: \(name)")
    }

    @Test(
        "each kind of malformed request has its code",
        arguments: [
            ("side=BUY type=LIMIT quantity=1 price=99", -1102),
            ("side=BUY type=LIMIT timeInForce=GTC quantity=1", -1102),
            ("side=BUY type=MARKET", -1102), ("side=SELL type=STOP_LOSS quantity=1", -1102),
            ("side=BUY type=LIMIT_MAKER timeInForce=GTC quantity=1 price=99", -1106),
            ("side=BUY type=MARKET quantity=1 price=99", -1106),
            ("side=BUY type=LIMIT timeInForce=GTC quantity=1 price=99 stopPrice=98", -1106),
            ("side=BUY type=LIMIT timeInForce=IOC quantity=1 price=99 icebergQty=0.5", -1106),
            ("side=BUY type=LIMIT timeInForce=GTX quantity=1 price=99", -1115),
            ("side=BUY type=OTHER quantity=1 price=99", -1116), ("side=LONG type=MARKET quantity=1", -1117),
            ("side=BUY type=LIMIT timeInForce=GTC quantity=1 price=99.000000001", -1111),
            ("side=BUY type=LIMIT timeInForce=GTC quantity=1e0 price=99", -1100),
            ("side=BUY type=MARKET quantity=1 newClientOrderId=a.b", -1100),
            ("side=BUY type=MARKET quantity=1 newClientOrderId=", -1105),
            ("side=BUY type=MARKET quantity=1 strategyType=5", -1134),
        ])
    func malformed(_ text: String, _ code: Int) throws {
        let message = try #require(rig.refusal(text))
        #expect(message.hasPrefix("\(code) "))
        #expect(rig.account.orders.isEmpty)
    }

    @Test("a client id may have 36 characters and not 37")
    func clientIDLength() {
        let text = "side=BUY type=LIMIT timeInForce=GTC quantity=1 price=99 newClientOrderId="
        #expect(rig.refusal(text + String(repeating: "a", count: 37))?.hasPrefix("-1100") == true)
        #expect(rig.refusal(text + String(repeating: "a", count: 36)) == nil)
    }

    @Test("no more conditional orders than the rule allows")
    func algoOrders() throws {
        for _ in 0..<5 { try rig.place("side=SELL type=STOP_LOSS quantity=0.1 stopPrice=90") }
        #expect(
            rig.refusal("side=SELL type=STOP_LOSS quantity=0.1 stopPrice=90")
                == "-1013 Filter failure: MAX_NUM_ALGO_ORDERS")
    }

    @Test("no more orders than the rule allows")
    func orderCount() throws {
        rig.exchange.markets[0].filters.maximumOrders = 3
        for _ in 0..<3 { try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=0.1 price=90") }
        #expect(
            rig.refusal("side=BUY type=LIMIT timeInForce=GTC quantity=0.1 price=90")
                == "-1013 Filter failure: MAX_NUM_ORDERS")
    }

    @Test(
        "the orders of a list count together, and none of them stays where one is too many",
        arguments: [
            // Two orders, three orders, two that wait for a price, two icebergs.
            ("oco", "aboveType=LIMIT_MAKER abovePrice=102 belowType=STOP_LOSS belowStopPrice=98", 1, 5, 5, "ORDERS"),
            (
                "otoco",
                "pendingAboveType=LIMIT_MAKER pendingAbovePrice=102 pendingBelowType=STOP_LOSS "
                    + "pendingBelowStopPrice=98", 2, 5, 5, "ORDERS"
            ),
            (
                "oco", "aboveType=TAKE_PROFIT aboveStopPrice=102 belowType=STOP_LOSS belowStopPrice=98", 9, 1, 5,
                "ALGO_ORDERS"
            ),
            (
                "oto",
                "workingIcebergQty=0.5 pendingType=LIMIT pendingTimeInForce=GTC pendingPrice=102 "
                    + "pendingIcebergQty=0.5", 9, 5, 1, "ICEBERG_ORDERS"
            ),
        ])
    func listCounts(
        _ kind: String, _ text: String, _ orders: Int, _ algo: Int, _ icebergs: Int, _ name: String
    ) throws {
        func place() throws(APIError) {
            let entry = "workingType=LIMIT workingSide=BUY workingTimeInForce=GTC workingPrice=99 workingQuantity=1 "
            let parameters = ExchangeRig.parameters(
                kind == "oco" ? "side=SELL quantity=1 " + text : entry + "pendingSide=SELL pendingQuantity=1 " + text)
            switch kind {
            case "oco": _ = try rig.exchange.placeOCO(parameters, rig.account)
            case "oto": _ = try rig.exchange.placeOTO(parameters, rig.account)
            default: _ = try rig.exchange.placeOTOCO(parameters, rig.account)
            }
        }
        rig.exchange.markets[0].filters.maximumOrders = orders
        rig.exchange.markets[0].filters.maximumAlgoOrders = algo
        rig.exchange.markets[0].filters.maximumIcebergOrders = icebergs
        let error = #expect(throws: APIError.self) { try place() }
        #expect(error?.message == "Filter failure: MAX_NUM_\(name)")
        #expect(rig.account.orders.isEmpty)
        // One more of what was too much lets it in.
        rig.exchange.markets[0].filters.maximumOrders += 1
        rig.exchange.markets[0].filters.maximumAlgoOrders += 1
        rig.exchange.markets[0].filters.maximumIcebergOrders += 1
        try place()
    }

    @Test("no larger position than the rule allows, open buys included")
    func position() throws {
        rig.exchange.markets[0].filters.maximumPosition = ExchangeRig.quantity("6")
        try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=0.6 price=90")
        #expect(
            rig.refusal("side=BUY type=LIMIT timeInForce=GTC quantity=0.5 price=90")
                == "-1013 Filter failure: MAX_POSITION")
        #expect(rig.refusal("side=BUY type=LIMIT timeInForce=GTC quantity=0.4 price=90") == nil)
    }

    @Test("a market that is closed takes no orders")
    func closed() {
        rig.exchange.markets[0].status = "HALT"
        #expect(rig.refusal("side=BUY type=MARKET quantity=1") == "-2010 Market is closed.")
    }
}
