import Market
import Simulation
import Testing
import Trading

@Suite("Fills by quotes and prints")
struct QuoteDrivenTests {
    @Test("a market order fills at once at the other side of the last quote, moved by the slippage")
    func atOnce() throws {
        var options = FillTable.free
        options.slippage = .percent(1)
        var table = try FillTable(options, holding: "1")
        try table.quote(0, "99", "101")
        table.place(try table.request(.buy, .market, "1"))
        table.place(try table.request(.sell, .market, "1"))
        #expect(table.takeLines() == ["0 #1 filled 1 @ 102.01 taker", "0 #2 filled 1 @ 98.01 taker"])
    }

    @Test("without a quote it waits for the first, or for a print")
    func waits() throws {
        var table = try FillTable()
        table.place(try table.request(.buy, .market, "1"))
        try table.quote(60, "99", "101")
        table.place(try table.request(.buy, .market, "1"))
        #expect(table.takeLines() == ["1 #1 filled 1 @ 101 taker", "0 #2 filled 1 @ 101 taker"])
        table = try FillTable()
        table.place(try table.request(.buy, .market, "1"))
        try table.print(60, "97.5")
        #expect(table.takeLines() == ["1 #1 filled 1 @ 97.5 taker"])
    }

    @Test("a limit that crosses takes the other side, capped by itself; one that does not rests")
    func limits() throws {
        var table = try FillTable()
        try table.quote(0, "99", "101")
        table.place(try table.request(.buy, .limit, "1", limit: "103"))
        table.place(try table.request(.buy, .limit, "1", limit: "100"))
        table.place(try table.request(.buy, .limit, "1", limit: "101", postOnly: true))
        #expect(table.takeLines() == ["0 #1 filled 1 @ 101 taker", "0 #3 rejected wouldTake"])
        try table.print(60, "100")
        #expect(table.takeLines() == [])
        try table.print(61, "99.99")
        #expect(table.takeLines() == ["1 #2 filled 1 @ 100 maker"])
    }

    @Test("a resting limit also fills when the other side of the quote comes to it")
    func quoteCrosses() throws {
        var table = try FillTable(holding: "1")
        try table.quote(0, "99", "101")
        table.place(try table.request(.buy, .limit, "1", limit: "100"))
        table.place(try table.request(.sell, .limit, "1", limit: "104"))
        try table.quote(60, "98", "100.01")
        #expect(table.takeLines() == [])
        try table.quote(120, "97", "99")
        try table.quote(180, "105", "106")
        #expect(table.takeLines() == ["2 #1 filled 1 @ 100 maker", "3 #2 filled 1 @ 104 maker"])
    }

    @Test("stops trigger by print or quote and fill at the worst of trigger, print and quote")
    func stops() throws {
        var table = try FillTable(holding: "2")
        try table.quote(0, "99", "101")
        table.place(try table.request(.sell, .stop, "1", trigger: "95"))
        table.place(try table.request(.sell, .stop, "1", trigger: "94"))
        try table.print(60, "94.5")
        #expect(table.takeLines() == ["1 #1 triggered", "1 #1 filled 1 @ 94.5 taker"])
        try table.quote(120, "90", "92")
        #expect(table.takeLines() == ["2 #2 triggered", "2 #2 filled 1 @ 90 taker"])
    }

    @Test("a target fills at its trigger or worse, never better")
    func targets() throws {
        var table = try FillTable(holding: "2")
        try table.quote(0, "99", "101")
        table.place(try table.request(.sell, .takeProfit, "1", trigger: "105"))
        table.place(try table.request(.sell, .takeProfit, "1", trigger: "106"))
        // The print took the ask; a seller gets the bid.
        try table.print(60, "105")
        #expect(table.takeLines() == ["1 #1 triggered", "1 #1 filled 1 @ 99 taker"])
        try table.quote(120, "109", "110")
        #expect(table.takeLines() == ["2 #2 triggered", "2 #2 filled 1 @ 106 taker"])
    }

    @Test("with participation a taker gets its share of the displayed size, a maker of the print")
    func participation() throws {
        var options = FillTable.free
        options.participation = .percent(50)
        var table = try FillTable(options)
        try table.quote(0, "99", "101", size: "4")
        table.place(try table.request(.buy, .market, "3"))
        #expect(table.takeLines() == ["0 #1 filled 2 @ 101 taker"])
        try table.quote(60, "99", "102", size: "4")
        #expect(table.takeLines() == ["1 #1 filled 1 @ 102 taker"])
        table.place(try table.request(.buy, .limit, "3", limit: "100"))
        try table.print(120, "99", "5")
        #expect(table.takeLines() == ["2 #2 filled 2.5 @ 100 maker"])
    }

    @Test("a quote without prices or with the sides crossed is passed over")
    func badQuotes() throws {
        var table = try FillTable()
        table.place(try table.request(.buy, .market, "1"))
        try table.quote(60, "0", "101")
        try table.quote(61, "102", "101")
        #expect(table.takeLines() == [])
        #expect(table.venue.openOrderIDs == [OrderID(rawValue: 1)])
    }
}
