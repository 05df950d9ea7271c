import Market
import StandIn
import Testing

@Suite("requests for lists whose first order pays", .serialized)
struct PayingRequestTests {
    private let rig: ServerRig

    init() throws { rig = try ServerRig() }

    private func entry(_ price: String) -> [String: String] {
        [
            "symbol": "BTCUSDT", "workingType": "LIMIT", "workingSide": "BUY", "workingTimeInForce": "GTC",
            "workingPrice": price, "workingQuantity": "0.01", "pendingSide": "SELL",
        ]
    }

    private func query(_ parameters: [String: String]) -> String {
        parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
    }

    @Test("a later order is answered without a quantity, and symbols say whether they have such lists")
    func single() throws {
        #expect(rig.get("/api/v3/exchangeInfo?symbol=BTCUSDT")?.json["symbols"][0]["opoAllowed"].flag == true)
        var parameters = entry(try rig.price(90))
        parameters["pendingType"] = "LIMIT_MAKER"
        parameters["pendingPrice"] = try rig.price(110)
        let placed = try #require(rig.signed("POST /api/v3/orderList/opo", query(parameters)))
        #expect(placed.json["contingencyType"].string == "OTO")
        #expect(placed.json["orderReports"].elements.map { $0["status"].string } == ["NEW", "PENDING_NEW"])
        #expect(placed.json["orderReports"].elements.map { $0["origQty"].string } == ["0.01000000", nil])
        #expect(rig.control("POST /stand-in/symbol?symbol=BTCUSDT&opoAllowed=false")?.status == 200)
        let refused = rig.signed("POST /api/v3/orderList/opo", query(parameters))
        #expect(refused?.json["code"].integer == -2_010)
        #expect(rig.get("/api/v3/exchangeInfo?symbol=BTCUSDT")?.json["symbols"][0]["opoAllowed"].flag == false)
    }

    @Test("a pair comes in with what the first has bought, by the WebSocket API as well")
    func pair() throws {
        let socket = try rig.socket("/ws-api/v3")
        var parameters = entry(try rig.price(105))
        parameters["pendingAboveType"] = "LIMIT_MAKER"
        parameters["pendingAbovePrice"] = try rig.price(120)
        parameters["pendingBelowType"] = "STOP_LOSS"
        parameters["pendingBelowStopPrice"] = try rig.price(80)
        socket.send(rig.signedRequest(1, "orderList.place.opoco", parameters))
        let answer = try #require(socket.receive { $0["id"].integer == 1 })
        #expect(answer["result"]["orderReports"].elements.map { $0["status"].string } == ["FILLED", "NEW", "NEW"])
        #expect(answer["result"]["orderReports"][1]["origQty"].string == "0.01000000")
    }
}
