import Market
import StandIn
import Testing

@Suite("the stand-in misbehaves when told to", .serialized)
struct MisbehaviourTests {
    private let rig: ServerRig

    init() throws { rig = try ServerRig() }

    private func misbehave(_ script: String) throws {
        let reply = try #require(rig.control("POST /stand-in/faults", script))
        try #require(reply.status == 200)
    }

    private func order(_ name: String) -> PlainReply? {
        rig.signed("GET /api/v3/order", "symbol=BTCUSDT&origClientOrderId=\(name)")
    }

    @Test("an error after accepting leaves an order that is there")
    func errorAfter() throws {
        try misbehave("error-after=503/-1006 rest:POST:/api/v3/order n=1")
        let reply = try #require(try rig.rest("&newClientOrderId=ghost"))
        #expect(reply.status == 503)
        #expect(reply.json["code"].integer == -1_006)
        #expect(order("ghost")?.json["status"].string == "NEW")
        #expect(try rig.rest()?.status == 200)
    }

    @Test("an error before accepting leaves nothing")
    func error() throws {
        try misbehave("error=503/-1008 rest:POST:/api/v3/order n=1")
        #expect(try rig.rest("&newClientOrderId=none")?.json["code"].integer == -1_008)
        #expect(order("none")?.json["code"].integer == -2_013)
    }

    @Test("a connection that breaks off before or after", arguments: [("drop", false), ("drop-after", true)])
    func breaking(_ fault: String, _ isExecuted: Bool) throws {
        try misbehave("\(fault) rest:POST:/api/v3/order n=1")
        #expect(try rig.rest("&newClientOrderId=lost") == nil)
        #expect((order("lost")?.status == 200) == isExecuted)
    }

    @Test("a request that hangs before or after", arguments: [("hang", false), ("hang-after", true)])
    func hanging(_ fault: String, _ isExecuted: Bool) throws {
        try misbehave("\(fault) rest:POST:/api/v3/order n=1")
        #expect(try rig.rest("&newClientOrderId=lost", patience: 1) == nil)
        #expect((order("lost")?.status == 200) == isExecuted)
    }

    @Test("an answer that is cut in the middle")
    func truncated() throws {
        try misbehave("truncate rest:GET:/api/v3/exchangeInfo n=1")
        #expect(rig.get("/api/v3/exchangeInfo") == nil)
        #expect(rig.get("/api/v3/exchangeInfo")?.status == 200)
    }

    @Test("answers that come late, or in pieces, come whole", arguments: ["delay=30", "late=30", "slow-write=2"])
    func slow(_ fault: String) throws {
        try misbehave("\(fault) rest:GET:* n=1")
        #expect(rig.get("/api/v3/exchangeInfo")?.json["symbols"].elements.count == 2)
    }

    @Test("a ban that is played", arguments: [429, 418])
    func limit(_ status: Int) throws {
        try misbehave("limit=\(status)/7 rest:* n=1")
        let reply = try #require(rig.get("/api/v3/ping"))
        #expect(reply.status == status)
        #expect(reply.headers["retry-after"] == "7")
        #expect(reply.json["code"].integer == -1_003)
    }

    @Test("a clock that is wrong refuses what is signed by the right one")
    func skew() throws {
        try misbehave("skew=-20000")
        let time = try #require(rig.get("/api/v3/time")?.json["serverTime"].integer)
        #expect(abs(time - (ServerRig.now.milliseconds - 20_000)) < 10_000)
        #expect(rig.signed("GET /api/v3/account")?.json["code"].integer == -1_021)
        #expect(rig.signed("GET /api/v3/account", offset: -20_000)?.status == 200)
        _ = rig.control("DELETE /stand-in/faults")
        #expect(rig.signed("GET /api/v3/account")?.status == 200)
    }

