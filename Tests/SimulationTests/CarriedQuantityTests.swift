import Market
import Testing
import Trading

@testable import Simulation

/// What is carried at 125 times the margin under the usual tiers: N ÷ 125 must be above the maintenance margin, which from
/// 250,000 on is 1 % × N − 1,300. So N stays below 650,000, whatever the leverage would allow.
@Suite("An amount to spend is cut to what the margin carries")
struct CarriedQuantityTests {
    private func opened(
        _ side: Side, _ spend: String, cash: Int64, _ terms: MarginTerms, fee: Ratio = .zero
    ) throws -> [String] {
        let options = SimulatedVenueOptions(makerFee: fee, takerFee: fee)
        var table = ConditionTable(MarketConditions(margin: terms), options, cash: cash)
        try table.run([(0, "100", "100", "100", "100", "9")])
        try table.place(side, .market, "0", minute: 1, spend: spend)
        try table.run([(1, "100", "100", "100", "100", "9")])
        return table.lines
    }

    @Test(
        "a tier that demands more than the leverage cuts an entry, of a long and of a short",
        arguments: [Side.buy, .sell])
    func tier(_ side: Side) throws {
        let lines = try opened(side, "1000000", cash: 10_000, MarginTerms(leverage: 125))
        #expect(lines == ["1 \(side.name) 6499.999 @ 100"])
    }

    @Test("the fee is carried as well, and does not change what the tier allows")
    func fee() throws {
        let lines = try opened(.buy, "1000000", cash: 10_000, MarginTerms(leverage: 125), fee: .basisPoints(10))
        // 5,199.9992 are set aside and 649.9999 paid: of 10,000 more than enough.
        #expect(lines == ["1 buy 6499.999 @ 100 fee 649.9999"])
    }

    @Test("crossed, the whole account stands against the tier, and the leverage is what bounds")
    func crossed() throws {
        let lines = try opened(.buy, "1000000", cash: 10_000, MarginTerms(leverage: 125, mode: .cross))
        // 8,700 of maintenance is below 10,000, and 8,000 are set aside.
        #expect(lines == ["1 buy 10000 @ 100"])
    }

    @Test("what a small account opens is as large as its leverage allows")
    func small() throws {
        // 125 × 100, far below the tiers' reach: N ÷ 125 is 0.8 %, the first tier 0.4 %.
        #expect(try opened(.buy, "12500", cash: 100, MarginTerms(leverage: 125)) == ["1 buy 125 @ 100"])
    }

    @Test("where no quantity is carried nothing is opened")
    func nothing() throws {
        let terms = MarginTerms(leverage: 10, tiers: [MaintenanceTier(from: 0, rate: .percent(20))])
        #expect(try opened(.buy, "5000", cash: 1_000, terms) == ["1 #1 rejected tooSmall"])
    }
}
