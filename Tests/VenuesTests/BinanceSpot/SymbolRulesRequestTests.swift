import LoopbackServer
import Market
import Network
import Testing

@testable import Venues

@Suite("asking for the rules of orders")
struct SymbolRulesRequestTests {
    private let standIn: PrivateStandIn
    private let venue: BinanceSpot

    init() throws {
        standIn = try PrivateStandIn()
        let time = VirtualTime()
        venue = try BinanceSpot(
            at: standIn.address, time: NetworkTime(now: { time.now }, wait: { time.wait(until: $0) }))
    }

    private func asked() async throws(VenueError) -> Price {
        try await venue.referencePrice(of: SpotExamples.btc) { _ in }
    }

    @Test("the rules of several symbols are asked for at once")
    func rules() async throws {
        standIn.answer(.init(200, String(decoding: RuleExamples.info(), as: UTF8.self)))
        let rules = try await venue.rules(of: ["BTCUSDT", "ETHUSDT"]) { _ in }
        #expect(rules.keys.sorted() == ["BTCUSDT"])
        #expect(standIn.requests.map { $0.query["symbols"] } == [#"["BTCUSDT","ETHUSDT"]"#])
    }

    @Test("rules that are not understood are not asked for again")
    func unreadable() async throws {
        let text = String(decoding: RuleExamples.info(), as: UTF8.self).replacingOccurrences("\"0.01000000\"", "\"x\"")
        standIn.answer(.init(200, text))
        let error = await #expect(throws: VenueError.self) { try await venue.rules(of: ["BTCUSDT"]) { _ in } }
        #expect(error?.kind == .malformed && standIn.requests.count == 1)
    }

    @Test("the venue's reference price comes first")
    func reference() async throws {
        standIn.answer(.init(200, #"{"symbol":"BTCUSDT","referencePrice":"35000.10","timestamp":1700000000000}"#))
        #expect(try await asked() == SpotExamples.price("35000.1"))
        #expect(standIn.requests.map(\.path) == ["/api/v3/referencePrice"])
    }

    @Test(
        "where there is none the average takes its place",
        arguments: [
            (200, #"{"symbol":"BTCUSDT","referencePrice":null,"timestamp":1}"#),
            (400, #"{"code":-2043,"msg":"This symbol doesn't have a reference price."}"#), (404, ""),
        ])
    func average(_ status: Int, _ body: String) async throws {
        standIn.answer(.init(status, body), .init(200, #"{"mins":5,"price":"34999.5","closeTime":1}"#))
        #expect(try await asked() == SpotExamples.price("34999.5"))
        #expect(standIn.requests.map(\.path) == ["/api/v3/referencePrice", "/api/v3/avgPrice"])
    }

    @Test("a symbol that is not there is told as such, without asking for its average")
    func unknown() async {
        standIn.answer(.init(400, #"{"code":-1121,"msg":"Invalid symbol."}"#))
        let error = await #expect(throws: VenueError.self) { try await asked() }
        #expect(error?.kind == .unknownSymbol && standIn.requests.count == 1)
    }
}
