import Market
import Simulation
import Testing
import Trading

/// Fifty at 100 with ten times the margin: 500 set aside. A long is liquidated where 500 − 5,000 + 50 P ≤ 1 % × 50 P, so
/// at 90.909 and below, and owes nothing down to 90; a short at 108.9109 and above.
@Suite("Liquidation")
struct LiquidationTests {
    private static let opening: FillTable.Row = (1, "100", "100.5", "99.5", "100", "9")

    private func long(
        _ rows: [FillTable.Row], stop: String? = nil, target: String? = nil, mode: MarginMode = .isolated,
        path: BarPath = .pessimistic
    ) throws -> ConditionTable {
        var options = FillTable.free
        options.path = path
        var table = ConditionTable(MarketConditions(margin: ConditionTable.margin(10, mode)), options)
        try table.run([(0, "98", "99", "97", "99", "9")])
        try table.place(.buy, .market, "50", minute: 1)
        try table.run([LiquidationTests.opening])
        if let stop { try table.place(.sell, .stop, "50", at: stop, minute: 2, reduceOnly: true) }
        if let target { try table.place(.sell, .limit, "50", at: target, minute: 2, reduceOnly: true) }
        try table.run(rows)
        return table
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var row: FillTable.Row
        var stop: String?
        var mode = MarginMode.isolated
        var lines: [String]
        var cash: String
        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "the extreme a unit above the price leaves the position alone",
            row: (2, "99", "101", "90.91", "95", "9"), lines: [], cash: "-4000"),
        // 4,545.45 come in, 0.5 % of it is the fee.
        Case(
            name: "the extreme at or below the price closes it there",
            row: (2, "99", "101", "90.9", "95", "9"),
            lines: ["2 sell 50 @ 90.909 fee 22.72725 liquidation"], cash: "522.72275"),
        // 50 × 90.5 − 4,500 = 25 are left, of which the fee is 22.625.
        Case(
            name: "an open beyond the price fills at the open",
            row: (2, "90.5", "92", "80", "91", "9"), lines: ["2 sell 50 @ 90.5 fee 22.625 liquidation"],
            cash: "502.375"),
        // At 90.1 there are 5 left: the fee is no more.
        Case(
            name: "the fee is no more than what is left",
            row: (2, "90.1", "92", "80", "91", "9"), lines: ["2 sell 50 @ 90.1 fee 5 liquidation"], cash: "500"),
        Case(
            name: "an open where nothing is left fills at the price where nothing is owed",
            row: (2, "85", "92", "80", "91", "9"), lines: ["2 sell 50 @ 90 liquidation"], cash: "500"),
        Case(
            name: "a stop before the price goes first",
            row: (2, "99", "101", "80", "95", "9"), stop: "92", lines: ["2 sell 50 @ 92"], cash: "600"),
        Case(
            name: "a stop beyond the price comes too late and is cancelled",
            row: (2, "99", "101", "80", "95", "9"), stop: "90.9",
            lines: ["2 sell 50 @ 90.909 fee 22.72725 liquidation", "2 #2 canceled liquidated"], cash: "522.72275"),
        Case(
            name: "an open that jumps over a stop and the price is a liquidation",
            row: (2, "90.5", "92", "80", "91", "9"), stop: "95",
            lines: ["2 sell 50 @ 90.5 fee 22.625 liquidation", "2 #2 canceled liquidated"], cash: "502.375"),
        Case(
            name: "an open between the stop and the price fills the stop",
            row: (2, "93", "94", "80", "91", "9"), stop: "95", lines: ["2 sell 50 @ 93"], cash: "650"),
        // The whole account carries it: 1,000 − 5,000 + 50 P ≤ 0.5 P at 80.808 and below; 40.4 less the fee are left.
        Case(
            name: "crossed margin holds to the last of the account",
            row: (2, "99", "101", "80.8", "95", "9"), mode: .cross,
            lines: ["2 sell 50 @ 80.808 fee 20.202 liquidation"], cash: "20.198"),
        Case(
            name: "crossed margin never owes anything",
            row: (2, "70", "71", "60", "65", "9"), mode: .cross, lines: ["2 sell 50 @ 80 liquidation"], cash: "0"),
    ]

    @Test("a long on margin", arguments: cases)
    func long(_ expected: Case) throws {
        let table = try long([expected.row], stop: expected.stop, mode: expected.mode)
        #expect(Array(table.lines.dropFirst()) == expected.lines)
        #expect(table.cash() == expected.cash)
        #expect(table.exchange.venue.openOrderIDs.isEmpty)
    }

    @Test("a short on margin is closed at the price that hurts it, wherever the bar opened")
    func short() throws {
        let cases: [(FillTable.Row, String, String)] = [
            // 5,445.545 go out, the fee is 0.5 % of it.
            ((2, "101", "108.92", "99", "100", "9"), "2 buy 50 @ 108.9109 fee 27.227725 liquidation", "527.227275"),
            ((2, "109.5", "110", "99", "100", "9"), "2 buy 50 @ 109.5 fee 25 liquidation", "500"),
            ((2, "120", "121", "99", "100", "9"), "2 buy 50 @ 110 liquidation", "500"),
        ]
        for (row, line, cash) in cases {
            var table = ConditionTable(MarketConditions(margin: ConditionTable.margin()))
            try table.run([(0, "98", "99", "97", "99", "9")])
            try table.place(.sell, .market, "50", minute: 1)
            try table.run([LiquidationTests.opening, row])
            #expect(table.lines == ["1 sell 50 @ 100", line])
            #expect(table.cash() == cash)
        }
    }

    @Test("a target before the adverse extreme is reached on the kindest path only")
    func paths() throws {
        let row: FillTable.Row = (2, "99", "111", "80", "95", "9")
        let cruel = try long([row], target: "110")
        let kind = try long([row], target: "110", path: .optimistic)
        #expect(cruel.lines.last == "2 #2 canceled liquidated")
        #expect(kind.lines.last == "2 sell 50 @ 110")
    }

    @Test("higher tiers demand more margin, without a jump at their border")
    func tiers() throws {
        // From 5,000 on 2 %, less 50: −8,000 + 90 P ≤ 2 % × 90 P − 50 at 90.136 and below.
        let terms = MarginTerms(
            leverage: 10, mode: .cross,
            tiers: [
                MaintenanceTier(from: 0, rate: .percent(1)), MaintenanceTier(from: 5_000, rate: .percent(2)),
            ], liquidationFee: .zero)
        var table = ConditionTable(MarketConditions(margin: terms))
        try table.run([(0, "98", "99", "97", "99", "9")])
        try table.place(.buy, .market, "90", minute: 1)
        try table.run([LiquidationTests.opening, (2, "99", "101", "90.14", "95", "9")])
        #expect(table.lines == ["1 buy 90 @ 100"])
        try table.run([(3, "94", "95", "90.13", "95", "9")])
        #expect(table.lines.last == "3 sell 90 @ 90.136 liquidation")
    }

    @Test("what the free margin does not carry is not opened")
    func refused() throws {
        var table = ConditionTable(MarketConditions(margin: ConditionTable.margin()))
        try table.run([(0, "98", "100", "97", "100", "9")])
        // 10,100 at the mark is more than ten times 1,000: the gate says so.
        try table.place(.buy, .market, "101", minute: 1)
        // 9,900 is not, but the open makes it 10,098: the venue says so.
        try table.place(.buy, .market, "99", minute: 1)
        try table.run([(1, "102", "103", "101", "102", "9")])
        #expect(table.lines == ["1 #1 denied", "1 #2 rejected insufficientMargin"])
        #expect(table.cash() == "1000")
    }

    @Test("margin that is set aside opens nothing else; a reduction frees its part")
    func setAside() throws {
        var table = ConditionTable(MarketConditions(margin: ConditionTable.margin()))
        try table.run([(0, "98", "100", "97", "100", "9")])
        try table.place(.buy, .market, "50", minute: 1)
        // The gate reckons with a loss of 25 too: 9,750 less 4,975. Half is sold, and the rest of the margin is free.
        try table.run([(1, "100", "100", "99.5", "99.5", "9")])
        try table.place(.buy, .market, "50", minute: 2)
        try table.run([(2, "99.5", "100", "99.5", "99.5", "9")])
        try table.place(.sell, .market, "25", minute: 3, reduceOnly: true)
        try table.run([(3, "100", "100", "100", "100", "9")])
        try table.place(.buy, .market, "70", minute: 4)
        try table.run([(4, "100", "100", "99.5", "100", "9")])
        #expect(
            table.lines == ["1 buy 50 @ 100", "2 #2 denied", "3 sell 25 @ 100", "4 buy 70 @ 100"])
    }
}
