import Market
import Testing

@testable import Trading

/// How far away a stop and a target are is changed while they work.
@Suite("Protection that is changed while a position is held")
struct ProtectionChangeTests {
    /// A strategy that holds 1 at 100 with what protects it working.
    private func holding(_ protection: Protection, locks: Bool) -> (Fixture, working: [Order]) {
        var fixture = Fixture(locksHoldings: locks)
        fixture.register(script: [("long", "1"), ("flat", "99")], protection: protection)
        let entry = fixture.candle(100).submitted[0]
        let working = fixture.fill(entry.id, at: 100).submitted
        for order in working { fixture.report(order.id, .accepted) }
        return (fixture, working)
    }

    private func change(_ fixture: inout Fixture, to protection: Protection) -> [Effect] {
        fixture.register(script: [("long", "1"), ("flat", "99")], protection: protection)
    }

    @Test("a lone stop is exchanged for one at the new price")
    func loneStop() {
        var (fixture, working) = holding(Protection(stopLoss: .percent(5)), locks: true)
        #expect(working.map(\.request.triggerPrice?.mantissa) == [9_500])
        let effects = change(&fixture, to: Protection(stopLoss: .percent(2)))
        #expect(effects.submitted.map(\.request.triggerPrice?.mantissa) == [9_800])
        #expect(effects.cancelled == working.map(\.id))
    }

    @Test("a stop with a target is withdrawn and placed anew at the new prices")
    func pair() {
        var (fixture, working) = holding(Protection(stopLoss: .percent(5), takeProfit: .percent(10)), locks: true)
        let effects = change(&fixture, to: Protection(stopLoss: .percent(5), takeProfit: .percent(6)))
        #expect(effects.cancelled == working.map(\.id) && effects.submitted.isEmpty)
        var placed: [Order] = []
        for order in working { placed += fixture.report(order.id, .canceled(.venue)).submitted }
        #expect(placed.map { $0.request.triggerPrice ?? $0.request.limitPrice }.map(\.?.mantissa) == [9_500, 10_600])
    }

    @Test("on paper a stop and a target are amended, and one that is not wanted any more is cancelled")
    func paper() {
        var (fixture, working) = holding(Protection(stopLoss: .percent(5), takeProfit: .percent(10)), locks: false)
        let moved = change(&fixture, to: Protection(stopLoss: .percent(3), takeProfit: .percent(10))).amended
        #expect(moved.map(\.0) == [working[0].id] && moved.map(\.1.triggerPrice?.mantissa) == [9_700])
        #expect(moved.allSatisfy { $0.1.quantity == nil && $0.1.limitPrice == nil })
        fixture.report(working[0].id, .amended(moved[0].1))
        let ended = change(&fixture, to: Protection(stopLoss: .percent(3))).cancelled
        #expect(ended == [working[1].id])
    }

    @Test("switched off, it is cancelled", arguments: [false, true])
    func switchedOff(locks: Bool) {
        var (fixture, working) = holding(Protection(stopLoss: .percent(5), takeProfit: .percent(10)), locks: locks)
        let effects = change(&fixture, to: .none)
        #expect(effects.cancelled == working.map(\.id) && effects.submitted.isEmpty)
        for order in working { fixture.report(order.id, .canceled(.venue)) }
        #expect(fixture.candle(100).submitted.isEmpty)
    }

    @Test("a change of something else moves nothing", arguments: [false, true])
    func same(locks: Bool) {
        let protection = Protection(stopLoss: .percent(5), takeProfit: .percent(10))
        var (fixture, _) = holding(protection, locks: locks)
        let effects = fixture.register(script: [("long", "1"), ("flat", "50")], protection: protection)
        #expect(effects.cancelled.isEmpty && effects.submitted.isEmpty && effects.amended.isEmpty)
    }
}
