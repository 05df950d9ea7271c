import Market
import Simulation
import Testing
import Trading

@Suite("The place in the queue of a recorded book")
struct QueueTests {
    /// A buy of `quantity` at 99, where `shown` stands.
    private func table(
        shown: String = "5", _ quantity: String = "2", queue: QueueRule = .pessimistic
    ) throws -> FillTable {
        var options = FillTable.free
        options.queue = queue
        var table = try FillTable(options)
        try table.book(0, ["99×" + shown, "98×5"], ["101×2"])
        table.place(try table.request(.buy, .limit, quantity, limit: "99"))
        return table
    }

    @Test("sellers at the price serve those before it first, then the order; buyers serve nobody there")
    func trades() throws {
        var table = try table()
        try table.trade(1, .sell, "99", "4")
        try table.trade(2, .buy, "101", "9")
        try table.trade(3, .buy, "99", "9")
        #expect(table.takeLines() == [])
        try table.trade(4, .sell, "99", "2")
        #expect(table.takeLines() == ["0 #1 filled 1 @ 99 maker"])
        try table.trade(5, .sell, "99", "5")
        #expect(table.takeLines() == ["0 #1 filled 1 @ 99 maker"])
        #expect(table.venue.fillCounts.trade == 2)
    }

    @Test("a trade beyond the price fills all of it, and so does a book that comes across it")
    func through() throws {
        var table = try table()
        try table.trade(1, .sell, "98.99", "0.001")
        #expect(table.takeLines() == ["0 #1 filled 2 @ 99 maker"])
        table = try self.table()
        try table.book(1, ["98×5"], ["99×0.5"])
        #expect(table.takeLines() == ["0 #1 filled 2 @ 99 maker"])
        #expect(table.venue.fillCounts.book == 1)
    }

    /// After the order came, the level grew from 10 to 20; then it shows 12, and 11 trade.
    @Test(
        "who left a level stood behind, or before and behind alike",
        arguments: [(QueueRule.pessimistic, ["1"]), (.proportional, ["2"])])
    func cancels(_ rule: QueueRule, _ filled: [String]) throws {
        var table = try table(shown: "10", queue: rule)
        try table.book(1, ["99×20", "98×5"], ["101×2"])
        try table.book(2, ["99×12", "98×5"], ["101×2"])
        try table.trade(3, .sell, "99", "11")
        #expect(table.takeLines() == filled.map { "0 #1 filled \($0) @ 99 maker" })
    }

    @Test("the queue is never longer than what is shown")
    func bounded() throws {
        var table = try table(shown: "10")
        try table.book(1, ["99×3", "98×5"], ["101×2"])
        try table.trade(2, .sell, "99", "4")
        #expect(table.takeLines() == ["0 #1 filled 1 @ 99 maker"])
        // A level that is gone has no queue.
        table = try self.table(shown: "10")
        try table.quote(1, "98", "101")
        try table.trade(2, .sell, "99", "1")
        #expect(table.takeLines() == ["0 #1 filled 1 @ 99 maker"])
    }

    @Test("what traded is not counted once more when the book shows it gone", arguments: QueueRule.allCases)
    func notTwice(_ rule: QueueRule) throws {
        var table = try table(shown: "10", queue: rule)
        try table.book(1, ["99×20", "98×5"], ["101×2"])
        try table.trade(2, .sell, "99", "4")
        try table.book(3, ["99×16", "98×5"], ["101×2"])
        // 6 are before it still.
        try table.trade(4, .sell, "99", "6")
        #expect(table.takeLines() == [])
        try table.trade(5, .sell, "99", "0.5")
        #expect(table.takeLines() == ["0 #1 filled 0.5 @ 99 maker"])
    }

