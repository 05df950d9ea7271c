import Foundation
import Keys
import LoopbackServer
import Market
import Network
import Synchronization
import Testing

@testable import Venues

@Suite("the private REST API of Binance Spot")
struct SpotAccountClientTests {
    private static let taken =
        #"{"symbol":"BTCUSDT","orderId":77,"orderListId":-1,"clientOrderId":"my-1","transactTime":1700000000999,"price":"35000.00","origQty":"0.01","executedQty":"0","origQuoteOrderQty":"0","cummulativeQuoteQty":"0","status":"NEW","timeInForce":"GTC","type":"LIMIT","side":"BUY","workingTime":1700000000999,"fills":[],"selfTradePreventionMode":"EXPIRE_MAKER"}"#
    private let standIn: PrivateStandIn
    private let log = Log()
    private let time = VirtualTime()

    /// What was written down.
    private final class Log: Sendable {
        private struct Full: Error, CustomStringConvertible { let description = "the disk is full" }
        private let state = Mutex<(entries: [SpotAuditEntry], isFull: Bool, seen: [Int])>(([], false, []))
        var entries: [SpotAuditEntry] { state.withLock { $0.entries } }
        /// How many requests had reached the venue when each entry was written.
        var seen: [Int] { state.withLock { $0.seen } }
        func fill() { state.withLock { $0.isFull = true } }
        func write(_ entry: SpotAuditEntry, seen: Int) throws {
            try state.withLock { state in
                if state.isFull { throw Full() }
                state.entries.append(entry)
                state.seen.append(seen)
            }
        }
    }

    init() throws { standIn = try PrivateStandIn() }

    private func client(_ kind: KeyKind = .hmac, silence: Duration = .seconds(1)) throws -> SpotAccountClient {
        var http = HTTPOptions()
        http.silenceTimeout = silence
        let access = try BinanceSpotAccess(SpotExamples.key(.testnet, kind), at: .loopback(rest: standIn.address))
        return try SpotAccountClient(
            access, http, time: NetworkTime(now: { [time] in time.now }, wait: { [time] in time.wait(until: $0) }),
            wall: { Timestamp(milliseconds: 1_700_000_000_000) },
            audit: { [log, standIn] in try log.write($0, seen: standIn.requests.count) })
    }

    private func words<Value>(_ outcome: RequestOutcome<Value>) -> String {
        switch outcome {
        case .confirmed: return "confirmed"
        case .refused(let refusal): return "refused \(refusal.reason)"
        case .denied(let denial): return "denied \(denial.reason)"
        case .unknown: return "unknown"
        }
    }

    @Test("an order is placed: signed, with the venue's time, the key in a header field, its answer read")
    func place() async throws {
        standIn.answer(.init(200, Self.taken))
        let outcome = await (try client()).place(SpotExamples.limit())
        #expect(outcome.value?.id == 77 && outcome.value?.order?.status == .new)
        let request = try #require(standIn.requests.first)
        #expect(request.method == "POST" && request.path == "/api/v3/order" && request.queryText == "")
        #expect(request.headers["x-mbx-apikey"] == SpotExamples.apiKey)
        #expect(request.form["timestamp"] == "1700000000000" && request.form["recvWindow"] == "5000")
        let signed = request.body.components(separatedBy: "&signature=")
        let key = try SigningKey(.hmac, Secret(text: SpotExamples.secret), name: "main")
        #expect(try signed.count == 2 && key.signatureText(of: signed[0]) == signed[1])
    }

    @Test("an Ed25519 key signs, its signature percent-encoded")
    func ed25519() async throws {
        standIn.answer(.init(200, Self.taken))
        _ = await (try client(.ed25519)).place(SpotExamples.limit())
        let request = try #require(standIn.requests.first)
        let signed = request.body.components(separatedBy: "&signature=")
        let key = try SigningKey(.ed25519, Secret(text: SpotExamples.privateKey), name: "main")
        #expect(try request.form["signature"] == key.signatureText(of: signed[0]))
        #expect(!signed[1].contains("=") && signed[1].hasSuffix("%3D%3D"))
    }

