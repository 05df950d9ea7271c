import Foundation
import Market
import Storage
import Testing
import Trading

@testable import Engine
@testable import Ingestion

@Suite("Replay of what was captured")
struct CaptureFeedTests {
    private static let bitcoin = Instrument(
        venue: "BINANCE", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt,
        rules: InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000)))

    private static func candle(_ minute: Int64) -> Candle {
        let price = Price(mantissa: 30_000_00000000)
        return Candle(
            openTime: monday.adding(seconds: 60 * minute), open: price, high: price, low: price, close: price,
            volume: Quantity(mantissa: 100_000_000))
    }

    /// Three minutes from Monday on: a quote a second, the venue's minutes, a message a second on the way.
    private func capture(in folder: TemporaryDirectory, seconds: Int64 = 180) throws -> String {
        try folder.directory.create()
        let path = folder.path + "/a.wickcap"
        let writer = try CaptureWriter(to: path)
        writer.begin(
            CaptureHead(
                venue: "BINANCE", account: "binance-spot", instruments: [Self.bitcoin], next: [monday.nanoseconds],
                begin: monday.nanoseconds))
        writer.add(.open, 1, at: monday)
        for second in 0..<seconds {
            let time = monday.adding(nanoseconds: second * 1_000_000_000 + 300_000_000)
            let quote =
                #"{"u":\#(second + 1),"s":"BTCUSDT","b":"\#(30_000 + second)","B":"1","a":"\#(30_001 + second)","A":"1"}"#
            writer.add(.text, 1, bytes: Array(quote.utf8), at: time)
            if second > 0, second % 60 == 0 {
                let open = monday.milliseconds + (second - 60) * 1_000
                let kline =
                    #"{"e":"kline","E":\#(open + 60_005),"s":"BTCUSDT","k":{"t":\#(open),"T":\#(open + 59_999),"s":"BTCUSDT","#
                    + #""i":"1m","f":1,"L":1,"o":"30000","c":"30001","h":"30002","l":"29999","v":"1","n":1,"x":true,"#
                    + #""q":"30000","V":"1","Q":"30000","B":"0"}}"#
                writer.add(.text, 1, bytes: Array(kline.utf8), at: time.adding(nanoseconds: 1))
            }
            writer.add(.tick, at: time.adding(nanoseconds: 500_000_000))
        }
        writer.close()
        return path
    }

    private func rig(
        _ folder: TemporaryDirectory, _ path: String, speed: Double? = 1, isPaused: Bool = false
    ) throws -> EngineRig {
        // The wall clock is years later than the recording.
        try EngineRig(in: folder, at: monday.adding(seconds: 700 * 86_400)) {
            $0.feed = .replay(ReplayOptions(file: path, speed: speed, isPaused: isPaused))
        }
    }

    private func view(_ rig: EngineRig) -> ReplayView? {
        if case .replay(let view) = rig.snapshot.source { return view }
        return nil
    }

    /// Everything that a feed tells, looked at every so often.
    private func told(_ path: String, speed: Double?, every nanoseconds: Int64) throws -> [String] {
        let feed = try CaptureFeed(
            path, ReplayOptions(file: path, speed: speed), store: try Store.inMemory(), start: monday)
        var updates: [MarketUpdate] = []
        var now = monday
        for _ in 0..<1_000_000 {
            try feed.stretch(until: now, into: &updates)
            if case .finished = updates.last { break }
            now = now.adding(nanoseconds: nanoseconds)
        }
        return updates.map { "\($0)" }
    }

    @Test("books and prices come at the speed of the recording, in its time, and the account ends with it")
    func speed() throws {
        let folder = try TemporaryDirectory()
        let rig = try rig(folder, try capture(in: folder))
        #expect(rig.snapshot.markets.map(\.instrument) == [Self.bitcoin])
        rig.pass(seconds: 10)
        #expect(rig.snapshot.markets[0].quote?.bid.mantissa == 30_009_00000000)
        #expect(rig.snapshot.time >= monday.adding(seconds: 9))
        #expect(rig.snapshot.time <= monday.adding(seconds: 11))
        #expect(view(rig)?.series == "a.wickcap")
        #expect(view(rig)?.from == monday)
        #expect(view(rig)?.to == monday.adding(nanoseconds: 179_800_000_000))
        #expect(rig.core.isEphemeral)
    }

    @Test("what comes out is the same however fast it is played and however often it is looked at")
    func deterministic() throws {
        let folder = try TemporaryDirectory()
        let path = try capture(in: folder)
        let first = try told(path, speed: nil, every: 1)
        #expect(first.count > 180)
        #expect(try told(path, speed: 1, every: 10_000_000) == first)
        #expect(try told(path, speed: 1, every: 1_300_000_000) == first)
        #expect(try told(path, speed: 7.3, every: 250_000_000) == first)
    }

    @Test("as fast as possible it comes to its end, with the venue's minutes on the chart")
    func fast() throws {
        let folder = try TemporaryDirectory()
        let rig = try rig(folder, try capture(in: folder), speed: nil)
        rig.pass(seconds: 5)
        #expect(view(rig)?.isFinished == true)
        #expect(rig.snapshot.markets[0].minutes.map(\.close.mantissa) == [30_001_00000000, 30_001_00000000])
    }

    @Test("it waits, steps by seconds, and goes on where it stood")
    func paused() throws {
        let folder = try TemporaryDirectory()
        let rig = try rig(folder, try capture(in: folder), isPaused: true)
        rig.pass(seconds: 5)
        #expect(rig.snapshot.markets[0].quote == nil)
        #expect(rig.ask(.stepReplay).isDone)
        rig.pass(seconds: 1)
        #expect(rig.snapshot.markets[0].quote?.bid.mantissa == 30_000_00000000)
        rig.pass(seconds: 5)
        #expect(rig.snapshot.markets[0].quote?.bid.mantissa == 30_000_00000000)
        #expect(rig.ask(.stepReplay).isDone)
        rig.pass(seconds: 1)
        #expect(rig.snapshot.markets[0].quote?.bid.mantissa == 30_001_00000000)
        #expect(rig.ask(.pauseReplay(false)).isDone)
        rig.pass(seconds: 3)
        let bid = rig.snapshot.markets[0].quote?.bid.mantissa ?? 0
        #expect(bid >= 30_003_00000000 && bid <= 30_005_00000000)
    }

    @Test("stored minutes that join its beginning are its history; others are not")
    func history() throws {
        let folder = try TemporaryDirectory()
        let path = try capture(in: folder)
        let store = try Store(directory: folder.directory)
        try store.write((-30 ..< -10).map(Self.candle), of: Self.bitcoin, .oneMinute, at: monday)
        var feed = try CaptureFeed(path, ReplayOptions(file: path), store: store, start: monday)
        #expect(try feed.history(0).isEmpty)
        try store.write((-5..<5).map(Self.candle), of: Self.bitcoin, .oneMinute, at: monday)
        feed = try CaptureFeed(path, ReplayOptions(file: path), store: store, start: monday)
        #expect(try feed.history(0) == (-5..<0).map(Self.candle))
    }

    @Test("a file that is not there, or is none, is refused by its name before anything starts")
    func refused() throws {
        let folder = try TemporaryDirectory()
        try folder.directory.create()
        let missing = #expect(throws: EngineError.self) { try rig(folder, folder.path + "/none.wickcap") }
        #expect(missing?.description.contains("none.wickcap") == true)
        try "not a capture\n".write(toFile: folder.path + "/b.txt", atomically: true, encoding: .utf8)
        #expect(throws: EngineError.self) { try rig(folder, folder.path + "/b.txt") }
    }
}
