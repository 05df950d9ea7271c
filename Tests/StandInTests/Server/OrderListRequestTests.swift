import Market
import StandIn
import Testing

@Suite("requests for lists of orders", .serialized)
struct OrderListRequestTests {
    private let rig: ServerRig

    init() throws { rig = try ServerRig() }

    private func place() throws -> Int64 {
        let text =
            "symbol=BTCUSDT&workingType=LIMIT&workingSide=BUY&workingTimeInForce=GTC&workingPrice=\(try rig.price(90))"
            + "&workingQuantity=0.01&pendingType=LIMIT_MAKER&pendingSide=SELL&pendingQuantity=0.01"
            + "&pendingPrice=\(try rig.price(110))"
        return try #require(rig.signed("POST /api/v3/orderList/oto", text)?.json["orderListId"].integer)
    }

    private func all(_ parameters: String) throws -> JSONText {
        try #require(rig.signed("GET /api/v3/allOrderList", parameters)).json
    }

    @Test("lists, open and over, are found from a number on or between two times, oldest first")
    func history() throws {
        let lists = [try place(), try place(), try place()]
        _ = rig.signed("DELETE /api/v3/orderList", "symbol=BTCUSDT&orderListId=\(lists[1])")
        func ids(_ parameters: String) throws -> [Int64?] {
            try all(parameters).elements.map { $0["orderListId"].integer }
        }
        #expect(try ids("") == lists)
        #expect(try ids("limit=2") == Array(lists.dropFirst()))
        #expect(try ids("fromId=\(lists[0])&limit=2") == Array(lists.dropLast()))
        let now = ServerRig.now.milliseconds
        #expect(try ids("startTime=\(now - 60_000)&endTime=\(now + 60_000)&limit=1") == [lists[0]])
        #expect(try ids("startTime=\(now + 60_000)").isEmpty)
        #expect(try all("fromId=1&startTime=\(now)")["code"].integer == -1_128)
        #expect(try all("startTime=\(now - 90_000_000)&endTime=\(now)")["code"].integer == -1_127)
    }
}
