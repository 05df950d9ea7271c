import Market
import Testing

@testable import Trading

@Suite struct EmergencyStopTests {
    /// Two strategies in positions with stops, and one manual order that rests.
    private func trading() -> Fixture {
        var fixture = Fixture()
        fixture.register(1, protection: Protection(stopLoss: .percent(5)))
        fixture.register(2, on: Fixture.perp, protection: Protection(stopLoss: .percent(5)))
        fixture.fill(fixture.candle(100).submitted[0].id, at: 100)
        fixture.fill(fixture.candle(100, of: Fixture.perp).submitted[0].id, at: 100)
        fixture.place(fixture.request(.buy, 1_000, type: .limit, limit: 90))
        return fixture
    }

    @Test func `the first stage denies what opens and cancels nothing`() {
        var fixture = trading()
        let effects = fixture.step(.command(.halt, at: fixture.now))
        #expect(effects.cancelled.isEmpty && fixture.kernel.tradingState == .halted)
        let denied = fixture.place(fixture.request(.buy, 1_000))
        #expect(denied.submitted.isEmpty)
        #expect(denied.verdicts[0].outcomes.contains { $0.check == .halt && !$0.isPassed })
        #expect(fixture.place(fixture.request(.sell, 500, reduceOnly: true)).submitted.isEmpty)
        #expect(
            fixture.step(.command(.close(StrategyID(rawValue: 1), Fixture.btc), at: fixture.now)).submitted.count == 1)
    }

    @Test func `the second stage cancels every order, or all but the protective ones`() {
        var fixture = trading()
        #expect(
            fixture.step(.command(.emergencyStop(keepsProtection: false), at: fixture.now)).cancelled.count == 3)
        var keeping = trading()
        #expect(keeping.step(.command(.emergencyStop(keepsProtection: true), at: keeping.now)).cancelled.count == 1)
    }

    @Test func `cancelled stops are not placed again while it is latched, and are when it is re-armed`() {
        var fixture = trading()
        let cancelled = fixture.step(.command(.emergencyStop(keepsProtection: false), at: fixture.now)).cancelled
        for id in cancelled { fixture.report(id, .canceled(.venue)) }
        #expect(fixture.candle(100).submitted.isEmpty && fixture.kernel.openOrderCount == 0)
        let armed = fixture.step(.command(.rearm, at: fixture.now))
        #expect(armed.submitted.map(\.request.purpose) == [.stopLoss, .stopLoss])
        #expect(fixture.kernel.tradingState == .active)
    }

    @Test func `flattening waits for the cancels and then closes each position once`() {
        var fixture = trading()
        let first = fixture.step(.command(.flatten, at: fixture.now))
        #expect(first.cancelled.count == 3 && first.submitted.isEmpty)
        var closes: [Order] = []
        for id in first.cancelled { closes += fixture.report(id, .canceled(.emergencyStop)).submitted }
        #expect(closes.map(\.request.purpose) == [.close, .close])
        #expect(closes.allSatisfy { $0.request.isReduceOnly })
        for order in closes { fixture.fill(order.id, at: 100) }
        let isFlat = fixture.kernel.positions.allSatisfy { $0.isFlat }
        #expect(isFlat)
        #expect(fixture.effects.alerts.last?.kind == "flat")
    }

    @Test func `flattening is not done while an entry may yet fill, and closes what one fills with`() {
        var fixture = Fixture()
        let entry = fixture.place(fixture.request(.buy, 1_000, type: .limit, limit: 90)).submitted[0]
        fixture.report(entry.id, .accepted)
        let first = fixture.step(.command(.flatten, at: fixture.now))
        #expect(first.cancelled == [entry.id] && first.alerts.map(\.kind) == ["emergency-stop"])
        // Half of it is bought before the cancel comes.
        #expect(fixture.fill(entry.id, at: 90, 500).submitted.isEmpty)
        let closes = fixture.report(entry.id, .canceled(.venue)).submitted
        #expect(closes.map(\.request.purpose) == [.close] && closes.map(\.request.quantity.mantissa) == [500])
        #expect(fixture.fill(closes[0].id, at: 90).alerts.map(\.kind) == ["flat"])
    }

    @Test func `an order that does not end keeps its own instrument from being closed and no other`() {
        var fixture = trading()
        let cancelled = fixture.step(.command(.flatten, at: fixture.now)).cancelled
        // The stop of the first strategy never ends.
        let stuck = cancelled.first { fixture.kernel.order($0)?.owner == StrategyID(rawValue: 1) }!
        var closes: [Order] = []
        for id in cancelled where id != stuck { closes += fixture.report(id, .canceled(.emergencyStop)).submitted }
        #expect(closes.map(\.owner.rawValue) == [2])
        #expect(fixture.fill(closes[0].id, at: 100).alerts.isEmpty)
        let late = fixture.report(stuck, .canceled(.emergencyStop)).submitted
        #expect(late.map(\.owner.rawValue) == [1])
        #expect(fixture.fill(late[0].id, at: 100).alerts.map(\.kind) == ["flat"])
    }

    @Test func `of an asset an entry whose fate nobody knows keeps nothing from being closed`() {
        var fixture = Fixture(locksHoldings: true)
        fixture.candle(100)
        fixture.fill(fixture.place(fixture.request(.buy, 1_000)).submitted[0].id, at: 100)
        let entry = fixture.place(fixture.request(.buy, 500, type: .limit, limit: 90)).submitted[0]
        fixture.report(entry.id, .unanswered)
        let closes = fixture.step(.command(.flatten, at: fixture.now)).submitted
        #expect(closes.map(\.request.quantity.mantissa) == [1_000])
        #expect(!fixture.fill(closes[0].id, at: 100).alerts.contains { $0.kind == "flat" })
        // It came there after all, and filled.
        let more = fixture.fill(entry.id, at: 90).submitted
        #expect(more.map(\.request.quantity.mantissa) == [500])
        #expect(fixture.fill(more[0].id, at: 90).alerts.contains { $0.kind == "flat" })
    }

    @Test func `flattening with nothing held is done when the last order has ended`() {
        var fixture = Fixture()
        let entry = fixture.place(fixture.request(.buy, 1_000, type: .limit, limit: 90)).submitted[0]
        #expect(!fixture.step(.command(.flatten, at: fixture.now)).alerts.contains { $0.kind == "flat" })
        #expect(fixture.report(entry.id, .canceled(.venue)).alerts.map(\.kind) == ["flat"])
    }

    @Test func `a target that fills while its cancel is on the way does not reverse the position`() {
        var fixture = trading()
        let cancelled = fixture.step(.command(.flatten, at: fixture.now)).cancelled
        let stop = cancelled.first { fixture.kernel.order($0)?.owner == StrategyID(rawValue: 1) }!
        fixture.fill(stop, at: 95)
        var closes: [Order] = []
        for id in cancelled where id != stop { closes += fixture.report(id, .canceled(.emergencyStop)).submitted }
        #expect(closes.map(\.owner.rawValue) == [2])
    }

    @Test func `a close that its venue refuses is tried again with time, not at once for ever`() {
        var fixture = trading()
        let cancelled = fixture.step(.command(.flatten, at: fixture.now)).cancelled
        var closes: [Order] = []
        for id in cancelled { closes += fixture.report(id, .canceled(.emergencyStop)).submitted }
        #expect(closes.count == 2)
        for order in closes { #expect(fixture.report(order.id, .rejected(.venue)).submitted.isEmpty) }
        #expect(fixture.step(.timer(fixture.now)).submitted.isEmpty)
        #expect(fixture.step(.timer(fixture.now.adding(seconds: 1))).submitted.count == 2)
    }

    @Test func `it survives in the state`() {
        var fixture = trading()
        fixture.step(.command(.halt, at: fixture.now))
        let restored = Kernel(
            fixture.kernel.state, instruments: [Fixture.bitcoin, Fixture.perpetual],
            catalog: StrategyCatalog([ScriptedStrategy.self]))
        #expect(restored.tradingState == .halted)
    }
}
