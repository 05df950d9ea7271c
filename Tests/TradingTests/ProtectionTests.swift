import Market
import Testing

@testable import Trading

@Suite struct ProtectionTests {
    private func entered(_ protection: Protection, on instrument: InstrumentID = Fixture.btc) -> (Fixture, [Effect]) {
        var fixture = Fixture()
        fixture.register(on: instrument, script: [("long", "1"), ("flat", "9")], protection: protection)
        let order = fixture.candle(100, of: instrument).submitted[0]
        let effects = fixture.fill(order.id, at: 100)
        return (fixture, effects)
    }

    @Test func `stop and target follow the entry as a pair, rounded so that the risk never grows`() {
        let (_, effects) = entered(Protection(stopLoss: Ratio(units: 1_300_000), takeProfit: Ratio(units: 1_300_000)))
        let orders = effects.submitted
        #expect(orders.map(\.request.purpose) == [.stopLoss, .takeProfit])
        // 98.70 up to the tick of 0.50; 101.30 up to it.
        #expect(orders[0].request.triggerPrice == Price(mantissa: 9_900))
        #expect(orders[1].request.limitPrice == Price(mantissa: 10_150))
        #expect(orders.allSatisfy { $0.request.isReduceOnly && $0.request.group == orders[0].request.group })
        #expect(orders[0].request.group != 0)
    }

    @Test func `a partial entry is protected for what it holds, and resized with it`() {
        var fixture = Fixture()
        fixture.register(protection: Protection(stopLoss: .percent(2)))
        let entry = fixture.candle(100).submitted[0]
        let stop = fixture.fill(entry.id, at: 100, 400).submitted[0]
        #expect(stop.request.quantity.mantissa == 400)
        let amended = fixture.fill(entry.id, at: 100, 600).amended
        #expect(amended.map(\.0) == [stop.id] && amended[0].1.quantity?.mantissa == 1_000)
    }

    @Test func `a trailing stop rises with the closes and never falls`() {
        var (fixture, effects) = entered(Protection(trailingStop: .percent(10)))
        let stop = effects.submitted[0]
        #expect(stop.request.triggerPrice == Price(mantissa: 9_000))
        #expect(fixture.candle(120).amended.map(\.1.triggerPrice) == [Price(mantissa: 10_800)])
        fixture.report(stop.id, .amended(OrderAmendment(triggerPrice: Price(mantissa: 10_800))))
        #expect(fixture.candle(110).amended.isEmpty)
    }

    @Test func `what is left is withdrawn when the position is closed`() {
        var (fixture, effects) = entered(Protection(stopLoss: .percent(2), takeProfit: .percent(2)))
        let orders = effects.submitted
        let after = fixture.fill(orders[1].id, at: 102)
        #expect(after.cancelled == [orders[0].id])
    }

    @Test func `a refused stop is told at once and placed again at the next close`() {
        var (fixture, effects) = entered(Protection(stopLoss: .percent(2)))
        let rejected = fixture.report(effects.submitted[0].id, .rejected(.venue))
        #expect(rejected.alerts.map(\.priority).contains(.critical) && rejected.submitted.isEmpty)
        #expect(fixture.candle(100).submitted.map(\.request.purpose) == [.stopLoss])
    }

    @Test func `a short is protected above`() {
        var fixture = Fixture()
        fixture.register(
            on: Fixture.perp, script: [("long", "0"), ("flat", "0"), ("short", "1")],
            protection: Protection(stopLoss: Ratio(units: 1_300_000)))
        let stop = fixture.fill(fixture.candle(100, of: Fixture.perp).submitted[0].id, at: 100).submitted[0]
        #expect(stop.request.side == .buy)
        #expect(stop.request.triggerPrice == Price(mantissa: 10_100))
    }
}