    @Test("a lost difference leaves a gap in the ids")
    func gap() throws {
        let socket = try rig.socket("/ws/btcusdt@depth@100ms")
        func next() throws -> (Int64, Int64) {
            let event = try #require(socket.receive { _ in true })
            return (try #require(event["U"].integer), try #require(event["u"].integer))
        }
        let before = try next()
        try misbehave("gap stream:btcusdt@depth* n=1")
        var last = before.1
        var gaps = 0
        for _ in 0..<12 {
            let event = try next()
            if event.0 != last + 1 { gaps += 1 }
            last = event.1
        }
        #expect(gaps == 1)
    }

    @Test("a message that is sent twice, and one that is sent after the next")
    func order() throws {
        let socket = try rig.socket("/ws/btcusdt@depth@100ms")
        _ = socket.receive()
        try misbehave("duplicate stream:btcusdt@depth@100ms n=1")
        var ids: [Int64] = []
        for _ in 0..<8 { ids.append(try #require(socket.receive { _ in true }?["u"].integer)) }
        #expect(Set(ids).count == 7)
        try misbehave("reorder stream:btcusdt@depth@100ms n=1")
        ids.removeAll()
        for _ in 0..<8 { ids.append(try #require(socket.receive { _ in true }?["u"].integer)) }
        #expect(ids != ids.sorted())
        #expect(Set(ids).count == 8)
    }

    @Test("a stream that falls silent goes on pinging")
    func silence() throws {
        let rig = try ServerRig { $0.pingInterval = 250 }
        _ = rig.control("POST /stand-in/faults", "silence=3600000 stream:btcusdt@bookTicker skip=2 n=1")
        let socket = try rig.socket("/ws/btcusdt@bookTicker")
        #expect(socket.receive() != nil)
        #expect(socket.receive() != nil)
        #expect(socket.waitForPings(6) == 0)
    }

    @Test("a half-open connection is never heard of again")
    func halfOpen() throws {
        let rig = try ServerRig { $0.pingInterval = 250 }
        _ = rig.control("POST /stand-in/faults", "half-open stream:btcusdt@bookTicker skip=1 n=1")
        let socket = try rig.socket("/ws/btcusdt@bookTicker")
        socket.setTimeout(seconds: 3)
        var count = 0
        while socket.receive() != nil { count += 1 }
        #expect(count == 1)
        #expect(socket.closeCode == nil)
        let other = try rig.socket("/ws/btcusdt@bookTicker")
        #expect(other.receive() != nil)
    }

    @Test("user data that is lost is found by asking")
    func lostEvent() throws {
        let socket = try rig.socket("/ws-api/v3")
        socket.send(rig.signedRequest(1, "userDataStream.subscribe.signature", [:]))
        #expect(socket.receive { $0["id"].integer == 1 } != nil)
        try misbehave("drop user:executionReport n=1")
        _ = try rig.rest("&newClientOrderId=unheard")
        _ = try rig.rest("&newClientOrderId=heard")
        let event = try #require(socket.receive { $0["event"]["e"].string == "executionReport" })
        #expect(event["event"]["c"].string == "heard")
        #expect(order("unheard")?.json["status"].string == "NEW")
    }

    @Test("a request of the WebSocket API that is executed and not answered")
    func unansweredRequest() throws {
        let socket = try rig.socket("/ws-api/v3")
        try misbehave("hang-after api:order.place n=1")
        let price = try rig.price(90)
        socket.send(
            rig.signedRequest(
                1, "order.place",
                [
                    "symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01",
                    "price": price, "newClientOrderId": "silent",
                ]))
        socket.send(ServerRig.request(2, "ping"))
        #expect(try #require(socket.receive { _ in true })["id"].integer == 2)
        #expect(order("silent")?.status == 200)
    }

    @Test("a script that can't be read changes nothing")
    func badScript() throws {
        let reply = try #require(rig.control("POST /stand-in/faults", "drop rest:*\nsulk rest:*"))
        #expect(reply.status == 400)
        #expect(rig.control("GET /stand-in/faults")?.json["faults"].elements.isEmpty == true)
    }

    @Test("who does not read is cut off")
    func slowReader() throws {
        let socket = try rig.socket("/stream?streams=btcusdt@depth@100ms")
        // Each message is sent five thousand times over: megabytes in moments.
        try misbehave((0..<5_000).map { _ in "duplicate stream:btcusdt@depth@100ms" }.joined(separator: ";"))
        var isGone = false
        for _ in 0..<20_000 where !isGone {
            isGone = rig.control("GET /stand-in/status")?.json["sockets"].integer == 0
        }
        #expect(isGone)
        withExtendedLifetime(socket) {}
    }
}
