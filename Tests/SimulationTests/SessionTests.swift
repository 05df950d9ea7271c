import Market
import Simulation
import Testing
import Trading

/// Sessions from minute 10 to 20, a half day from 30 to 33.
@Suite("Sessions")
struct SessionTests {
    private func table() throws -> ConditionTable {
        func session(_ open: Int64, _ close: Int64) -> SessionCalendar.Session {
            SessionCalendar.Session(
                open: FillTable.start.adding(seconds: open * 60), close: FillTable.start.adding(seconds: close * 60))
        }
        var options = FillTable.free
        options.slippage = .percent(1)
        var table = ConditionTable(
            MarketConditions(
                sessions: SessionCalendar(sessions: [session(10, 20), session(30, 33)], bar: 60_000_000_000)),
            options, cash: 100_000)
        try table.run([(5, "98", "101", "97", "100", "9")])
        return table
    }

    @Test("nothing fills before the open, and a market order takes the first price after it")
    func market() throws {
        var table = try table()
        try table.place(.buy, .market, "1", minute: 6)
        try table.run([(6, "90", "95", "80", "92", "9"), (9, "91", "95", "80", "92", "9")])
        #expect(table.lines.isEmpty)
        try table.run([(10, "95", "96", "94", "95", "9")])
        #expect(table.lines == ["10 buy 1 @ 95.95"])
    }

    @Test("a limit that rests before the open takes the price of the auction, not its own, and without slippage")
    func auction() throws {
        var table = try table()
        try table.place(.buy, .limit, "1", at: "97", minute: 6)
        try table.place(.sell, .limit, "1", at: "94", minute: 6)
        try table.run([(10, "95", "96", "94", "95", "9")])
        #expect(table.lines == ["10 buy 1 @ 95", "10 sell 1 @ 95"])
    }

    @Test("in the auction a price at the limit is not beyond it")
    func touch() throws {
        var table = try table()
        try table.place(.buy, .limit, "1", at: "95", minute: 6)
        try table.run([(10, "95", "96", "95", "95.5", "9")])
        #expect(table.lines.isEmpty)
        try table.run([(11, "95.5", "96", "94.99", "95.5", "9")])
        #expect(table.lines == ["11 buy 1 @ 95"])
    }

    @Test("after the open a gap gives a resting limit its own price")
    func continuous() throws {
        var table = try table()
        try table.run([(10, "100", "101", "99", "100", "9")])
        try table.place(.buy, .limit, "1", at: "97", minute: 11)
        try table.run([(11, "100", "101", "99", "100", "9"), (12, "95", "96", "94", "95", "9")])
        #expect(table.lines == ["12 buy 1 @ 97"])
    }

    @Test("a stop that the night jumped over fills at the open of the session, on a half day too")
    func stop() throws {
        var table = try table()
        try table.run([(10, "100", "101", "99", "100", "9")])
        try table.place(.buy, .market, "1", minute: 11)
        try table.run([(11, "100", "100", "100", "100", "9")])
        try table.place(.sell, .stop, "1", at: "95", minute: 12, reduceOnly: true)
        // Minute 20 is after the close.
        try table.run([(20, "90", "91", "80", "90", "9"), (29, "85", "91", "80", "90", "9")])
        #expect(table.lines == ["11 buy 1 @ 101"])
        try table.run([(30, "90", "91", "89", "90", "9")])
        #expect(table.lines.last == "30 sell 1 @ 89.1")
        try table.place(.buy, .market, "1", minute: 33)
        try table.run([(33, "90", "91", "89", "90", "9")])
        #expect(table.lines.count == 2)
    }

    @Test("a bar that lies in a session in part is of it")
    func long() throws {
        let calendar = SessionCalendar(
            sessions: [
                .init(open: Timestamp(seconds: 48_600), close: Timestamp(seconds: 72_000)),
                .init(open: Timestamp(seconds: 135_000), close: Timestamp(seconds: 158_400)),
            ], bar: 86_400_000_000_000)
        var options = FillTable.free
        options.slippage = .zero
        // The table's days lie long after both: nothing fills.
        var table = ConditionTable(MarketConditions(sessions: calendar), options)
        try table.run([(0, "98", "101", "97", "100", "9")])
        try table.place(.buy, .market, "1", minute: 1)
        try table.run([(1, "98", "101", "97", "100", "9")])
        #expect(table.lines.isEmpty)
        #expect(calendar.problems.isEmpty)
        #expect(SessionCalendar(sessions: calendar.sessions.reversed(), bar: 1).problems.count == 1)
    }

    @Test("a dividend is paid to who is long at its instant, and by who is short")
    func dividend() throws {
        for (side, cash) in [(Side.buy, "2"), (.sell, "1998")] {
            let point = FundingPoint(
                time: FillTable.start.adding(seconds: 120), rate: .zero,
                dividend: try FillTable.instrument().price("0.2"))
            var table = ConditionTable(MarketConditions(funding: .recorded([point])))
            try table.run([(0, "98", "99", "97", "99", "9")])
            try table.place(side, .market, "10", minute: 1)
            try table.run([(1, "100", "100", "100", "100", "9"), (2, "99", "99", "99", "99", "9")])
            #expect(table.cash() == cash)
        }
    }
}
