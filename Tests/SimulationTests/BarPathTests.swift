import Market
import Simulation
import Testing
import Trading

@Suite("The path inside a bar")
struct BarPathTests {
    private func options(_ path: BarPath) -> SimulatedVenueOptions {
        var options = FillTable.free
        options.path = path
        return options
    }

    /// A long position with a stop at 95 and a target at 105, both reached by the bar that follows.
    private func bracket(_ path: BarPath, _ bar: FillTable.Row, short: Bool = false) throws -> [String] {
        var table = try FillTable(
            options(path), instrument: FillTable.instrument(kind: .linearPerpetual), holding: short ? "-1" : "1")
        let side: Side = short ? .buy : .sell
        table.place(
            try table.request(side, .stop, "1", trigger: short ? "105" : "95", reduceOnly: true, group: 1))
        table.place(try table.request(side, .limit, "1", limit: short ? "95" : "105", reduceOnly: true, group: 1))
        try table.run([(1, "100", "101", "99", "100", "9"), bar])
        return table.takeLines()
    }

    @Test("pessimistic: the stop before the target, for a long and for a short, wherever the open lies")
    func stopFirst() throws {
        for open in ["96", "100", "104"] {
            #expect(
                try bracket(.pessimistic, (2, open, "106", "94", "100", "9")) == [
                    "2 #1 triggered", "2 #1 filled 1 @ 95 taker", "2 #2 canceled groupFilled",
                ])
            #expect(
                try bracket(.pessimistic, (2, open, "106", "94", "100", "9"), short: true) == [
                    "2 #1 triggered", "2 #1 filled 1 @ 105 taker", "2 #2 canceled groupFilled",
                ])
        }
    }

    @Test("nearest extreme first: the target when the open lies nearer to the high")
    func nearest() throws {
        let target = ["2 #2 filled 1 @ 105 maker", "2 #1 canceled groupFilled"]
        let stop = ["2 #1 triggered", "2 #1 filled 1 @ 95 taker", "2 #2 canceled groupFilled"]
        #expect(try bracket(.nearestExtremeFirst, (2, "104", "106", "94", "100", "9")) == target)
        #expect(try bracket(.nearestExtremeFirst, (2, "96", "106", "94", "100", "9")) == stop)
        #expect(try bracket(.nearestExtremeFirst, (2, "100", "106", "94", "100", "9")) == stop)
        #expect(try bracket(.highFirst, (2, "96", "106", "94", "100", "9")) == target)
        #expect(try bracket(.lowFirst, (2, "104", "106", "94", "100", "9")) == stop)
    }

    @Test("a gap below the stop beats everything: the stop fills at the open")
    func gapBelowStop() throws {
        #expect(
            try bracket(.pessimistic, (2, "93", "106", "92", "100", "9")) == [
                "2 #1 triggered", "2 #1 filled 1 @ 93 taker", "2 #2 canceled groupFilled",
            ])
    }

    @Test("a gap above the target fills the target at its price, and the stop no more")
    func gapAboveTarget() throws {
        #expect(
            try bracket(.pessimistic, (2, "110", "112", "90", "100", "9")) == [
                "2 #2 filled 1 @ 105 maker", "2 #1 canceled groupFilled",
            ])
    }

    /// Answers the fill of order 1 with a stop at 95 and a target at 105, as a kernel does.
    private func entry(
        _ path: BarPath, _ request: (FillTable) throws -> OrderRequest, _ rows: [FillTable.Row]
    ) throws -> [String] {
        var table = try FillTable(options(path))
        table.place(try request(table))
        try table.run(rows) { report, table in
            guard report.order.rawValue == 1, case .filled = report.kind else { return }
            let minute = report.time.nanoseconds(since: FillTable.start) / 60_000_000_000
            table.place(
                try table.request(.sell, .stop, "1", trigger: "95", reduceOnly: true, group: 1), at: minute)
            table.place(
                try table.request(.sell, .limit, "1", limit: "105", reduceOnly: true, group: 1), at: minute)
        }
        return table.takeLines()
    }

    @Test("orders that answer a fill at the open work for the rest of the same bar")
    func protectionInSameBar() throws {
        #expect(
            try entry(.pessimistic, { try $0.request(.buy, .market, "1") }, [(1, "100", "106", "94", "100", "9")]) == [
                "1 #1 filled 1 @ 100 taker", "1 #2 triggered", "1 #2 filled 1 @ 95 taker",
                "1 #3 canceled groupFilled",
            ])
        #expect(
            try entry(.pessimistic, { try $0.request(.buy, .market, "1") }, [(1, "100", "106", "96", "100", "9")]) == [
                "1 #1 filled 1 @ 100 taker", "1 #3 filled 1 @ 105 maker", "1 #2 canceled groupFilled",
            ])
    }

    @Test("a breakout entry inside the bar meets the low after it, although the low may have come before")
    func breakoutEntry() throws {
        let breakout: (FillTable) throws -> OrderRequest = { try $0.request(.buy, .stop, "1", trigger: "102") }
        let rows: [FillTable.Row] = [(1, "100", "101", "99", "100", "9"), (2, "100", "106", "94", "103", "9")]
        #expect(
            try entry(.pessimistic, breakout, rows) == [
                "2 #1 triggered", "2 #1 filled 1 @ 102 taker", "2 #2 triggered", "2 #2 filled 1 @ 95 taker",
                "2 #3 canceled groupFilled",
            ])
        // With the low first the entry comes after it, and the way up goes on to the target.
        #expect(
            try entry(.lowFirst, breakout, rows) == [
                "2 #1 triggered", "2 #1 filled 1 @ 102 taker", "2 #3 filled 1 @ 105 maker",
                "2 #2 canceled groupFilled",
            ])
    }

    @Test("the target of an entry inside the bar waits for the next bar when pessimistic")
    func targetWaits() throws {
        let dip: (FillTable) throws -> OrderRequest = { try $0.request(.buy, .limit, "1", limit: "98") }
        #expect(
            try entry(
                .pessimistic, dip,
                [
                    (1, "100", "101", "99", "100", "9"), (2, "100", "106", "96", "104", "9"),
                    (3, "104", "104.5", "103", "104", "9"), (4, "104", "105.01", "103", "104", "9"),
                ]) == [
                    "2 #1 filled 1 @ 98 maker", "4 #3 filled 1 @ 105 maker", "4 #2 canceled groupFilled",
                ])
        #expect(
            try entry(
                .lowFirst, dip, [(1, "100", "101", "99", "100", "9"), (2, "100", "106", "96", "104", "9")]) == [
                    "2 #1 filled 1 @ 98 maker", "2 #3 filled 1 @ 105 maker", "2 #2 canceled groupFilled",
                ])
    }

    @Test("a target that waited meets the next open like one that comes in: it takes what is better")
    func targetAfterGap() throws {
        let dip: (FillTable) throws -> OrderRequest = { try $0.request(.buy, .limit, "1", limit: "98") }
        #expect(
            try entry(
                .pessimistic, dip,
                [
                    (1, "100", "101", "99", "100", "9"), (2, "100", "104", "96", "104", "9"),
                    (3, "107", "108", "106", "107", "9"),
                ]) == ["2 #1 filled 1 @ 98 maker", "3 #3 filled 1 @ 107 taker", "3 #2 canceled groupFilled"])
    }

    @Test("orders on one leg fill in the order the price reaches them")
    func priceOrder() throws {
        var table = try FillTable(holding: "3")
        table.place(try table.request(.sell, .stop, "1", trigger: "94"))
        table.place(try table.request(.buy, .limit, "1", limit: "97"))
        table.place(try table.request(.sell, .stop, "1", trigger: "98"))
        try table.run([(1, "100", "101", "99", "100", "9"), (2, "100", "101", "93", "100", "9")])
        #expect(
            table.takeLines() == [
                "2 #3 triggered", "2 #3 filled 1 @ 98 taker", "2 #2 filled 1 @ 97 maker", "2 #1 triggered",
                "2 #1 filled 1 @ 94 taker",
            ])
    }

    @Test("owners walk their own path: the same bar stops a long and a short out")
    func perOwner() throws {
        var table = try FillTable(instrument: FillTable.instrument(kind: .linearPerpetual))
        let other = StrategyID(rawValue: 2)
        table.place(try table.request(.buy, .market, "1"))
        table.place(try table.request(.sell, .market, "1"), owner: other)
        try table.run([(1, "100", "100", "100", "100", "9")])
        _ = table.takeLines()
        table.place(try table.request(.sell, .stop, "1", trigger: "95", reduceOnly: true, group: 1))
        table.place(try table.request(.sell, .limit, "1", limit: "105", reduceOnly: true, group: 1))
        table.place(try table.request(.buy, .stop, "1", trigger: "105", reduceOnly: true, group: 2), owner: other)
        table.place(try table.request(.buy, .limit, "1", limit: "95", reduceOnly: true, group: 2), owner: other)
        try table.run([(2, "100", "106", "94", "100", "9")])
        #expect(
            table.takeLines() == [
                "2 #3 triggered", "2 #3 filled 1 @ 95 taker", "2 #4 canceled groupFilled",
                "2 #5 triggered", "2 #5 filled 1 @ 105 taker", "2 #6 canceled groupFilled",
            ])
    }
}