    @Test("an order that brings trouble is sent once, whatever the trouble, and is unknown")
    func once() async throws {
        let client = try client()
        for manner in [LoopbackServer.Manner.dropped, .truncated, .silent, .stalled] {
            var reply = LoopbackServer.Reply(200, Self.taken)
            reply.manner = manner
            standIn.answer(reply)
            let before = standIn.requests.count
            #expect(words(await client.place(SpotExamples.limit())) == "unknown", "\(manner)")
            #expect(standIn.requests.count == before + 1, "\(manner)")
        }
    }

    @Test(
        "what the venue answers to an order is judged, and nothing is sent twice",
        arguments: [
            (500, "oops", "unknown"), (503, "{\"code\":-1008,\"msg\":\"busy\"}", "unknown"),
            (504, "{\"code\":-1007,\"msg\":\"Timeout\"}", "unknown"),
            (400, "{\"code\":-1007,\"msg\":\"Timeout\"}", "unknown"),
            (
                400, "{\"code\":-2010,\"msg\":\"Account has insufficient balance for requested action.\"}",
                "refused insufficientBalance"
            ),
            (400, "{\"code\":-2010,\"msg\":\"Duplicate order sent.\"}", "unknown"),
            (400, "{\"code\":-1013,\"msg\":\"Filter failure: LOT_SIZE\"}", "refused filter"),
            (
                401, "{\"code\":-2015,\"msg\":\"Invalid API-key, IP, or permissions for action.\"}",
                "refused credentials"
            ),
            (403, "<html>", "denied firewall"),
            (429, "{\"code\":-1015,\"msg\":\"Too many new orders.\"}", "denied tooManyOrders"),
            (418, "", "denied banned"), (200, "<html>", "unknown"), (200, "{}", "unknown"), (200, "", "unknown"),
            (404, "", "refused notServed"),
        ])
    func judged(_ status: Int, _ body: String, _ expected: String) async throws {
        standIn.answer(.init(status, body, ["Retry-After": "7"]))
        #expect(words(await (try client()).place(SpotExamples.limit())) == expected)
        #expect(standIn.requests.count == 1)
    }

    @Test("how long the venue wants to be left alone is told, and kept by everything that follows, cancels too")
    func pause() async throws {
        let client = try client()
        standIn.answer(.init(429, "{\"code\":-1003,\"msg\":\"Too much\"}", ["Retry-After": "70"]))
        let outcome = await client.place(SpotExamples.limit())
        guard case .denied(let denial) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(denial.retryAfter == .seconds(70))
        #expect(words(await client.place(SpotExamples.limit())) == "denied paused")
        #expect(words(await client.cancel(.id(7), of: SpotExamples.btc)) == "denied paused")
        #expect(standIn.requests.count == 1)
    }

    @Test("a request refused for its time is made anew with the right one, once: it was not executed")
    func clock() async throws {
        let client = try client()
        standIn.answer(
            .init(400, "{\"code\":-1021,\"msg\":\"Timestamp for this request is outside of the recvWindow.\"}"),
            .init(200, Self.taken))
        try await client.synchronize()
        standIn.change { $0.time = { 1_700_000_090_000 } }
        #expect(words(await client.place(SpotExamples.limit())) == "confirmed")
        #expect(standIn.requests.map { $0.form["timestamp"] } == ["1700000000000", "1700000090000"])
        #expect(Set(standIn.requests.map { $0.form["signature"] }).count == 2)
        #expect(client.clock.reading?.isAlarming == true)
    }

    @Test("a second refusal for the time is the answer")
    func clockTwice() async throws {
        let refusal = LoopbackServer.Reply(400, "{\"code\":-1021,\"msg\":\"no\"}")
        standIn.answer(refusal, refusal, .init(200, Self.taken))
        #expect(words(await (try client()).place(SpotExamples.limit())) == "denied clock")
        #expect(standIn.requests.count == 2)
    }

