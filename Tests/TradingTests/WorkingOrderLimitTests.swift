import Market
import Testing

@testable import Trading

/// Limits and the balance count what works as if it had filled.
@Suite struct WorkingOrderLimitTests {
    private func failures(_ effects: [Effect]) -> [RiskCheck] {
        effects.verdicts.flatMap(\.outcomes).filter { !$0.isPassed }.map(\.check)
    }

    private func fixture(cash: Int64 = 10_000, _ limits: RiskLimits) -> Fixture {
        var fixture = Fixture(cash: cash, limits: limits)
        fixture.candle(100)
        fixture.candle(100, of: Fixture.perp)
        return fixture
    }

    /// A strategy's fixed size: one whole coin, 100 at the mark.
    private func pair(_ limits: RiskLimits) -> Fixture {
        var fixture = fixture(limits)
        fixture.register(1, script: [("long", "1")])
        fixture.register(2, script: [("long", "1")])
        return fixture
    }

    @Test func `two strategies that enter at one close are held to the position limit together`() {
        var fixture = pair(RiskLimits(maximumPositionNotional: Money(whole: 150, .usdt)))
        let effects = fixture.candle(100)
        #expect(effects.submitted.map(\.owner) == [StrategyID(rawValue: 1)])
        #expect(failures(effects) == [.positionNotional])
        let second = effects.verdicts.flatMap(\.outcomes).last { $0.check == .positionNotional }
        #expect(second?.value == Money(whole: 200, .usdt).units)
    }

    @Test func `two strategies that enter at one close are held to the exposure limit together`() {
        var fixture = pair(RiskLimits(maximumExposure: Ratio(units: 1_500_000)))
        let effects = fixture.candle(100)
        #expect(effects.submitted.count == 1)
        #expect(failures(effects) == [.exposure])
    }

    @Test func `an order that ended counts no more`() {
        var fixture = fixture(RiskLimits(maximumPositionNotional: Money(whole: 150, .usdt)))
        let order = fixture.place(fixture.request(.buy, 1_000, type: .limit, limit: 90)).submitted[0]
        #expect(failures(fixture.place(fixture.request(.buy, 1_000))) == [.positionNotional])
        fixture.report(order.id, .canceled(.cancelledByOperator))
        #expect(failures(fixture.place(fixture.request(.buy, 1_000))).isEmpty)
    }

    @Test func `what of an order has filled counts once`() {
        var fixture = fixture(RiskLimits(maximumPositionNotional: Money(whole: 195, .usdt)))
        let order = fixture.place(fixture.request(.buy, 1_000, type: .limit, limit: 90)).submitted[0]
        // 0.5 held at 100 and 0.5 left at 90 are 95; another 100 makes 195.
        fixture.fill(order.id, at: 90, 500)
        #expect(failures(fixture.place(fixture.request(.buy, 1_000))).isEmpty)
    }

    @Test func `orders of the other side do not make room`() {
        var fixture = fixture(RiskLimits(maximumPositionNotional: Money(whole: 150, .usdt)))
        let (buy, sell) = (
            fixture.request(.buy, 1_000, type: .limit, limit: 90, on: Fixture.perp),
            fixture.request(.sell, 1_000, type: .limit, limit: 110, on: Fixture.perp)
        )
        #expect(fixture.place(buy).submitted.count == 1 && fixture.place(sell).submitted.count == 1)
        #expect(failures(fixture.place(buy)) == [.positionNotional])
        #expect(failures(fixture.place(sell)) == [.positionNotional])
    }

    @Test func `the exposure counts the larger side of what works for an owner that holds nothing`() {
        // 90 to buy or 110 to sell: 110 at most, and 100 more to buy make 190 of 10,000.
        for (limit, expected) in [(Int64(1_900_000), []), (1_890_000, [RiskCheck.exposure])] {
            var fixture = fixture(RiskLimits(maximumExposure: Ratio(units: limit)))
            fixture.place(fixture.request(.buy, 1_000, type: .limit, limit: 90, on: Fixture.perp))
            fixture.place(fixture.request(.sell, 1_000, type: .limit, limit: 110, on: Fixture.perp))
            #expect(failures(fixture.place(fixture.request(.buy, 1_000, on: Fixture.perp))) == expected)
        }
    }

