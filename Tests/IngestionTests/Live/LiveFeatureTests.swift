import Market
import Storage
import Testing
import Venues

@testable import Ingestion

@Suite("Features of books that are followed")
struct LiveFeatureTests {
    private static let start = CaptureScript.start
    private static let instruments = CaptureScript.instruments

    /// A market with a live book of the first instrument.
    private struct Stage {
        var state = LiveMarketState(LiveFeatureTests.instruments, next: [nil, nil], LiveOptions())
        var last = 10

        init() {
            state.opening(1, MarketStreamDecoder(LiveFeatureTests.instruments), at: LiveFeatureTests.start)
            depth(at: 0, bids: #"["100","1"]"#)
            let levels = { (price: Int64) in
                [BookLevel(price: Price(mantissa: price), quantity: Quantity(mantissa: 100_000_000))]
            }
            state.answer(
                0,
                book: DepthSnapshot(lastID: 11, bids: levels(100_00000000), asks: levels(101_00000000), limit: 1_000),
                at: LiveFeatureTests.start)
        }

        mutating func depth(at milliseconds: Int64, bids: String, skipping: Int = 0) {
            let time = LiveFeatureTests.start.adding(nanoseconds: milliseconds * 1_000_000)
            last += 1 + skipping
            var text =
                #"{"e":"depthUpdate","E":\#(time.milliseconds),"s":"BTCUSDT","U":\#(last),"u":\#(last),"b":[\#(bids)],"a":[]}"#
            text.withUTF8 { state.heard(UnsafeRawBufferPointer($0), 1, at: time) }
        }
    }

    @Test("a second has the book right before it: no change that comes later")
    func sampled() {
        var stage = Stage()
        stage.depth(at: 900, bids: #"["100","3"]"#)
        stage.depth(at: 1_100, bids: #"["100","1"]"#)
        let features = stage.state.takeFeatures()
        #expect(features.map(\.place) == [0])
        #expect(features.first?.feature.time == Self.start.adding(seconds: 1))
        #expect(features.first?.feature.imbalance == 0.5)
        #expect(stage.state.takeFeatures().isEmpty)
    }

    @Test("a book in which nothing moves is looked at, too, once nothing of the second can be on its way")
    func quiet() {
        var stage = Stage()
        for second in 1...2 { stage.state.tick(at: Self.start.adding(seconds: Int64(second))) }
        #expect(stage.state.takeFeatures().isEmpty)
        for second in 3...4 { stage.state.tick(at: Self.start.adding(seconds: Int64(second))) }
        let seconds = stage.state.takeFeatures().map { $0.feature.time.seconds - Self.start.seconds }
        #expect(seconds == [1, 2])
    }

    @Test(
        "where no connection is heard for more than four seconds there are none, nor are they made up when one is again"
    )
    func silent() {
        var stage = Stage()
        for second in 1...9 { stage.state.tick(at: Self.start.adding(seconds: Int64(second))) }
        let seconds = { (stage: inout Stage) in
            stage.state.takeFeatures().map { $0.feature.time.seconds - Self.start.seconds }
        }
        #expect(seconds(&stage) == [1, 2])
        // What was missed is between.
        stage.depth(at: 9_500, bids: #"["100","3"]"#, skipping: 3)
        #expect(seconds(&stage).isEmpty)
    }

    @Test("a book that is stale has none")
    func stale() {
        var stage = Stage()
        stage.depth(at: 500, bids: "", skipping: 5)
        stage.depth(at: 1_500, bids: "")
        for second in 2...5 { stage.state.tick(at: Self.start.adding(seconds: Int64(second))) }
        #expect(stage.state.takeFeatures().isEmpty)
        #expect(stage.state.gaps == 1)
    }

    @Test("features are stored beside minutes, and those older than wanted go")
    func stored() throws {
        let store = try Store.inMemory()
        let now = Self.start.adding(seconds: 10 * 86_400)
        let writer = FeatureWriter(store, days: 3, now: { now })
        for second in [0, 1, 5, 3, 10 * 86_400 - 1] {
            writer.write(
                BookFeature(
                    time: Self.start.adding(seconds: Int64(second)), imbalance: 0, spreadBps: 1, depthRatio: nil),
                of: Self.instruments[0])
        }
        writer.flush()
        // The one that went back in time was not taken, and of the rest only the newest is not too old.
        let features = try store.features(venue: "BINANCE", symbol: "BTCUSDT")
        #expect(features.map(\.time) == [now.adding(seconds: -1)])
        #expect(writer.problem == nil)
    }
}
