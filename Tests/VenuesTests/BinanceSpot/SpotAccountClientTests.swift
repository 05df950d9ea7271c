import Foundation
import Keys
import LoopbackServer
import Market
import Network
import Testing

@testable import Venues

@Suite("what changes orders at Binance Spot")
struct SpotAccountClientTests {
    private let bench: SpotClientBench

    init() throws { bench = try SpotClientBench() }

    @Test("an order is placed: signed, with the venue's time, the key in a header field, its answer read")
    func place() async throws {
        bench.standIn.answer(.init(200, SpotClientBench.taken))
        let outcome = await (try bench.client()).place(SpotExamples.limit())
        #expect(outcome.value?.id == 77 && outcome.value?.order?.status == .new)
        let request = try #require(bench.standIn.requests.first)
        #expect(request.method == "POST" && request.path == "/api/v3/order" && request.queryText == "")
        #expect(request.headers["x-mbx-apikey"] == SpotExamples.apiKey)
        #expect(request.form["timestamp"] == "1700000000000" && request.form["recvWindow"] == "5000")
        let signed = request.body.components(separatedBy: "&signature=")
        let key = try SigningKey(.hmac, Secret(text: SpotExamples.secret), name: "main")
        #expect(try signed.count == 2 && key.signatureText(of: signed[0]) == signed[1])
    }

    @Test("an Ed25519 key signs, its signature percent-encoded")
    func ed25519() async throws {
        bench.standIn.answer(.init(200, SpotClientBench.taken))
        _ = await (try bench.client(.ed25519)).place(SpotExamples.limit())
        let request = try #require(bench.standIn.requests.first)
        let signed = request.body.components(separatedBy: "&signature=")
        let key = try SigningKey(.ed25519, Secret(text: SpotExamples.privateKey), name: "main")
        #expect(try request.form["signature"] == key.signatureText(of: signed[0]))
        #expect(!signed[1].contains("=") && signed[1].hasSuffix("%3D%3D"))
    }

    @Test("an order that brings trouble is sent once, whatever the trouble, and is unknown")
    func once() async throws {
        let client = try bench.client()
        for manner in [LoopbackServer.Manner.dropped, .truncated, .silent, .stalled] {
            var reply = LoopbackServer.Reply(200, SpotClientBench.taken)
            reply.manner = manner
            bench.standIn.answer(reply)
            let before = bench.standIn.requests.count
            #expect(bench.words(await client.place(SpotExamples.limit())) == "unknown", "\(manner)")
            #expect(bench.standIn.requests.count == before + 1, "\(manner)")
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
        bench.standIn.answer(.init(status, body, ["Retry-After": "7"]))
        #expect(bench.words(await (try bench.client()).place(SpotExamples.limit())) == expected)
        #expect(bench.standIn.requests.count == 1)
    }

    @Test("how long the venue wants to be left alone is told, and kept by everything that follows, cancels too")
    func pause() async throws {
        let client = try bench.client()
        bench.standIn.answer(.init(429, "{\"code\":-1003,\"msg\":\"Too much\"}", ["Retry-After": "70"]))
        let outcome = await client.place(SpotExamples.limit())
        guard case .denied(let denial) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(denial.retryAfter == .seconds(70))
        #expect(bench.words(await client.place(SpotExamples.limit())) == "denied paused")
        #expect(bench.words(await client.cancel(.id(7), of: SpotExamples.btc)) == "denied paused")
        #expect(bench.standIn.requests.count == 1)
    }

    @Test("without a way to the venue an order was never sent, and that is certain")
    func unreachable() async throws {
        let client = try bench.client()
        try await client.synchronize()
        bench.standIn.stop()
        #expect(bench.words(await client.place(SpotExamples.limit())) == "denied unreachable")
    }

    @Test("both halves of a replacement are told, whatever the status")
    func replacement() async throws {
        let half =
            "\"cancelResult\":\"SUCCESS\",\"newOrderResult\":\"FAILURE\",\"cancelResponse\":\(SpotClientBench.taken)"
        bench.standIn.answer(
            .init(
                409,
                "{\"code\":-2021,\"msg\":\"\",\"data\":{\(half),\"newOrderResponse\":{\"code\":-2010,\"msg\":\"Account has insufficient balance\"}}}"
            ), .init(409, "{\"code\":-2021,\"msg\":\"\"}"), .init(400, "{\"code\":-1013,\"msg\":\"Filter failure\"}"))
        let client = try bench.client()
        let first = await client.replace(.id(7), by: SpotExamples.limit())
        guard case .tried(.refused(let refusal))? = first.value?.placed else {
            Issue.record("\(first)")
            return
        }
        #expect(refusal.reason == .insufficientBalance)
        #expect(bench.words(await client.replace(.id(7), by: SpotExamples.limit())) == "unknown")
        #expect(bench.words(await client.replace(.id(7), by: SpotExamples.limit())) == "refused filter")
    }

    @Test("a cancel passes an open circuit, an order does not")
    func circuit() async throws {
        let client = try bench.client()
        for _ in 0..<5 { _ = await client.place(SpotExamples.limit()) }
        #expect(bench.words(await client.place(SpotExamples.limit())) == "denied paused")
        bench.standIn.answer(.init(200, "[]"))
        #expect(bench.words(await client.cancelAll(of: SpotExamples.btc)) == "confirmed")
    }

    @Test("a task that was cancelled before its order left sends nothing")
    func cancelled() async throws {
        let client = try bench.client()
        try await client.synchronize()
        let task = Task { () -> RequestOutcome<SpotReceipt> in
            withUnsafeCurrentTask { $0?.cancel() }
            return await client.place(SpotExamples.limit())
        }
        let outcome = bench.words(await task.value)
        // Handed over already, the venue may have it; otherwise it never left.
        #expect(
            bench.standIn.requests.isEmpty
                ? outcome == "unknown" || outcome == "denied cancelled" : outcome != "denied cancelled")
    }
}
