import Bytes
import Foundation
import Market
import Simulation
import Storage
import Testing
import Trading

@testable import Engine
@testable import Ingestion

@Suite("Paper trading on books")
struct RecordedBookTests {
    private static let id = InstrumentID(0)

    private static func book(
        _ time: Timestamp, _ bids: [(Int64, Int64)], _ asks: [(Int64, Int64)]
    ) -> LiveUpdate {
        func side(_ levels: [(Int64, Int64)]) -> [BookLevel] {
            levels.map { BookLevel(price: price($0.0), quantity: Quantity(mantissa: $0.1 * 1_000_000)) }
        }
        return .depth(0, BookDepth(time: time, bids: side(bids), asks: side(asks)))
    }

    private static func price(_ whole: Int64) -> Price { Price(mantissa: whole * 100_000_000) }

    private static func quote(_ time: Timestamp, _ bid: Int64) -> LiveUpdate {
        .quote(
            0,
            Quote(
                time: time, bid: price(bid), ask: price(bid + 1), bidSize: Quantity(mantissa: 1_000_000),
                askSize: Quantity(mantissa: 1_000_000)))
    }

    private static func print(_ time: Timestamp, _ at: Int64, _ hundredths: Int64, _ aggressor: Side) -> LiveUpdate {
        .print(
            0,
            TradePrint(
                time: time, price: price(at), quantity: Quantity(mantissa: hundredths * 1_000_000),
                aggressor: aggressor, id: 1))
    }

    private static func order(_ side: Side, _ hundredths: Int64, limit: Int64? = nil) -> OrderRequest {
        OrderRequest(
            instrument: id, side: side, type: limit == nil ? .market : .limit,
            quantity: Quantity(mantissa: hundredths * 1_000_000), limitPrice: limit.map(price), purpose: .manual)
    }

    private func filled(_ reply: EngineReply) -> (quantity: Int64, notional: Money)? {
        guard case .order(let order, _) = reply else { return nil }
        return (order.filled.mantissa / 1_000_000, order.filledNotional)
    }

    @Test("a market order takes the levels of the followed market's book; without it, the best price")
    func levels() throws {
        let source = ScriptedSource(["BTCUSDT"])
        let rig = try EngineRig(in: try TemporaryDirectory()) { $0.feed = .live(LiveFeedOptions(source: source)) }
        source.say(
            .link(.live), Self.quote(monday, 30_000),
            Self.book(monday.adding(seconds: 1), [(30_000, 1)], [(30_001, 1), (30_003, 5)]))
        rig.pass(seconds: 1)
        // One hundredth at 30001 and two at 30003.
        let first = filled(rig.ask(.placeOrder(Self.order(.buy, 3))))
        #expect(first?.quantity == 3)
        #expect(first?.notional == (try Money("900.07", .usdt)))
        source.say(.link(.lost(reason: "gone")), .link(.live))
        rig.pass(seconds: 1)
        source.say(Self.quote(rig.time, 30_000))
        rig.pass(seconds: 1)
        #expect(filled(rig.ask(.placeOrder(Self.order(.buy, 3))))?.notional == (try Money("900.03", .usdt)))
        // The screen keeps what it was shown.
        #expect(rig.snapshot.markets[0].depth?.asks.count == 2)
    }

    @Test("books can be left aside")
    func off() throws {
        let source = ScriptedSource(["BTCUSDT"])
        let feed = LiveFeed(
            LiveFeedOptions(source: source), known: [], start: monday, meetsBooks: false
        ) {}
        source.say(Self.book(monday, [(30_000, 1)], [(30_001, 1)]))
        var updates: [MarketUpdate] = []
        feed.stretch(until: monday, into: &updates)
        #expect(updates.count == 1)
        if case .depth = updates.first {} else { Issue.record("\(updates)") }
    }

    @Test("orders meet one book a second of a followed market, and every word that there is none")
    func thinned() throws {
        let source = ScriptedSource(["BTCUSDT"])
        let feed = LiveFeed(LiveFeedOptions(source: source), known: [], start: monday) {}
        for tenth in 0..<25 as Range<Int64> {
            source.say(Self.book(monday.adding(nanoseconds: tenth * 100_000_000), [(30_000, 1)], [(30_001, 1)]))
        }
        source.say(.depth(0, BookDepth(time: monday.adding(seconds: 3), bids: [], asks: [])))
        var updates: [MarketUpdate] = []
        feed.stretch(until: monday.adding(seconds: 10), into: &updates)
        let met = updates.compactMap { update -> Int64? in
            if case .book(_, let depth) = update { depth.time.nanoseconds(since: monday) / 100_000_000 } else { nil }
        }
        #expect(met == [0, 10, 20, 30])
        #expect(updates.count == 26)
    }

