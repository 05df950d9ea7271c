import Market
import Testing
import Venues

@testable import Ingestion

@Suite("comparing a book's top with the venue's")
struct TopCheckTests {
    private func ticker(_ id: Int64, _ bid: Int64 = 99, _ ask: Int64 = 101) -> BookTicker {
        BookTicker(
            instrument: 0, updateID: id, bid: Price(mantissa: bid), bidSize: Quantity(mantissa: 1),
            ask: Price(mantissa: ask), askSize: Quantity(mantissa: 1))
    }

    @Test("a top between two tickers must be that of the first")
    func agreement() {
        var check = TopCheck()
        #expect(check.note(ticker(95)) == .undecided)
        _ = check.note(BookSamples.live(100))
        #expect(check.note(ticker(101, 98)) == .agreed(1))
        #expect(check.compared == 1)
    }

    @Test("a ticker of the book's own update decides with the next one")
    func sameUpdate() {
        var check = TopCheck()
        _ = check.note(ticker(90, 50))
        _ = check.note(BookSamples.live(100))
        #expect(check.note(ticker(100)) == .undecided)
        #expect(check.note(ticker(104, 98)) == .agreed(1))
    }

    @Test("a book that comes behind later tickers is compared at once")
    func lateBook() {
        var check = TopCheck()
        for (id, bid) in [(95, 98), (99, 99), (101, 98), (110, 97)] as [(Int64, Int64)] {
            _ = check.note(ticker(id, bid))
        }
        #expect(check.note(BookSamples.live(100)) == .agreed(1))
        #expect(check.note(BookSamples.live(105)) != .agreed(1))
    }

    @Test("tickers and tops without end take no memory without end, and the last are compared")
    func bounded() {
        var check = TopCheck()
        for id in Int64(0)..<5_000 { _ = check.note(ticker(id * 2)) }
        #expect(check.note(BookSamples.live(101)) == .undecided)
        #expect(check.note(BookSamples.live(9_901)) == .agreed(1))
        for id in Int64(10_000)..<11_000 { #expect(check.note(BookSamples.live(id)) == .undecided) }
        #expect(check.note(ticker(20_000)) == .agreed(48 + (1_000 - 48) % 16))
    }

    @Test("another top is a disagreement, with both")
    func disagreement() {
        var check = TopCheck()
        _ = check.note(ticker(95, 98))
        _ = check.note(BookSamples.live(100))
        #expect(check.note(ticker(101)) == .disagreed(id: 100, book: ticker(95), venue: ticker(95, 98)))
    }

    @Test("what no two tickers enclose is not decided")
    func undecided() {
        var check = TopCheck()
        _ = check.note(BookSamples.live(100))
        #expect(check.note(ticker(120)) == .undecided)
        #expect(check.note(ticker(130)) == .undecided)
        #expect(check.note(ticker(125, 1)) == .undecided)
        #expect(check.compared == 0)
    }

    @Test("an empty side is a price of zero")
    func emptySide() {
        var book = BookSamples.live(100)
        _ = book.apply(BookSamples.diff(101, 101, asks: [(101, 0), (102, 0)]))
        var check = TopCheck()
        var empty = ticker(101, 99, 0)
        empty.askSize = .zero
        _ = check.note(empty)
        _ = check.note(book)
        #expect(check.note(ticker(102)) == .agreed(1))
    }

    @Test("a book that is not live is not compared, and nothing is after a reset")
    func notLive() {
        var check = TopCheck()
        _ = check.note(ticker(95, 98))
        _ = check.note(LocalBook())
        _ = check.note(BookSamples.live(100))
        check.reset()
        #expect(check.note(ticker(101)) == .undecided)
        #expect(check.note(ticker(102)) == .undecided)
    }
}
