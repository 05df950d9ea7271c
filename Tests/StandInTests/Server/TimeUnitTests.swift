import Market
import Testing

@testable import StandIn

@Suite("times in microseconds", .serialized)
struct TimeUnitTests {
    private let rig: ServerRig

    init() throws { rig = try ServerRig() }

    /// How many digits a time has: thirteen in milliseconds, sixteen in microseconds.
    private func digits(_ value: JSONText?) -> Int { value?.integer.map { String($0).count } ?? 0 }

    private func get(_ path: String, _ unit: String?) -> PlainReply? {
        PlainHTTP.request(
            "GET /api/v3/" + path, port: rig.port, headers: unit.map { ["X-MBX-TIME-UNIT": $0] } ?? [:])
    }

    private func signed(_ line: String, _ parameters: String, time: String, unit: String = "MICROSECOND") -> PlainReply?
    {
        let payload = parameters + "&timestamp=" + time
        let signature = ServerRig.hmac(payload, rig.account.secret)
        return PlainHTTP.request(
            line + "?" + payload + "&signature=" + signature, port: rig.port,
            headers: ["X-MBX-APIKEY": rig.account.apiKey, "X-MBX-TIME-UNIT": unit])
    }

    private var micros: Int64 { ServerRig.now.nanoseconds / 1_000 }

    @Test(
        "a header says which unit answers have",
        arguments: [
            (nil, 13), ("MILLISECOND", 13), ("MICROSECOND", 16), ("microsecond", 16),
        ] as [(String?, Int)])
    func header(_ unit: String?, _ count: Int) throws {
        #expect(digits(get("time", unit)?.json["serverTime"]) == count)
        #expect(digits(get("trades?symbol=BTCUSDT&limit=1", unit)?.json[0]["time"]) == count)
        #expect(digits(get("aggTrades?symbol=BTCUSDT&limit=1", unit)?.json[0]["T"]) == count)
        let ticker = try #require(get("ticker/24hr?symbol=BTCUSDT", unit)).json
        #expect([digits(ticker["openTime"]), digits(ticker["closeTime"])] == [count, count])
        let row = try #require(
            get("klines?symbol=BTCUSDT&interval=1m&startTime=1704067200000&limit=1", unit)
        ).json[0]
        let scale: Int64 = count == 16 ? 1_000 : 1
        #expect(row[0].integer == 1_704_067_200_000 * scale)
        // The last unit of the minute, whichever it is.
        #expect(row[6].integer == 1_704_067_260_000 * scale - 1)
    }

    @Test(
        "a unit that there is not is refused, by HTTP and at a handshake", arguments: ["NANOSECOND", "Microsecond", ""])
    func refused(_ unit: String) throws {
        let reply = try #require(get("time", unit))
        #expect(reply.status == 400)
        #expect(reply.json["code"].integer == -1_194)
        #expect(WebSocketClient(port: rig.port, path: "/ws/btcusdt@trade?timeUnit=\(unit)") == nil)
        #expect(WebSocketClient(port: rig.port, path: "/ws-api/v3?timeUnit=\(unit)") == nil)
    }

    @Test("the bounds of a query may be in microseconds")
    func bounds() throws {
        let path = "klines?symbol=BTCUSDT&interval=1m&limit=1&startTime="
        #expect(get(path + "1704067200000000", nil)?.json[0][0].integer == 1_704_067_200_000)
    }

    @Test("an order may be signed in microseconds, and is told in them")
    func order() throws {
        let text = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=\(try rig.price(90))"
        let placed = try #require(signed("POST /api/v3/order", text, time: "\(micros)")).json
        #expect(digits(placed["transactTime"]) == 16)
        #expect(digits(placed["workingTime"]) == 16)
        let id = try #require(placed["orderId"].integer)
        let found = try #require(
            signed("GET /api/v3/order", "symbol=BTCUSDT&orderId=\(id)", time: "\(ServerRig.now.milliseconds)")
        ).json
        #expect([digits(found["time"]), digits(found["updateTime"])] == [16, 16])
        let stop = "symbol=BTCUSDT&side=BUY&type=STOP_LOSS&quantity=0.01&stopPrice=\(try rig.price(110))"
        let waiting = try #require(
            signed("POST /api/v3/order", stop + "&newOrderRespType=RESULT", time: "\(micros)")
        ).json
        // What is no time stays what it is.
        #expect(waiting["workingTime"].integer == -1)
    }

    @Test(
        "the window is in milliseconds with up to three decimals, whatever the unit of the time",
        arguments: [("5000.123", 0, nil), ("0.5", 20_000, -1_021), ("5000.1234", 0, -1_131), ("60000.001", 0, -1_131)]
            as [(String, Int64, Int64?)])
    func window(_ window: String, _ age: Int64, _ code: Int64?) {
        let reply = signed("GET /api/v3/account", "recvWindow=\(window)", time: "\(micros - age)")
        #expect(reply?.json["code"].integer == code)
    }

    @Test("a time in microseconds is judged as closely as one in milliseconds")
    func judged() {
        #expect(signed("GET /api/v3/account", "", time: "\(micros + 2_000_000)")?.json["code"].integer == -1_021)
        #expect(signed("GET /api/v3/account", "", time: "\(micros - 6_000_000)")?.json["code"].integer == -1_021)
    }

    @Test("market streams take the unit from their address, raw and combined")
    func streams() throws {
        let raw = try rig.socket("/ws/btcusdt@trade?timeUnit=MICROSECOND")
        let trade = try #require(raw.receive { _ in true })
        #expect([digits(trade["E"]), digits(trade["T"])] == [16, 16])
        let combined = try rig.socket("/stream?streams=btcusdt@kline_1m/btcusdt@miniTicker&timeUnit=MICROSECOND")
        let candle = try #require(combined.receive { $0["stream"].string == "btcusdt@kline_1m" })["data"]["k"]
        #expect(digits(candle["t"]) == 16)
        #expect((candle["T"].integer ?? 0) - (candle["t"].integer ?? 0) == 59_999_999)
        let plain = try rig.socket("/ws/btcusdt@trade")
        #expect(digits(try #require(plain.receive { _ in true })["T"]) == 13)
    }

    @Test("the WebSocket API answers and tells user data in the unit of its address")
    func api() throws {
        let socket = try rig.socket("/ws-api/v3?timeUnit=MICROSECOND")
        socket.send(ServerRig.request(1, "time"))
        #expect(digits(socket.receive { $0["id"].integer == 1 }?["result"]["serverTime"]) == 16)
        socket.send(rig.signedRequest(2, "userDataStream.subscribe.signature", [:]))
        #expect(socket.receive { $0["id"].integer == 2 } != nil)
        _ = try rig.rest()
        let report = try #require(socket.receive { $0["event"]["e"].string == "executionReport" })["event"]
        #expect(["E", "T", "O", "W"].map { digits(report[$0]) } == [16, 16, 16, 16])
        let position = try #require(socket.receive { $0["event"]["e"].string == "outboundAccountPosition" })["event"]
        #expect([digits(position["E"]), digits(position["u"])] == [16, 16])
    }
}