    @Test("an order does not wait for a time that is old: what is known serves, and is asked for meanwhile")
    func oldTime() async throws {
        let client = try client()
        try await client.synchronize()
        time.wait(until: time.now + .seconds(601))
        #expect(client.clock.isDue)
        standIn.answer(.init(200, Self.taken))
        #expect(words(await client.place(SpotExamples.limit())) == "confirmed")
        #expect(standIn.requests.first?.form["timestamp"] == "1700000601000")
        for _ in 0..<2_000 where client.clock.isDue { try await Task.sleep(for: .milliseconds(5)) }
        #expect(!client.clock.isDue && standIn.timeCount == 10)
    }

    @Test("a cancel asks for the time once, and passes what holds data back")
    func cancelTime() async throws {
        let client = try client()
        for _ in 0..<3 { _ = await client.permissions() }
        let other = try self.client()
        let denial = await #expect(throws: VenueDenial.self) { try await other.synchronize() }
        #expect(denial?.reason == .paused)
        let before = standIn.timeCount
        standIn.answer(.init(200, "[]"))
        #expect(words(await other.cancelAll(of: SpotExamples.btc)) == "confirmed")
        #expect(standIn.timeCount == before + 1)
    }

    @Test("without the venue's time nothing is signed and nothing leaves")
    func noTime() async throws {
        standIn.change { $0.timeReplies = Array(repeating: .init(200, "{}"), count: 5) }
        #expect(words(await (try client()).place(SpotExamples.limit())) == "denied unreadable")
        #expect(standIn.requests.isEmpty && log.entries.isEmpty)
    }

    @Test("what changes orders is written down before it leaves, and its outcome after, the key masked, no signature")
    func audited() async throws {
        standIn.answer(.init(200, Self.taken), .init(500, ""))
        let client = try client()
        _ = await client.place(SpotExamples.limit())
        _ = await client.cancel(.clientOrderID("my-1"), of: SpotExamples.btc)
        let entries = log.entries
        #expect(entries.map(\.number) == [1, 1, 2, 2] && log.seen == [0, 1, 1, 2])
        #expect(entries[0].phase == .leaving && entries[1].phase == .ended("confirmed"))
        #expect(entries[0].request == "POST /api/v3/order" && entries[0].parameters.contains("newClientOrderId=my-1"))
        #expect(entries[3].description.contains("unknown: HTTP 500") && entries[0].maskedKey == "exam…0001")
        let text = entries.map(\.description).joined() + "\(entries)"
        let signature = try #require(standIn.requests[0].form["signature"])
        for word in [signature, SpotExamples.secret, SpotExamples.apiKey, "signature"] { #expect(!text.contains(word)) }
    }

    @Test("what can't be written down does not leave")
    func notRecorded() async throws {
        log.fill()
        let outcome = await (try client()).place(SpotExamples.limit())
        #expect(words(outcome) == "denied notRecorded" && "\(outcome)".contains("the disk is full"))
        #expect(standIn.requests.isEmpty)
    }

    @Test("without a way to the venue an order was never sent, and that is certain")
    func unreachable() async throws {
        let client = try client()
        try await client.synchronize()
        standIn.stop()
        #expect(words(await client.place(SpotExamples.limit())) == "denied unreachable")
    }

    @Test("a question is asked again, signed anew, until it is answered")
    func questions() async throws {
        standIn.answer(.init(500, ""), .init(200, "garbage"), .init(200, "[\(Self.taken)]"))
        let outcome = await (try client()).openOrders(of: SpotExamples.btc)
        #expect(outcome.value?.map(\.id) == [77])
        let requests = standIn.requests
        #expect(requests.count == 3 && requests.allSatisfy { $0.method == "GET" && $0.body == "" })
        #expect(requests.allSatisfy { $0.query["signature"] != nil } && log.entries.isEmpty)
        // A wait of a second or more lies between the last two.
        #expect(requests[2].query["timestamp"] != requests[1].query["timestamp"])
    }

    @Test("a question that stays unanswered is denied, not unknown")
    func failing() async throws {
        #expect(words(await (try client()).account()) == "denied failing")
        #expect(standIn.requests.count == 4)
    }

    @Test("an order that is not there is refused as such, at once")
    func noSuchOrder() async throws {
        standIn.answer(.init(400, "{\"code\":-2013,\"msg\":\"Order does not exist.\"}"))
        #expect(words(await (try client()).order(.id(7), of: SpotExamples.btc)) == "refused noSuchOrder")
        #expect(standIn.requests.count == 1)
    }

    @Test("both halves of a replacement are told, whatever the status")
    func replacement() async throws {
        let half = "\"cancelResult\":\"SUCCESS\",\"newOrderResult\":\"FAILURE\",\"cancelResponse\":\(Self.taken)"
        standIn.answer(
            .init(
                409,
                "{\"code\":-2021,\"msg\":\"\",\"data\":{\(half),\"newOrderResponse\":{\"code\":-2010,\"msg\":\"Account has insufficient balance\"}}}"
            ), .init(409, "{\"code\":-2021,\"msg\":\"\"}"), .init(400, "{\"code\":-1013,\"msg\":\"Filter failure\"}"))
        let client = try client()
        let first = await client.replace(.id(7), by: SpotExamples.limit())
        guard case .tried(.refused(let refusal))? = first.value?.placed else {
            Issue.record("\(first)")
            return
        }
        #expect(refusal.reason == .insufficientBalance)
        #expect(words(await client.replace(.id(7), by: SpotExamples.limit())) == "unknown")
        #expect(words(await client.replace(.id(7), by: SpotExamples.limit())) == "refused filter")
    }

    @Test("a cancel passes an open circuit, an order does not")
    func circuit() async throws {
        let client = try client()
        for _ in 0..<5 { _ = await client.place(SpotExamples.limit()) }
        #expect(words(await client.place(SpotExamples.limit())) == "denied paused")
        standIn.answer(.init(200, "[]"))
        #expect(words(await client.cancelAll(of: SpotExamples.btc)) == "confirmed")
    }

    @Test("a task that was cancelled before its order left sends nothing")
    func cancelled() async throws {
        let client = try client()
        try await client.synchronize()
        let task = Task { () -> RequestOutcome<SpotReceipt> in
            withUnsafeCurrentTask { $0?.cancel() }
            return await client.place(SpotExamples.limit())
        }
        let outcome = words(await task.value)
        // Handed over already, the venue may have it; otherwise it never left.
        #expect(
            standIn.requests.isEmpty
                ? outcome == "unknown" || outcome == "denied cancelled" : outcome != "denied cancelled")
    }

