import Market
import Testing
import Trading

@testable import Simulation

/// σ is 10 %: closes of 100, 110 and 99.
@Suite("Slippage of its parts")
struct SlippageModelTests {
    private func run(
        _ model: SlippageModel, _ side: Side, _ quantity: String, slippage: Ratio = .zero, volume: String = "100"
    ) throws -> ConditionTable {
        var options = FillTable.free
        options.slippage = slippage
        var table = ConditionTable(MarketConditions(slippage: model), options, cash: 100_000)
        try table.run([
            (0, "98", "101", "97", "100", "9"), (1, "104", "111", "103", "110", "9"),
            (2, "102", "103", "98", "99", "9"),
        ])
        try table.place(side, .market, quantity, minute: 3)
        try table.run([(3, "100", "101", "99.5", "100", volume)])
        return table
    }

    @Test("the half spread alone moves a fill against the trader")
    func spread() throws {
        let model = SlippageModel(halfSpreads: [.basisPoints(50)])
        #expect(try run(model, .buy, "4").lines == ["3 buy 4 @ 100.5"])
        let sold = try run(model, .sell, "4")
        #expect(sold.lines == ["3 sell 4 @ 99.5"])
        #expect(sold.exchange.costs.spread.decimalText == "2")
    }

    @Test("half spreads by hour are those of the hour of the UTC day")
    func hours() throws {
        // The table begins at 22:14 UTC.
        var hours = Array(repeating: Ratio.percent(1), count: 24)
        hours[22] = .percent(2)
        #expect(try run(SlippageModel(halfSpreads: hours), .buy, "4").lines == ["3 buy 4 @ 102"])
    }

    @Test("impact is the factor times σ times the root of the share of the volume")
    func impact() throws {
        let model = SlippageModel(impact: .one, window: 2)
        // 10 % × √(4 ÷ 100) = 2 %.
        #expect(try run(model, .buy, "4").lines == ["3 buy 4 @ 102"])
        #expect(try run(model, .sell, "4").lines == ["3 sell 4 @ 98"])
        // 10 % × √(25 ÷ 100) = 5 %.
        let large = try run(model, .buy, "25")
        #expect(large.lines == ["3 buy 25 @ 105"])
        #expect(large.exchange.costs.impact.decimalText == "125")
    }

    @Test("a candle without volume has the largest impact, not none")
    func noVolume() throws {
        // 1 % × 10 % × √100.
        let model = SlippageModel(impact: .percent(10), window: 2)
        #expect(try run(model, .buy, "4", volume: "0").lines == ["3 buy 4 @ 110"])
    }

    @Test("an order that fills in parts moves the price by each part, not by the whole of it")
    func parts() throws {
        var options = FillTable.free
        options.participation = .percent(25)
        var table = ConditionTable(
            MarketConditions(slippage: SlippageModel(impact: .one, window: 2)), options, cash: 100_000)
        try table.run([
            (0, "98", "101", "97", "100", "9"), (1, "104", "111", "103", "110", "9"),
            (2, "102", "103", "98", "99", "9"),
        ])
        try table.place(.buy, .market, "100", minute: 3)
        // A quarter of 100 and then of 300 is there; 10 % × √(25 ÷ 100) = 5 %, and again for 75 of 300.
        try table.run([(3, "100", "109", "99.5", "108.9", "100"), (4, "100", "101", "99.5", "100", "300")])
        #expect(table.lines == ["3 buy 25 @ 105", "4 buy 75 @ 105"])
        #expect(table.exchange.costs.impact.decimalText == "500")
    }

    @Test("an order that only reduces moves the price by what there is to reduce")
    func reducing() throws {
        var table = ConditionTable(
            MarketConditions(slippage: SlippageModel(impact: .one, window: 2)), cash: 100_000)
        try table.run([(0, "98", "101", "97", "100", "9")])
        try table.place(.buy, .market, "25", minute: 1)
        try table.run([(1, "100", "111", "100", "110", "9"), (2, "102", "103", "98", "99", "9")])
        try table.place(.sell, .market, "9", minute: 3, reduceOnly: true)
        try table.place(.sell, .market, "25", minute: 3, reduceOnly: true)
        try table.run([(3, "100", "101", "99.5", "100", "100")])
        // 10 % × √(9 ÷ 100) = 3 % below 100, and 4 % for the 16 that are left. σ was 0 at the entry.
        #expect(table.lines == ["1 buy 25 @ 100", "3 sell 9 @ 97", "3 sell 16 @ 96"])
    }

