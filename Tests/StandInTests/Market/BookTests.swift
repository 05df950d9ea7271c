import Market
import Testing

@testable import StandIn

/// A client's book, kept by the venue's recipe.
struct FollowedBook: Equatable {
    var bids: [Price: Quantity] = [:]
    var asks: [Price: Quantity] = [:]
    var updateID: Int64 = 0

    init(_ book: LiveBook) {
        for level in book.bids { bids[level.price] = level.quantity }
        for level in book.asks { asks[level.price] = level.quantity }
        updateID = book.updateID
    }

    /// Takes an event in; whether it continues the book.
    mutating func take(_ update: DepthUpdate) -> Bool {
        if update.last <= updateID { return true }
        guard update.first <= updateID + 1 else { return false }
        for level in update.bids { bids[level.price] = level.quantity.isZero ? nil : level.quantity }
        for level in update.asks { asks[level.price] = level.quantity.isZero ? nil : level.quantity }
        updateID = update.last
        return true
    }
}

@Suite("the order book and its differences")
struct BookTests {
    private func side(_ random: inout SeededGenerator, _ side: Side) -> [BookLevel] {
        var levels: [BookLevel] = []
        for step in 0..<Int64(12) where random.next() % 3 > 0 {
            let price = Price(mantissa: side == .buy ? 1_000 - step : 1_001 + step)
            levels.append(BookLevel(price: price, quantity: Quantity(mantissa: Int64(random.next() % 3 + 1))))
        }
        return levels
    }

    @Test("whoever applies every difference to a snapshot has the book", arguments: 0..<6)
    func recipe(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var book = LiveBook(updateID: 500)
        var gathering = DepthGathering(after: 500)
        var followed: FollowedBook?
        var last: Int64 = 500
        for round in 0..<300 {
            gathering.take(book.publish(bids: side(&random, .buy), asks: side(&random, .sell)))
            // A snapshot may fall anywhere between two differences.
            if round == 7 { followed = FollowedBook(book) }
            guard random.next() % 4 == 0, let update = gathering.flush(upTo: book.updateID) else { continue }
            #expect(update.first == last + 1)
            last = update.last
            if followed != nil {
                #expect(followed?.take(update) == true)
                #expect(followed == FollowedBook(book))
            }
        }
    }

    @Test("each changed level has an id of its own")
    func numbering() {
        var book = LiveBook(updateID: 10)
        let first = BookLevel(price: Price(mantissa: 99), quantity: Quantity(mantissa: 5))
        #expect(book.publish(bids: [first], asks: []).count == 1)
        #expect(book.updateID == 11)
        let changes = book.publish(
            bids: [BookLevel(price: Price(mantissa: 98), quantity: Quantity(mantissa: 1))],
            asks: [BookLevel(price: Price(mantissa: 101), quantity: Quantity(mantissa: 2))])
        #expect(changes.map(\.level.price.mantissa) == [99, 98, 101])
        #expect(changes[0].level.quantity.isZero)
        #expect(book.updateID == 14)
    }

    @Test("nothing changed is no event")
    func silence() {
        var book = LiveBook(updateID: 10)
        var gathering = DepthGathering(after: 10)
        gathering.take(book.publish(bids: [], asks: []))
        #expect(gathering.flush(upTo: book.updateID) == nil)
    }
}