    @Test("what a testnet's key may do is asked of the account")
    func permissions() async throws {
        standIn.answer(.init(200, "{\"canTrade\":false}"))
        let outcome = await (try client()).permissions()
        #expect(outcome.value?.mayTrade == false && standIn.requests[0].path == "/api/v3/account")
    }

    @Test("what a live key may do is asked of the key's own page")
    func livePermissions() async throws {
        standIn.answer(
            .init(200, #"{"ipRestrict":true,"enableWithdrawals":true,"enableSpotAndMarginTrading":true}"#))
        let environment = BinanceSpotEnvironment(keys: .live, rest: standIn.address, streams: "", webSocket: "")
        let access = try BinanceSpotAccess(SpotExamples.key(.live), at: environment)
        let client = try SpotAccountClient(access, wall: { .epoch }, audit: { _ in })
        let permissions = try #require(await client.permissions().value)
        #expect(standIn.requests[0].path == "/sapi/v1/account/apiRestrictions")
        #expect(permissions.objection(in: .live) != nil && permissions.isBoundToAddresses == true)
    }

    @Test("nothing that is printed of a client or an outcome shows a key")
    func hidden() async throws {
        let client = try client()
        standIn.answer(.init(400, "{\"code\":-2014,\"msg\":\"API-key format invalid.\"}"))
        let outcome = await client.place(SpotExamples.limit())
        var dumped = ""
        dump(client, to: &dumped)
        dump(outcome, to: &dumped)
        for text in ["\(client)", "\(outcome)", dumped] {
            #expect(!text.contains(SpotExamples.secret) && !text.contains(SpotExamples.apiKey))
        }
    }
}
