import Market
import Simulation
import Testing
import Trading

@Suite("Funding")
struct FundingTests {
    private func point(_ minute: Int64, _ rate: String, mark: String? = nil) throws -> FundingPoint {
        FundingPoint(
            time: FillTable.start.adding(seconds: minute * 60), rate: try Ratio(fraction: rate),
            mark: try mark.map { try FillTable.instrument().price($0) })
    }

    private func run(
        _ points: [FundingPoint], _ side: Side = .buy, _ rows: [FillTable.Row]
    ) throws -> ConditionTable {
        var table = ConditionTable(
            MarketConditions(margin: ConditionTable.margin(2, .cross), funding: .recorded(points)))
        try table.run([(0, "98", "99", "97", "99", "9")])
        try table.place(side, .market, "10", minute: 1)
        try table.run(rows)
        return table
    }

    private let opening: FillTable.Row = (1, "100", "100.5", "99.5", "100", "9")

    @Test("a long pays a positive rate on the price at the instant, which the bar opens at")
    func pays() throws {
        // 10 × 102 × 0.01 %.
        let table = try run([try point(2, "0.0001")], .buy, [opening, (2, "102", "103", "101", "102", "9")])
        #expect(table.cash() == "-0.102")
        #expect(table.exchange.costs.funding.decimalText == "0.102")
    }

    @Test("a short receives it; a negative rate goes the other way")
    func receives() throws {
        let rows = [opening, (2, "102", "103", "101", "102", "9")]
        #expect(try run([try point(2, "0.0001")], .sell, rows).cash() == "2000.102")
        #expect(try run([try point(2, "-0.0001")], .sell, rows).cash() == "1999.898")
        #expect(try run([try point(2, "-0.0001")], .buy, rows).cash() == "0.102")
    }

    @Test("the mark of the instant counts before the price of the bars")
    func mark() throws {
        let table = try run(
            [try point(2, "0.0001", mark: "101.5")], .buy, [opening, (2, "102", "103", "101", "102", "9")])
        #expect(table.cash() == "-0.1015")
    }

    @Test("what opens at the instant does not pay, what closes at it does")
    func atTheInstant() throws {
        // Minute 1 is the open that the order fills at: it is held after the instant, not at it.
        #expect(try run([try point(1, "0.0001")], .buy, [opening]).cash() == "0")
        var table = ConditionTable(
            MarketConditions(
                margin: ConditionTable.margin(2, .cross), funding: .recorded([try point(2, "0.0001")])))
        try table.run([(0, "98", "99", "97", "99", "9")])
        try table.place(.buy, .market, "10", minute: 1)
        try table.run([opening])
        try table.place(.sell, .market, "10", minute: 2)
        try table.run([(2, "103", "103", "103", "103", "9")])
        #expect(table.trips.map(\.funding.decimalText) == ["0.103"])
        #expect(table.trips.map(\.profit.decimalText) == ["29.897"])
        #expect(table.cash() == "1029.897")
    }

    @Test("an instant in a gap pays on the last price before it, each of several once")
    func gap() throws {
        let table = try run(
            [try point(3, "0.0001"), try point(5, "0.0002"), try point(9, "0.0001")], .buy,
            [opening, (8, "120", "121", "119", "120", "9")])
        // 10 × 100 × 0.03 %; the third lies after the data.
        #expect(table.cash() == "-0.3")
    }

    @Test("an instant inside a bar pays on what is held at the close, at the close")
    func inside() throws {
        let half = FundingPoint(time: FillTable.start.adding(seconds: 150), rate: try Ratio(fraction: "0.0001"))
        let table = try run([half], .buy, [opening, (2, "102", "103", "101", "101", "9")])
        #expect(table.cash() == "-0.101")
    }

    @Test("a constant rate pays at the multiples of its interval")
    func constant() throws {
        var table = ConditionTable(
            MarketConditions(
                margin: ConditionTable.margin(2, .cross),
                funding: .constant(rate: .basisPoints(1), interval: 120_000_000_000)))
        try table.run([(0, "98", "99", "97", "99", "9")])
        try table.place(.buy, .market, "10", minute: 1)
        // The table begins at an even minute.
        try table.run(
            [opening] + (2...7).map { ($0, "100", "100", "100", "100", "9") })
        #expect(table.exchange.costs.funding.decimalText == "0.3")
    }

    @Test("funding that is paid comes out of isolated margin and brings the liquidation nearer")
    func isolated() throws {
        // 5,000 × 1 % = 50 are paid: 450 − 5,000 + 50 P ≤ 0.5 P at 91.9191 and below.
        var table = ConditionTable(
            MarketConditions(margin: ConditionTable.margin(), funding: .recorded([try point(2, "0.01")])))
        try table.run([(0, "98", "99", "97", "99", "9")])
        try table.place(.buy, .market, "50", minute: 1)
        try table.run([opening, (2, "100", "100", "95", "96", "9"), (3, "94", "95", "91.91", "92", "9")])
        #expect(table.lines.last?.hasPrefix("3 sell 50 @ 91.9191 fee 22.979775 liquidation") == true)
    }

    @Test("a cash account pays and receives it too")
    func cashAccount() throws {
        var table = ConditionTable(
            MarketConditions(funding: .recorded([try point(2, "0.0001")])), cash: 1_000)
        try table.run([(0, "98", "99", "97", "99", "9")])
        try table.place(.sell, .market, "5", minute: 1)
        try table.run([opening, (2, "102", "103", "101", "102", "9")])
        #expect(table.cash() == "1500.051")
    }
}
