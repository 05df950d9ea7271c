import Market
import Storage
import Testing
import Venues

@testable import Ingestion

@Suite("Trades that were not heard")
struct LiveTradeGapTests {
    private static let instrument = Instrument(
        venue: "BINANCE", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt,
        rules: InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000)))
    /// A whole minute.
    private static let start = Timestamp(seconds: 1_714_953_600)

    /// A market of one instrument, which hears trades of one a second unless they are said to be otherwise.
    private struct Stage {
        var state = LiveMarketState([LiveTradeGapTests.instrument], next: [LiveTradeGapTests.start], LiveOptions())
        var now = LiveTradeGapTests.start

        init(_ trades: Int...) {
            open(1)
            for id in trades { hear(id) }
        }

        mutating func open(_ number: Int) {
            state.opening(number, MarketStreamDecoder([LiveTradeGapTests.instrument]), at: now)
        }

        mutating func hear(_ id: Int, on number: Int = 1) {
            let print = LiveTradeGapTests.print(id)
            now = max(now, print.time.adding(nanoseconds: 20_000_000))
            var text =
                #"{"e":"trade","E":\#(print.time.milliseconds),"s":"BTCUSDT","t":\#(id),"p":"100","q":"0.5","#
                + #""T":\#(print.time.milliseconds),"m":false,"M":true}"#
            text.withUTF8 { state.heard(UnsafeRawBufferPointer($0), number, at: now) }
        }

        /// The venue's candle of a minute, by its number.
        mutating func kline(_ minute: Int64, trades: ClosedRange<Int>, count: Int) {
            let open = LiveTradeGapTests.start.milliseconds + minute * 60_000
            let volume = "\(trades.count / 2).\(trades.count % 2 * 5)"
            var text =
                #"{"e":"kline","E":\#(open + 60_005),"s":"BTCUSDT","k":{"t":\#(open),"T":\#(open + 59_999),"s":"BTCUSDT","#
                + #""i":"1m","f":\#(trades.lowerBound),"L":\#(trades.upperBound),"o":"100","c":"100","h":"100","#
                + #""l":"100","v":"\#(volume)","n":\#(count),"x":true,"q":"\#(trades.count * 50)","V":"\#(volume)","#
                + #""Q":"\#(trades.count * 50)","B":"0"}}"#
            text.withUTF8 { state.heard(UnsafeRawBufferPointer($0), 2, at: now) }
        }

        /// So many seconds pass.
        mutating func pass(_ seconds: Int) {
            for _ in 0..<seconds {
                now = now.adding(seconds: 1)
                state.tick(at: now)
            }
        }

        /// From which numbers on trades were asked for.
        mutating func questions() -> [UInt64] {
            state.takeDemands().compactMap { if case .trades(0, let id) = $0 { id } else { nil } }
        }

        mutating func answer(_ ids: ClosedRange<Int>?, from id: UInt64, isFull: Bool = false) {
            state.answer(0, trades: ids.map { $0.map(LiveTradeGapTests.print) }, from: id, isFull: isFull, at: now)
        }

        mutating func take() -> [LiveUpdate] {
            var updates: [LiveUpdate] = []
            state.queue.take(into: &updates)
            return updates
        }
    }

    private static func print(_ id: Int) -> TradePrint {
        TradePrint(
            time: start.adding(seconds: Int64(id)), price: Price(mantissa: 100_00000000),
            quantity: Quantity(mantissa: 50_000_000), aggressor: .buy, id: UInt64(id))
    }

    private func late(_ updates: [LiveUpdate]) -> [UInt64] {
        updates.flatMap { update -> [UInt64] in
            if case .late(0, let prints, _) = update { prints.map(\.id) } else { [] }
        }
    }

    private func remarks(_ updates: [LiveUpdate]) -> [String] {
        updates.compactMap { if case .remark(let kind, let text, _) = $0 { kind + ": " + text } else { nil } }
    }

    @Test("a jump of the numbers is asked for after a second, told late, and said to have been fetched")
    func fetched() {
        var stage = Stage(1, 2, 6)
        #expect(stage.questions().isEmpty)
        stage.pass(1)
        #expect(stage.questions() == [3])
        _ = stage.take()
        // Trades that are known, and those that the stream has yet to tell, come with them.
        stage.answer(3...9, from: 3)
        let updates = stage.take()
        #expect(late(updates) == [3, 4, 5])
        #expect(
            remarks(updates) == [
                "trades-fetched: BTC/USDT: 3 trades between 2024-05-06T00:00:02Z and 2024-05-06T00:00:06Z were not heard; "
                    + "they have been fetched"
            ])
        stage.hear(7)
        #expect(stage.take().contains { if case .print(0, let print, _) = $0 { print.id == 7 } else { false } })
        stage.pass(10)
        #expect(stage.questions().isEmpty && remarks(stage.take()).isEmpty)
    }

    @Test("the forming minute is whole again with them")
    func forming() {
        var stage = Stage(1, 2, 6)
        stage.pass(1)
        _ = stage.questions()
        _ = stage.take()
        stage.answer(3...5, from: 3)
        let volumes = stage.take().compactMap { if case .late(0, _, let forming) = $0 { forming?.volume } else { nil } }
        #expect(volumes == [Quantity(mantissa: 6 * 50_000_000)])
    }

    @Test("trades of which another connection tells in time are not asked for")
    func overlap() {
        var stage = Stage(1, 2)
        stage.open(2)
        stage.hear(5)
        for id in 3...5 { stage.hear(id, on: 2) }
        stage.pass(3)
        #expect(stage.questions().isEmpty)
        let updates = stage.take()
        #expect(late(updates) == [3, 4] && remarks(updates).isEmpty)
    }

    @Test("an answer that is lost is asked for again after five seconds, for two minutes")
    func unanswered() {
        var stage = Stage(1, 2, 6)
        stage.pass(1)
        #expect(stage.questions() == [3])
        stage.answer(nil, from: 3)
        stage.pass(4)
        #expect(stage.questions().isEmpty)
        stage.pass(1)
        #expect(stage.questions() == [3])
        // Nothing comes of that one any more.
        stage.pass(113)
        #expect(remarks(stage.take()).isEmpty)
        stage.pass(1)
        let told = remarks(stage.take())
        #expect(told.count == 1 && told[0].hasPrefix("trade-gap: BTC/USDT: 3 of 3 trades"))
        stage.answer(3...5, from: 3)
        #expect(late(stage.take()).isEmpty)
    }

    @Test("a full answer has the next page asked for at once")
    func pages() {
        var stage = Stage(1, 2, 9)
        stage.pass(1)
        #expect(stage.questions() == [3])
        stage.answer(3...5, from: 3, isFull: true)
        #expect(stage.questions() == [6])
        stage.answer(6...8, from: 6, isFull: true)
        #expect(stage.questions().isEmpty)
        let updates = stage.take()
        #expect(late(updates) == Array(3...8) && remarks(updates).count == 1)
    }

    @Test("what the venue passes over it does not have; what its answer does not reach yet is asked for again")
    func absent() {
        var stage = Stage(1, 2, 9)
        stage.pass(1)
        #expect(stage.questions() == [3])
        stage.answer(4...6, from: 3)
        #expect(stage.questions().isEmpty)
        stage.pass(5)
        #expect(stage.questions() == [7])
        stage.answer(7...9, from: 7)
        let updates = stage.take()
        #expect(late(updates) == [4, 5, 6, 7, 8])
        let told = remarks(updates)
        #expect(
            told.count == 1 && told[0].contains("1 of 6 trades") && told[0].hasSuffix("the venue does not have them"))
    }

    @Test(
        "too many trades, or too long a time, are left to candles",
        arguments: [(20_003, 1), (500, 400), (20_003 - 1, 1), (20_004, 1)])
    func tooLarge(_ end: (id: Int, seconds: Int)) {
        var stage = Stage(1, 2)
        let time = Self.start.adding(seconds: 2 + Int64(end.seconds)).milliseconds
        stage.now = Self.start.adding(seconds: 2 + Int64(end.seconds))
        var text =
            #"{"e":"trade","E":\#(time),"s":"BTCUSDT","t":\#(end.id),"p":"100","q":"0.5","T":\#(time),"m":false,"M":true}"#
        text.withUTF8 { stage.state.heard(UnsafeRawBufferPointer($0), 1, at: stage.now) }
        stage.pass(1)
        // As many as are fetched at most are 20,000.
        let isFetched = end.id - 3 <= 20_000 && end.seconds <= 180
        #expect(stage.questions().isEmpty == !isFetched)
        let told = remarks(stage.take()).filter { $0.hasPrefix("trade-gap") }
        #expect(told.count == (isFetched ? 0 : 1))
        #expect(isFetched || told[0].contains("\(end.id - 3) of \(end.id - 3) trades"))
    }

    @Test(
        "a candle with fetched trades is held against the venue's as if nothing had been missed", arguments: [60, 61])
    func candle(_ count: Int) {
        var stage = Stage()
        for id in 50...62 { stage.hear(id) }
        stage.state.closed(1, "gone")
        stage.open(2)
        for id in 110...119 { stage.hear(id, on: 2) }
        stage.now = Self.start.adding(seconds: 120)
        stage.kline(1, trades: 60...119, count: count)
        stage.pass(2)
        #expect(stage.questions() == [63])
        stage.answer(63...109, from: 63)
        stage.hear(120, on: 2)
        stage.now = Self.start.adding(seconds: 180)
        stage.kline(2, trades: 120...120, count: 1)
        let updates = stage.take()
        #expect(late(updates) == Array(63...109))
        let kinds = remarks(updates).map { String($0.prefix { $0 != ":" }) }
        #expect(kinds == (count == 60 ? ["trades-fetched"] : ["trades-fetched", "candle-differs"]))
    }

    // MARK: The log

    /// What is kept of a gap, in one line: its numbers, its state, how many are missing, after how many seconds it ended.
    private func lines(_ gaps: [TradeGap]) -> [String] {
        gaps.map { gap in
            let end = gap.endedAt.map { " after \($0.seconds - gap.foundAt.seconds)" } ?? ""
            return "\(gap.firstTrade)-\(gap.lastTrade) \(gap.state.rawValue) \(gap.missing)\(end)"
        }
    }

    @Test("a gap is kept once it has lasted a second, and again when it is filled")
    func logged() {
        var stage = Stage(1, 2, 6)
        #expect(stage.state.takeTradeGaps().isEmpty)
        stage.pass(1)
        let open = stage.state.takeTradeGaps()
        #expect(lines(open) == ["3-5 open 3"])
        #expect(
            open.map(\.from) == [Self.start.adding(seconds: 2)] && open.map(\.to) == [Self.start.adding(seconds: 6)])
        #expect(open.map(\.instrument) == [Self.instrument])
        stage.pass(1)
        #expect(stage.state.takeTradeGaps().isEmpty)
        _ = stage.questions()
        stage.answer(3...5, from: 3)
        let filled = stage.state.takeTradeGaps()
        #expect(lines(filled) == ["3-5 filled 0 after 2"])
        #expect(filled.map(\.foundAt) == open.map(\.foundAt))
    }

    @Test("what another connection tells in time is no gap")
    func lateIsNone() {
        var stage = Stage(1, 2)
        stage.open(2)
        stage.hear(5)
        for id in 3...5 { stage.hear(id, on: 2) }
        stage.pass(3)
        #expect(stage.state.takeTradeGaps().isEmpty)
    }

    @Test("a gap whose trades came by themselves after a second is filled without an alert")
    func byItself() {
        var stage = Stage(1, 2)
        stage.open(2)
        stage.hear(5)
        stage.pass(1)
        _ = stage.state.takeTradeGaps()
        for id in 3...4 { stage.hear(id, on: 2) }
        stage.pass(1)
        #expect(lines(stage.state.takeTradeGaps()) == ["3-4 filled 0 after 2"])
        #expect(remarks(stage.take()).isEmpty)
    }

    @Test("each gap is kept, also one that waits for its turn")
    func several() {
        var stage = Stage(1, 3, 6)
        stage.pass(1)
        #expect(lines(stage.state.takeTradeGaps()) == ["2-2 open 1", "4-5 open 2"])
    }

    @Test("a gap that is given up says why, and how many trades are missing")
    func givenUp() {
        var stage = Stage(1, 2, 9)
        stage.pass(1)
        _ = stage.questions()
        stage.answer(4...9, from: 3)
        #expect(lines(stage.state.takeTradeGaps()) == ["3-8 open 6", "3-8 absent 1 after 1"])
        var deaf = Stage(1, 2, 6)
        deaf.pass(120)
        #expect(lines(deaf.state.takeTradeGaps()) == ["3-5 open 3", "3-5 unanswered 3 after 120"])
        var wide = Stage(1, 20_003)
        wide.pass(1)
        #expect(lines(wide.state.takeTradeGaps()) == ["2-20002 open 20001", "2-20002 too-long 20001 after 1"])
    }
}
