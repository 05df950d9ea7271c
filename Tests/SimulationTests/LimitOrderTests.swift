import Market
import Simulation
import Testing
import Trading

@Suite("Limit orders in bars")
struct LimitOrderTests {
    /// Rests a limit over a first bar that does not reach it.
    private func resting(_ side: Side, _ limit: String, tif: TimeInForce = .goodTilCancelled) throws -> FillTable {
        var table = try FillTable(holding: "10")
        table.place(try table.request(side, .limit, "1", limit: limit, tif: tif))
        try table.run([(1, "100", "101", "99", "100", "9")])
        _ = table.takeLines()
        return table
    }

    @Test("a touch does not fill; one tick beyond fills at the limit, as maker")
    func tradeThrough() throws {
        var table = try resting(.buy, "98")
        try table.run([(2, "99", "99", "98", "98.5", "9")])
        #expect(table.takeLines() == [])
        try table.run([(3, "98.5", "99", "97.99", "98.5", "9")])
        #expect(table.takeLines() == ["3 #1 filled 1 @ 98 maker"])

        table = try resting(.sell, "102")
        try table.run([(2, "101", "102", "100", "101", "9")])
        #expect(table.takeLines() == [])
        try table.run([(3, "101", "102.01", "100", "101", "9")])
        #expect(table.takeLines() == ["3 #1 filled 1 @ 102 maker"])
    }

    @Test("an open that gaps beyond a resting limit fills at the limit, never better")
    func gap() throws {
        var table = try resting(.buy, "98")
        try table.run([(2, "90", "91", "89", "90", "9")])
        #expect(table.takeLines() == ["2 #1 filled 1 @ 98 maker"])

        table = try resting(.sell, "102")
        try table.run([(9, "110", "112", "108", "111", "9")])
        #expect(table.takeLines() == ["9 #1 filled 1 @ 102 maker"])
    }

    @Test("a limit that crosses the first open it meets takes that open, capped by itself")
    func marketable() throws {
        var options = FillTable.free
        options.slippage = .percent(1)
        var table = try FillTable(options, holding: "10")
        table.place(try table.request(.buy, .limit, "1", limit: "105"))
        table.place(try table.request(.buy, .limit, "1", limit: "100.5"))
        table.place(try table.request(.sell, .limit, "1", limit: "95"))
        table.place(try table.request(.sell, .limit, "1", limit: "99.5"))
        try table.run([(1, "100", "101", "99", "100", "9")])
        #expect(
            table.takeLines() == [
                "1 #1 filled 1 @ 101 taker", "1 #2 filled 1 @ 100.5 taker", "1 #3 filled 1 @ 99 taker",
                "1 #4 filled 1 @ 99.5 taker",
            ])
    }

    @Test("whether a limit takes or rests is decided at the open it meets, not at the close before")
    func decidedAtOpen() throws {
        var table = try FillTable()
        try table.run([(0, "100", "101", "99", "100", "9")])
        table.place(try table.request(.buy, .limit, "1", limit: "101"))
        try table.run([(1, "103", "104", "102", "103", "9"), (2, "102", "102", "100.99", "101", "9")])
        #expect(table.takeLines() == ["2 #1 filled 1 @ 101 maker"])
    }

    @Test("post-only is refused where it would take, and rests otherwise")
    func postOnly() throws {
        var table = try FillTable()
        table.place(try table.request(.buy, .limit, "1", limit: "100", postOnly: true))
        table.place(try table.request(.buy, .limit, "1", limit: "99.99", postOnly: true))
        try table.run([(1, "100", "101", "99", "100", "9")])
        #expect(table.takeLines() == ["1 #1 rejected wouldTake", "1 #2 filled 1 @ 99.99 maker"])
    }

    @Test("immediate-or-cancel and fill-or-kill end at the open they meet")
    func immediate() throws {
        var table = try FillTable()
        table.place(try table.request(.buy, .limit, "1", limit: "99.5", tif: .immediateOrCancel))
        table.place(try table.request(.buy, .limit, "1", limit: "99.5", tif: .fillOrKill))
        table.place(try table.request(.buy, .limit, "1", limit: "100", tif: .immediateOrCancel))
        table.place(try table.request(.buy, .limit, "1", limit: "100", tif: .fillOrKill))
        try table.run([(1, "100", "101", "90", "100", "9")])
        #expect(
            table.takeLines() == [
                "1 #1 expired notFilledAtOnce", "1 #2 expired notFilledAtOnce", "1 #3 filled 1 @ 100 taker",
                "1 #4 filled 1 @ 100 taker",
            ])
    }

    @Test("the maker fee is charged where it rested, the taker fee where it took; a rebate is paid out")
    func fees() throws {
        var table = try FillTable(
            SimulatedVenueOptions(makerFee: .basisPoints(-1), takerFee: .basisPoints(5)), cash: 1_000)
        table.place(try table.request(.buy, .limit, "1", limit: "100"))
        try table.run([(1, "100", "101", "100", "100", "9")])
        #expect(table.venue.cash.decimalText == "899.95")
        table.place(try table.request(.buy, .limit, "1", limit: "90"))
        try table.run([(2, "100", "101", "89", "100", "9")])
        // 899.95 − 90 + 0.009
        #expect(table.venue.cash.decimalText == "809.959")
    }

    @Test("a limit order does not fill in a bar in which nothing traded")
    func emptyBar() throws {
        var table = try resting(.buy, "98")
        try table.run([(2, "97", "97", "97", "97", "0")])
        #expect(table.takeLines() == [])
    }
}
