import CStandIn
import Market
import StandIn
import Testing

@Suite("the WebSocket API of the stand-in", .serialized)
struct SessionTests {
    private let rig: ServerRig
    private let socket: WebSocketClient

    init() throws {
        rig = try ServerRig()
        socket = try rig.socket("/ws-api/v3")
        // Shorter than what lies between two pings: what does not come ends the test that waits for it.
        socket.setTimeout(seconds: 10)
    }

    private func ask(_ text: String, _ id: Int) throws -> JSONText {
        socket.send(text)
        return try #require(socket.receive { $0["id"].integer == Int64(id) })
    }

    @Test("requests are answered with a status, a result and what has been used")
    func asking() throws {
        let answer = try ask(ServerRig.request(1, "time"), 1)
        #expect(answer["status"].integer == 200)
        #expect(answer["result"]["serverTime"].integer != nil)
        #expect(answer["rateLimits"][0]["rateLimitType"].string == "REQUEST_WEIGHT")
        let depth = try ask(ServerRig.request(2, "depth", ["symbol": "BTCUSDT", "limit": "5"]), 2)
        #expect(depth["result"]["bids"].elements.count == 5)
        let refused = try ask(ServerRig.request(3, "depth", ["symbol": "NOPEUSDT"]), 3)
        #expect(refused["status"].integer == 400)
        #expect(refused["error"]["code"].integer == -1_121)
    }

    @Test("limits are left out for who does not want them")
    func withoutLimits() throws {
        let quiet = try rig.socket("/ws-api/v3?returnRateLimits=false")
        quiet.send(ServerRig.request(1, "ping"))
        #expect(try #require(quiet.receive { _ in true })["rateLimits"].isMissing)
    }

    @Test("a single request may say whether it wants the limits")
    func limitsOfOne() throws {
        let without = "{\"id\":1,\"method\":\"time\",\"params\":{\"returnRateLimits\":false}}"
        #expect(try ask(without, 1)["rateLimits"].isMissing)
        #expect(try ask(ServerRig.request(2, "time"), 2)["rateLimits"].elements.count == 1)
        let quiet = try rig.socket("/ws-api/v3?returnRateLimits=false")
        quiet.send("{\"id\":3,\"method\":\"time\",\"params\":{\"returnRateLimits\":true}}")
        #expect(try #require(quiet.receive { $0["id"].integer == 3 })["rateLimits"].elements.count == 1)
    }

