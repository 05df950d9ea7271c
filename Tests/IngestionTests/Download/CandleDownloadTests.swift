import LoopbackServer
import Market
import Network
import Storage
import Testing
import Venues

@testable import Ingestion

@Suite("downloading candles")
struct CandleDownloadTests {
    private static let begins = Sample.start
    private let store: Store
    private let standIn: BinanceStandIn

    init() throws {
        store = try Store.inMemory()
        standIn = try Self.standIn()
    }

    /// A venue that has 5,000 minutes of two symbols and runs in the middle of the one after them.
    private static func standIn(_ symbols: [String] = ["BTCUSDT", "ETHUSDT"]) throws -> BinanceStandIn {
        try BinanceStandIn(
            .init(symbols.map { StandInCandles($0, begins: begins) }, time: begins + 5_000 * 60_000 + 30_000))
    }

    private func download(
        _ symbols: [String] = ["BTCUSDT"], _ from: Int = 0, _ to: Int? = nil, timeframe: Timeframe = .oneMinute
    ) async throws -> [DownloadSummary] {
        var attempts = BinanceSpot.Attempts()
        attempts.page = 2
        let venue = try BinanceSpot(at: standIn.address, attempts: attempts)
        let options = DownloadOptions(
            symbols: symbols, timeframe: timeframe, from: Sample.time(from), to: to.map(Sample.time))
        let download = CandleDownload(from: venue, into: store, options) { Sample.now }
        return await download.run()
    }

    private func stored(_ symbol: String = "BTCUSDT") throws -> [Candle] {
        try store.candles(venue: "binance", symbol: symbol, .oneMinute).candles
    }

    @Test("everything up to the last closed candle is stored, as the venue has it")
    func whole() async throws {
        let summary = try #require(try await download().first)
        #expect(summary.failure == nil && summary.gaps.isEmpty && summary.refused == 0)
        #expect((summary.taken, summary.stored, summary.unchanged) == (5_000, 5_000, 0))
        #expect(summary.to == Sample.time(5_000))
        let candles = try stored()
        #expect(candles.count == 5_000)
        let instrument = try #require(try store.instrument(venue: "binance", symbol: "btcusdt"))
        let source = StandInCandles("BTCUSDT", begins: Self.begins)
        for candle in candles {
            let texts = source.texts(candle.openTime.milliseconds, length: 60_000)
            let expected = try Candle(
                openTime: candle.openTime, open: instrument.price(texts[0]), high: instrument.price(texts[1]),
                low: instrument.price(texts[2]), close: instrument.price(texts[3]),
                volume: instrument.quantity(texts[4]))
            #expect(candle == expected)
        }
        #expect(summary.zeroVolume == candles.count { $0.volume.isZero })
        #expect(instrument.rules.tick.mantissa == 1_000_000 && instrument.rules.minimumNotional == 500_000_000)
    }

    @Test("the candle that runs, and one that closed a moment ago, are left for later")
    func closed() async throws {
        for (milliseconds, count) in [(59_999, 10), (60_000, 10), (64_999, 10), (65_000, 11)] {
            standIn.change { $0.time = Self.begins + 10 * 60_000 + Int64(milliseconds) }
            _ = try await download()
            #expect(try stored().count == count, "\(milliseconds)")
        }
    }

    @Test("several symbols come side by side, in turn")
    func several() async throws {
        let summaries = try await download(["BTCUSDT", "ETHUSDT"])
        #expect(summaries.map(\.symbol) == ["BINANCE:BTCUSDT", "BINANCE:ETHUSDT"])
        #expect(summaries.allSatisfy { $0.stored == 5_000 && $0.failure == nil })
        let symbols = standIn.pages.filter { $0.to != nil }.map(\.symbol)
        #expect(Set(symbols.prefix(4)).count == 2)
        #expect(try stored("BTCUSDT").map(\.open) != stored("ETHUSDT").map(\.open))
    }

