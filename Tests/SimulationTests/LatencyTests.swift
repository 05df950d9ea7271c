import Market
import Simulation
import Testing
import Trading

/// Bars of a minute; times in seconds.
@Suite("Latency")
struct LatencyTests {
    private func table(entry: Int64 = 0, cancel: Int64 = 0, answer: Int64 = 0) throws -> ConditionTable {
        func nanoseconds(_ seconds: Int64) -> [Int64] { [seconds * 1_000_000_000] }
        var table = ConditionTable(
            MarketConditions(
                latency: LatencyModel(
                    entry: nanoseconds(entry), cancel: nanoseconds(cancel), answer: nanoseconds(answer),
                    bar: 60_000_000_000)), cash: 100_000)
        try table.run([(0, "98", "101", "97", "100", "9")])
        return table
    }

    @Test("an order meets the open as far on the way to the extreme that hurts as time has passed")
    func drift() throws {
        let row: FillTable.Row = (1, "100", "104", "98", "99", "9")
        var bought = try table(entry: 15)
        try bought.place(.buy, .market, "10", minute: 1)
        try bought.run([row])
        #expect(bought.lines == ["1 buy 10 @ 101"])
        #expect(bought.exchange.costs.drift.decimalText == "10")
        var sold = try table(entry: 15)
        try sold.place(.sell, .market, "10", minute: 1)
        try sold.run([row])
        #expect(sold.lines == ["1 sell 10 @ 99.5"])
        #expect(sold.exchange.costs.drift.decimalText == "5")
    }

    @Test("an order that takes longer than the bar waits for the one it comes in at")
    func longer() throws {
        let rows: [FillTable.Row] = [(1, "100", "104", "98", "99", "9"), (2, "110", "114", "108", "109", "9")]
        var exact = try table(entry: 60)
        try exact.place(.buy, .market, "10", minute: 1)
        try exact.run(rows)
        #expect(exact.lines == ["2 buy 10 @ 110"])
        var late = try table(entry: 75)
        try late.place(.buy, .market, "10", minute: 1)
        try late.run(rows)
        #expect(late.lines == ["2 buy 10 @ 111"])
    }

    @Test("a limit that the open would have filled rests when the price has moved away")
    func limit() throws {
        var table = try table(entry: 15)
        try table.place(.buy, .limit, "10", at: "100.5", minute: 1)
        try table.run([(1, "100", "104", "100", "103", "9"), (2, "103", "104", "100.4", "103", "9")])
        // It comes to rest above the open, and nothing tells that the price fell through it afterwards.
        #expect(table.lines == ["2 buy 10 @ 100.5"])
        #expect(table.exchange.costs.drift.isZero)
    }

    @Test("a cancel lets the open through and stops the rest of the bar")
    func cancel() throws {
        func run(_ cancel: Int64, _ row: FillTable.Row) throws -> [String] {
            var table = try table(cancel: cancel)
            try table.place(.buy, .limit, "10", at: "99", minute: 1)
            try table.run([(1, "100", "101", "99.5", "100", "9")])
            table.cancel(1, minute: 2)
            try table.run([row])
            return table.lines
        }
        let through: FillTable.Row = (2, "98.5", "99", "98", "98", "9")
        #expect(try run(5, through) == ["2 buy 10 @ 99"])
        #expect(try run(0, through) == ["2 #1 canceled cancelledByOperator"])
        #expect(try run(5, (2, "100", "101", "98", "98", "9")) == ["2 #1 canceled cancelledByOperator"])
        // Longer than the bar: the whole of it can fill.
        #expect(try run(65, (2, "100", "101", "98", "98", "9")) == ["2 buy 10 @ 99"])
    }

    @Test("a cancel that takes time comes in though the bar reaches nothing")
    func quiet() throws {
        var table = try table(cancel: 5)
        try table.place(.buy, .limit, "10", at: "90", minute: 1)
        try table.run([(1, "100", "101", "99.5", "100", "9"), (2, "100", "101", "99.5", "100", "9")])
        table.cancel(1, minute: 3)
        try table.run([(3, "100", "101", "99.5", "100", "9")])
        #expect(table.lines == ["3 #1 canceled cancelledByOperator"])
        #expect(table.exchange.kernel.openOrderCount == 0)
    }

    @Test("recorded ways are drawn by seed and order alone")
    func drawn() throws {
        func fills(seed: UInt64) throws -> [String] {
            let ways = (0...29).map { Int64($0) * 1_000_000_000 }
            var table = ConditionTable(
                MarketConditions(
                    latency: LatencyModel(entry: ways, cancel: ways, answer: ways, bar: 60_000_000_000, seed: seed)),
                cash: 100_000)
            try table.run([(0, "98", "101", "97", "100", "9")])
            for minute in 1...20 as ClosedRange<Int64> {
                try table.place(.buy, .market, "1", minute: minute)
                try table.run([(minute, "100", "160", "98", "100", "9")])
            }
            return table.lines
        }
        let first = try fills(seed: 1)
        #expect(Set(first.map { $0.split(separator: "@").last }).count > 5)
        #expect(try fills(seed: 1) == first)
        #expect(try fills(seed: 2) != first)
    }
}
