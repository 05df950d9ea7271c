import Market
import Simulation
import Testing
import Trading

@Suite("The kindest way through a bar")
struct OptimisticPathTests {
    private func bracket(_ row: FillTable.Row, short: Bool = false) throws -> [String] {
        var options = FillTable.free
        options.path = .optimistic
        var table = try FillTable(
            options, instrument: FillTable.instrument(kind: .linearPerpetual), holding: short ? "-2" : "2")
        try table.run([(0, "98", "101", "97", "100", "9")])
        let side: Side = short ? .buy : .sell
        table.place(try table.request(side, .stop, "2", trigger: short ? "105" : "95", reduceOnly: true, group: 7))
        table.place(try table.request(side, .limit, "2", limit: short ? "95" : "105", reduceOnly: true, group: 7))
        try table.run([row])
        return table.takeLines()
    }

    @Test("a target is reached before a stop")
    func target() throws {
        let row: FillTable.Row = (1, "99", "106", "94", "100", "9")
        #expect(try bracket(row) == ["1 #2 filled 2 @ 105 maker", "1 #1 canceled groupFilled"])
        #expect(try bracket(row, short: true) == ["1 #2 filled 2 @ 95 maker", "1 #1 canceled groupFilled"])
    }

    @Test("a gap over the stop is a gap over the stop")
    func gap() throws {
        #expect(
            try bracket((1, "93", "106", "92", "100", "9")) == [
                "1 #1 triggered", "1 #1 filled 2 @ 93 taker", "1 #2 canceled groupFilled",
            ])
    }

    @Test("a stop is reached where the target is not")
    func stop() throws {
        #expect(
            try bracket((1, "99", "105", "94", "100", "9")) == [
                "1 #1 triggered", "1 #1 filled 2 @ 95 taker", "1 #2 canceled groupFilled",
            ])
    }

    @Test("an entry inside the bar meets its target in it, after its low or its high")
    func entry() throws {
        func run(_ path: BarPath, _ side: Side) throws -> [String] {
            var options = FillTable.free
            options.path = path
            var table = try FillTable(options, instrument: FillTable.instrument(kind: .linearPerpetual))
            try table.run([(0, "98", "101", "97", "100", "9")])
            table.place(try table.request(side, .limit, "2", limit: side == .buy ? "98" : "102"))
            try table.run([(1, "100", "106", "94", "100", "9")]) { report, table in
                guard case .filled = report.kind, report.order.rawValue == 1 else { return }
                table.place(
                    try table.request(
                        side == .buy ? .sell : .buy, .limit, "2", limit: side == .buy ? "105" : "95",
                        reduceOnly: true), at: 1)
            }
            return table.takeLines()
        }
        #expect(try run(.optimistic, .buy) == ["1 #1 filled 2 @ 98 maker", "1 #2 filled 2 @ 105 maker"])
        #expect(try run(.optimistic, .sell) == ["1 #1 filled 2 @ 102 maker", "1 #2 filled 2 @ 95 maker"])
        #expect(try run(.pessimistic, .buy) == ["1 #1 filled 2 @ 98 maker"])
    }
}
