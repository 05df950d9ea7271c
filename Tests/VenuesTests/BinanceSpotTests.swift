import LoopbackServer
import Market
import Network
import Synchronization
import Testing

@testable import Venues

@Suite("Binance Spot")
struct BinanceSpotTests {
    private static let begins: Int64 = 1_700_000_040_000
    private let standIn: BinanceStandIn
    private let venue: BinanceSpot
    private let time = VirtualTime()
    private let instrument: Instrument

    init() throws {
        standIn = try BinanceStandIn(
            .init([StandInCandles("BTCUSDT", begins: Self.begins)], time: Self.begins + 100 * 60_000 + 30_000),
            now: { [time] in time.now })
        var options = HTTPOptions()
        options.silenceTimeout = .seconds(1)
        options.largestBody = 1 << 20
        venue = try BinanceSpot(
            at: standIn.address + "/", options,
            time: NetworkTime(now: { [time] in time.now }, wait: { [time] in time.wait(until: $0) }))
        instrument = KlineScannerTests.instrument
    }

    private func query(_ from: Int, _ to: Int?) -> CandleQuery {
        func time(_ minute: Int) -> Timestamp { Timestamp(milliseconds: Self.begins + Int64(minute) * 60_000) }
        return CandleQuery(.oneMinute, from: time(from), to: to.map(time), limit: 1_000)
    }

    private func candles(_ from: Int, _ to: Int?) async throws(VenueError) -> CandlePage {
        try await venue.candles(query(from, to), of: instrument) { _ in }
    }

    @Test("a listing says what the symbol is, its rules and the venue's time")
    func listing() async throws {
        let listing = try await venue.listing(of: "BTCUSDT") { _ in }
        #expect(listing.base.code == "BTC" && listing.quote == .usdt)
        #expect(listing.serverTime == Timestamp(milliseconds: Self.begins + 6_030_000))
        #expect(try listing.instrument(priceScale: 8, quantityScale: 8).rules.tick.mantissa == 1_000_000)
    }

    @Test("a page holds the candles of its span, the end excluded")
    func page() async throws {
        let page = try await candles(10, 20)
        #expect(page.candles.map(\.openTime.milliseconds) == (10..<20).map { Self.begins + $0 * 60_000 })
        let texts = StandInCandles("BTCUSDT", begins: Self.begins).texts(Self.begins + 600_000, length: 60_000)
        let first = try #require(page.candles.first)
        #expect(
            [first.open, first.high, first.low, first.close] == (try texts[0...3].map { try instrument.price($0) }))
        #expect(first.volume == (try instrument.quantity(texts[4])))
    }

    @Test("elements and fields that nobody knows change nothing")
    func rich() async throws {
        let plain = try await candles(0, 50)
        standIn.change { $0.isRich = true }
        #expect(try await candles(0, 50) == plain)
        #expect(try await venue.listing(of: "BTCUSDT") { _ in }.symbol == "BTCUSDT")
    }

    @Test("a symbol that the venue does not have is named, and not asked for again")
    func unknown() async throws {
        let error = await #expect(throws: VenueError.self) { try await venue.listing(of: "NOPEUSDT") { _ in } }
        #expect(error?.kind == .unknownSymbol && error?.exitCode == 66)
        #expect(error?.description.contains("BINANCE:NOPEUSDT") == true)
        #expect(error?.description.contains("Invalid symbol. (code -1121)") == true)
        #expect(standIn.log.count == 1)
    }

    @Test(
        "every trouble of the network and the server is overcome when it passes",
        arguments: [
            BinanceStandIn.Fault.status(500, "oops"), .status(503, "{\"code\":-1008,\"msg\":\"Server is busy\"}"),
            .garbage("<html>"), .garbage("[[1,2]]"), .garbage("[]]"), .manner(.truncated), .manner(.dropped),
            .manner(.silent), .manner(.stalled), .manner(.damagedPacking), .tooManyRequests(retryAfter: 7),
            .banned(retryAfter: 130),
        ])
    func passing(_ fault: BinanceStandIn.Fault) async throws {
        standIn.misbehave("/klines", fault)
        #expect(try await candles(0, 50).candles.count == 50)
        #expect(standIn.violations == 0)
    }

    @Test(
        "trouble that stays ends with what it is",
        arguments: [
            (BinanceStandIn.Fault.status(500, "oops"), VenueError.Kind.unreachable, "HTTP 500"),
            (.garbage("<html>"), .malformed, "<html>"), (.manner(.truncated), .unreachable, "broke off"),
            (.manner(.dropped), .unreachable, "broke off"),
        ])
    func lasting(_ fault: BinanceStandIn.Fault, _ kind: VenueError.Kind, _ words: String) async {
        for _ in 0..<8 { standIn.misbehave("/klines", fault) }
        let error = await #expect(throws: VenueError.self) { try await candles(0, 50) }
        #expect(error?.kind == kind)
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }

    @Test(
        "what is refused says what the venue says and what to do",
        arguments: [
            (403, "<html>WAF</html>", VenueError.Kind.notServed, "data-api.binance.vision"),
            (
                451, "{\"code\":0,\"msg\":\"Service unavailable from a restricted location\"}", .notServed,
                "restricted location"
            ),
            (404, "", .notServed, "rest-url"), (301, "", .notServed, "not followed"),
            (400, "{\"code\":-1130,\"msg\":\"Data sent is not valid.\"}", .refused, "code -1130"),
            (401, "?", .refused, "HTTP 401"),
        ])
    func refusals(_ status: Int, _ body: String, _ kind: VenueError.Kind, _ words: String) async {
        standIn.misbehave("/klines", .status(status, body))
        let error = await #expect(throws: VenueError.self) { try await candles(0, 50) }
        #expect(error?.kind == kind)
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
        #expect(standIn.log.count == 1)
    }

    @Test("what is turned away before the venue is not asked for again for a while; what the venue itself refuses is")
    func turnedAway() async throws {
        standIn.misbehave("/klines", .status(403, "{\"code\":-1002,\"msg\":\"You are not authorized.\"}"))
        _ = await #expect(throws: VenueError.self) { try await candles(0, 50) }
        #expect(venue.gate.pause(.data, at: time.now) == nil)
        standIn.misbehave("/klines", .status(403, "<html>WAF</html>"))
        _ = await #expect(throws: VenueError.self) { try await candles(0, 50) }
        let pause = venue.gate.pause(.data, at: time.now)
        #expect(pause?.reason == .turnedAway)
        #expect(venue.gate.pause(.question, at: time.now) == nil)
    }

    @Test("an answer beyond all size is not taken")
    func huge() async {
        standIn.misbehave("/klines", .huge(2 << 20))
        let error = await #expect(throws: VenueError.self) { try await candles(0, 50) }
        #expect(error?.description.contains("larger than allowed") == true)
    }

    @Test("the limit that the venue says is never passed, however much is asked for")
    func limit() async throws {
        standIn.change { $0.weightPerMinute = 100 }
        _ = try await venue.listing(of: "BTCUSDT") { _ in }
        let told = Mutex<Set<RequestPause.Reason>>([])
        for _ in 0..<200 {
            _ = try await venue.candles(query(0, 1), of: instrument) { pause in
                told.withLock { _ = $0.insert(pause.reason) }
            }
        }
        #expect(standIn.refusals == 0 && standIn.violations == 0)
        #expect(told.withLock { $0 } == [.limitUsedUp])
        // Seventy of a hundred a minute, of which the listing took twenty once.
        let minutes = time.waits.reduce(Duration.zero, +) / .seconds(60)
        #expect(minutes > 4.9 && minutes < 8)
    }
}
