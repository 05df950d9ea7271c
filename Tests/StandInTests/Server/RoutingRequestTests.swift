import Market
import StandIn
import Testing

@Suite("requests of the smart order routing", .serialized)
struct RoutingRequestTests {
    private let rig: ServerRig

    init() throws { rig = try ServerRig() }

    @Test("every base asset has its routing in the list of rules")
    func listed() throws {
        let sors = try #require(rig.get("/api/v3/exchangeInfo")).json["sors"].elements
        #expect(sors.map { $0["baseAsset"].string } == ["BTC", "ETH"])
        #expect(sors.map { $0["symbols"][0].string } == ["BTCUSDT", "ETHUSDT"])
    }

    @Test("an order is tried, placed by either way, and its allocations are found")
    func placing() throws {
        let text = "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01"
        let tried = try #require(rig.signed("POST /api/v3/sor/order/test", text))
        #expect(tried.status == 200)
        #expect(tried.json.names.isEmpty)
        let rates = rig.signed("POST /api/v3/sor/order/test", text + "&computeCommissionRates=true")
        #expect(rates?.json["standardCommissionForOrder"]["taker"].string == "0.00100000")
        let placed = try #require(rig.signed("POST /api/v3/sor/order", text))
        #expect(placed.json["workingFloor"].string == "SOR")
        #expect(placed.headers["x-mbx-order-count-1d"] == "0")
        let socket = try rig.socket("/ws-api/v3")
        let parameters = ["symbol": "BTCUSDT", "side": "SELL", "type": "MARKET", "quantity": "0.01"]
        socket.send(rig.signedRequest(1, "sor.order.test", parameters))
        #expect(socket.receive { $0["id"].integer == 1 }?["status"].integer == 200)
        socket.send(rig.signedRequest(2, "sor.order.place", parameters))
        let second = try #require(socket.receive { $0["id"].integer == 2 })["result"]
        #expect(second["usedSor"].flag == true)
        let all = try #require(rig.signed("GET /api/v3/myAllocations", "symbol=BTCUSDT")).json.elements
        #expect(all.first?["allocationType"].string == "SOR")
        #expect(all.first?["isBuyer"].flag == true)
        #expect(all.last?["isBuyer"].flag == false)
        let order = try #require(second["orderId"].integer)
        socket.send(rig.signedRequest(3, "myAllocations", ["symbol": "BTCUSDT", "orderId": "\(order)"]))
        let own = try #require(socket.receive { $0["id"].integer == 3 })["result"].elements
        #expect(!own.isEmpty && own.allSatisfy { $0["orderId"].integer == order })
        #expect(rig.signed("GET /api/v3/myTrades", "symbol=BTCUSDT")?.json.elements.isEmpty == true)
        let mixed = rig.signed("GET /api/v3/myAllocations", "symbol=BTCUSDT&orderId=1&startTime=1")
        #expect(mixed?.json["code"].integer == -1_128)
    }
}
