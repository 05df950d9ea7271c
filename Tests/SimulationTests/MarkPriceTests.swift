import Market
import Simulation
import Testing
import Trading

/// A mark price that is not the traded one. Fifty at 100 with ten times the margin are liquidated where the mark comes to
/// 90.909, a short at 108.9109; see `LiquidationTests`.
@Suite("Mark prices")
struct MarkPriceTests {
    private static let before: [FillTable.Row] = [
        (0, "98", "99", "97", "99", "9"), (1, "100", "100.5", "99.5", "100", "9"),
    ]

    private func held(
        _ side: Side, _ row: FillTable.Row, mark: FillTable.Row, stop: String? = nil, mode: MarginMode = .isolated
    ) throws -> ConditionTable {
        var table = ConditionTable(MarketConditions(margin: ConditionTable.margin(10, mode)))
        let before = MarkPriceTests.before
        try table.run([before[0]], marks: [before[0]])
        try table.place(side, .market, "50", minute: 1)
        try table.run([before[1]], marks: [before[1]])
        if let stop { try table.place(side == .buy ? .sell : .buy, .stop, "50", at: stop, minute: 2, reduceOnly: true) }
        try table.run([row], marks: [mark])
        return table
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var row: FillTable.Row
        var mark: FillTable.Row
        var stop: String?
        var lines: [String]
        var cash: String
        var testDescription: String { name }
    }

    static let cases = [
        // The mark goes 8.091 of its 9 down, the price the same part of its 2: to 97.202. 0.5 % of 4,860.1 is the fee.
        Case(
            name: "a mark that comes to the price closes the position, though the traded price never came near",
            row: (2, "99", "101", "97", "98", "9"), mark: (2, "99", "100", "90", "95", "9"),
            lines: ["2 sell 50 @ 97.202 fee 24.3005 liquidation"], cash: "835.7995"),
        Case(
            name: "a traded price far beyond leaves it alone when the mark stays",
            row: (2, "99", "101", "80", "95", "9"), mark: (2, "99", "100", "91", "98", "9"), lines: [],
            cash: "-4000"),
        Case(
            name: "a traded open far beyond leaves it alone, too",
            row: (2, "85", "101", "80", "95", "9"), mark: (2, "99", "100", "91", "98", "9"), lines: [],
            cash: "-4000"),
        Case(
            name: "a mark that opens beyond the price closes at the traded open",
            row: (2, "99", "100", "98", "99", "9"), mark: (2, "90", "99", "90", "98", "9"),
            lines: ["2 sell 50 @ 99 fee 24.75 liquidation"], cash: "925.25"),
        Case(
            name: "a stop that the traded price reaches before the mark is there goes first",
            row: (2, "99", "101", "97", "98", "9"), mark: (2, "99", "100", "90", "95", "9"), stop: "98",
            lines: ["2 sell 50 @ 98"], cash: "900"),
        Case(
            name: "a stop beyond comes too late and is cancelled",
            row: (2, "99", "101", "97", "98", "9"), mark: (2, "99", "100", "90", "95", "9"), stop: "97.1",
            lines: ["2 sell 50 @ 97.202 fee 24.3005 liquidation", "2 #2 canceled liquidated"], cash: "835.7995"),
        Case(
            name: "a mark that is the traded price closes where that does",
            row: (2, "99", "101", "90.9", "95", "9"), mark: (2, "99", "101", "90.9", "95", "9"),
            lines: ["2 sell 50 @ 90.909 fee 22.72725 liquidation"], cash: "522.72275"),
        // The traded price is where nothing is left long before the mark is at the price: no more than the margin is lost.
        Case(
            name: "a traded price where nothing is left fills where nothing is owed",
            row: (2, "85", "86", "80", "85", "9"), mark: (2, "90", "99", "90", "98", "9"),
            lines: ["2 sell 50 @ 90 liquidation"], cash: "500"),
    ]

    @Test("a long whose mark is another price", arguments: cases)
    func long(_ expected: Case) throws {
        let table = try held(.buy, expected.row, mark: expected.mark, stop: expected.stop)
        #expect(Array(table.lines.dropFirst()) == expected.lines)
        #expect(table.cash() == expected.cash)
    }

    @Test("a short is closed by the mark's high")
    func short() throws {
        // 7.9109 of 10 up, the price the same part of 1: 101.79109, rounded against the short.
        let table = try held(.sell, (2, "101", "102", "99", "100", "9"), mark: (2, "101", "111", "99", "100", "9"))
        #expect(table.lines.last == "2 buy 50 @ 101.7911 fee 25.447775 liquidation")
        #expect(table.cash() == "884.997225")
    }

    @Test("the whole account is carried by the mark, too")
    func cross() throws {
        // 80.808: 18.192 of 19 down, the price the same part of 2, to 97.0850 and a part of a unit.
        let table = try held(
            .buy, (2, "99", "101", "97", "98", "9"), mark: (2, "99", "100", "80", "95", "9"), mode: .cross)
        #expect(table.lines.last?.hasPrefix("2 sell 50 @ 97.085 fee ") == true, "\(table.lines)")
        let other = try held(
            .buy, (2, "99", "101", "70", "98", "9"), mark: (2, "99", "100", "81", "95", "9"), mode: .cross)
        #expect(other.lines == ["1 buy 50 @ 100"])
    }

    private func funded(_ minutes: [Double], _ rows: [FillTable.Row], marks: [FillTable.Row]) throws -> String {
        let points = try minutes.map {
            FundingPoint(
                time: FillTable.start.adding(seconds: Int64($0 * 60)), rate: try Ratio(fraction: "0.0001"))
        }
        var table = ConditionTable(
            MarketConditions(margin: ConditionTable.margin(2, .cross), funding: .recorded(points)))
        let before = MarkPriceTests.before
        try table.run([before[0]], marks: [before[0]])
        try table.place(.buy, .market, "10", minute: 1)
        try table.run([before[1]] + rows, marks: [before[1]] + marks)
        return table.exchange.costs.funding.decimalText
    }

    @Test("funding is reckoned by the mark: its open, its last before a gap, and its close inside a bar")
    func funding() throws {
        let (row, mark): (FillTable.Row, FillTable.Row) = (
            (2, "100", "100", "100", "100", "9"), (2, "120", "121", "110", "115", "9")
        )
        // 10 × 120 × 0.0001, and the same at the close of 115.
        #expect(try funded([2], [row], marks: [mark]) == "0.12")
        #expect(try funded([2.5], [row], marks: [mark]) == "0.115")
        // In the gap before the bar of the eighth minute the last mark was 115.
        #expect(
            try funded(
                [5], [row, (8, "100", "100", "100", "100", "9")], marks: [mark, (8, "130", "130", "130", "130", "9")])
                == "0.115")
    }
}
