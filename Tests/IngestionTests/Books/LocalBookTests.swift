import Market
import Testing
import Venues

@testable import Ingestion

@Suite("keeping a book")
struct LocalBookTests {
    private typealias Samples = BookSamples

    private func prices(_ book: LocalBook, _ side: Side) -> [Int64] { book.allLevels(of: side).map(\.price.mantissa) }

    @Test("the first change is kept and asks for a snapshot, once")
    func begin() {
        var book = LocalBook()
        #expect(book.state == .waitingForSnapshot && !book.isSnapshotWanted)
        #expect(book.apply(Samples.diff(10, 12)) == .wantsSnapshot(.begin))
        #expect(book.apply(Samples.diff(13, 15)) == .held)
        #expect(book.isSnapshotWanted && book.quote == nil)
    }

    @Test("a stream in which nothing moves asks for its snapshot all the same")
    func quietStream() {
        var book = LocalBook()
        #expect(book.streamBegan() == .wantsSnapshot(.begin))
        #expect(book.streamBegan() == .ignored)
        #expect(book.apply(Samples.snapshot(100), at: Samples.time) == .live)
        #expect(book.state == .live && book.lastID == 100 && book.time == Samples.time)
        #expect(book.apply(Samples.diff(101, 103, bids: [(100, 5)], after: 1)) == .applied)
        #expect(book.quote?.bid.mantissa == 100)
    }

    @Test("changes that are in the snapshot are dropped, the one that overlaps it and those behind it taken")
    func replay() {
        var book = LocalBook()
        _ = book.apply(Samples.diff(90, 95, bids: [(97, 7)]))
        _ = book.apply(Samples.diff(96, 100, bids: [(96, 7)]))
        _ = book.apply(Samples.diff(101, 105, bids: [(95, 7)], after: 1))
        _ = book.apply(Samples.diff(106, 106, asks: [(101, 0)], after: 2))
        #expect(book.apply(Samples.snapshot(103), at: Samples.time) == .live)
        #expect(prices(book, .buy) == [99, 98, 95])
        #expect(prices(book, .sell) == [102])
        #expect(book.lastID == 106 && book.time == Samples.time.adding(seconds: 2))
        #expect(!book.isSnapshotWanted)
    }

    @Test("a snapshot older than the first kept change is asked for again, and what is kept stays")
    func tooOld() {
        var book = LocalBook()
        _ = book.apply(Samples.diff(102, 104, bids: [(97, 7)]))
        #expect(book.apply(Samples.snapshot(100), at: Samples.time) == .wantsSnapshot(.tooOld))
        #expect(book.state == .waitingForSnapshot && book.isSnapshotWanted)
        #expect(book.apply(Samples.snapshot(103), at: Samples.time) == .live)
        #expect(prices(book, .buy) == [99, 98, 97])
    }

    @Test("a first change that begins right behind the snapshot continues it")
    func adjacent() {
        var book = LocalBook()
        _ = book.apply(Samples.diff(101, 104, bids: [(97, 7)]))
        #expect(book.apply(Samples.snapshot(100), at: Samples.time) == .live)
        #expect(book.lastID == 104)
    }

    @Test("a snapshot newer than all that is kept is taken alone")
    func newer() {
        var book = LocalBook()
        _ = book.apply(Samples.diff(90, 95, bids: [(97, 7)]))
        #expect(book.apply(Samples.snapshot(200), at: Samples.time) == .live)
        #expect(prices(book, .buy) == [99, 98])
        #expect(book.apply(Samples.diff(150, 199, bids: [(99, 0)])) == .ignored)
        #expect(book.apply(Samples.diff(199, 201, bids: [(99, 0)])) == .applied)
    }

    @Test("a snapshot nobody asked for changes nothing")
    func unasked() {
        var book = LocalBook()
        #expect(book.apply(Samples.snapshot(100), at: Samples.time) == .ignored)
        var live = Samples.live()
        #expect(live.apply(Samples.snapshot(50, bids: []), at: Samples.time) == .ignored)
        #expect(prices(live, .buy) == [99, 98])
    }

    @Test("quantities are absolute, zero removes, and removing what is not there is no mistake")
    func absolute() {
        var book = Samples.live()
        _ = book.apply(
            Samples.diff(101, 101, bids: [(99, 5), (98, 0), (50, 0), (97, 3)], asks: [(101, 0), (103, 4)]))
        #expect(book.allLevels(of: .buy) == Samples.levels([(99, 5), (97, 3)]))
        #expect(book.allLevels(of: .sell) == Samples.levels([(102, 2), (103, 4)]))
    }