    @Test("unfilled orders are told of the account that asked, to requests that place orders and to no others")
    func orderLimits() throws {
        func told(_ id: Int, _ method: String, _ parameters: [String: String]) throws -> [String] {
            try ask(rig.signedRequest(id, method, parameters), id)["rateLimits"].elements.map {
                "\($0["rateLimitType"].string ?? "") \($0["interval"].string ?? "")"
            }
        }
        let all = ["ORDERS SECOND", "ORDERS DAY", "REQUEST_WEIGHT MINUTE"]
        let order = ["symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "0.01"]
        #expect(try told(1, "order.place", order) == all)
        // One that is refused has been one as well.
        #expect(try told(2, "order.place", order.merging(["quantity": "0.000001"]) { $1 }) == all)
        #expect(try told(3, "order.test", order) == [all[2]])
        #expect(try told(4, "order.cancel", ["symbol": "BTCUSDT", "orderId": "1"]) == [all[2]])
        #expect(try told(5, "account.status", [:]) == [all[2]])
    }

    @Test("an order placed by one way is told by the other, with the account's balances behind it")
    func userData() throws {
        let subscribed = try ask(rig.signedRequest(1, "userDataStream.subscribe.signature", [:]), 1)
        #expect(subscribed["result"]["subscriptionId"].integer == 0)
        let placed = try #require(try rig.rest("&newClientOrderId=mine"))
        let report = try #require(socket.receive { $0["event"]["e"].string == "executionReport" })
        #expect(report["subscriptionId"].integer == 0)
        #expect(report["event"]["x"].string == "NEW")
        #expect(report["event"]["c"].string == "mine")
        #expect(report["event"]["i"].integer == placed.json["orderId"].integer)
        #expect(report["event"]["N"].isNull)
        let position = try #require(socket.receive { $0["event"]["e"].string == "outboundAccountPosition" })
        #expect(position["event"]["B"][0]["a"].string == "USDT")
        _ = rig.signed("POST /api/v3/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01")
        let fill = try #require(socket.receive { $0["event"]["X"].string == "FILLED" })
        #expect(fill["event"]["N"].string == "BTC")
        #expect(fill["event"]["t"].integer ?? -1 > 0)
    }

    @Test("the answer to an order comes before its events")
    func order() throws {
        _ = try ask(rig.signedRequest(1, "userDataStream.subscribe.signature", [:]), 1)
        socket.send(
            rig.signedRequest(
                2, "order.place", ["symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "0.01"]))
        let first = try #require(socket.receive { _ in true })
        #expect(first["id"].integer == 2)
        #expect(first["result"]["status"].string == "FILLED")
    }

    @Test("who is subscribed is not subscribed twice, and may leave")
    func subscriptions() throws {
        _ = try ask(rig.signedRequest(1, "userDataStream.subscribe.signature", [:]), 1)
        let again = try ask(rig.signedRequest(2, "userDataStream.subscribe.signature", [:]), 2)
        #expect(again["error"]["code"].integer == -2_035)
        let left = try ask(ServerRig.request(3, "userDataStream.unsubscribe"), 3)
        #expect(left["status"].integer == 200)
        #expect(socket.receive { $0["event"]["e"].string == "eventStreamTerminated" }?["subscriptionId"].integer == 0)
        let twice = try ask(ServerRig.request(4, "userDataStream.unsubscribe"), 4)
        #expect(twice["error"]["code"].integer == -2_036)
    }

    @Test("keys of HMAC may not log on, and listen keys are gone")
    func refusedLogon() throws {
        let logon = try ask(rig.signedRequest(1, "session.logon", [:]), 1)
        #expect(logon["status"].integer == 401)
        let start = try ask(ServerRig.request(2, "userDataStream.start", ["apiKey": rig.account.apiKey]), 2)
        #expect(start["status"].integer == 410)
        let subscribe = try ask(ServerRig.request(3, "userDataStream.subscribe"), 3)
        #expect(subscribe["status"].integer == 401)
    }

    @Test("a key of Ed25519 logs on, and what follows needs no signature")
    func logon() throws {
        let time = ServerRig.now.milliseconds
        let key = rig.account.ed25519Key
        let payload = "apiKey=\(key)&timestamp=\(time)"
        let signature = try #require(try Ed25519File.sign(payload, rig.account.ed25519File))
        let answer = try ask(
            ServerRig.request(1, "session.logon", ["apiKey": key, "timestamp": "\(time)", "signature": signature]), 1)
        #expect(answer["result"]["apiKey"].string == key)
        #expect(try ask(ServerRig.request(2, "userDataStream.subscribe"), 2)["result"]["subscriptionId"].integer == 0)
        let account = try ask(
            ServerRig.request(3, "account.status", ["timestamp": "\(ServerRig.now.milliseconds)"]), 3)
        #expect(account["result"]["accountType"].string == "SPOT")
        #expect(account["rateLimits"].elements.map { $0["rateLimitType"].string } == ["REQUEST_WEIGHT"])
        let late = try ask(
            ServerRig.request(4, "account.status", ["timestamp": "\(ServerRig.now.milliseconds - 70_000)"]), 4)
        #expect(late["error"]["code"].integer == -1_021)
        #expect(try ask(ServerRig.request(5, "session.logout"), 5)["result"]["apiKey"].isNull)
        let after = try ask(
            ServerRig.request(6, "account.status", ["timestamp": "\(ServerRig.now.milliseconds)"]), 6)
        #expect(after["status"].integer == 401)
    }

    @Test("accounts don't see each other's orders and events")
    func isolation() throws {
        let rig = try ServerRig { $0.accounts = 2 }
        let socket = try rig.socket("/ws-api/v3")
        socket.send(rig.signedRequest(1, "userDataStream.subscribe.signature", [:]))
        #expect(socket.receive { $0["id"].integer == 1 } != nil)
        let stranger = rig.server.accounts[1]
        let price = try rig.price(90)
        let reply = rig.signed(
            "POST /api/v3/order",
            "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=\(price)", account: stranger)
        #expect(reply?.status == 200)
        #expect(rig.signed("GET /api/v3/openOrders")?.json.elements.isEmpty == true)
        #expect(rig.signed("GET /api/v3/openOrders", account: stranger)?.json.elements.count == 1)
        // The own order is the first that is told.
        _ = try rig.rest("&newClientOrderId=own")
        let event = try #require(socket.receive { $0["event"]["e"].string == "executionReport" })
        #expect(event["event"]["c"].string == "own")
    }

    @Test("a deposit is told as one, and a closed market takes no order")
    func control() throws {
        _ = try ask(rig.signedRequest(1, "userDataStream.subscribe.signature", [:]), 1)
        #expect(rig.control("POST /stand-in/deposit?asset=USDT&amount=-250.5")?.status == 200)
        let event = try #require(socket.receive { $0["event"]["e"].string == "balanceUpdate" })["event"]
        #expect(event["a"].string == "USDT")
        #expect(event["d"].string == "-250.50000000")
        let position = try #require(socket.receive { $0["event"]["e"].string == "outboundAccountPosition" })["event"]
        let account = try #require(rig.signed("GET /api/v3/account")).json["balances"].elements
        #expect(position["B"].elements.map { $0["a"].string } == ["USDT"])
        #expect(position["B"][0]["f"].string == account.first { $0["asset"].string == "USDT" }?["free"].string)
        #expect(rig.control("POST /stand-in/deposit?asset=USDT&amount=-99999999")?.status == 400)
        #expect(rig.control("POST /stand-in/symbol?symbol=BTCUSDT&status=HALT")?.status == 200)
        #expect(try rig.rest()?.json["msg"].string == "Market is closed.")
        #expect(rig.get("/api/v3/exchangeInfo?symbol=BTCUSDT")?.json["symbols"][0]["status"].string == "HALT")
    }

    @Test("what is locked from outside is told, can't be spent, and is freed again, but no more than that")
    func outsideLock() throws {
        _ = try ask(rig.signedRequest(1, "userDataStream.subscribe.signature", [:]), 1)
        let free = try #require(rig.signed("GET /api/v3/account")).json["balances"].elements
            .first { $0["asset"].string == "USDT" }?["free"].string
        let all = try #require(free)
        #expect(rig.control("POST /stand-in/lock?asset=USDT&amount=\(all)")?.status == 200)
        let event = try #require(socket.receive { $0["event"]["e"].string == "externalLockUpdate" })["event"]
        #expect(event.names == ["E", "T", "a", "d", "e"])
        #expect(event["a"].string == "USDT")
        #expect(event["d"].string == all)
        let position = try #require(socket.receive { $0["event"]["e"].string == "outboundAccountPosition" })["event"]
        #expect(position["B"][0]["f"].string == "0.00000000")
        #expect(position["B"][0]["l"].string == all)
        #expect(try rig.rest()?.json["code"].integer == -2_010)
        #expect(rig.control("POST /stand-in/lock?asset=USDT&amount=0.01")?.status == 400)
        #expect(rig.control("POST /stand-in/lock?asset=BTC&amount=-0.01")?.status == 400)
        #expect(rig.control("POST /stand-in/lock?asset=USDT&amount=-\(all)")?.status == 200)
        let freed = try #require(socket.receive { $0["event"]["e"].string == "externalLockUpdate" })["event"]
        #expect(freed["d"].string == "-\(all)")
        #expect(try rig.rest()?.status == 200)
        // What is locked for an order is not locked from outside.
        #expect(rig.control("POST /stand-in/lock?asset=USDT&amount=-0.01")?.status == 400)
    }

    @Test("an order that is refused does not count")
    func refusedOrder() throws {
        _ = rig.signed("POST /api/v3/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.000001")
        let limits = try #require(rig.signed("GET /api/v3/rateLimit/order")).json
        #expect(limits[1]["count"].integer == 0)
    }

    @Test("user data that the venue ends is said to have ended, and can be subscribed to again")
    func terminated() throws {
        _ = try ask(rig.signedRequest(1, "userDataStream.subscribe.signature", [:]), 1)
        #expect(rig.control("POST /stand-in/terminate")?.status == 200)
        #expect(socket.receive { $0["event"]["e"].string == "eventStreamTerminated" } != nil)
        let again = try ask(rig.signedRequest(2, "userDataStream.subscribe.signature", [:]), 2)
        #expect(again["result"]["subscriptionId"].integer == 1)
    }
}