    @Test("killed with an order in a queue and started again, it stands where it stood, and fills by the same trades")
    func resumed() throws {
        let source = ScriptedSource(["BTCUSDT"])
        let rig = try JournalRig(in: try TemporaryDirectory()) {
            $0.feed = .live(LiveFeedOptions(source: source))
            $0.registersStarters = false
        }
        source.say(
            .link(.live), Self.quote(monday, 30_000),
            Self.book(monday.adding(seconds: 1), [(30_000, 8)], [(30_001, 1), (30_003, 5)]))
        rig.pass(seconds: 2)
        #expect(filled(rig.ask(.placeOrder(Self.order(.buy, 3))))?.notional == (try Money("900.07", .usdt)))
        _ = rig.ask(.placeOrder(Self.order(.buy, 2, limit: 30_000)))
        source.say(Self.print(rig.time, 30_000, 3, .sell))
        rig.pass(seconds: 1)
        let copy = try rig.crashImage()
        let time = rig.time
        let other = ScriptedSource(["BTCUSDT"])
        let again = try JournalRig(in: copy, at: time) {
            $0.feed = .live(LiveFeedOptions(source: other))
            $0.registersStarters = false
        }
        #expect(again.build.updateCount > 0)
        // Nobody listened meanwhile: the book is not known any more, and what stands in its queues is.
        rig.core.exchange.book(InstrumentID(0), BookDepth(time: time, bids: [], asks: []))
        #expect(again.core.exchange.venue.image.bytes == rig.core.exchange.venue.image.bytes)
        for (source, rig) in [(source, rig), (other, again)] {
            // Five are before it still; one and a half of it fill.
            source.say(Self.print(rig.time, 30_000, 6, .sell))
            rig.pass(seconds: 1)
            #expect(rig.core.kernel.openOrders.map(\.filled.mantissa) == [1_000_000])
        }
        again.abandon()
        rig.abandon()
    }

    /// A minute of a capture: a book of one hundredth at 30001 and nine behind it.
    private func capture(in folder: TemporaryDirectory) throws -> String {
        try folder.directory.create()
        let path = folder.path + "/books.wickcap"
        let writer = try CaptureWriter(to: path)
        writer.begin(
            CaptureHead(
                venue: "BINANCE", account: "binance-spot", instruments: ScriptedSource(["BTCUSDT"]).instruments,
                next: [monday.nanoseconds], begin: monday.nanoseconds))
        writer.add(.open, 1, at: monday)
        func depth(_ id: Int64, _ bids: String, _ asks: String) -> [UInt8] {
            Array(
                #"{"e":"depthUpdate","E":\#(monday.milliseconds),"s":"BTCUSDT","U":\#(id),"u":\#(id),"b":[\#(bids)],"a":[\#(asks)]}"#
                    .utf8)
        }
        writer.add(.text, 1, bytes: depth(11, "", ""), at: monday.adding(nanoseconds: 1))
        let book =
            #"{"lastUpdateId":11,"bids":[["30000","0.05"]],"asks":[["30001","0.01"],["30003","0.09"]]}"#
        writer.add(.book, 0, [1_000], bytes: Array(book.utf8), at: monday.adding(nanoseconds: 2))
        for second in 1..<70 as Range<Int64> {
            let time = monday.adding(seconds: second)
            let quote = #"{"u":\#(second),"s":"BTCUSDT","b":"30000","B":"0.05","a":"30001","A":"0.01"}"#
            writer.add(.text, 1, bytes: Array(quote.utf8), at: time)
            writer.add(.text, 1, bytes: depth(11 + second, #"["29999","0.0\#(second % 9 + 1)"]"#, ""), at: time)
            writer.add(.tick, at: time.adding(nanoseconds: 500_000_000))
        }
        writer.close()
        return path
    }

    @Test("orders of a replay meet the captured book")
    func replayed() throws {
        let folder = try TemporaryDirectory()
        let path = try capture(in: folder)
        let rig = try EngineRig(in: folder, at: monday.adding(seconds: 86_400)) {
            $0.feed = .replay(ReplayOptions(file: path))
        }
        rig.pass(seconds: 5, slice: 1)
        let fill = filled(rig.ask(.placeOrder(Self.order(.buy, 3))))
        #expect(fill?.notional == (try Money("900.07", .usdt)))
    }
}

extension SimulatedVenueImage {
    fileprivate var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.value(self)
        return writer.bytes
    }
}
