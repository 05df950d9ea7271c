import Market
import Simulation
import Testing
import Trading

@Suite("Groups, reduce-only orders and partial fills")
struct GroupTests {
    @Test("a reduce-only order is refused when there is nothing to reduce")
    func nothingToReduce() throws {
        var table = try FillTable()
        table.place(try table.request(.sell, .market, "1", reduceOnly: true))
        #expect(table.takeLines() == ["0 #1 rejected nothingToReduce"])
        table = try FillTable(holding: "1")
        table.place(try table.request(.buy, .market, "1", reduceOnly: true))
        #expect(table.takeLines() == ["0 #1 rejected nothingToReduce"])
    }

    @Test("a reduce-only order is cut to what is held when it fills")
    func clipped() throws {
        var table = try FillTable(holding: "5")
        table.place(try table.request(.sell, .market, "2"))
        table.place(try table.request(.sell, .market, "5", reduceOnly: true))
        try table.run([(1, "100", "101", "99", "100", "9")])
        #expect(
            table.takeLines() == [
                "1 #1 filled 2 @ 100 taker", "1 #2 amended quantity 3", "1 #2 filled 3 @ 100 taker",
            ])
    }

    @Test("when a position is closed, what would reduce it is cancelled at once")
    func orphaned() throws {
        var table = try FillTable(holding: "5")
        table.place(try table.request(.sell, .stop, "5", trigger: "90", reduceOnly: true))
        table.place(try table.request(.sell, .limit, "5", limit: "110", reduceOnly: true))
        table.place(try table.request(.sell, .market, "5", reduceOnly: true))
        try table.run([(1, "100", "101", "99", "100", "9")])
        #expect(
            table.takeLines() == [
                "1 #3 filled 5 @ 100 taker", "1 #1 canceled nothingToReduce", "1 #2 canceled nothingToReduce",
            ])
        #expect(table.venue.openOrderIDs.isEmpty)
    }

    @Test("a partial fill of one member resizes the other to what is left of the position")
    func partialSibling() throws {
        var options = FillTable.free
        options.participation = .percent(10)
        var table = try FillTable(options, holding: "5")
        table.place(try table.request(.sell, .stop, "5", trigger: "95", reduceOnly: true, group: 3))
        table.place(try table.request(.sell, .limit, "5", limit: "105", reduceOnly: true, group: 3))
        try table.run([
            (1, "100", "101", "99", "100", "20"),
            (2, "100", "106", "99", "104", "20"),
            (3, "104", "104", "93", "96", "20"),
            (4, "96", "97", "95.5", "96", "20"),
        ])
        #expect(
            table.takeLines() == [
                "2 #2 filled 2 @ 105 maker", "2 #1 amended quantity 3",
                "3 #1 triggered", "3 #1 filled 2 @ 95 taker", "3 #2 amended quantity 3",
                "4 #1 filled 1 @ 96 taker", "4 #2 canceled groupFilled",
            ])
        #expect(table.venue.allHoldings.isEmpty)
    }

    @Test("two entries of one group: the first to fill cancels the other")
    func straddle() throws {
        var table = try FillTable(instrument: FillTable.instrument(kind: .linearPerpetual))
        table.place(try table.request(.buy, .stop, "1", trigger: "103", group: 9))
        table.place(try table.request(.sell, .stop, "1", trigger: "97", group: 9))
        try table.run([(1, "100", "101", "99", "100", "9"), (2, "101", "104", "100", "103", "9")])
        #expect(
            table.takeLines() == [
                "2 #1 triggered", "2 #1 filled 1 @ 103 taker", "2 #2 canceled groupFilled",
            ])
    }

    @Test("with participation an order gets its share of the bar's volume, and the rest goes on in the next")
    func participation() throws {
        var options = FillTable.free
        options.participation = .percent(25)
        var table = try FillTable(options)
        table.place(try table.request(.buy, .market, "10"))
        try table.run([
            (1, "100", "101", "99", "100", "13.3"),  // 3.325 down to the step
            (2, "101", "102", "100", "101", "0.003"),  // less than a step: nothing
            (7, "102", "103", "101", "102", "100"),
        ])
        #expect(
            table.takeLines() == ["1 #1 filled 3.325 @ 100 taker", "7 #1 filled 6.675 @ 102 taker"])
    }

    @Test("orders of one bar share its volume, and the inside of the bar has what the open left")
    func sharedVolume() throws {
        var options = FillTable.free
        options.participation = .percent(50)
        var table = try FillTable(options, holding: "9")
        table.place(try table.request(.sell, .limit, "3", limit: "102"))
        try table.run([(1, "100", "101", "99", "100", "9")])
        table.place(try table.request(.buy, .market, "3"))
        table.place(try table.request(.buy, .limit, "2", limit: "90"))
        try table.run([(2, "100", "103", "80", "100", "10"), (3, "100", "103", "95", "100", "10")])
        #expect(
            table.takeLines() == [
                // 5 to be had: 3 at the open, 2 at the low (the holder is long), none at the high
                "2 #2 filled 3 @ 100 taker", "2 #3 filled 2 @ 90 maker", "3 #1 filled 3 @ 102 maker",
            ])
    }

    @Test("immediate-or-cancel keeps what it got; fill-or-kill takes all or nothing")
    func immediate() throws {
        var options = FillTable.free
        options.participation = .percent(50)
        var table = try FillTable(options)
        table.place(try table.request(.buy, .limit, "7", limit: "101", tif: .fillOrKill))
        table.place(try table.request(.buy, .limit, "7", limit: "101", tif: .immediateOrCancel))
        try table.run([(1, "100", "101", "99", "100", "10")])
        #expect(
            table.takeLines() == [
                "1 #1 expired notFilledAtOnce", "1 #2 filled 5 @ 100 taker", "1 #2 expired notFilledAtOnce",
            ])
    }
}
