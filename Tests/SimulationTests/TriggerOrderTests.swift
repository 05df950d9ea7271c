import Market
import Simulation
import Testing
import Trading

@Suite("Stops, targets and stop-limits in bars")
struct TriggerOrderTests {
    /// A row of the table: one order against one bar, and what happens.
    struct Case: Sendable, CustomTestStringConvertible {
        var what: String
        var side: Side
        var type: OrderType
        var trigger: String
        var limit: String?
        var bar: (String, String, String, String)
        var expected: [String]
        var testDescription: String { what }
    }

    static let cases: [Case] = [
        Case(
            what: "sell stop inside the bar: at its trigger", side: .sell, type: .stop, trigger: "95", limit: nil,
            bar: ("100", "101", "94", "96"), expected: ["2 #1 triggered", "2 #1 filled 1 @ 95 taker"]),
        Case(
            what: "sell stop touched exactly", side: .sell, type: .stop, trigger: "95", limit: nil,
            bar: ("100", "101", "95", "96"), expected: ["2 #1 triggered", "2 #1 filled 1 @ 95 taker"]),
        Case(
            what: "sell stop missed by a tick", side: .sell, type: .stop, trigger: "95", limit: nil,
            bar: ("100", "101", "95.01", "96"), expected: []),
        Case(
            what: "sell stop gapped over: at the open, the worse of the two", side: .sell, type: .stop, trigger: "95",
            limit: nil, bar: ("91", "97", "90", "96"), expected: ["2 #1 triggered", "2 #1 filled 1 @ 91 taker"]),
        Case(
            what: "sell stop gapped over by the open alone, although the bar trades above the trigger", side: .sell,
            type: .stop, trigger: "95", limit: nil, bar: ("94.99", "99", "94.99", "98"),
            expected: ["2 #1 triggered", "2 #1 filled 1 @ 94.99 taker"]),
        Case(
            what: "buy stop inside the bar", side: .buy, type: .stop, trigger: "105", limit: nil,
            bar: ("100", "106", "99", "104"), expected: ["2 #1 triggered", "2 #1 filled 1 @ 105 taker"]),
        Case(
            what: "buy stop gapped over", side: .buy, type: .stop, trigger: "105", limit: nil,
            bar: ("109", "110", "104", "106"), expected: ["2 #1 triggered", "2 #1 filled 1 @ 109 taker"]),
        Case(
            what: "sell target touched: at its trigger, as taker", side: .sell, type: .takeProfit, trigger: "105",
            limit: nil, bar: ("100", "105", "99", "104"), expected: ["2 #1 triggered", "2 #1 filled 1 @ 105 taker"]),
        Case(
            what: "sell target gapped over: at its trigger, never better", side: .sell, type: .takeProfit,
            trigger: "105", limit: nil, bar: ("109", "111", "108", "110"),
            expected: ["2 #1 triggered", "2 #1 filled 1 @ 105 taker"]),
        Case(
            what: "buy target gapped over", side: .buy, type: .takeProfit, trigger: "95", limit: nil,
            bar: ("91", "92", "90", "91"), expected: ["2 #1 triggered", "2 #1 filled 1 @ 95 taker"]),
        Case(
            what: "sell target missed by a tick", side: .sell, type: .takeProfit, trigger: "105", limit: nil,
            bar: ("100", "104.99", "99", "104"), expected: []),
        Case(
            what: "sell stop-limit inside the bar: takes at the trigger", side: .sell, type: .stopLimit, trigger: "95",
            limit: "94", bar: ("100", "101", "93", "96"),
            expected: ["2 #1 triggered", "2 #1 filled 1 @ 95 taker"]),
        Case(
            what: "sell stop-limit gapped beyond its limit: rests, and fills at the limit on the way back", side: .sell,
            type: .stopLimit, trigger: "95", limit: "94", bar: ("91", "96", "90", "92"),
            expected: ["2 #1 triggered", "2 #1 filled 1 @ 94 maker"]),
        Case(
            what: "sell stop-limit gapped beyond its limit without a way back", side: .sell, type: .stopLimit,
            trigger: "95", limit: "94", bar: ("91", "93", "90", "92"), expected: ["2 #1 triggered"]),
        Case(
            what: "buy stop-limit gapped but within its limit: takes the open", side: .buy, type: .stopLimit,
            trigger: "105", limit: "107", bar: ("106", "108", "104", "107"),
            expected: ["2 #1 triggered", "2 #1 filled 1 @ 106 taker"]),
        Case(
            what: "buy stop-limit whose limit lies below its trigger: rests there", side: .buy, type: .stopLimit,
            trigger: "105", limit: "103", bar: ("104", "106", "102", "104"),
            expected: ["2 #1 triggered", "2 #1 filled 1 @ 103 maker"]),
    ]

    @Test("one order against one bar", arguments: cases)
    func table(_ row: Case) throws {
        var table = try FillTable(holding: "10")
        table.place(
            try table.request(row.side, row.type, "1", limit: row.limit, trigger: row.trigger))
        // The first bar only lets it rest: its prices are far from every trigger above.
        try table.run([(1, "100", "100.5", "99.5", "100", "9")])
        #expect(table.takeLines() == [])
        try table.run([(2, row.bar.0, row.bar.1, row.bar.2, row.bar.3, "9")])
        #expect(table.takeLines() == row.expected)
    }

    @Test("slippage moves stops and targets against the trader, beyond the bar if need be")
    func slippage() throws {
        var options = FillTable.free
        options.slippage = .percent(1)
        var table = try FillTable(options, holding: "10")
        table.place(try table.request(.sell, .stop, "1", trigger: "95"))
        table.place(try table.request(.sell, .takeProfit, "1", trigger: "105"))
        try table.run([(1, "100", "105", "95", "100", "9")])
        // 95 × 0.99 and 105 × 0.99; the open is as near to the low as to the high, so the low comes first
        #expect(
            table.takeLines() == [
                "1 #1 triggered", "1 #1 filled 1 @ 94.05 taker", "1 #2 triggered", "1 #2 filled 1 @ 103.95 taker",
            ])
    }

    @Test("a stop that is already beyond the market when it comes triggers at the next open")
    func alreadyBeyond() throws {
        var table = try FillTable(holding: "10")
        try table.run([(0, "100", "101", "99", "100", "9")])
        table.place(try table.request(.sell, .stop, "1", trigger: "102"))
        try table.run([(1, "98", "99", "97", "98", "9")])
        #expect(table.takeLines() == ["1 #1 triggered", "1 #1 filled 1 @ 98 taker"])
    }

    @Test("a gap of many missing bars is one gap: the stop fills at the first price after it")
    func gapInTime() throws {
        var table = try FillTable(holding: "10")
        table.place(try table.request(.sell, .stop, "1", trigger: "95"))
        try table.run([(1, "100", "101", "99", "100", "9"), (140, "80", "96", "79", "95", "9")])
        #expect(table.takeLines() == ["140 #1 triggered", "140 #1 filled 1 @ 80 taker"])
    }
}
