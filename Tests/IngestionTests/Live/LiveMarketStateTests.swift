import Foundation
import Market
import Testing
import Venues

@testable import Ingestion

@Suite("Markets that are followed")
struct LiveMarketStateTests {
    private static let instruments = ["BTCUSDT", "ETHUSDT"].map { symbol in
        Instrument(
            venue: "BINANCE", symbol: symbol, base: Currency(String(symbol.dropLast(4)))!, quote: .usdt,
            rules: InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000)))
    }

    private static let start = Timestamp(seconds: 1_714_953_600)

    /// A market and what it hears.
    private struct Stage {
        var state: LiveMarketState
        var now = LiveMarketStateTests.start

        init(next: Timestamp? = nil) {
            state = LiveMarketState(
                LiveMarketStateTests.instruments, next: [next, next], LiveOptions())
        }

        mutating func open(_ number: Int = 1) {
            state.opening(number, MarketStreamDecoder(LiveMarketStateTests.instruments), at: now)
        }

        mutating func hear(_ text: String, on number: Int = 1, after milliseconds: Int64 = 10) {
            now = now.adding(nanoseconds: milliseconds * 1_000_000)
            var text = text
            text.withUTF8 { state.heard(UnsafeRawBufferPointer($0), number, at: now) }
        }

        mutating func take() -> [LiveUpdate] {
            var updates: [LiveUpdate] = []
            state.queue.take(into: &updates)
            return updates
        }

        /// Whether whoever asks for books asks on.
        mutating func wantsBook() -> Bool { state.wantsBook(0, losses: state.losses) }

        func quote(_ id: Int, _ bid: String, _ ask: String) -> String {
            #"{"u":\#(id),"s":"BTCUSDT","b":"\#(bid)","B":"1.0","a":"\#(ask)","A":"2.0"}"#
        }

        func trade(_ id: Int, _ price: String, at milliseconds: Int64) -> String {
            #"{"e":"trade","E":\#(milliseconds),"s":"BTCUSDT","t":\#(id),"p":"\#(price)","q":"0.5","T":\#(milliseconds),"m":false,"M":true}"#
        }

        func depth(_ first: Int, _ last: Int, bids: String = "", asks: String = "") -> String {
            #"{"e":"depthUpdate","E":1714953600100,"s":"BTCUSDT","U":\#(first),"u":\#(last),"b":[\#(bids)],"a":[\#(asks)]}"#
        }

        func minute(_ index: Int64, close: String = "100", count: Int = 1, ids: (Int, Int) = (1, 1)) -> String {
            let open = LiveMarketStateTests.start.milliseconds + index * 60_000
            return #"{"e":"kline","E":\#(open + 60_005),"s":"BTCUSDT","k":{"t":\#(open),"T":\#(open + 59_999),"#
                + #""s":"BTCUSDT","i":"1m","f":\#(ids.0),"L":\#(ids.1),"o":"\#(close)","c":"\#(close)","h":"\#(close)","#
                + #""l":"\#(close)","v":"0.5","n":\#(count),"x":true,"q":"50","V":"0.5","Q":"50","B":"0"}}"#
        }
    }

    private func links(_ updates: [LiveUpdate]) -> [LinkState] {
        updates.compactMap { if case .link(let state) = $0 { state } else { nil } }
    }

    private func remarks(_ updates: [LiveUpdate]) -> [String] {
        updates.compactMap { if case .remark(let kind, _, _) = $0 { kind } else { nil } }
    }

    @Test("the market counts as there with its first message, and as lost with its last connection")
    func link() {
        var stage = Stage()
        stage.open()
        #expect(stage.take().isEmpty)
        stage.hear(stage.quote(1, "100", "101"))
        #expect(links(stage.take()) == [.live])
        stage.state.closed(1, "the server closed it")
        #expect(links(stage.take()) == [.lost(reason: "the server closed it")])
    }

    @Test("while another connection overlaps, the end of one loses nothing")
    func overlap() {
        var stage = Stage()
        stage.open(1)
        stage.hear(stage.quote(1, "100", "101"))
        stage.open(2)
        stage.hear(stage.quote(2, "100", "102"), on: 2)
        stage.state.closed(1, "replaced")
        stage.hear(stage.quote(3, "100", "103"), on: 2)
        let updates = stage.take()
        #expect(links(updates) == [.live])
        #expect(updates.count == 4)
    }

    @Test("a connection that ends while its successor is only being made is a loss")
    func lostBeforeSuccessor() {
        var stage = Stage()
        stage.open(1)
        stage.hear(stage.quote(1, "100", "101"))
        stage.open(2)
        stage.state.closed(1, "it broke off")
        #expect(links(stage.take()) == [.live, .lost(reason: "it broke off")])
        stage.hear(stage.quote(2, "100", "102"), on: 2)
        #expect(links(stage.take()) == [.live])
    }

    @Test("a connection that ends after its successor could not be made is a loss")
    func lostAfterFailure() {
        var stage = Stage()
        stage.open(1)
        stage.hear(stage.quote(1, "100", "101"))
        stage.open(2)
        stage.state.failed(2, "it could not be made")
        #expect(links(stage.take()) == [.live])
        stage.state.closed(1, "it broke off")
        #expect(links(stage.take()) == [.lost(reason: "it broke off")])
    }

    @Test("what two connections both tell is told once")
    func duplicates() {
        var stage = Stage()
        stage.open(1)
        stage.open(2)
        for connection in [1, 2] {
            stage.hear(stage.quote(7, "100", "101"), on: connection)
            stage.hear(stage.trade(5, "100", at: 1_714_953_600_000), on: connection)
        }
        let updates = stage.take()
        #expect(updates.count { if case .quote = $0 { true } else { false } } == 1)
        #expect(updates.count { if case .print = $0 { true } else { false } } == 1)
    }

    @Test("a book is asked for when its market is first heard, and shown once it is there")
    func book() {
        var stage = Stage()
        stage.open()
        stage.hear(stage.depth(11, 12, bids: #"["99","1"]"#))
        #expect(stage.state.takeDemands() == [.book(0)])
        let snapshot = DepthSnapshot(
            lastID: 11, bids: [BookLevel(price: Price(mantissa: 98_00000000), quantity: Quantity(mantissa: 1))],
            asks: [BookLevel(price: Price(mantissa: 101_00000000), quantity: Quantity(mantissa: 1))], limit: 1_000)
        stage.state.answer(0, book: snapshot, at: stage.now)
        let depths = stage.take().compactMap { update -> BookDepth? in
            if case .depth(0, let depth) = update { depth } else { nil }
        }
        #expect(depths.last?.bids.map(\.price.mantissa) == [99_00000000, 98_00000000])
    }

    @Test("a gap in a book has it asked for again, and none is shown meanwhile")
    func gap() {
        var stage = Stage()
        stage.open()
        stage.hear(stage.depth(11, 12))
        _ = stage.state.takeDemands()
        let snapshot = DepthSnapshot(
            lastID: 12, bids: [BookLevel(price: Price(mantissa: 98_00000000), quantity: Quantity(mantissa: 1))],
            asks: [BookLevel(price: Price(mantissa: 101_00000000), quantity: Quantity(mantissa: 1))], limit: 1_000)
        stage.state.answer(0, book: snapshot, at: stage.now)
        let asksOn = stage.wantsBook()
        #expect(!asksOn)
        _ = stage.take()
        stage.hear(stage.depth(15, 16, bids: #"["99","1"]"#))
        #expect(stage.state.takeDemands() == [.book(0)])
        // An empty one takes the place of what was shown.
        let shown = stage.take().compactMap { update -> BookDepth? in
            if case .depth(0, let depth) = update { depth } else { nil }
        }
        #expect(shown.map(\.bids.isEmpty) == [true])
    }

    /// A market with a book that two connections tell, of which the new one is ahead by an update.
    private func ahead() -> Stage {
        var stage = Stage()
        stage.open(1)
        stage.hear(stage.depth(11, 12))
        let level = { (price: Int64) in
            [BookLevel(price: Price(mantissa: price), quantity: Quantity(mantissa: 1))]
        }
        stage.state.answer(
            0, book: DepthSnapshot(lastID: 12, bids: level(98_00000000), asks: level(101_00000000), limit: 1_000),
            at: stage.now)
        _ = stage.wantsBook()
        _ = stage.state.takeDemands()
        stage.open(2)
        stage.hear(stage.depth(14, 14, bids: #"["99","1"]"#), on: 2)
        stage.hear(stage.depth(15, 15, bids: #"["100","1"]"#), on: 2)
        return stage
    }

    @Test("a change that a new connection brings before the old one has brought what is between is no gap")
    func changesAhead() {
        var stage = ahead()
        #expect(stage.state.books(levels: 5)[0]?.bids.map(\.price.mantissa) == [98_00000000])
        stage.hear(stage.depth(13, 13, bids: #"["97","1"]"#), on: 1)
        #expect(
            stage.state.books(levels: 5)[0]?.bids.map(\.price.mantissa)
                == [100_00000000, 99_00000000, 98_00000000, 97_00000000])
        stage.hear(stage.depth(14, 14, bids: #"["99","1"]"#), on: 1)
        stage.hear(stage.depth(16, 16, bids: #"["100","2"]"#), on: 2)
        #expect(stage.state.books(levels: 5)[0]?.bids.count == 4)
        #expect(stage.state.gaps == 0 && stage.state.takeDemands().isEmpty)
    }

    @Test("what is between and does not come within two ticks is a gap")
    func changesMissing() {
        var stage = ahead()
        for _ in 0..<2 {
            #expect(stage.state.gaps == 0)
            stage.now = stage.now.adding(seconds: 1)
            stage.state.tick(at: stage.now)
        }
        #expect(stage.state.gaps == 1 && stage.state.takeDemands() == [.book(0)])
    }

    @Test("what is between and does not come within a second of the venue's time is a gap")
    func changesMissingByTime() {
        var stage = ahead()
        let later = stage.depth(17, 17).replacingOccurrences(of: "1714953600100", with: "1714953601200")
        stage.hear(later, on: 2)
        #expect(stage.state.gaps == 1 && stage.state.takeDemands() == [.book(0)])
    }

    @Test("what the old connection has not brought when it ends is a gap")
    func changesMissingAtEnd() {
        var stage = ahead()
        stage.state.closed(1, "replaced")
        #expect(stage.state.gaps == 1 && stage.state.takeDemands() == [.book(0)])
    }

    @Test("a book that was asked for before the market was lost does not count behind it, and another is asked for")
    func bookFromBeforeLoss() {
        var stage = Stage()
        stage.open()
        stage.hear(stage.quote(1, "100", "101"))
        #expect(stage.state.takeDemands() == [.book(0, losses: 0)])
        stage.state.closed(1, "it broke off")
        stage.open(2)
        stage.hear(stage.quote(90, "100", "101"), on: 2)
        #expect(stage.state.takeDemands() == [.book(0, losses: 1)])
        let level = { (price: Int64) in
            [BookLevel(price: Price(mantissa: price), quantity: Quantity(mantissa: 1))]
        }
        let old = DepthSnapshot(lastID: 2, bids: level(98_00000000), asks: level(101_00000000), limit: 1_000)
        stage.state.answer(0, book: old, losses: 0, at: stage.now)
        #expect(stage.state.books(levels: 5)[0] == nil)
        let asksOn = stage.state.wantsBook(0, losses: 0)
        #expect(!asksOn)
        let asks = stage.wantsBook()
        #expect(asks)
        let new = DepthSnapshot(lastID: 90, bids: level(99_00000000), asks: level(101_00000000), limit: 1_000)
        stage.state.answer(0, book: new, losses: 1, at: stage.now)
        #expect(stage.state.books(levels: 5)[0]?.bids.first?.price.mantissa == 99_00000000)
    }

    @Test("minutes that closed while nothing was heard are asked for as soon as the market is there again")
    func backfill() {
        var stage = Stage(next: Self.start.adding(seconds: -600))
        stage.open()
        stage.hear(stage.trade(1, "100", at: Self.start.milliseconds))
        let demands = stage.state.takeDemands().filter { if case .minutes = $0 { true } else { false } }
        #expect(demands.count == 2)
        guard case .minutes(0, let from, let to)? = demands.first else { return }
        #expect(from == Self.start.adding(seconds: -600))
        #expect(to == Self.start.adding(seconds: -60))
    }

    @Test("a closed minute is told and stored, the same of a second connection is not")
    func minute() {
        var stage = Stage(next: Self.start)
        stage.now = Self.start.adding(seconds: 60)
        stage.open(1)
        stage.open(2)
        stage.hear(stage.minute(0), on: 1)
        stage.hear(stage.minute(0), on: 2)
        let minutes = stage.take().count { if case .minute = $0 { true } else { false } }
        #expect(minutes == 1)
        #expect(stage.state.takeStored().map(\.candles.count) == [1])
    }

    @Test("minutes that come too late to be acted on are stored and shown all the same")
    func lateMinutes() {
        var stage = Stage(next: Self.start)
        stage.now = Self.start.adding(seconds: 180)
        stage.open()
        stage.hear(stage.minute(2))
        for _ in 0..<70 {
            stage.now = stage.now.adding(seconds: 1)
            stage.state.tick(at: stage.now)
        }
        #expect(stage.state.takeStored().map { $0.candles.map(\.openTime) } == [[Self.start.adding(seconds: 120)]])
        #expect(remarks(stage.take()) == ["feed-gap"])
        let open = stage.state.takeCandleGaps()
        #expect(open.map(\.state) == [.open] && open.map(\.missing) == [2])
        #expect(open.first?.from == Self.start && open.first?.to == Self.start.adding(seconds: 120))
        let price = Price(mantissa: 100_00000000)
        let candles = [0, 60].map { second in
            Candle(
                openTime: Self.start.adding(seconds: second), open: price, high: price, low: price, close: price,
                volume: Quantity(mantissa: 1_000))
        }
        stage.state.answer(0, minutes: candles, from: Self.start, to: Self.start.adding(seconds: 120), at: stage.now)
        let updates = stage.take()
        #expect(updates.compactMap { if case .revised(0, let candle) = $0 { candle } else { nil } } == candles)
        #expect(!updates.contains { if case .missed = $0 { true } else { false } })
        #expect(remarks(updates) == ["minutes-fetched"])
        #expect(stage.state.takeStored().map(\.candles) == [candles])
        #expect(stage.state.takeCandleGaps() == open.map { $0.ended(.filled, missing: 0, at: stage.now) })
    }

    @Test("minutes that the venue does not have are in the log at once")
    func absentMinutes() {
        var stage = Stage(next: Self.start)
        stage.now = Self.start.adding(seconds: 180)
        stage.open()
        stage.hear(stage.minute(2))
        stage.state.answer(0, minutes: [], from: Self.start, to: Self.start.adding(seconds: 120), at: stage.now)
        let gaps = stage.state.takeCandleGaps()
        #expect(gaps.map(\.state) == [.absent] && gaps.map(\.missing) == [2] && gaps.map(\.endedAt) == [stage.now])
        #expect(stage.state.takeCandleGaps().isEmpty)
    }

    @Test("a minute whose trades contradict it is told of when the next closes, and the venue's counts")
    func contradiction() {
        var stage = Stage(next: Self.start)
        stage.open()
        let first = Self.start.milliseconds
        stage.hear(stage.trade(1, "100", at: first - 1_000))
        stage.hear(stage.trade(2, "100", at: first + 1_000))
        stage.now = Self.start.adding(seconds: 60)
        stage.hear(stage.minute(0, close: "101", ids: (2, 2)))
        #expect(remarks(stage.take()).isEmpty)
        stage.now = Self.start.adding(seconds: 120)
        stage.hear(stage.minute(1, close: "101", count: 0))
        #expect(remarks(stage.take()) == ["candle-differs"])
    }

    /// A minute that the venue closed with the trades up to one, of which the trades after the first have not come yet.
    private func closedEarly(lastTrade: Int, close: String) -> Stage {
        var stage = Stage(next: Self.start)
        stage.open()
        let first = Self.start.milliseconds
        stage.hear(stage.trade(1, "100", at: first - 1_000))
        stage.hear(stage.trade(2, "100", at: first + 1_000))
        stage.now = Self.start.adding(seconds: 60)
        stage.hear(stage.minute(0, close: close, count: lastTrade - 1, ids: (2, lastTrade)))
        _ = stage.take()
        _ = stage.state.takeStored()
        return stage
    }

    @Test("trades of a minute that come behind the venue's candle do not change what it said of them")
    func late() {
        var stage = closedEarly(lastTrade: 4, close: "101")
        let time = Self.start.milliseconds + 59_000
        stage.hear(stage.trade(5, "102", at: time + 2_000))
        stage.hear(stage.trade(3, "100", at: time))
        #expect(stage.state.takeStored().isEmpty)
        #expect(!stage.take().contains { if case .revised = $0 { true } else { false } })
    }

    @Test("a trade beyond the last of the venue's candle revises it, for chart and store")
    func revision() {
        var stage = closedEarly(lastTrade: 2, close: "100")
        let time = Self.start.milliseconds + 59_000
        stage.hear(stage.trade(4, "102", at: time + 2_000))
        stage.hear(stage.trade(3, "101", at: time))
        #expect(stage.state.takeStored().map { $0.candles.map(\.close.mantissa) } == [[101_00000000]])
        #expect(stage.take().contains { if case .revised = $0 { true } else { false } })
    }

    @Test("a message that can't be read makes books stale, is told of, and too many have the connection replaced")
    func damage() {
        var stage = Stage()
        stage.open()
        for _ in 0..<25 { stage.hear("{\"e\":\"trade\",") }
        #expect(remarks(stage.take()) == ["feed-damaged", "feed-damaged"])
        #expect(stage.state.takeDemands() == [.replace(1)])
    }

    @Test("a connection that stands and says nothing is replaced, later each time")
    func silence() {
        var stage = Stage()
        stage.open(1)
        stage.state.tick(at: stage.now.adding(seconds: 29))
        #expect(stage.state.takeDemands().isEmpty)
        stage.state.tick(at: stage.now.adding(seconds: 30))
        #expect(stage.state.takeDemands() == [.replace(1)])
        stage.state.closed(1, "replaced")
        stage.open(2)
        stage.state.tick(at: stage.now.adding(seconds: 59))
        #expect(stage.state.takeDemands().isEmpty)
        stage.state.tick(at: stage.now.adding(seconds: 60))
        #expect(stage.state.takeDemands() == [.replace(2)])
    }

    @Test("a server that says that it goes down has its connection replaced")
    func shutdown() {
        var stage = Stage()
        stage.open()
        stage.hear(#"{"e":"serverShutdown","E":1714953600000}"#)
        #expect(stage.state.takeDemands() == [.replace(1)])
    }
}
