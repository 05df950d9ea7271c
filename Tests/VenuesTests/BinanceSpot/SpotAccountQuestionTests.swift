import Foundation
import Keys
import LoopbackServer
import Market
import Network
import Testing

@testable import Venues

@Suite("time, questions and what is written down at Binance Spot")
struct SpotAccountQuestionTests {
    private let bench: SpotClientBench

    init() throws { bench = try SpotClientBench() }

    @Test("a request refused for its time is made anew with the right one, once: it was not executed")
    func clock() async throws {
        let client = try bench.client()
        bench.standIn.answer(
            .init(400, "{\"code\":-1021,\"msg\":\"Timestamp for this request is outside of the recvWindow.\"}"),
            .init(200, SpotClientBench.taken))
        try await client.synchronize()
        bench.standIn.change { $0.time = { 1_700_000_090_000 } }
        #expect(bench.words(await client.place(SpotExamples.limit())) == "confirmed")
        #expect(bench.standIn.requests.map { $0.form["timestamp"] } == ["1700000000000", "1700000090000"])
        #expect(Set(bench.standIn.requests.map { $0.form["signature"] }).count == 2)
        #expect(client.clock.reading?.isAlarming == true)
    }

    @Test("a second refusal for the time is the answer")
    func clockTwice() async throws {
        let refusal = LoopbackServer.Reply(400, "{\"code\":-1021,\"msg\":\"no\"}")
        bench.standIn.answer(refusal, refusal, .init(200, SpotClientBench.taken))
        #expect(bench.words(await (try bench.client()).place(SpotExamples.limit())) == "denied clock")
        #expect(bench.standIn.requests.count == 2)
    }

    @Test("an order does not wait for a time that is old: what is known serves, and is asked for meanwhile")
    func oldTime() async throws {
        let client = try bench.client()
        try await client.synchronize()
        bench.time.wait(until: bench.time.now + .seconds(601))
        #expect(client.clock.isDue)
        bench.standIn.answer(.init(200, SpotClientBench.taken))
        #expect(bench.words(await client.place(SpotExamples.limit())) == "confirmed")
        #expect(bench.standIn.requests.first?.form["timestamp"] == "1700000601000")
        for _ in 0..<2_000 where client.clock.isDue { try await Task.sleep(for: .milliseconds(5)) }
        #expect(!client.clock.isDue && bench.standIn.timeCount == 10)
    }

    @Test("a cancel asks for the time once, and passes what holds data back")
    func cancelTime() async throws {
        let client = try bench.client()
        for _ in 0..<3 { _ = await client.permissions() }
        let other = try bench.client()
        let denial = await #expect(throws: VenueDenial.self) { try await other.synchronize() }
        #expect(denial?.reason == .paused)
        let before = bench.standIn.timeCount
        bench.standIn.answer(.init(200, "[]"))
        #expect(bench.words(await other.cancelAll(of: SpotExamples.btc)) == "confirmed")
        #expect(bench.standIn.timeCount == before + 1)
    }

    @Test("without the venue's time nothing is signed and nothing leaves")
    func noTime() async throws {
        bench.standIn.change { $0.timeReplies = Array(repeating: .init(200, "{}"), count: 5) }
        #expect(bench.words(await (try bench.client()).place(SpotExamples.limit())) == "denied unreadable")
        #expect(bench.standIn.requests.isEmpty && bench.log.entries.isEmpty)
    }

