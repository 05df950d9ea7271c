import Foundation
import Market
import Network
import StandIn
import Storage
import Synchronization
import Testing
import Venues

@testable import Ingestion

/// A venue on this machine, a market that follows it, and what it tells.
private final class Venue {
    let server: Mutex<StandInServer>
    let store: Store
    let folder: String
    let books = Count()
    private(set) var updates: [LiveUpdate] = []
    private var options: StandInOptions

    static let now: @Sendable () -> Timestamp = {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    }

    init(symbols: [String] = ["BTCUSDT", "ETHUSDT"], _ configure: (inout StandInOptions) -> Void = { _ in }) throws {
        folder = NSTemporaryDirectory() + "wick-live-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        options = StandInOptions(directory: folder)
        options.symbols = symbols
        options.isPlain = true
        options.seed = 7
        configure(&options)
        server = Mutex(try StandInServer(options, clock: Venue.now))
        store = try Store(directory: DataDirectory(path: folder + "/data"))
    }

    deinit {
        server.withLock { $0.stop() }
        try? store.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Ends the server and starts another at the same port.
    func restart(after seconds: Double) async throws {
        let port = server.withLock { server in
            server.stop()
            return server.addresses.port
        }
        try await Task.sleep(for: .seconds(seconds))
        options.port = port
        // Somebody's connection may have the port for a while.
        for attempt in 1... {
            do throws(StandInError) {
                let next = try StandInServer(options, clock: Venue.now)
                return server.withLock { $0 = next }
            } catch {
                if attempt == 100 { throw error }
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    var binance: BinanceSpot {
        get throws {
            let port = server.withLock { $0.addresses.port }
            return try BinanceSpot(at: "http://127.0.0.1:\(port)", streams: "ws://127.0.0.1:\(port)")
        }
    }

    /// A market that follows it.
    func market(historyMinutes: Int = 30, lifetime: Duration? = nil) async throws -> LiveMarket {
        let binance = try binance
        let venue = Watched(venue: binance, connectionLifetime: lifetime ?? binance.connectionLifetime, books: books)
        let instruments = try await LiveMarket.instruments(
            options.symbols, known: [], of: venue, store: store, now: Venue.now
        ).instruments
        await LiveMarket.fetchPast(
            of: instruments, from: venue, into: store, minutes: historyMinutes, patience: .seconds(600), now: Venue.now)
        var live = LiveOptions()
        live.historyMinutes = historyMinutes
        return try LiveMarket(venue, account: "test", instruments, store: store, live, now: Venue.now)
    }

    /// Takes what a market tells until something holds; a minute at most. Without blocking a thread: the market's own tasks
    /// need one.
    func take(_ market: LiveMarket, until condition: ([LiveUpdate]) -> Bool) async -> Bool {
        for _ in 0..<1_200 {
            market.take(into: &updates)
            if condition(updates) { return true }
            try? await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    func forget() { updates = [] }
}

/// How often something happened.
private final class Count: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func add() { count.withLock { $0 += 1 } }
}

/// A venue that is watched, and whose connections may be replaced soon.
private struct Watched: StreamingVenue {
    let venue: BinanceSpot
    let connectionLifetime: Duration
    /// How often it was asked for a book.
    let books: Count

    var name: String { venue.name }
    var server: String { venue.server }
    var pageSize: Int { venue.pageSize }
    var gate: RequestGate { venue.gate }
    func stream(of instruments: [Instrument]) -> MarketStream { venue.stream(of: instruments) }
    func decoder(of instruments: [Instrument]) -> any MarketDecoder { venue.decoder(of: instruments) }
    func listing(
        of symbol: String, pausing: @Sendable (RequestPause) -> Void
    ) async throws(VenueError) -> Listing { try await venue.listing(of: symbol, pausing: pausing) }
    func candles(
        _ query: CandleQuery, of instrument: Instrument, pausing: @Sendable (RequestPause) -> Void
    ) async throws(VenueError) -> CandlePage { try await venue.candles(query, of: instrument, pausing: pausing) }
    func depthSnapshot(
        of instrument: Instrument, pausing: @Sendable (RequestPause) -> Void
    ) async throws(VenueError) -> DepthSnapshot {
        books.add()
        return try await venue.depthSnapshot(of: instrument, pausing: pausing)
    }
    func time(pausing: @Sendable (RequestPause) -> Void) async throws(VenueError) -> Timestamp {
        try await venue.time(pausing: pausing)
    }
    var tradePageSize: Int { venue.tradePageSize }
    func trades(
        from id: UInt64, of instrument: Instrument, pausing: @Sendable (RequestPause) -> Void
    ) async throws(VenueError) -> [TradePrint] {
        try await venue.trades(from: id, of: instrument, pausing: pausing)
    }
}

extension [LiveUpdate] {
    fileprivate var quotes: Int { count { if case .quote = $0 { true } else { false } } }
    fileprivate var prints: [UInt64] { compactMap { if case .print(0, let print, _) = $0 { print.id } else { nil } } }
    /// The numbers of trades that were told late.
    fileprivate var late: [UInt64] {
        flatMap { update -> [UInt64] in if case .late(0, let prints, _) = update { prints.map(\.id) } else { [] } }
    }
    fileprivate func remarks(_ kind: String) -> Int {
        count { if case .remark(kind, _, _) = $0 { true } else { false } }
    }
    fileprivate var links: [LinkState] { compactMap { if case .link(let state) = $0 { state } else { nil } } }
    fileprivate var remarks: [String] { compactMap { if case .remark(_, let text, _) = $0 { text } else { nil } } }
    fileprivate func depths(_ place: Int) -> [BookDepth] {
        compactMap { if case .depth(place, let depth) = $0, !depth.bids.isEmpty { depth } else { nil } }
    }
}

@Suite("A venue's market over the wire", .serialized)
struct LiveMarketTests {
    @Test("trades, best prices and books of every symbol come, and the past is stored without a gap")
    func follows() async throws {
        let venue = try Venue()
        let market = try await venue.market()
        let past = try market.history(0, minutes: 30)
        // Minutes may close while it is fetched, on a busy machine several.
        #expect(past.count >= 20)
        #expect(zip(past, past.dropFirst()).allSatisfy { $0.closeTime(.oneMinute) == $1.openTime })
        market.open {}
        let isFollowed = await venue.take(market) { updates in
            updates.prints.count > 5 && updates.quotes > 5 && !updates.depths(0).isEmpty
                && !updates.depths(1).isEmpty
        }
        #expect(isFollowed)
        #expect(venue.updates.links == [.live])
        #expect(venue.updates.remarks.isEmpty)
        #expect(
            venue.updates.depths(0).allSatisfy { ($0.bids.first?.price ?? .zero) < ($0.asks.first?.price ?? .zero) })
        market.close()
    }

    @Test("a handshake that is refused for too many has requests wait, too")
    func refusedHandshake() async throws {
        let venue = try Venue(symbols: ["BTCUSDT"])
        let market = try await venue.market()
        #expect(market.limits?.pause == nil)
        try venue.server.withLock { try $0.misbehave("error=429 connect:* n=1") }
        market.open {}
        let isTold = await venue.take(market) { !$0.links.isEmpty }
        #expect(isTold)
        #expect(market.limits?.pause == RequestPause.Reason.tooMuchAsked.description)
        market.close()
    }

    @Test("a market that stores nothing keeps what the venue wants where it is told to", arguments: [true, false])
    func pauses(_ isApart: Bool) async throws {
        let venue = try Venue(symbols: ["BTCUSDT"])
        let (binance, minutes) = (try venue.binance, try Store.inMemory())
        let instruments = try await LiveMarket.instruments(
            ["BTCUSDT"], known: [], of: binance, store: venue.store, now: Venue.now
        ).instruments
        let market = try LiveMarket(
            binance, account: "test", instruments, store: minutes, pauses: isApart ? venue.store : nil, now: Venue.now)
        binance.gate.refused(RequestPause(reason: .banned, until: .now + .seconds(600)))
        let kept = try KeptPause.read(isApart ? venue.store : minutes, binance.server, at: Venue.now())
        #expect(kept?.reason == .banned)
        #expect(try KeptPause.read(isApart ? minutes : venue.store, binance.server, at: Venue.now()) == nil)
        market.close()
    }

    @Test("a server that comes back is found, and the book is whole again")
    func comesBack() async throws {
        let venue = try Venue(symbols: ["BTCUSDT"])
        let market = try await venue.market()
        market.open {}
        let isShown = await venue.take(market) { !$0.depths(0).isEmpty }
        #expect(isShown)
        try await venue.restart(after: 0.5)
        let isLost = await venue.take(market) { $0.links.contains { if case .lost = $0 { true } else { false } } }
        #expect(isLost)
        venue.forget()
        let isBack = await venue.take(market) { $0.links.last == .live && !$0.depths(0).isEmpty && $0.prints.count > 2 }
        #expect(isBack)
        market.close()
    }

    @Test("a change of the book that is lost on the way has the book asked for anew")
    func gap() async throws {
        let venue = try Venue(symbols: ["BTCUSDT"])
        let market = try await venue.market()
        market.open {}
        // Behind the snapshot: a change that is in it already is not missed.
        let isShown = await venue.take(market) { $0.depths(0).count >= 5 }
        #expect(isShown)
        #expect(venue.books.value == 1)
        try venue.server.withLock { try $0.misbehave("gap stream:btcusdt@depth@100ms n=1") }
        try await Task.sleep(for: .seconds(1))
        venue.forget()
        let isBack = await venue.take(market) { $0.depths(0).count >= 1 && $0.quotes > 0 && venue.books.value >= 2 }
        #expect(
            isBack,
            "\(venue.books.value) books, \(venue.updates.depths(0).count) shown, \(venue.updates.quotes) quotes, \(venue.updates.links), \(venue.updates.remarks)"
        )
        // The venue's own best prices agree with the book, or it would be stale again at once.
        #expect(venue.updates.depths(0).last.map { !$0.bids.isEmpty && !$0.asks.isEmpty } == true)
        market.close()
    }

    @Test("trades that are lost on the way are fetched, each told once")
    func lostTrades() async throws {
        let venue = try Venue(symbols: ["BTCUSDT"])
        let market = try await venue.market()
        market.open {}
        let isHeard = await venue.take(market) { $0.prints.count > 2 }
        #expect(isHeard)
        try venue.server.withLock { try $0.misbehave("drop stream:btcusdt@trade n=4") }
        let isFetched = await venue.take(market) { $0.remarks("trades-fetched") > 0 && $0.late.count == 4 }
        #expect(isFetched, "\(venue.updates.late) \(venue.updates.remarks)")
        let told = (venue.updates.prints + venue.updates.late).sorted()
        #expect(told == Array(told[0]...told[0] + UInt64(told.count) - 1))
        #expect(venue.updates.links == [.live] && venue.updates.remarks.count == 1)
        market.close()
        // The log knows of it when the market has closed.
        let gap = try #require(try venue.store.tradeGaps().first)
        #expect(try venue.store.tradeGaps().count == 1)
        #expect(gap.state == .filled && gap.count == 4 && gap.missing == 0)
        #expect(Array(gap.firstTrade...gap.lastTrade) == venue.updates.late)
        #expect(gap.from <= gap.to && gap.endedAt.map { $0 >= gap.foundAt } == true)
    }

    @Test("trades that happen while the connection is cut are fetched once it is back, also when an answer is lost")
    func cutConnection() async throws {
        let venue = try Venue(symbols: ["BTCUSDT"])
        let market = try await venue.market()
        market.open {}
        let isHeard = await venue.take(market) { $0.prints.count > 2 }
        #expect(isHeard)
        try venue.server.withLock {
            try $0.misbehave(
                "disconnect stream:btcusdt@trade n=1; drop connect:* n=3; drop-after rest:GET:/api/v3/historicalTrades n=1"
            )
        }
        let isFetched = await venue.take(market) { $0.remarks("trades-fetched") > 0 }
        #expect(isFetched, "\(venue.updates.links) \(venue.updates.remarks)")
        #expect(venue.updates.links.contains { if case .lost = $0 { true } else { false } })
        #expect(!venue.updates.late.isEmpty)
        let told = (venue.updates.prints + venue.updates.late).sorted()
        #expect(told == Array(told[0]...told[0] + UInt64(told.count) - 1))
        #expect(venue.updates.remarks("trade-gap") == 0)
        market.close()
    }

    @Test("a connection whose time is over is replaced without a trade missed or told twice")
    func rotation() async throws {
        let venue = try Venue(symbols: ["BTCUSDT"])
        let market = try await venue.market(lifetime: .seconds(2))
        market.open {}
        let hasBegun = await venue.take(market) { $0.prints.count > 1 }
        #expect(hasBegun)
        let began = ContinuousClock.now
        let hasGoneOn = await venue.take(market) { $0.prints.count > 20 && ContinuousClock.now - began > .seconds(7) }
        #expect(hasGoneOn)
        let prints = venue.updates.prints
        #expect(prints == Array(prints[0]...prints[0] + UInt64(prints.count) - 1))
        #expect(venue.updates.links == [.live])
        market.close()
    }

    @Test("a machine whose clock is far from the venue's is told of once")
    func clock() async throws {
        let venue = try Venue(symbols: ["BTCUSDT"])
        try venue.server.withLock { try $0.misbehave("skew=-10000") }
        let market = try await venue.market()
        market.open {}
        let isTold = await venue.take(market) { $0.remarks("venue-clock") == 1 && $0.quotes > 0 }
        #expect(isTold)
        #expect(venue.updates.remarks.first?.contains("behind this machine's; set the clock (NTP)") == true)
        market.close()
    }

    @Test("a closed market says nothing more, and its connections end")
    func closes() async throws {
        let venue = try Venue(symbols: ["BTCUSDT"])
        let market = try await venue.market()
        market.open {}
        let isHeard = await venue.take(market) { $0.quotes > 0 }
        #expect(isHeard)
        market.close()
        try await Task.sleep(for: .milliseconds(500))
        var rest: [LiveUpdate] = []
        market.take(into: &rest)
        rest = []
        try await Task.sleep(for: .milliseconds(500))
        market.take(into: &rest)
        #expect(rest.quotes == 0)
    }
}
