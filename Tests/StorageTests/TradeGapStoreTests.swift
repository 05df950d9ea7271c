import Market
import Testing

@testable import Storage

@Suite("Gaps in trades in the store")
struct TradeGapStoreTests {
    private static func gap(
        _ first: UInt64, _ last: UInt64, found: Int64, of instrument: Instrument = Sample.instrument
    )
        -> TradeGap
    {
        TradeGap(
            of: instrument, first...last, from: Sample.start.adding(seconds: found - 3),
            to: Sample.start.adding(seconds: found - 1), foundAt: Sample.start.adding(seconds: found),
            missing: last - first + 1)
    }

    @Test("gaps are read as they were stored, by instrument, the oldest first")
    func roundTrip() throws {
        let store = try Store.inMemory()
        let later = Self.gap(30, 39, found: 200)
        let ended = Self.gap(11, 14, found: 100).ended(.filled, missing: 0, at: Sample.start.adding(seconds: 102))
        let other = Self.gap(1, 1, found: 50, of: Sample.other)
        try store.write([later, other, ended])
        #expect(try store.tradeGaps() == [ended, later, other])
        #expect(later.count == 10 && later.missing == 10 && later.endedAt == nil)
    }

    @Test("what became of a gap takes the place of what was known of it")
    func ends() throws {
        let store = try Store.inMemory()
        let gap = Self.gap(11, 14, found: 100)
        try store.write([gap])
        let ended = gap.ended(.absent, missing: 1, at: Sample.start.adding(seconds: 106))
        try store.write([ended])
        #expect(try store.tradeGaps() == [ended])
    }

    @Test("the same numbers found again are another gap")
    func again() throws {
        let store = try Store.inMemory()
        try store.write([Self.gap(11, 14, found: 100), Self.gap(11, 14, found: 900)])
        #expect(try store.tradeGaps().count == 2)
    }

    @Test("beyond a thousand gaps of an instrument the oldest go, those of others stay")
    func bounded() throws {
        let store = try Store.inMemory()
        try store.write([Self.gap(1, 2, found: 5, of: Sample.other)])
        try store.write((0..<1_005).map { Self.gap(UInt64($0) * 10 + 1, UInt64($0) * 10 + 2, found: Int64($0) + 10) })
        let gaps = try store.tradeGaps()
        #expect(gaps.count == 1_001)
        #expect(gaps.first?.firstTrade == 51)
        #expect(gaps.last?.instrument.name == "BINANCE:ETHUSDT")
    }

    @Test("a gap that an earlier process left open is interrupted; a newer one and an ended one are not")
    func interrupted() throws {
        let store = try Store.inMemory()
        let ended = Self.gap(1, 2, found: 10).ended(.filled, missing: 0, at: Sample.start.adding(seconds: 11))
        let left = Self.gap(11, 14, found: 20)
        let newer = Self.gap(21, 24, found: 40)
        let other = Self.gap(5, 5, found: 20, of: Sample.other)
        try store.write([ended, left, newer, other])
        let restart = Sample.start.adding(seconds: 30)
        try store.interruptTradeGaps(of: [Sample.instrument], before: restart)
        #expect(try store.tradeGaps() == [ended, left.ended(.interrupted, missing: 4, at: restart), newer, other])
    }
}