    @Test("what changes orders is written down before it leaves, and its outcome after, the key masked, no signature")
    func audited() async throws {
        bench.standIn.answer(.init(200, SpotClientBench.taken), .init(500, ""))
        let client = try bench.client()
        _ = await client.place(SpotExamples.limit())
        _ = await client.cancel(.clientOrderID("my-1"), of: SpotExamples.btc)
        let entries = bench.log.entries
        #expect(entries.map(\.number) == [1, 1, 2, 2] && bench.log.seen == [0, 1, 1, 2])
        #expect(entries[0].phase == .leaving && entries[1].phase == .ended("confirmed"))
        #expect(entries[0].request == "POST /api/v3/order" && entries[0].parameters.contains("newClientOrderId=my-1"))
        #expect(entries[3].description.contains("unknown: HTTP 500") && entries[0].maskedKey == "exam…0001")
        let text = entries.map(\.description).joined() + "\(entries)"
        let signature = try #require(bench.standIn.requests[0].form["signature"])
        for word in [signature, SpotExamples.secret, SpotExamples.apiKey, "signature"] { #expect(!text.contains(word)) }
    }

    @Test("what can't be written down does not leave")
    func notRecorded() async throws {
        bench.log.fill()
        let outcome = await (try bench.client()).place(SpotExamples.limit())
        #expect(bench.words(outcome) == "denied notRecorded" && "\(outcome)".contains("the disk is full"))
        #expect(bench.standIn.requests.isEmpty)
    }

    @Test("a question is asked again, signed anew, until it is answered")
    func questions() async throws {
        bench.standIn.answer(.init(500, ""), .init(200, "garbage"), .init(200, "[\(SpotClientBench.taken)]"))
        let outcome = await (try bench.client()).openOrders(of: SpotExamples.btc)
        #expect(outcome.value?.map(\.id) == [77])
        let requests = bench.standIn.requests
        #expect(requests.count == 3 && requests.allSatisfy { $0.method == "GET" && $0.body == "" })
        #expect(requests.allSatisfy { $0.query["signature"] != nil } && bench.log.entries.isEmpty)
        // A wait of a second or more lies between the last two.
        #expect(requests[2].query["timestamp"] != requests[1].query["timestamp"])
    }

    @Test("a question that stays unanswered is denied, not unknown")
    func failing() async throws {
        #expect(bench.words(await (try bench.client()).account()) == "denied failing")
        #expect(bench.standIn.requests.count == 4)
    }

    @Test("an order that is not there is refused as such, at once")
    func noSuchOrder() async throws {
        bench.standIn.answer(.init(400, "{\"code\":-2013,\"msg\":\"Order does not exist.\"}"))
        #expect(bench.words(await (try bench.client()).order(.id(7), of: SpotExamples.btc)) == "refused noSuchOrder")
        #expect(bench.standIn.requests.count == 1)
    }

    @Test("what a testnet's key may do is asked of the account")
    func permissions() async throws {
        bench.standIn.answer(.init(200, "{\"canTrade\":false}"))
        let outcome = await (try bench.client()).permissions()
        #expect(outcome.value?.mayTrade == false && bench.standIn.requests[0].path == "/api/v3/account")
    }

    @Test("what a live key may do is asked of the key's own page")
    func livePermissions() async throws {
        bench.standIn.answer(
            .init(200, #"{"ipRestrict":true,"enableWithdrawals":true,"enableSpotAndMarginTrading":true}"#))
        let environment = BinanceSpotEnvironment(keys: .live, rest: bench.standIn.address, streams: "", webSocket: "")
        let access = try BinanceSpotAccess(SpotExamples.key(.live), at: environment)
        let client = try SpotAccountClient(access, wall: { .epoch }, audit: SpotAudit { _ in })
        let permissions = try #require(await client.permissions().value)
        #expect(bench.standIn.requests[0].path == "/sapi/v1/account/apiRestrictions")
        #expect(permissions.objection(in: .live) != nil && permissions.isBoundToAddresses == true)
    }

    @Test("nothing that is printed of a client or an outcome shows a key")
    func hidden() async throws {
        let client = try bench.client()
        bench.standIn.answer(.init(400, "{\"code\":-2014,\"msg\":\"API-key format invalid.\"}"))
        let outcome = await client.place(SpotExamples.limit())
        var dumped = ""
        dump(client, to: &dumped)
        dump(outcome, to: &dumped)
        for text in ["\(client)", "\(outcome)", dumped] {
            #expect(!text.contains(SpotExamples.secret) && !text.contains(SpotExamples.apiKey))
        }
    }
}
