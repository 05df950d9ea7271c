import Market
import Testing

@testable import Trading

@Suite struct KernelTests {
    @Test func `a signal at a close becomes a market order, its exit a reduce-only one`() {
        var fixture = Fixture()
        fixture.register()
        let entry = fixture.candle(100)
        #expect(entry.submitted.map(\.request.purpose) == [.entry])
        #expect(entry.signals.map(\.outcome) == ["order 1"])
        fixture.fill(entry.submitted[0].id, at: 101)
        fixture.candle(102)
        let exit = fixture.candle(103)
        #expect(exit.submitted.map(\.request.isReduceOnly) == [true])
        let closing = fixture.fill(exit.submitted[0].id, at: 104)
        #expect(closing.trips.map(\.profit) == [Money(whole: 3, .usdt)])
        #expect(fixture.kernel.account.cash == Money(whole: 10_003, .usdt))
    }

    @Test func `a liquidation leaves the first refusal its words, where only the first has any`() {
        var fixture = Fixture(recording: .results)
        fixture.register(on: Fixture.perp)
        fixture.fill(fixture.candle(100, of: Fixture.perp).submitted[0].id, at: 100)
        let fill = Fill(
            tradeID: 99, price: Price(mantissa: 9_000), quantity: Quantity(mantissa: 1_000), quoteFee: .zero(.usdt),
            liquidity: .taker)
        let settlement = VenueSettlement(
            owner: StrategyID(rawValue: 1), instrument: Fixture.perp, kind: .liquidation(fill))
        #expect(
            fixture.step(.command(.settle(settlement), at: fixture.now)).alerts.contains { $0.kind == Alert.liquidated }
        )
        fixture.register(2, on: Fixture.perp, script: [("long", "1")], sizing: .quantity(Quantity(mantissa: 1_000_000)))
        let refused = fixture.candle(90, of: Fixture.perp).alerts.filter(\.isRefusal)
        #expect(refused.count == 1 && refused.allSatisfy { !$0.text.isEmpty })
    }

    @Test func `all-in spends all free cash`() {
        var fixture = Fixture()
        fixture.register(sizing: .allIn)
        let order = fixture.candle(100).submitted[0]
        #expect(order.request.spend == Money(whole: 10_000, .usdt) && order.request.quantity.isZero)
    }

    @Test func `a disabled strategy sees nothing and its entry is withdrawn`() {
        var fixture = Fixture()
        fixture.register(script: [("long", "1"), ("flat", "0")])
        let order = fixture.candle(100).submitted[0]
        let effects = fixture.step(.command(.disable(StrategyID(rawValue: 1)), at: fixture.now))
        #expect(effects.cancelled == [order.id])
        #expect(fixture.kernel.registrations[0].status == .disabled)
    }

    @Test func `the warm-up leads to no order`() {
        var fixture = Fixture()
        let price = Price(mantissa: 10_000)
        let history = (0..<3).map {
            Candle(
                openTime: Fixture.start.adding(seconds: Int64($0 - 3) * 60), open: price, high: price, low: price,
                close: price, volume: .zero)
        }
        fixture.register()
        var registration = fixture.kernel.registrations[0]
        registration.parameters = try! Parameters(
            ScriptedStrategy.descriptor.parameters, overrides: [("long", "4")])
        fixture.step(.command(.register(registration, history: history), at: fixture.now))
        #expect(fixture.effects.submitted.isEmpty)
        #expect(fixture.candle(100).submitted.count == 1)
    }

    @Test func `two kernels given the same events give the same effects`() {
        func run() -> String {
            var fixture = Fixture()
            fixture.register(protection: Protection(stopLoss: .percent(2), takeProfit: .percent(5)))
            for price in [100, 101, 99, 98, 103] {
                for order in fixture.candle(Int64(price)).submitted { fixture.fill(order.id, at: Int64(price)) }
            }
            return "\(fixture.effects)"
        }
        #expect(run() == run())
    }

    @Test func `a reversal closes and opens the other way at once`() {
        var fixture = Fixture()
        fixture.register(
            on: Fixture.perp, script: [("long", "1"), ("flat", "0"), ("short", "2")],
            sizing: .equityShare(.one))
        let long = fixture.candle(100, of: Fixture.perp).submitted[0]
        fixture.report(long.id, .amended(OrderAmendment(quantity: Quantity(mantissa: 100_000))))
        fixture.fill(long.id, at: 100)
        #expect(fixture.kernel.account.cash.isZero)
        let orders = fixture.candle(110, of: Fixture.perp).submitted
        #expect(orders.map(\.request.purpose) == [.exit, .entry])
        #expect(orders.map(\.request.side) == [.sell, .sell])
        fixture.fill(orders[0].id, at: 110)
        fixture.fill(orders[1].id, at: 110)
        #expect(fixture.kernel.position(StrategyID(rawValue: 1), Fixture.perp).quantity.mantissa == -100_000)
        #expect(fixture.kernel.account.equity == Money(whole: 11_000, .usdt))
    }

    @Test func `a kernel restored from its state goes on as the one it was taken from`() {
        var fixture = Fixture()
        fixture.register(protection: Protection(stopLoss: .percent(2)))
        fixture.fill(fixture.candle(100).submitted[0].id, at: 100)
        let restored = Kernel(
            fixture.kernel.state, instruments: [Fixture.bitcoin, Fixture.perpetual],
            catalog: StrategyCatalog([ScriptedStrategy.self]))
        #expect(restored.account == fixture.kernel.account)
        #expect(restored.openOrders == fixture.kernel.openOrders)
        #expect(restored.nextOrderID == fixture.kernel.nextOrderID)
        let stop = fixture.kernel.openOrders[0].id
        var effects: [Effect] = []
        restored.step(.command(.cancel(stop), at: fixture.now), into: &effects)
        #expect(effects.cancelled == [stop])
    }

    @Test func `a strategy with an order that may yet open is disabled, and goes when that has ended`() {
        var fixture = Fixture()
        fixture.register(protection: Protection(stopLoss: .percent(5)))
        let entry = fixture.candle(100).submitted[0]
        let asked = fixture.step(.command(.remove(StrategyID(rawValue: 1)), at: fixture.now))
        #expect(asked.cancelled == [entry.id])
        #expect(fixture.kernel.registrations.map(\.status) == [.disabled])
        fixture.report(entry.id, .canceled(.venue))
        fixture.step(.command(.remove(StrategyID(rawValue: 1)), at: fixture.now))
        #expect(fixture.kernel.registrations.isEmpty)
    }

    @Test func `an entry that fills while its strategy is to be removed is protected`() {
        var fixture = Fixture()
        fixture.register(protection: Protection(stopLoss: .percent(5)))
        let entry = fixture.candle(100).submitted[0]
        fixture.step(.command(.remove(StrategyID(rawValue: 1)), at: fixture.now))
        #expect(fixture.fill(entry.id, at: 100).submitted.map(\.request.purpose) == [.stopLoss])
    }

    @Test func `a strategy is not moved to another instrument while its entry may yet fill`() {
        var fixture = Fixture()
        fixture.register(protection: Protection(stopLoss: .percent(5)))
        let entry = fixture.candle(100).submitted[0]
        #expect(fixture.register(on: Fixture.perp).cancelled == [entry.id])
        #expect(fixture.kernel.registrations.map(\.instrument) == [Fixture.btc])
    }

    @Test func `a strategy that holds something is not removed`() {
        var fixture = Fixture()
        fixture.register()
        fixture.fill(fixture.candle(100).submitted[0].id, at: 100)
        let effects = fixture.step(.command(.remove(StrategyID(rawValue: 1)), at: fixture.now))
        #expect(effects.refusals.count == 1 && fixture.kernel.registrations.count == 1)
    }

    @Test func `a strategy's own drawdown halts it and keeps its protection`() {
        var fixture = Fixture()
        fixture.register(
            protection: Protection(stopLoss: .percent(50)), limits: StrategyLimits(maximumDrawdown: .percent(1)))
        fixture.fill(fixture.candle(200).submitted[0].id, at: 200)
        let effects = fixture.candle(90)
        #expect(fixture.kernel.registrations[0].status == .halted)
        #expect(effects.alerts.map(\.kind) == ["strategy-halted"])
        #expect(fixture.kernel.openOrders.map(\.request.purpose) == [.stopLoss])
    }

    @Test func `a remainder below the step counts as nothing and goes with the next exit`() {
        var fixture = Fixture()
        fixture.register(script: [("long", "1"), ("flat", "2")])
        func fee(_ order: Order, _ quantity: Int64, _ baseFee: Int64) {
            fixture.trade += 1
            fixture.report(
                order.id,
                .filled(
                    Fill(
                        tradeID: fixture.trade, price: Price(mantissa: 10_000), quantity: Quantity(mantissa: quantity),
                        quoteFee: .zero(.usdt), baseFee: Quantity(mantissa: baseFee), liquidity: .taker)))
        }
        fee(fixture.candle(100).submitted[0], 1_000, 1)
        let exit = fixture.candle(100).submitted[0]
        #expect(exit.request.quantity.mantissa == 990)
        fee(exit, 990, 0)
        #expect(fixture.kernel.positions[0].quantity.mantissa == 9)
        #expect(fixture.effects.trips.map(\.profit.decimalText) == ["-0.1"])
        let close = fixture.step(.command(.close(StrategyID(rawValue: 1), Fixture.btc), at: fixture.now))
        #expect(close.submitted.isEmpty && close.refusals.count == 1)
        var again = fixture.kernel.registrations[0]
        again.parameters = try! Parameters(ScriptedStrategy.descriptor.parameters, overrides: [("flat", "2")])
        fixture.step(.command(.register(again, history: []), at: fixture.now))
        fee(fixture.candle(100).submitted[0], 1_000, 1)
        #expect(fixture.candle(100).submitted.map(\.request.quantity.mantissa) == [1_000])
    }
}