    @Test func `a reversal counts what it closes as gone`() {
        // From one long to one short: neither 200 nor nothing, but 100.
        for (limit, leaving) in [(Int64(100), 2), (99, 1)] {
            var fixture = fixture(.none)
            fixture.register(on: Fixture.perp, script: [("long", "1"), ("flat", "0"), ("short", "2")])
            fixture.fill(fixture.candle(100, of: Fixture.perp).submitted[0].id, at: 100)
            let limits = RiskLimits(
                maximumPositionNotional: Money(whole: limit, .usdt),
                maximumExposure: Ratio(units: limit * 10_000))
            fixture.step(.command(.limits(limits), at: fixture.now))
            let effects = fixture.candle(100, of: Fixture.perp)
            #expect(effects.submitted.count == leaving)
            #expect(failures(effects) == (leaving == 2 ? [] : [.positionNotional, .exposure]))
        }
    }

    @Test func `an exit under way counts as gone for what another shorts`() {
        var fixture = fixture(.none)
        fixture.register(on: Fixture.perp, script: [("long", "1"), ("flat", "2")])
        fixture.fill(fixture.candle(100, of: Fixture.perp).submitted[0].id, at: 100)
        let limits = RiskLimits(maximumPositionNotional: Money(whole: 50, .usdt))
        fixture.step(.command(.limits(limits), at: fixture.now))
        // Held 1, its exit under way: a short of 1 is all that will be left.
        fixture.candle(100, of: Fixture.perp)
        #expect(failures(fixture.place(fixture.request(.sell, 1_000, on: Fixture.perp))) == [.positionNotional])
    }

    @Test func `working shorts reserve what they would be worth`() {
        var fixture = fixture(cash: 150, .none)
        fixture.place(fixture.request(.sell, 1_000, type: .limit, limit: 110, on: Fixture.perp))
        #expect(failures(fixture.place(fixture.request(.sell, 1_000, on: Fixture.perp))) == [.balance])
    }

    @Test func `a sale reserves nothing for what closes a position`() {
        var fixture = fixture(cash: 250, .none)
        fixture.fill(fixture.place(fixture.request(.buy, 1_000, on: Fixture.perp)).submitted[0].id, at: 100)
        fixture.place(fixture.request(.sell, 1_000, type: .limit, limit: 110, on: Fixture.perp))
        // 150 are free: the sale of what is held takes nothing of it.
        #expect(failures(fixture.place(fixture.request(.buy, 1_000, on: Fixture.perp))).isEmpty)
    }

    @Test func `two sales of one position are held to the limits as the second would open a short`() {
        var fixture = fixture(RiskLimits(maximumPositionNotional: Money(whole: 150, .usdt)))
        fixture.fill(fixture.place(fixture.request(.buy, 1_000, on: Fixture.perp)).submitted[0].id, at: 100)
        let sale = fixture.request(.sell, 1_000, type: .limit, limit: 110, on: Fixture.perp)
        #expect(fixture.place(sale).submitted.count == 1)
        // 100 held, 110 and 110 to sell: 120 short.
        #expect(fixture.place(sale).submitted.count == 1)
        #expect(failures(fixture.place(sale)) == [.positionNotional])
    }

    @Test func `what a sale is about to close can't be sold once more on spot`() {
        var fixture = fixture(.none)
        fixture.fill(fixture.place(fixture.request(.buy, 1_000)).submitted[0].id, at: 100)
        fixture.place(fixture.request(.sell, 600, type: .limit, limit: 110))
        #expect(failures(fixture.place(fixture.request(.sell, 400))).isEmpty)
        #expect(failures(fixture.place(fixture.request(.sell, 100))) == [.shorting])
    }

    @Test func `of two sales of one position the second reserves what it would make short`() {
        var fixture = fixture(cash: 250, .none)
        fixture.fill(fixture.place(fixture.request(.buy, 1_000, on: Fixture.perp)).submitted[0].id, at: 100)
        let sale = fixture.request(.sell, 1_000, type: .limit, limit: 110, on: Fixture.perp)
        fixture.place(sale)
        // 150 are free and the second needs 110; then 40 are left.
        #expect(failures(fixture.place(sale)).isEmpty)
        #expect(failures(fixture.place(fixture.request(.buy, 410, on: Fixture.perp))) == [.balance])
        #expect(failures(fixture.place(fixture.request(.buy, 400, on: Fixture.perp))).isEmpty)
    }
}
