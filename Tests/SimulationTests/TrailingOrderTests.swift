import Market
import Simulation
import Testing
import Trading

@Suite("Stops that follow the market, and targets with a limit")
struct TrailingOrderTests {
    typealias Bar = (String, String, String, String)

    /// A row of the table: one order that trails by a hundredth against bars (open, high, low, close) whose low comes
    /// first.
    struct Case: Sendable, CustomTestStringConvertible {
        var what: String
        var side: Side
        var start: String?
        var bars: [Bar]
        var expected: [String]
        var testDescription: String { what }
    }

    static let cases: [Case] = [
        // 103 × 0.99 = 101.97
        Case(
            what: "a sale follows the highest price and goes off a hundredth below it", side: .sell, start: nil,
            bars: [("101", "103", "100.9", "102.5"), ("102", "102.2", "101", "101.5")],
            expected: ["2 #1 triggered", "2 #1 filled 1 @ 101.97 taker"]),
        Case(
            what: "a tick above that it waits", side: .sell, start: nil,
            bars: [("101", "103", "100.9", "102.5"), ("102", "102.2", "101.98", "102")], expected: []),
        // After the high the price falls to the close inside one bar.
        Case(
            what: "it goes off in the bar that made its best", side: .sell, start: nil,
            bars: [("101", "103", "100.9", "101.5")],
            expected: ["1 #1 triggered", "1 #1 filled 1 @ 101.97 taker"]),
        Case(
            what: "a fall before the high counts from the open", side: .sell, start: nil,
            bars: [("101", "103", "99.99", "102.9")],
            // 101 × 0.99 = 99.99
            expected: ["1 #1 triggered", "1 #1 filled 1 @ 99.99 taker"]),
        Case(
            what: "a gap over its trigger sells at the open", side: .sell, start: nil,
            bars: [("101", "103", "100.9", "102.5"), ("95", "97", "94", "96")],
            expected: ["2 #1 triggered", "2 #1 filled 1 @ 95 taker"]),
        // 100.53 × 0.99 = 99.5247: the first tick at or below it is 99.52.
        Case(
            what: "its trigger lies on the tick behind the distance", side: .sell, start: nil,
            bars: [("100", "100.53", "99.9", "100.5"), ("100", "100.1", "99.52", "100")],
            expected: ["2 #1 triggered", "2 #1 filled 1 @ 99.52 taker"]),
        // 98 × 1.01 = 98.98
        Case(
            what: "a buy follows the lowest price and goes off a hundredth above it", side: .buy, start: nil,
            bars: [("100", "100.2", "99.5", "100"), ("99", "99.3", "98", "99")],
            expected: ["2 #1 triggered", "2 #1 filled 1 @ 98.98 taker"]),
        Case(
            what: "a buy that is gapped over pays the open", side: .buy, start: nil,
            bars: [("100", "100.2", "99.5", "100"), ("104", "105", "103", "104")],
            expected: ["2 #1 triggered", "2 #1 filled 1 @ 104 taker"]),
        Case(
            what: "before its price a sale follows nothing, however far the market falls back", side: .sell,
            start: "98",
            bars: [("100", "110", "99", "100"), ("100", "100", "98.01", "99")], expected: []),
        // From 98 on; then 99.5 × 0.99 = 98.505, the tick below it 98.5.
        Case(
            what: "a sale follows from its price on", side: .sell, start: "98",
            bars: [("99", "99.5", "97.5", "99.4"), ("99", "99.2", "98.4", "99")],
            expected: ["2 #1 triggered", "2 #1 filled 1 @ 98.5 taker"]),
        // 98 × 0.99 = 97.02
        Case(
            what: "it may begin and go off on one way down", side: .sell, start: "98",
            bars: [("99", "99.5", "96", "97")],
            expected: ["1 #1 triggered", "1 #1 filled 1 @ 97.02 taker"]),
        Case(
            what: "a gap over its price begins it at the open", side: .sell, start: "98",
            bars: [("90", "90.2", "89.5", "90")], expected: []),
        // From 102 on; then 101 × 1.01 = 102.01
        Case(
            what: "a buy follows from its price on", side: .buy, start: "102",
            bars: [
                ("101", "102", "100", "101.9"), ("101.5", "101.6", "101", "101.5"), ("101.5", "103", "101.5", "103"),
            ],
            expected: ["3 #1 triggered", "3 #1 filled 1 @ 102.01 taker"]),
    ]

    private static var options: SimulatedVenueOptions {
        var options = FillTable.free
        options.path = .lowFirst
        return options
    }

    private func run(_ bars: [Bar], _ table: inout FillTable, from minute: Int64 = 1) throws {
        for (number, bar) in bars.enumerated() {
            try table.run([(minute + Int64(number), bar.0, bar.1, bar.2, bar.3, "9")])
        }
    }

    @Test("one order against its bars", arguments: cases)
    func table(_ row: Case) throws {
        var table = try FillTable(Self.options, holding: "10")
        table.place(try table.request(row.side, .trailingStop, "1", trigger: row.start, trailing: 100))
        try run(row.bars, &table)
        #expect(table.takeLines() == row.expected)
    }