    @Test("a missing update makes it stale, and a new snapshot live again")
    func gap() {
        var book = Samples.live()
        let reason = StaleReason.gap(expected: 101, found: 102)
        #expect(book.apply(Samples.diff(102, 103, bids: [(99, 0)])) == .wantsSnapshot(.stale(reason)))
        #expect(book.state == .stale(reason) && book.quote == nil && book.depth(levels: 5) == nil)
        #expect(book.apply(Samples.diff(104, 105, bids: [(97, 1)])) == .held)
        #expect(book.apply(Samples.snapshot(100), at: Samples.time) == .wantsSnapshot(.tooOld))
        #expect(book.apply(Samples.snapshot(104), at: Samples.time) == .live)
        #expect(book.lastID == 105 && prices(book, .buy) == [99, 98, 97])
    }

    @Test("a change that came before is passed over")
    func repeated() {
        var book = Samples.live()
        let diff = Samples.diff(101, 103, bids: [(99, 7)])
        #expect(book.apply(diff) == .applied)
        #expect(book.apply(diff) == .ignored)
        #expect(book.apply(Samples.diff(102, 102, bids: [(99, 1)])) == .ignored)
        #expect(book.quote?.bidSize.mantissa == 7)
    }

    @Test("a gap among the kept changes needs a snapshot from behind it")
    func gapWhileWaiting() {
        var book = LocalBook()
        _ = book.apply(Samples.diff(101, 102))
        _ = book.apply(Samples.diff(105, 106, bids: [(97, 1)]))
        #expect(book.apply(Samples.snapshot(102), at: Samples.time) == .wantsSnapshot(.tooOld))
        #expect(book.apply(Samples.diff(103, 104)) == .ignored)
        #expect(book.apply(Samples.snapshot(105), at: Samples.time) == .live)
        #expect(book.lastID == 106)
    }

    @Test("crossed for a moment it is not read, crossed for long it is stale")
    func crossed() {
        var book = Samples.live()
        #expect(book.apply(Samples.diff(101, 101, bids: [(101, 1)])) == .applied)
        #expect(book.isCrossed && book.quote == nil && !book.isReadable)
        #expect(book.apply(Samples.diff(102, 102, asks: [(101, 0)])) == .applied)
        #expect(book.quote?.ask.mantissa == 102)
        #expect(book.apply(Samples.diff(103, 103, asks: [(100, 1)])) == .applied)
        #expect(book.apply(Samples.diff(104, 104)) == .applied)
        #expect(book.apply(Samples.diff(105, 105)) == .wantsSnapshot(.stale(.crossed)))
        #expect(book.state == .stale(.crossed))
        // What was taken before is not kept any more: the snapshot must be as new as that.
        #expect(book.apply(Samples.snapshot(104), at: Samples.time) == .wantsSnapshot(.tooOld))
        #expect(book.apply(Samples.snapshot(105), at: Samples.time) == .live)
    }

    @Test("its owner can call it stale; before the first snapshot that says nothing")
    func marked() {
        var book = Samples.live()
        #expect(book.markStale(.damaged) == .wantsSnapshot(.stale(.damaged)))
        #expect(book.markStale(.disagreed) == .ignored)
        var waiting = LocalBook()
        #expect(waiting.markStale(.damaged) == .ignored)
        #expect(waiting.state == .waitingForSnapshot)
    }

    @Test("after a lost connection nothing is wanted until the stream begins again")
    func disconnected() {
        var book = Samples.live()
        #expect(book.markStale(.disconnected) == .ignored)
        #expect(book.state == .stale(.disconnected) && !book.isSnapshotWanted)
        // An answer that was under way on the old connection.
        #expect(book.apply(Samples.snapshot(120), at: Samples.time) == .ignored)
        #expect(book.streamBegan() == .wantsSnapshot(.stale(.disconnected)))
        // Another server may be behind what the first one told.
        #expect(book.apply(Samples.snapshot(90), at: Samples.time) == .live)
        #expect(book.lastID == 90)
    }