    @Test("what is stored is not fetched again: a second download asks for nothing, a third for what is new")
    func resumption() async throws {
        _ = try await download(["BTCUSDT"], 0, 3_000)
        let before = standIn.pages.count
        let again = try #require(try await download(["BTCUSDT"], 0, 3_000).first)
        #expect((again.taken, again.unchanged, again.stored) == (0, 3_000, 3_000))
        #expect(standIn.pages.count == before)
        _ = try await download()
        let pages = standIn.pages.dropFirst(before)
        #expect(pages.map(\.from).min() == Self.begins + 3_000 * 60_000)
        #expect(pages.count == 2)
        #expect(try stored().count == 5_000)
    }

    @Test("gaps are filled, and only they are asked for")
    func gaps() async throws {
        let hole = [100..<250, 2_000..<3_700]
        standIn.change { options in
            options.symbols[0].outages = hole.map { minutes in
                Self.begins + Int64(minutes.lowerBound) * 60_000..<Self.begins + Int64(minutes.upperBound) * 60_000
            }
        }
        let first = try #require(try await download().first)
        #expect(first.missing == 1_850 && first.failure == nil)
        #expect(first.gaps == hole.map { Gap(from: Sample.time($0.lowerBound), to: Sample.time($0.upperBound)) })
        standIn.change { $0.symbols[0].outages = [] }
        let before = standIn.pages.count
        let second = try #require(try await download().first)
        #expect((second.taken, second.unchanged, second.missing) == (1_850, 3_150, 0))
        let pages = standIn.pages.dropFirst(before).sorted { $0.from < $1.from }
        #expect(
            pages.map { $0.from } == [100, 2_000, 3_000].map { Self.begins + $0 * 60_000 })
        #expect(try stored().count == 5_000)
    }

    @Test("a symbol that began later than asked is fetched from there, by one question")
    func beginning() async throws {
        let summary = try #require(try await download(["BTCUSDT"], -500_000).first)
        #expect(summary.begins == Sample.time(0))
        #expect((summary.stored, summary.missing) == (5_000, 0))
        #expect(standIn.pages.count == 6)
        let again = try #require(try await download(["BTCUSDT"], -500_000).first)
        #expect((again.taken, again.unchanged, again.missing) == (0, 5_000, 0))
    }

    @Test("a span before the symbol began, or in the future, is empty and no error")
    func empty() async throws {
        for (from, to) in [(-100, -50), (6_000, 7_000)] {
            let summary = try #require(try await download(["BTCUSDT"], from, to).first)
            #expect((summary.taken, summary.stored, summary.missing) == (0, 0, 0))
            #expect(summary.failure == nil)
        }
    }

    @Test("other timeframes are fetched as such", arguments: ["5m", "1h", "1d"])
    func timeframes(_ name: String) async throws {
        let timeframe = try #require(Timeframe(name))
        let summary = try #require(try await download(timeframe: timeframe).first)
        #expect(summary.failure == nil && summary.stored == 5_000 * 60 / Int(timeframe.seconds))
    }

    @Test("decimals of what is stored already stay")
    func scales() async throws {
        let stored = Instrument(
            venue: "BINANCE", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt, priceScale: 4, quantityScale: 6,
            rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))
        _ = try store.declare([stored])
        let summary = try #require(try await download(["BTCUSDT"], 0, 100).first)
        #expect(summary.taken == 100)
        let instrument = try #require(try store.instrument(venue: "BINANCE", symbol: "BTCUSDT"))
        #expect((instrument.priceScale, instrument.quantityScale) == (4, 6))
        #expect(instrument.rules.tick.mantissa == 100 && instrument.rules.quantityStep.mantissa == 10)
    }

    @Test("rows that are no candles are refused with their reason, counted, and missing; the others are taken")
    func refusals() async throws {
        standIn.change { options in
            let open = Self.begins + 7 * 60_000
            options.symbols[0].replaced[open] = "[\(open),\"x\",\"1\",\"1\",\"1\",\"1\",\(open + 59_999)]"
            let other = Self.begins + 9 * 60_000
            options.symbols[0].replaced[other] = "[\(other),\"1\",\"1\",\"1\",\"1\",\"90000000\",\(other + 59_999)]"
        }
        let summary = try #require(try await download(["BTCUSDT"], 0, 50).first)
        #expect(summary.failure == nil && summary.taken == 48 && summary.refused == 2)
        #expect(summary.refusals.map(\.kind) == [.number, .number])
        #expect(summary.refusals[1].text.contains("volume does not fit"))
        #expect(summary.gaps.map(\.from) == [Sample.time(7), Sample.time(9)])
    }

    @Test("a symbol that is none does not keep the others out")
    func unknownSymbol() async throws {
        let summaries = try await download(["NOPE", "BTCUSDT"])
        #expect((summaries[0].failure as? VenueError)?.kind == .unknownSymbol)
        #expect(!summaries[0].isKnown)
        #expect(summaries[1].failure == nil && summaries[1].stored == 5_000)
    }

    @Test("answers that stay damaged fail their symbol; what was fetched before is stored")
    func damaged() async throws {
        standIn.change { options in
            options.symbols[0].replaced[Self.begins + 4_500 * 60_000] = "[null]"
        }
        let summaries = try await download(["BTCUSDT", "ETHUSDT"])
        #expect((summaries[0].failure as? VenueError)?.kind == .malformed)
        #expect(summaries[0].stored == 4_000 && summaries[0].missing == 1_000)
        #expect(summaries[1].stored == 5_000 && summaries[1].failure == nil)
    }

    @Test("a venue that goes away in the middle leaves whole pages, and the rest comes the next time")
    func outage() async throws {
        let venue = try BinanceSpot(at: standIn.address, attempts: .init())
        let options = DownloadOptions(symbols: ["BTCUSDT"], from: Sample.time(0), to: Sample.time(2_500))
        _ = await CandleDownload(from: venue, into: store, options, at: { Sample.now }).run()
        // Three pages are left; of four failures two hit one of them.
        standIn.misbehave("/klines", .status(500, ""), .status(500, ""), .status(500, ""), .status(500, ""))
        let broken = try #require(try await download().first)
        #expect((broken.failure as? VenueError)?.kind == .unreachable)
        #expect(broken.stored % 500 == 0 && broken.stored + broken.missing == 5_000)
    }

    @Test("once nobody can go on, nothing that is under way is waited for", .timeLimit(.minutes(5)))
    func stopped() async throws {
        _ = try await download(["BTCUSDT"], 0, 10)
        let silent = BinanceStandIn.Fault.manner(.silent)
        standIn.misbehave("/klines", silent, silent, silent, .banned(retryAfter: 7_200))
        var http = HTTPOptions()
        http.silenceTimeout = .seconds(3_600)
        http.totalTimeout = .seconds(3_600)
        let download = CandleDownload(
            from: try BinanceSpot(at: standIn.address, http), into: store,
            DownloadOptions(symbols: ["BTCUSDT"], from: Sample.time(0))
        ) { Sample.now }
        let summary = try #require(await download.run().first)
        #expect((summary.failure as? VenueError)?.kind == .paused)
        #expect(summary.stored + summary.missing == 5_000)
    }

    @Test("a pause that the venue asks for is waited for, shown, and nothing is sent meanwhile")
    func pause() async throws {
        standIn.misbehave("/klines", .tooManyRequests(retryAfter: 2))
        let venue = try BinanceSpot(at: standIn.address)
        let download = CandleDownload(
            from: venue, into: store, DownloadOptions(symbols: ["BTCUSDT", "ETHUSDT"], from: Sample.time(0))
        ) { Sample.now }
        // A thread of its own: the tasks' may all have something else to do.
        let watch = Watch { download.progress.pause?.reason == .tooMuchAsked }
        let summaries = await download.run()
        #expect(watch.end())
        #expect(summaries.allSatisfy { $0.stored == 5_000 })
        // Those that were under way when it was said, and no more.
        #expect(standIn.violations < 8)
        #expect(download.progress.share == 1)
        #expect(download.progress.pause == nil)
    }
}