    @Test("bars that could be passed over change nothing of it", arguments: cases)
    func quiet(_ row: Case) throws {
        var table = try FillTable(Self.options, holding: "10")
        table.place(try table.request(row.side, .trailingStop, "1", trigger: row.start, trailing: 100))
        for (number, bar) in row.bars.enumerated() {
            let candle = try table.candle((Int64(number) + 1, bar.0, bar.1, bar.2, bar.3, "9"))
            guard !table.venue.isUntouched(InstrumentID(0), by: candle) else { continue }
            try run([bar], &table, from: Int64(number) + 1)
        }
        #expect(table.takeLines() == row.expected)
    }

    @Test("in the pessimistic path the holder's best is followed by the low once more")
    func pessimistic() throws {
        var table = try FillTable(holding: "10")
        table.place(try table.request(.sell, .trailingStop, "1", trailing: 100))
        try run([("100", "102", "100", "102")], &table)
        // 102 × 0.99
        #expect(table.takeLines() == ["1 #1 triggered", "1 #1 filled 1 @ 100.98 taker"])
    }

    @Test("with quotes a sale follows the bid, and no print that the quotes have not followed")
    func quotes() throws {
        var table = try FillTable(holding: "10")
        try table.quote(1, "100", "100.1")
        table.place(try table.request(.sell, .trailingStop, "1", trailing: 100))
        try table.print(2, "105")
        try table.quote(3, "101", "101.2")
        try table.quote(4, "100", "100.1")
        #expect(table.takeLines() == [])
        // 101 × 0.99 = 99.99
        try table.quote(5, "99.99", "100.1")
        #expect(table.takeLines() == ["0 #1 triggered", "0 #1 filled 1 @ 99.99 taker"])
    }

    @Test("with quotes a buy follows the ask")
    func quotesToBuy() throws {
        var table = try FillTable()
        try table.quote(1, "99.9", "100")
        table.place(try table.request(.buy, .trailingStop, "1", trailing: 100))
        try table.quote(2, "97.9", "98")
        try table.quote(3, "98.8", "98.97")
        #expect(table.takeLines() == [])
        // 98 × 1.01 = 98.98
        try table.quote(4, "98.9", "98.98")
        #expect(table.takeLines() == ["0 #1 triggered", "0 #1 filled 1 @ 98.98 taker"])
    }

    @Test("one that only reduces closes no more than is held, and ends when nothing is")
    func reduces() throws {
        var table = try FillTable(Self.options, holding: "2")
        table.place(try table.request(.sell, .trailingStop, "5", trailing: 100, reduceOnly: true))
        table.place(try table.request(.sell, .trailingStop, "1", trailing: 2_000, reduceOnly: true))
        try run([("100", "100", "99", "99.5")], &table)
        #expect(
            table.takeLines() == [
                "1 #1 triggered", "1 #1 amended quantity 2", "1 #1 filled 2 @ 99 taker",
                "1 #2 canceled nothingToReduce",
            ])
    }

    @Test("terms that don't fit are refused")
    func terms() throws {
        var table = try FillTable(holding: "10")
        for trailing in [nil, 0, -5, 10_000, .max] as [Int?] {
            table.place(try table.request(.sell, .trailingStop, "1", trailing: trailing))
        }
        table.place(try table.request(.sell, .stop, "1", trigger: "95", trailing: 50))
        table.place(try table.request(.sell, .takeProfitLimit, "1", trigger: "105"))
        table.place(try table.request(.sell, .takeProfitLimit, "1", limit: "105"))
        #expect(table.takeLines() == (1...8).map { "0 #\($0) rejected invalidTerms" })
    }

    // MARK: Take-profit-limit

    @Test("a target with a limit takes at its trigger, rests beyond it, and never fills worse than its limit")
    func targets() throws {
        var table = try FillTable(Self.options, holding: "10")
        table.place(try table.request(.sell, .takeProfitLimit, "1", limit: "104", trigger: "105"))
        table.place(try table.request(.sell, .takeProfitLimit, "1", limit: "106", trigger: "105"))
        try run(
            [("100", "104.99", "99", "100"), ("100", "105.5", "99", "100"), ("100", "106.01", "99", "100")], &table)
        #expect(
            table.takeLines() == [
                "2 #1 triggered", "2 #1 filled 1 @ 105 taker", "2 #2 triggered", "3 #2 filled 1 @ 106 maker",
            ])
    }

    @Test("a buy's target waits below the market")
    func targetToBuy() throws {
        var table = try FillTable(Self.options)
        table.place(try table.request(.buy, .takeProfitLimit, "1", limit: "96", trigger: "95"))
        try run([("100", "101", "95.01", "100"), ("100", "101", "94", "100")], &table)
        #expect(table.takeLines() == ["2 #1 triggered", "2 #1 filled 1 @ 95 taker"])
    }
}
