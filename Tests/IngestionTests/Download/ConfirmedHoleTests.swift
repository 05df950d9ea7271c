import LoopbackServer
import Market
import Network
import Storage
import Synchronization
import Testing
import Venues

@testable import Ingestion

/// A venue whose answers lack something the first times that they are asked for.
private final class LaggingVenue: HistoricalVenue {
    private let venue: BinanceSpot
    private let lacks: @Sendable (CandleQuery, Int) -> Range<Timestamp>?
    private let asked = Mutex<[CandleQuery]>([])

    /// - Parameter lacks: what the answer to a query lacks, which is asked for as many times as the number says.
    init(at address: String, lacks: @escaping @Sendable (CandleQuery, Int) -> Range<Timestamp>?) throws {
        venue = try BinanceSpot(at: address)
        self.lacks = lacks
    }

    var queries: [CandleQuery] { asked.withLock { $0 } }
    var name: String { venue.name }
    var server: String { venue.server }
    var pageSize: Int { venue.pageSize }
    var gate: RequestGate { venue.gate }

    func listing(of symbol: String, pausing: @Sendable (RequestPause) -> Void) async throws(VenueError) -> Listing {
        try await venue.listing(of: symbol, pausing: pausing)
    }

    func candles(
        _ query: CandleQuery, of instrument: Instrument, pausing: @Sendable (RequestPause) -> Void
    ) async throws(VenueError) -> CandlePage {
        let count = asked.withLock { asked in
            asked.append(query)
            return asked.count { $0.from == query.from && $0.to == query.to }
        }
        var page = try await venue.candles(query, of: instrument, pausing: pausing)
        if let span = lacks(query, count) { page.candles.removeAll { span.contains($0.openTime) } }
        return page
    }
}

@Suite("Holes that a venue confirms")
struct ConfirmedHoleTests {
    private let store: Store
    private let standIn: BinanceStandIn

    init() throws {
        store = try Store.inMemory()
        standIn = try BinanceStandIn(
            .init([StandInCandles("BTCUSDT", begins: Sample.start)], time: Sample.start + 2_000 * 60_000 + 30_000))
    }

    private func download(_ venue: LaggingVenue, from: Int = 0) async throws -> DownloadSummary {
        let options = DownloadOptions(
            symbols: ["BTCUSDT"], timeframe: .oneMinute, from: Sample.time(from), to: Sample.time(2_000))
        let download = CandleDownload(from: venue, into: store, options) { Sample.now }
        return try #require(await download.run().first)
    }

    @Test("an answer that is short once leaves no hole: what it lacked is asked for again")
    func short() async throws {
        let venue = try LaggingVenue(at: standIn.address) { query, count in
            query.limit > 1 && count == 1 && query.from == Sample.time(0) ? Sample.time(900)..<Sample.time(2_000) : nil
        }
        let summary = try await download(venue)
        #expect((summary.taken, summary.missing) == (2_000, 0))
        #expect(summary.isConfirmed && summary.failure == nil)
    }

    @Test("a hole that is there both times is the venue's")
    func confirmed() async throws {
        let hole = Sample.time(100)..<Sample.time(110)
        let venue = try LaggingVenue(at: standIn.address) { _, _ in hole }
        let summary = try await download(venue)
        #expect(summary.gaps == [Gap(from: hole.lowerBound, to: hole.upperBound)] && summary.isConfirmed)
        #expect(venue.queries.last.map { $0.from == hole.lowerBound && $0.to == hole.upperBound } == true)
    }

    @Test("a hole that could not be asked for again is not confirmed")
    func unconfirmed() async throws {
        let standIn = standIn
        let venue = try LaggingVenue(at: standIn.address) { query, _ in
            guard query.limit > 1, query.from == Sample.time(1_000) else { return nil }
            // What is asked for behind this page is refused.
            standIn.misbehave("/klines", .status(400, "{\"code\":-1130,\"msg\":\"Data sent is not valid.\"}"))
            return Sample.time(1_200)..<Sample.time(1_500)
        }
        let summary = try await download(venue)
        #expect(summary.failure != nil && !summary.isConfirmed && summary.missing >= 300)
    }

    @Test("an empty first answer is asked for again", arguments: [1, 2])
    func empty(_ times: Int) async throws {
        let venue = try LaggingVenue(at: standIn.address) { query, count in
            query.limit == 1 && count <= times ? Sample.time(-10)..<Sample.time(3_000) : nil
        }
        let summary = try await download(venue, from: -5)
        #expect(summary.taken == (times == 1 ? 2_000 : 0))
    }

    @Test("an empty first answer is not believed where candles are stored")
    func contradicted() async throws {
        let whole = try LaggingVenue(at: standIn.address) { _, _ in nil }
        _ = try await download(whole, from: 500)
        let venue = try LaggingVenue(at: standIn.address) { query, _ in
            query.limit == 1 ? Sample.time(-10)..<Sample.time(3_000) : nil
        }
        let summary = try await download(venue)
        #expect((summary.taken, summary.unchanged, summary.missing) == (500, 1_500, 0))
    }
}