    @Test("while a snapshot is awaited memory is bounded: the oldest changes go, and the snapshot must be newer")
    func bounded() {
        var limits = BookLimits()
        limits.heldChanges = 8
        var book = LocalBook(limits)
        for id in Int64(1)...1_000 { _ = book.apply(Samples.diff(id, id, bids: [(50 + id % 40, id)])) }
        #expect(book.apply(Samples.snapshot(900), at: Samples.time) == .wantsSnapshot(.tooOld))
        #expect(book.apply(Samples.snapshot(998), at: Samples.time) == .live)
        #expect(book.lastID == 1_000)
        #expect(book.allLevels(of: .buy).contains(Samples.levels([(50 + 999 % 40, 999)])[0]))
    }

    @Test("levels beyond the most are dropped from the far end, and how far it is known is told")
    func trimmed() {
        var limits = BookLimits()
        limits.levels = 100
        limits.fewestKnown = 1
        var book = Samples.live(100, limits)
        #expect(book.reach(of: .buy) == .init(levels: 2, completeTo: nil))
        for id in Int64(101)...300 { _ = book.apply(Samples.diff(id, id, asks: [(id + 2, 1)])) }
        #expect(book.reach(of: .sell) == .init(levels: 100, completeTo: Price(mantissa: 200)))
        _ = book.apply(Samples.diff(301, 301, asks: (101...199).map { (Int64($0), 0) } + [(900, 1)]))
        #expect(prices(book, .sell) == [200, 900])
        // Between 200 and 900 there may be levels that nobody remembers.
        #expect(book.depth(levels: 10)?.asks.map(\.price.mantissa) == [200])
    }

    @Test("a snapshot that was cut tells how far it goes, and a thin rest asks for another while it stays live")
    func thin() {
        var limits = BookLimits()
        limits.fewestKnown = 2
        var book = LocalBook(limits)
        _ = book.streamBegan()
        let asks: [(Int64, Int64)] = [(101, 1), (102, 1), (103, 1), (104, 1)]
        #expect(book.apply(Samples.snapshot(100, asks: asks, limit: 4), at: Samples.time) == .live)
        #expect(book.reach(of: .sell).completeTo?.mantissa == 104 && book.reach(of: .buy).completeTo == nil)
        #expect(book.apply(Samples.diff(101, 101, asks: [(101, 0), (102, 0), (110, 1)])) == .applied)
        #expect(book.apply(Samples.diff(102, 102, asks: [(103, 0)])) == .wantsSnapshot(.thin))
        #expect(book.state == .live && book.depth(levels: 9)?.asks.map(\.price.mantissa) == [104])
        #expect(book.apply(Samples.diff(103, 104, bids: [(90, 4)])) == .applied)
        let deeper: [(Int64, Int64)] = [(104, 1), (105, 1), (106, 1), (107, 1)]
        #expect(book.apply(Samples.snapshot(101, asks: deeper, limit: 4), at: Samples.time) == .wantsSnapshot(.tooOld))
        #expect(book.state == .live)
        #expect(book.apply(Samples.snapshot(103, asks: deeper, limit: 4), at: Samples.time) == .live)
        #expect(
            book.lastID == 104 && prices(book, .buy) == [99, 98, 90] && prices(book, .sell) == [104, 105, 106, 107])
    }

    @Test("a price outside what the snapshot told is not read, though changes told some levels there")
    func outOfReach() {
        var book = LocalBook()
        _ = book.streamBegan()
        _ = book.apply(Samples.snapshot(100, limit: 2), at: Samples.time)
        #expect(book.apply(Samples.diff(101, 101, asks: [(101, 0), (102, 0), (110, 1)])) == .wantsSnapshot(.thin))
        #expect(book.state == .live && book.quote == nil && !book.isReadable && book.bestAsk?.price.mantissa == 110)
        #expect(book.apply(Samples.snapshot(101, asks: [(105, 1), (110, 1)], limit: 2), at: Samples.time) == .live)
        #expect(book.quote?.ask.mantissa == 105)
    }

    @Test("its best levels are copied into a depth that is used again")
    func copies() {
        let book = Samples.live()
        var depth = BookDepth(time: .epoch, bids: Samples.levels([(1, 1)]), asks: [])
        #expect(book.copyDepth(levels: 1, into: &depth))
        #expect(depth.bids == Samples.levels([(99, 1)]) && depth.asks == Samples.levels([(101, 1)]))
        #expect(depth.quote == book.quote)
        #expect(book.depth(levels: 0)?.bids.isEmpty == true)
    }
}
