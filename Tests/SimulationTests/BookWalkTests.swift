import Market
import Simulation
import Testing
import Trading

@Suite("Taking from a recorded book")
struct BookWalkTests {
    private static let asks = ["101×2", "102×3"]
    private static let bids = ["99×1", "98×5"]

    private func table(
        _ options: SimulatedVenueOptions = FillTable.free, cash: Int64 = 100_000, holding: String = "0"
    ) throws -> FillTable {
        var table = try FillTable(options, cash: cash, holding: holding)
        try table.book(0, BookWalkTests.bids, BookWalkTests.asks)
        return table
    }

    @Test("a market order takes level by level, a fill a level, at the levels' prices whatever the slippage")
    func levels() throws {
        var options = FillTable.free
        options.slippage = .percent(1)
        var table = try table(options, holding: "3")
        table.place(try table.request(.buy, .market, "4"))
        table.place(try table.request(.sell, .market, "3"))
        #expect(
            table.takeLines() == [
                "0 #1 filled 2 @ 101 taker", "0 #1 filled 2 @ 102 taker", "0 #2 filled 1 @ 99 taker",
                "0 #2 filled 2 @ 98 taker",
            ])
        #expect(table.venue.fillCounts.book == 4)
    }

    @Test("what the visible levels do not hold waits for what a book shows anew, never for what it showed before")
    func beyond() throws {
        var table = try table()
        table.place(try table.request(.buy, .market, "7"))
        #expect(table.takeLines() == ["0 #1 filled 2 @ 101 taker", "0 #1 filled 3 @ 102 taker"])
        try table.book(1, BookWalkTests.bids, BookWalkTests.asks)
        #expect(table.takeLines() == [])
        try table.book(2, BookWalkTests.bids, ["101×2", "102×3.5"])
        #expect(table.takeLines() == ["0 #1 filled 2 @ 102 taker"])
    }

    @Test("nothing is taken twice until its level says another quantity")
    func memory() throws {
        var table = try table()
        table.place(try table.request(.buy, .market, "1.5"))
        table.place(try table.request(.buy, .market, "1.5"))
        #expect(
            table.takeLines() == [
                "0 #1 filled 1.5 @ 101 taker", "0 #2 filled 0.5 @ 101 taker", "0 #2 filled 1 @ 102 taker",
            ])
        try table.book(1, BookWalkTests.bids, ["101×1.9", "102×3"])
        table.place(try table.request(.buy, .market, "4"))
        #expect(table.takeLines() == ["0 #3 filled 1.9 @ 101 taker", "0 #3 filled 2 @ 102 taker"])
    }

    @Test("a limit takes the levels within it and rests with what is left; what it took does not come back to it")
    func limit() throws {
        var table = try table()
        table.place(try table.request(.buy, .limit, "5", limit: "101.5"))
        #expect(table.takeLines() == ["0 #1 filled 2 @ 101 taker"])
        // The recorded ask is still there: nobody but us took it.
        try table.book(1, BookWalkTests.bids, BookWalkTests.asks)
        try table.trade(2, .buy, "101", "2")
        #expect(table.takeLines() == [])
        // More of it is news, and would have met the resting order.
        try table.book(3, BookWalkTests.bids, ["101×0.4", "102×3"])
        #expect(table.takeLines() == ["0 #1 filled 0.4 @ 101.5 maker"])
        // A seller comes by.
        try table.trade(4, .sell, "99", "0.6")
        #expect(table.takeLines() == ["0 #1 filled 0.6 @ 101.5 maker"])
        // The recorded ask leaves, and comes back: now the market came to the order.
        try table.book(5, BookWalkTests.bids, ["102×3"])
        try table.book(6, BookWalkTests.bids, ["101×0.1", "102×3"])
        #expect(table.takeLines() == ["0 #1 filled 2 @ 101.5 maker"])
    }

    @Test(
        "what must fill at once fills from what is visible or expires",
        arguments: [
            (
                TimeInForce.immediateOrCancel, "7",
                ["filled 2 @ 101 taker", "filled 3 @ 102 taker", "expired notFilledAtOnce"]
            ),
            (.fillOrKill, "7", ["expired notFilledAtOnce"]),
            (.fillOrKill, "5", ["filled 2 @ 101 taker", "filled 3 @ 102 taker"]),
        ])
    func atOnce(_ tif: TimeInForce, _ quantity: String, _ expected: [String]) throws {
        var table = try table()
        table.place(try table.request(.buy, .market, quantity, tif: tif))
        #expect(table.takeLines() == expected.map { "0 #1 " + $0 })
    }

    @Test("an immediate limit expires with what lies beyond it")
    func immediateLimit() throws {
        var table = try table()
        table.place(try table.request(.buy, .limit, "5", limit: "101", tif: .immediateOrCancel))
        table.place(try table.request(.buy, .limit, "5", limit: "102", tif: .fillOrKill))
        table.place(try table.request(.buy, .limit, "3", limit: "102", tif: .fillOrKill))
        #expect(
            table.takeLines() == [
                "0 #1 filled 2 @ 101 taker", "0 #1 expired notFilledAtOnce", "0 #2 expired notFilledAtOnce",
                "0 #3 filled 3 @ 102 taker",
            ])
    }

    @Test("an amount to spend is counted anew at each level and never exceeded")
    func spend() throws {
        var table = try FillTable()
        try table.book(0, ["99×1"], ["100×2", "110×3"])
        // 500 buy 5 at 100; the 300 behind the first two buy 2.727 at 110.
        table.place(try table.request(.buy, .market, "0", spend: "500"))
        #expect(
            table.takeLines() == [
                "0 #1 amended quantity 5", "0 #1 filled 2 @ 100 taker", "0 #1 amended quantity 4.727",
                "0 #1 filled 2.727 @ 110 taker",
            ])
        #expect(table.venue.cash == (try Money("99500.03", .usdt)))
    }

    @Test("a stop takes what the print that triggered it left")
    func stop() throws {
        var table = try table(holding: "2")
        table.place(try table.request(.sell, .stop, "2", trigger: "98.5"))
        try table.trade(1, .sell, "98", "4")
        #expect(table.takeLines() == ["0 #1 triggered", "0 #1 filled 1 @ 98 taker"])
        try table.book(2, ["97×5"], ["98.5×1"])
        #expect(table.takeLines() == ["0 #1 filled 1 @ 97 taker"])
    }

    @Test("a take-profit gets no better price than its trigger at any level")
    func takeProfit() throws {
        var table = try table(holding: "3")
        table.place(try table.request(.sell, .takeProfit, "3", trigger: "103"))
        try table.book(1, ["105×1", "102×5"], ["106×1"])
        #expect(
            table.takeLines() == ["0 #1 triggered", "0 #1 filled 1 @ 103 taker", "0 #1 filled 2 @ 102 taker"])
    }

    @Test("what the cash does not cover over all its levels is refused whole, and so is what would take and must not")
    func refused() throws {
        var table = try table(cash: 300, holding: "1")
        // 2 × 101 + 1 × 102 = 304.
        table.place(try table.request(.buy, .market, "3"))
        table.place(try table.request(.buy, .limit, "1", limit: "101", postOnly: true))
        table.place(try table.request(.sell, .market, "2"))
        #expect(
            table.takeLines() == [
                "0 #1 rejected insufficientBalance", "0 #2 rejected wouldTake", "0 #3 rejected insufficientBalance",
            ])
    }

    @Test("orders get their share of each level with participation")
    func participation() throws {
        var options = FillTable.free
        options.participation = .percent(50)
        var table = try table(options)
        table.place(try table.request(.buy, .market, "2"))
        table.place(try table.request(.buy, .market, "2"))
        #expect(
            table.takeLines() == [
                "0 #1 filled 1 @ 101 taker", "0 #1 filled 1 @ 102 taker", "0 #2 filled 0.5 @ 102 taker",
            ])
    }

    @Test("quotes and prints keep the top of the book true until the next one")
    func newerTop() throws {
        var table = try table()
        try table.quote(1, "99", "100.5", size: "1")
        table.place(try table.request(.buy, .market, "2"))
        #expect(table.takeLines() == ["0 #1 filled 1 @ 100.5 taker", "0 #1 filled 1 @ 101 taker"])
        try table.trade(2, .buy, "102", "1")
        table.place(try table.request(.buy, .market, "3"))
        #expect(table.takeLines() == ["0 #2 filled 2 @ 102 taker"])
    }

    @Test("a book that is missing for a while is not traded on: later quotes are, and the book when it is back")
    func gap() throws {
        var table = try table()
        // Nothing is told for longer than a book is believed.
        try table.quote(31, "99", "103")
        table.place(try table.request(.buy, .market, "9"), at: 1)
        #expect(table.takeLines() == ["1 #1 filled 9 @ 103 taker"])
        try table.book(60, BookWalkTests.bids, BookWalkTests.asks)
        table.place(try table.request(.buy, .market, "1"), at: 1)
        #expect(table.takeLines() == ["1 #2 filled 1 @ 101 taker"])
        // The source says that it knows nothing any more.
        try table.book(61, [], [])
        table.place(try table.request(.buy, .market, "9"), at: 1)
        #expect(table.takeLines() == [])
        try table.quote(62, "99", "101")
        #expect(table.takeLines() == ["1 #3 filled 9 @ 101 taker"])
        #expect(table.venue.fillCounts.book == 1)
        #expect(table.venue.fillCounts.quote == 2)
        // A crossed one is none either.
        try table.book(63, ["105×1"], ["104×1"])
        table.place(try table.request(.buy, .market, "9"), at: 1)
        #expect(table.takeLines() == ["1 #4 filled 9 @ 101 taker"])
    }

    @Test("without any price orders wait for the next bar, and a book after it counts again")
    func barInTheGap() throws {
        var table = try table()
        table.venue.forgetPrices(InstrumentID(0))
        table.place(try table.request(.buy, .market, "9"))
        #expect(table.takeLines() == [])
        try table.run([(1, "104", "106", "103", "105", "10")])
        #expect(table.takeLines() == ["1 #1 filled 9 @ 104 taker"])
        try table.book(120, BookWalkTests.bids, BookWalkTests.asks)
        table.place(try table.request(.buy, .market, "2"), at: 2)
        #expect(table.takeLines() == ["2 #2 filled 2 @ 101 taker"])
        #expect(table.venue.fillCounts.bar == 1)
    }
}
