import Market
import Testing

@testable import Ingestion

@Suite("What a market has said and nobody has taken yet")
struct LiveQueueTests {
    private static func book(_ second: Int64, isKnown: Bool = true) -> LiveUpdate {
        .depth(
            0,
            BookDepth(
                time: Timestamp(seconds: second),
                bids: isKnown ? [BookLevel(price: Price(mantissa: 1), quantity: Quantity(mantissa: 1))] : [],
                asks: isKnown ? [BookLevel(price: Price(mantissa: 2), quantity: Quantity(mantissa: 1))] : []))
    }

    private static func quote(_ second: Int64) -> LiveUpdate {
        .quote(
            0,
            Quote(
                time: Timestamp(seconds: second), bid: Price(mantissa: 1), ask: Price(mantissa: 2), bidSize: .zero,
                askSize: .zero))
    }

    private static func print(_ second: Int64) -> LiveUpdate {
        .print(
            0,
            TradePrint(
                time: Timestamp(seconds: second), price: Price(mantissa: 1), quantity: .zero, aggressor: .buy,
                id: UInt64(second)))
    }

    private func times(_ queue: inout LiveQueue) -> [String] {
        var updates: [LiveUpdate] = []
        queue.take(into: &updates)
        return updates.map { update in
            switch update {
            case .depth(_, let depth): "book \(depth.time.seconds)"
            case .quote(_, let quote): "quote \(quote.time.seconds)"
            case .print(_, let print, _): "print \(print.time.seconds)"
            default: "\(update)"
            }
        }
    }

    @Test("books keep their place among prices and trades")
    func order() {
        var queue = LiveQueue(instrumentCount: 1)
        for update in [Self.book(1), Self.quote(2), Self.book(3), Self.print(4), Self.book(5)] { queue.append(update) }
        #expect(times(&queue) == ["book 1", "quote 2", "book 3", "print 4", "book 5"])
        #expect(times(&queue) == [])
    }

    @Test("while whoever takes lags, one book waits, and what says that none is known")
    func lags() {
        var queue = LiveQueue(instrumentCount: 1)
        for number in 0..<Int64(LiveQueue.softCapacity) { queue.append(Self.print(number)) }
        for update in [
            Self.book(1), Self.print(2), Self.book(3), Self.book(4, isKnown: false), Self.print(5), Self.book(6),
            Self.book(7),
        ] {
            queue.append(update)
        }
        #expect(times(&queue).suffix(5) == ["book 1", "print 2", "book 4", "print 5", "book 6"])
    }
}
