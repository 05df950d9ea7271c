import Foundation
import Market
import Venues

@testable import Ingestion

/// A market of one symbol, what it hears, and its book.
struct BookStage {
    private static let instrument = MarketStage.instruments[0]

    var state = LiveMarketState([instrument], next: [nil], LiveOptions())
    var now = MarketStage.start

    /// A market with a live book after update 12: 98 is bid for 1, 101 asked for 2.
    static func live() -> BookStage {
        var stage = BookStage()
        stage.open()
        stage.depth(11, 12)
        stage.answer(12)
        _ = stage.state.takeDemands()
        return stage
    }

    var isLive: Bool { state.books(levels: 5)[0] != nil }
    var books: Int { state.demands.count { if case .book = $0 { true } else { false } } }

    mutating func open(_ number: Int = 1) {
        state.opening(number, MarketStreamDecoder([BookStage.instrument]), at: now)
        state.endings(number) {}
    }

    mutating func answer(_ lastID: Int64) {
        func level(_ price: Int64, _ quantity: Int64) -> [BookLevel] {
            [
                BookLevel(
                    price: Price(mantissa: price * 100_000_000), quantity: Quantity(mantissa: quantity * 100_000_000))
            ]
        }
        state.answer(
            0, book: DepthSnapshot(lastID: lastID, bids: level(98, 1), asks: level(101, 2), limit: 1_000), at: now)
        _ = state.wantsBook(0, losses: state.losses)
    }

    mutating func hear(_ text: String, on number: Int) {
        now = now.adding(nanoseconds: 10_000_000)
        var text = text
        text.withUTF8 { state.heard(UnsafeRawBufferPointer($0), number, at: now) }
    }

    /// The best prices after an update: one is bid, two are asked.
    mutating func ticker(_ id: Int, _ bid: String = "98", _ ask: String = "101", on number: Int = 1) {
        hear(MarketWords.quote(id, bid, ask), on: number)
    }

    mutating func depth(_ first: Int, _ last: Int, bids: String = "", asks: String = "", on number: Int = 1) {
        hear(MarketWords.depth(first, last, bids: bids, asks: asks, at: now.milliseconds), on: number)
    }

    mutating func trade(_ id: Int, on number: Int = 1) {
        hear(MarketWords.trade(id, "100", at: now.milliseconds), on: number)
    }

    mutating func tick(_ seconds: Int = 1) {
        for _ in 0..<seconds {
            now = now.adding(seconds: 1)
            state.tick(at: now)
        }
    }
}