    @Test("the parts follow each other, and each is counted")
    func composed() throws {
        let model = SlippageModel(halfSpreads: [.basisPoints(50)], impact: .one, window: 2)
        let bought = try run(model, .buy, "4", slippage: .percent(1))
        // 100 → 100.5 → 101.505 → 103.5351.
        #expect(bought.lines == ["3 buy 4 @ 103.5351"])
        let costs = bought.exchange.costs
        #expect(costs.spread.decimalText == "2")
        #expect(costs.slippage.decimalText == "4.02")
        #expect(costs.impact.decimalText == "8.1204")
        // 100 → 99.5 → 98.505 → 96.5349.
        #expect(try run(model, .sell, "4", slippage: .percent(1)).lines == ["3 sell 4 @ 96.5349"])
    }

    @Test("a limit bounds every part")
    func limit() throws {
        var table = ConditionTable(
            MarketConditions(slippage: SlippageModel(halfSpreads: [.percent(1)])), cash: 100_000)
        try table.run([(0, "98", "101", "97", "100", "9")])
        try table.place(.buy, .limit, "4", at: "100.25", minute: 1)
        try table.run([(1, "100", "101", "99.5", "100", "9")])
        #expect(table.lines == ["1 buy 4 @ 100.25"])
        #expect(table.exchange.costs.spread.decimalText == "1")
    }

    @Test("σ forgets what is older than its window")
    func window() {
        var window = VolatilityWindow(2)
        #expect(window.deviation == 0)
        for close in [100, 200, 220, 198] as [Int64] { window.take(Price(mantissa: close)) }
        #expect(window.deviation == 10_000_000)
    }

    @Test("the square root is the largest whole number whose square is not above")
    func root() {
        var random = SplitMix(seed: 3)
        for _ in 0..<2_000 {
            let value = UInt128(random.next()) << UInt128(random.next() % 60)
            let root = SlippageModel.root(value)
            #expect(root * root <= value)
            #expect((root + 1) * (root + 1) > value)
        }
        #expect(SlippageModel.root(0) == 0)
        #expect(SlippageModel.root(99) == 9)
        #expect(SlippageModel.root(100) == 10)
    }
}

@Suite("Fee schedules")
struct FeeScheduleTests {
    private let tiers = [
        FeeTier(from: 0, maker: .basisPoints(10), taker: .basisPoints(20)),
        FeeTier(from: 1_000, maker: .basisPoints(-1), taker: .basisPoints(8)),
    ]

    private func day(_ day: Int64, _ minute: Int64 = 0) -> Int64 { day * 1_440 + minute }

    private func trade(_ table: inout ConditionTable, _ side: Side, minute: Int64) throws {
        try table.place(side, .market, "5", minute: minute)
        try table.run([(minute, "100", "101", "99", "100", "9")])
    }

    @Test("the tier is that of the thirty days before; what the day itself traded counts from the next on")
    func volume() throws {
        var table = ConditionTable(MarketConditions(fees: FeeSchedule(tiers: tiers)), cash: 10_000)
        try table.run([(0, "98", "101", "97", "100", "9")])
        try trade(&table, .buy, minute: 1)
        try trade(&table, .sell, minute: 2)
        try trade(&table, .buy, minute: 3)
        try trade(&table, .sell, minute: day(1))
        // The first day is the thirtieth before day 30, and gone on day 31.
        try trade(&table, .buy, minute: day(30))
        try trade(&table, .sell, minute: day(31))
        #expect(
            table.lines == [
                "1 buy 5 @ 100 fee 1", "2 sell 5 @ 100 fee 1", "3 buy 5 @ 100 fee 1", "1440 sell 5 @ 100 fee 0.4",
                "43200 buy 5 @ 100 fee 0.4", "44640 sell 5 @ 100 fee 0.4",
            ])
        try trade(&table, .buy, minute: day(70))
        #expect(table.lines.last == "100800 buy 5 @ 100 fee 1")
    }

    @Test("makers of a tier may be paid a rebate; a third asset's discount leaves that alone")
    func rebate() throws {
        var table = ConditionTable(
            MarketConditions(fees: FeeSchedule(tiers: tiers, discount: .percent(25))), cash: 10_000)
        try table.run([(0, "98", "101", "97", "100", "9")])
        // 500 × 20 bp × 75 %.
        try trade(&table, .buy, minute: 1)
        try trade(&table, .sell, minute: 2)
        try table.place(.buy, .limit, "5", at: "99.5", minute: day(1))
        try table.run([(day(1), "100", "101", "99", "100", "9")])
        #expect(
            table.lines == [
                "1 buy 5 @ 100 fee 0.75", "2 sell 5 @ 100 fee 0.75", "1440 buy 5 @ 99.5 fee -0.04975",
            ])
    }
}
