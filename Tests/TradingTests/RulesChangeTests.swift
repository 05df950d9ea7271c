import Bytes
import Market
import Testing

@testable import Trading

/// Rules of orders that a venue changes while a session runs.
@Suite("Rules that change while a kernel runs")
struct RulesChangeTests {
    /// A tick of one and a step of 0.1, where the fixture has 0.5 and 0.01.
    private static let coarse = InstrumentRules(
        tick: Price(mantissa: 100), quantityStep: Quantity(mantissa: 100),
        minimumQuantity: Quantity(mantissa: 100))

    private func change(_ fixture: inout Fixture) -> [Effect] {
        fixture.step(.command(.rules(Fixture.btc, RulesChangeTests.coarse), at: fixture.kernel.now))
    }

    @Test("a close after the change is for what the new step takes")
    func closing() {
        var fixture = Fixture(locksHoldings: true)
        fixture.candle(100)
        fixture.fill(fixture.place(fixture.request(.buy, 1_230)).submitted[0].id, at: 100)
        #expect(change(&fixture).isEmpty)
        let close = fixture.step(.command(.close(.manual, Fixture.btc), at: fixture.kernel.now)).submitted
        #expect(close.map(\.request.quantity.mantissa) == [1_200])
    }

    @Test("a stop after the change is on the new tick and for what the new step takes")
    func protecting() {
        var fixture = Fixture(locksHoldings: true)
        fixture.register(
            script: [("long", "1"), ("flat", "99")], sizing: .quantity(Quantity(mantissa: 1_230)),
            protection: Protection(stopLoss: .percent(3)))
        let entry = fixture.candle(120).submitted[0]
        _ = change(&fixture)
        // 3 % below is 116.4; on the tick of before that would be 116.5.
        let stop = fixture.fill(entry.id, at: 120).submitted
        #expect(stop.map(\.request.triggerPrice?.mantissa) == [11_700])
        #expect(stop.map(\.request.quantity.mantissa) == [1_200])
    }

    @Test("what works stays as it is")
    func working() {
        var fixture = Fixture(locksHoldings: true)
        fixture.candle(100)
        let resting = fixture.place(fixture.request(.buy, 1_230, type: .limit, limit: 90)).submitted[0]
        fixture.report(resting.id, .accepted)
        #expect(change(&fixture).isEmpty)
        #expect(fixture.kernel.order(resting.id)?.leaves.mantissa == 1_230)
    }

    @Test("an order by hand off the new tick is denied, and one on it is let through")
    func placing() {
        var fixture = Fixture(locksHoldings: true)
        fixture.candle(100)
        _ = change(&fixture)
        var request = fixture.request(.buy, 1_000)
        request.type = .limit
        request.limitPrice = Price(mantissa: 9_950)
        #expect(fixture.place(request).submitted.isEmpty)
        request.limitPrice = Price(mantissa: 9_900)
        #expect(fixture.place(request).submitted.count == 1)
    }

    @Test("an image has the rules of now, and a kernel made from it goes by them")
    func imaging() throws {
        var fixture = Fixture(locksHoldings: true)
        fixture.candle(100)
        _ = change(&fixture)
        #expect(fixture.kernel.image.instruments[0].rules == RulesChangeTests.coarse)
        #expect(fixture.kernel.instrument(Fixture.btc).rules == RulesChangeTests.coarse)
    }

    @Test("an instrument that there is not is refused in words")
    func unknown() {
        var fixture = Fixture(locksHoldings: true)
        let effects = fixture.step(
            .command(.rules(InstrumentID(7), RulesChangeTests.coarse), at: fixture.kernel.now))
        #expect(effects.count == 1 && fixture.kernel.instrument(Fixture.btc) == Fixture.bitcoin)
    }
}
