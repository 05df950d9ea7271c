import Foundation
import Market
import Network
import StandIn
import Testing

@Suite("REST of the stand-in", .serialized)
struct RESTTests {
    @Test("it answers over TLS with a certificate that a client can trust")
    func secure() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("wick-tls-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        var options = StandInOptions(directory: directory.path)
        options.symbols = ["BTCUSDT"]
        let server = try StandInServer(options) { ServerRig.now }
        defer { server.stop() }
        var http = HTTPOptions()
        http.additionalTrust = server.addresses.certificate
        let client = try HTTPClient(http)
        let answer = try await client.send(HTTPRequest(server.addresses.rest + "/api/v3/exchangeInfo"))
        #expect(answer.status == 200)
        #expect(JSONText(String(decoding: answer.body, as: UTF8.self))["symbols"][0]["symbol"].string == "BTCUSDT")
        let stranger = try HTTPClient()
        let error = await #expect(throws: HTTPError.self) {
            try await stranger.send(HTTPRequest(server.addresses.rest + "/api/v3/ping"))
        }
        #expect(error?.kind == .notTrusted)
        let attributes = try FileManager.default.attributesOfItem(atPath: server.accounts[0].ed25519File)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }

    @Test("a handshake of the WebSocket API that is one too many says how long to wait, and who insists is banned")
    func refusedHandshake() async throws {
        let rig = try ServerRig { $0.weightPerMinute = 1 }
        func refusal() async -> WebSocketError.Kind? {
            do throws(WebSocketError) {
                _ = try await WebSocket.connect(to: "ws://127.0.0.1:\(rig.port)/ws-api/v3") { _ in }
                return nil
            } catch {
                return error.kind
            }
        }
        let first = await refusal()
        guard case .refused(429, .some(1...60))? = first else {
            Issue.record("\(String(describing: first))")
            return
        }
        // The count of refusals begins anew with the minute.
        for _ in 0..<60 {
            if case .refused(418, let seconds)? = await refusal() {
                #expect((1...120).contains(seconds ?? 0))
                return
            }
        }
        Issue.record("nobody was banned")
    }

    @Test("keys are the same for a seed and different without one")
    func keys() throws {
        let first = try ServerRig().account
        #expect(first.secret == (try ServerRig().account.secret))
        let secret = try ServerRig { $0.seed = nil }.account
        #expect(secret.secret != (try ServerRig { $0.seed = nil }.account.secret))
        #expect(first.apiKey.utf8.count == 64)
    }

    @Test(
        "public answers have the documented members",
        arguments: [
            ("time", ["serverTime"]), ("depth?symbol=BTCUSDT", ["asks", "bids", "lastUpdateId"]),
            ("ticker/bookTicker?symbol=BTCUSDT", ["askPrice", "askQty", "bidPrice", "bidQty", "symbol"]),
            ("ticker/price?symbol=BTCUSDT", ["price", "symbol"]),
            ("avgPrice?symbol=BTCUSDT", ["closeTime", "mins", "price"]),
            (
                "ticker/24hr?symbol=BTCUSDT",
                [
                    "askPrice", "askQty", "bidPrice", "bidQty", "closeTime", "count", "firstId", "highPrice", "lastId",
                    "lastPrice", "lastQty", "lowPrice", "openPrice", "openTime", "prevClosePrice", "priceChange",
                    "priceChangePercent", "quoteVolume", "symbol", "volume", "weightedAvgPrice",
                ]
            ),
        ])
    func shapes(_ path: String, _ names: [String]) throws {
        let rig = try ServerRig()
        let reply = try #require(rig.get("/api/v3/" + path))
        #expect(reply.status == 200)
        #expect(reply.json.names == names)
    }

    @Test("klines go up without a gap, and pages meet each other")
    func klines() throws {
        let rig = try ServerRig()
        let path = "/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime=1704067200000&limit="
        let page = try #require(rig.get(path + "3")).json.elements
        #expect(page.map { $0[0].integer } == [1_704_067_200_000, 1_704_067_260_000, 1_704_067_320_000])
        #expect(page[0][6].integer == 1_704_067_259_999)
        #expect(page[0].elements.count == 12)
        let next = try #require(rig.get(path.replacing("1704067200000", with: "1704067260000") + "2")).json.elements
        #expect(next.map { $0[4].string } == page.dropFirst().map { $0[4].string })
        let three = try #require(rig.get(path.replacing("1m", with: "3m") + "1")).json[0]
        #expect(three[1].string == page[0][1].string)
        #expect(three[4].string == page[2][4].string)
        #expect(three[8].integer == page.compactMap { $0[8].integer }.reduce(0, +))
    }

    @Test("weight is told in the headers, and what is too much is refused with the time to wait")
    func weight() throws {
        let rig = try ServerRig { $0.weightPerMinute = 60 }
        var refused: PlainReply?
        var told: [String] = []
        // The minute may end in between: then it begins anew.
        for _ in 0..<12 {
            let reply = try #require(rig.get("/api/v3/exchangeInfo"))
            if reply.status == 429 {
                refused = reply
                break
            }
            told.append(reply.headers["x-mbx-used-weight-1m"] ?? "")
        }
        #expect(told.prefix(2).contains("20"))
        let reply = try #require(refused)
        #expect(reply.json["code"].integer == -1_003)
        let seconds = try #require(reply.headers["retry-after"].flatMap { Int($0) })
        #expect((1...60).contains(seconds))
    }

    @Test("listen keys are gone")
    func listenKeys() throws {
        let rig = try ServerRig()
        let reply = try #require(rig.control("POST /api/v3/userDataStream"))
        #expect(reply.status == 410)
    }

    @Test(
        "the weight is told with every answer, whatever it is",
        arguments: [
            ("GET /api/v3/nothing", 404), ("POST /api/v3/depth", 405), ("POST /api/v3/userDataStream", 410),
            ("GET /api/v3/time", 503), ("GET /api/v3/ping", 502), ("GET /api/v3/depth", 429),
        ])
    func weightOfAll(_ line: String, _ status: Int) throws {
        let rig = try ServerRig()
        let faults = "error=503 rest:GET:*/time; error-after=502 rest:GET:*/ping; limit=429 rest:GET:*/depth"
        try #require(rig.control("POST /stand-in/faults", faults)?.status == 200)
        let reply = try #require(PlainHTTP.request(line, port: rig.port))
        #expect(reply.status == status)
        #expect(reply.headers["x-mbx-used-weight-1m"] != nil)
    }

    @Test(
        "unknown symbols, intervals and paths are refused",
        arguments: [
            ("/api/v3/depth?symbol=NOPEUSDT", 400, -1_121), ("/api/v3/depth", 400, -1_102),
            ("/api/v3/klines?symbol=BTCUSDT&interval=7m", 400, -1_120), ("/api/v3/nothing", 404, nil),
            ("/api/v3/depth?symbol=btcusdt", 400, -1_100), ("/api/v3/trades?symbol=BTCUSDT&limit=x", 400, -1_100),
        ] as [(String, Int, Int64?)])
    func refusals(_ path: String, _ status: Int, _ code: Int64?) throws {
        let rig = try ServerRig()
        let reply = try #require(rig.get(path))
        #expect(reply.status == status)
        #expect(reply.json["code"].integer == code)
    }

    @Test("orders are placed, found and cancelled, and their counts told")
    func orders() throws {
        let rig = try ServerRig()
        let placed = try #require(try rig.rest("&newClientOrderId=one"))
        #expect(placed.status == 200)
        #expect(placed.json["status"].string == "NEW")
        #expect(placed.headers["x-mbx-order-count-1d"] == "1")
        #expect(rig.signed("GET /api/v3/openOrders", "symbol=BTCUSDT")?.json.elements.count == 1)
        #expect(
            rig.signed("GET /api/v3/order", "symbol=BTCUSDT&origClientOrderId=one")?.json["orderId"].integer
                == placed.json["orderId"].integer)
        let gone = try #require(rig.signed("DELETE /api/v3/order", "symbol=BTCUSDT&origClientOrderId=one"))
        #expect(gone.json["status"].string == "CANCELED")
        let again = try #require(rig.signed("DELETE /api/v3/order", "symbol=BTCUSDT&origClientOrderId=one"))
        #expect(again.json["code"].integer == -2_011)
    }

    @Test("orders may come as a form")
    func form() throws {
        let rig = try ServerRig()
        let body = "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01&timestamp=\(ServerRig.now.milliseconds)"
        let signature = ServerRig.hmac(body, rig.account.secret)
        let reply = PlainHTTP.request(
            "POST /api/v3/order", port: rig.port,
            headers: ["X-MBX-APIKEY": rig.account.apiKey, "Content-Type": "application/x-www-form-urlencoded"],
            body: body + "&signature=" + signature)
        #expect(reply?.json["status"].string == "FILLED")
    }

    @Test("who signs wrongly, late, early or with a strange key is refused by the right code")
    func security() throws {
        let rig = try ServerRig()
        var forger = rig.account
        forger.secret = "wrong"
        #expect(rig.signed("GET /api/v3/account", account: forger)?.json["code"].integer == -1_022)
        var stranger = rig.account
        stranger.apiKey = String(repeating: "a", count: 64)
        let strange = rig.signed("GET /api/v3/account", account: stranger)
        #expect(strange?.json["code"].integer == -2_015)
        #expect(strange?.status == 401)
        stranger.apiKey = "short"
        #expect(rig.signed("GET /api/v3/account", account: stranger)?.json["code"].integer == -2_014)
        #expect(rig.signed("GET /api/v3/account", offset: -70_000)?.json["code"].integer == -1_021)
        #expect(rig.signed("GET /api/v3/account", offset: 70_000)?.json["code"].integer == -1_021)
        #expect(rig.signed("GET /api/v3/account", "recvWindow=70000")?.status == 400)
        #expect(rig.signed("GET /api/v3/account")?.status == 200)
    }

    @Test("of a replacement beyond the limit only the cancel is done, and only when the request says so")
    func replacementOverLimit() throws {
        let rig = try ServerRig { $0.ordersPerTenSeconds = 1 }
        // Ten seconds may end in between: then the replacement is within the limit.
        for _ in 0..<4 {
            let placed = try #require(try rig.rest())
            guard let id = placed.json["orderId"].integer else { continue }
            let text =
                "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=\(try rig.price(91))"
                + "&cancelReplaceMode=STOP_ON_FAILURE&cancelOrderId=\(id)"
            let refused = try #require(rig.signed("POST /api/v3/order/cancelReplace", text))
            guard refused.status != 200 else { continue }
            #expect(refused.status == 429)
            #expect(refused.json["code"].integer == -1_015)
            #expect(rig.signed("GET /api/v3/openOrders", "symbol=BTCUSDT")?.json[0]["orderId"].integer == id)
            let half = try #require(
                rig.signed("POST /api/v3/order/cancelReplace", text + "&orderRateLimitExceededMode=CANCEL_ONLY"))
            guard half.status != 200 else { continue }
            #expect(half.status == 409)
            #expect(half.json["code"].integer == -2_021)
            #expect(half.json["data"]["cancelResult"].string == "SUCCESS")
            #expect(half.json["data"]["newOrderResponse"]["code"].integer == -1_015)
            #expect(rig.signed("GET /api/v3/openOrders", "symbol=BTCUSDT")?.json.elements.isEmpty == true)
            return
        }
        Issue.record("the limit never held")
    }

    @Test("unfilled orders are limited")
    func orderLimit() throws {
        let rig = try ServerRig { $0.ordersPerTenSeconds = 2 }
        var codes: [Int64?] = []
        // Ten seconds may end in between.
        for _ in 0..<5 { codes.append(try rig.rest()?.json["code"].integer) }
        #expect(codes.contains(-1_015))
    }
}