    @Test("less of it keeps its place; more of it, or another price, stands behind everybody")
    func amended() throws {
        let id = OrderID(rawValue: 1)
        var table = try table()
        try table.trade(1, .sell, "99", "4")
        try table.book(2, ["99×8", "98×5"], ["101×2"])
        table.venue.amend(id, OrderAmendment(quantity: try table.instrument.quantity("1.5")), at: FillTable.start)
        try table.trade(3, .sell, "99", "2")
        #expect(table.takeLines() == ["0 #1 amended quantity 1.5", "0 #1 filled 1 @ 99 maker"])
        table.venue.amend(id, OrderAmendment(quantity: try table.instrument.quantity("4")), at: FillTable.start)
        // 6 of the 8 are left before it.
        try table.trade(4, .sell, "99", "7")
        #expect(table.takeLines() == ["0 #1 amended quantity 4", "0 #1 filled 1 @ 99 maker"])
        table.venue.amend(id, OrderAmendment(limitPrice: try table.price("98")), at: FillTable.start)
        try table.trade(5, .sell, "98", "6")
        #expect(table.takeLines() == ["0 #1 amended limit 98", "0 #1 filled 1 @ 98 maker"])
    }

    @Test("own orders at one price share what a print leaves, the older first")
    func shared() throws {
        var table = try table(shown: "3")
        table.place(try table.request(.buy, .limit, "2", limit: "99"))
        try table.trade(1, .sell, "99", "6")
        #expect(table.takeLines() == ["0 #1 filled 2 @ 99 maker", "0 #2 filled 1 @ 99 maker"])
    }

    @Test("a better price than any stands first; one that nobody sees stands behind all that it shows first")
    func places() throws {
        var table = try table()
        table.place(try table.request(.buy, .limit, "1", limit: "99.5"))
        table.place(try table.request(.buy, .limit, "1", limit: "97"))
        try table.trade(1, .sell, "99.5", "0.4")
        #expect(table.takeLines() == ["0 #2 filled 0.4 @ 99.5 maker"])
        try table.trade(2, .sell, "97", "90")
        #expect(table.takeLines() == ["0 #1 filled 2 @ 99 maker", "0 #2 filled 0.6 @ 99.5 maker"])
        try table.book(3, ["97×7"], ["101×2"])
        try table.trade(4, .sell, "97", "7")
        #expect(table.takeLines() == [])
        try table.trade(5, .sell, "97", "1")
        #expect(table.takeLines() == ["0 #3 filled 1 @ 97 maker"])
    }

    @Test("in a gap of the book trades go on to serve the queue, and a book that is back shortens it")
    func gap() throws {
        var table = try table(shown: "10")
        try table.book(1, [], [])
        try table.trade(2, .sell, "99", "2")
        // Without a book the price itself is a touch; a bid there says nothing.
        try table.quote(3, "99", "101")
        #expect(table.takeLines() == [])
        // 8 would be before it; only 3 are shown.
        try table.book(600, ["99×3"], ["101×2"])
        try table.trade(601, .sell, "99", "3.5")
        #expect(table.takeLines() == ["10 #1 filled 0.5 @ 99 maker"])
    }

    @Test("what an order took is no market that came to it in a gap either, until quotes say that it has left")
    func gapBehindTaking() throws {
        var table = try FillTable()
        try table.book(0, ["99×5"], ["101×2", "103×9"])
        table.place(try table.request(.buy, .limit, "5", limit: "101"))
        try table.book(1, [], [])
        try table.quote(2, "99", "101")
        try table.trade(3, .buy, "100.5", "9")
        #expect(table.takeLines() == ["0 #1 filled 2 @ 101 taker"])
        try table.quote(4, "99", "102")
        try table.quote(5, "99", "101")
        #expect(table.takeLines() == ["0 #1 filled 3 @ 101 maker"])
    }

    @Test("an order from before the first book joins it at the end, and fills by quotes until then")
    func late() throws {
        var table = try FillTable()
        try table.quote(0, "99", "101")
        table.place(try table.request(.buy, .limit, "1", limit: "99"))
        try table.trade(1, .sell, "99", "50")
        #expect(table.takeLines() == [])
        try table.book(2, ["99×4"], ["101×2"])
        try table.trade(3, .sell, "99", "4.25")
        #expect(table.takeLines() == ["0 #1 filled 0.25 @ 99 maker"])
    }

    @Test("a queue waits through a bar of a gap as any limit does: only a trade beyond fills it")
    func bar() throws {
        var table = try table()
        try table.run([(1, "100", "101", "99", "100", "10")])
        #expect(table.takeLines() == [])
        try table.run([(2, "100", "101", "98.99", "100", "10")])
        #expect(table.takeLines() == ["2 #1 filled 2 @ 99 maker"])
    }
}
