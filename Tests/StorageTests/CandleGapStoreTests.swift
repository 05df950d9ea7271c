import Market
import Testing

@testable import Storage

@Suite("Gaps in minutes in the store")
struct CandleGapStoreTests {
    private static func gap(_ first: Int64, _ count: Int64, found: Int64, of instrument: Instrument = Sample.instrument)
        -> CandleGap
    {
        CandleGap(
            of: instrument, from: Sample.start.adding(seconds: first * 60),
            to: Sample.start.adding(seconds: (first + count) * 60), foundAt: Sample.start.adding(seconds: found))
    }

    @Test("gaps are read as they were stored, by instrument, the oldest first")
    func roundTrip() throws {
        let store = try Store.inMemory()
        let later = Self.gap(30, 9, found: 2_400)
        let ended = Self.gap(1, 4, found: 400).ended(.filled, missing: 0, at: Sample.start.adding(seconds: 402))
        let other = Self.gap(1, 1, found: 200, of: Sample.other)
        try store.write([later, other, ended])
        #expect(try store.candleGaps() == [ended, later, other])
        #expect(later.count == 9 && later.missing == 9 && later.endedAt == nil)
    }

    @Test("what became of a gap takes the place of what was known of it")
    func ends() throws {
        let store = try Store.inMemory()
        let gap = Self.gap(1, 4, found: 400)
        try store.write([gap])
        let ended = gap.ended(.absent, missing: 1, at: Sample.start.adding(seconds: 460))
        try store.write([ended])
        #expect(try store.candleGaps() == [ended])
    }

    @Test("a gap that goes on is one, up to where it has come")
    func extended() throws {
        let store = try Store.inMemory()
        let gap = Self.gap(1, 1, found: 400)
        try store.write([gap.ended(.absent, missing: 1, at: Sample.start.adding(seconds: 400))])
        var longer = Self.gap(1, 3, found: 400)
        longer = longer.ended(.absent, missing: 3, at: Sample.start.adding(seconds: 520))
        try store.write([longer])
        #expect(try store.candleGaps() == [longer])
    }

    @Test("beyond a thousand gaps of an instrument the oldest go, those of others stay")
    func bounded() throws {
        let store = try Store.inMemory()
        try store.write([Self.gap(1, 1, found: 5, of: Sample.other)])
        try store.write((0..<1_005).map { Self.gap($0 * 2, 1, found: $0 * 120 + 100) })
        let gaps = try store.candleGaps()
        #expect(gaps.count == 1_001)
        #expect(gaps.first?.from == Sample.start.adding(seconds: 600))
        #expect(gaps.last?.instrument.name == "BINANCE:ETHUSDT")
    }

    @Test("a gap that an earlier process left open is interrupted; a newer one and an ended one are not")
    func interrupted() throws {
        let store = try Store.inMemory()
        let ended = Self.gap(1, 1, found: 100).ended(.filled, missing: 0, at: Sample.start.adding(seconds: 110))
        let left = Self.gap(3, 2, found: 400)
        let newer = Self.gap(9, 1, found: 700)
        try store.write([ended, left, newer])
        let restart = Sample.start.adding(seconds: 600)
        try store.interruptCandleGaps(of: [Sample.instrument], before: restart)
        #expect(try store.candleGaps() == [ended, left.ended(.interrupted, missing: 2, at: restart), newer])
    }
}
