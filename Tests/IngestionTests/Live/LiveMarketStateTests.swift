import Foundation
import Market
import Testing
import Venues

@testable import Ingestion

@Suite("Markets that are followed")
struct LiveMarketStateTests {
    @Test("the market counts as there with its first message, and as lost with its last connection")
    func link() {
        var stage = MarketStage()
        stage.open()
        #expect(stage.take().isEmpty)
        stage.hear(stage.quote(1, "100", "101"))
        #expect(stage.take().linkStates == [.live])
        stage.state.closed(1, "the server closed it")
        #expect(stage.take().linkStates == [.lost(reason: "the server closed it")])
    }

    @Test("while another connection overlaps, the end of one loses nothing")
    func overlap() {
        var stage = MarketStage()
        stage.open(1)
        stage.hear(stage.quote(1, "100", "101"))
        stage.open(2)
        stage.hear(stage.quote(2, "100", "102"), on: 2)
        stage.state.closed(1, "replaced")
        stage.hear(stage.quote(3, "100", "103"), on: 2)
        let updates = stage.take()
        #expect(updates.linkStates == [.live])
        #expect(updates.count == 4)
    }

    @Test("a connection that ends while its successor is only being made is a loss")
    func lostBeforeSuccessor() {
        var stage = MarketStage()
        stage.open(1)
        stage.hear(stage.quote(1, "100", "101"))
        stage.open(2)
        stage.state.closed(1, "it broke off")
        #expect(stage.take().linkStates == [.live, .lost(reason: "it broke off")])
        stage.hear(stage.quote(2, "100", "102"), on: 2)
        #expect(stage.take().linkStates == [.live])
    }

    @Test("a connection that ends after its successor could not be made is a loss")
    func lostAfterFailure() {
        var stage = MarketStage()
        stage.open(1)
        stage.hear(stage.quote(1, "100", "101"))
        stage.open(2)
        stage.state.failed(2, "it could not be made")
        #expect(stage.take().linkStates == [.live])
        stage.state.closed(1, "it broke off")
        #expect(stage.take().linkStates == [.lost(reason: "it broke off")])
    }

    @Test("what two connections both tell is told once")
    func duplicates() {
        var stage = MarketStage()
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
        var stage = MarketStage()
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
        var stage = MarketStage()
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
    private func ahead() -> MarketStage {
        var stage = MarketStage()
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
        var stage = MarketStage()
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

    @Test("a message that can't be read makes books stale, is told of, and too many have the connection replaced")
    func damage() {
        var stage = MarketStage()
        stage.open()
        for _ in 0..<25 { stage.hear("{\"e\":\"trade\",") }
        #expect(stage.take().remarkKinds == ["feed-damaged", "feed-damaged"])
        #expect(stage.state.takeDemands() == [.replace(1)])
    }

    @Test("a connection that stands and says nothing is replaced, later each time")
    func silence() {
        var stage = MarketStage()
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

    @Test("where nothing comes the market is lost, and what comes then on the same connection begins anew")
    func silentLoss() {
        var stage = MarketStage()
        stage.open()
        stage.hear(stage.depth(11, 12))
        let level = { (price: Int64) in
            [BookLevel(price: Price(mantissa: price), quantity: Quantity(mantissa: 1))]
        }
        let book = DepthSnapshot(lastID: 12, bids: level(98_00000000), asks: level(101_00000000), limit: 1_000)
        stage.state.answer(0, book: book, at: stage.now)
        _ = stage.wantsBook()
        _ = stage.take()
        for _ in 0..<29 {
            stage.now = stage.now.adding(seconds: 1)
            stage.state.tick(at: stage.now)
        }
        #expect(stage.take().linkStates.isEmpty && stage.state.books(levels: 5)[0] != nil)
        for _ in 0..<40 {
            stage.now = stage.now.adding(seconds: 1)
            stage.state.tick(at: stage.now)
        }
        #expect(stage.take().linkStates == [.lost(reason: "nothing is heard")])
        #expect(stage.state.books(levels: 5)[0] == nil)
        _ = stage.state.takeDemands()
        stage.hear(stage.depth(13, 13))
        #expect(stage.take().linkStates == [.live])
        #expect(stage.state.takeDemands().contains(.book(0, losses: 1)))
    }

    @Test("best prices count behind a loss, too, where the venue numbers them anew")
    func numberedAnew() {
        var stage = MarketStage()
        stage.open(1)
        stage.hear(stage.quote(5_000, "100", "101"))
        stage.state.closed(1, "the venue was wiped")
        stage.open(2)
        _ = stage.take()
        stage.hear(stage.quote(7, "100", "102"), on: 2)
        #expect(stage.take().contains { if case .quote = $0 { true } else { false } })
    }

    @Test("a server that says that it goes down has its connection replaced")
    func shutdown() {
        var stage = MarketStage()
        stage.open()
        stage.hear(#"{"e":"serverShutdown","E":1714953600000}"#)
        #expect(stage.state.takeDemands() == [.replace(1)])
    }
}
