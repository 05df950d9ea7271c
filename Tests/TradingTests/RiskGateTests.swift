import Market
import Testing

@testable import Trading

@Suite struct RiskGateTests {
    private func failures(_ effects: [Effect]) -> [RiskCheck] {
        effects.verdicts.flatMap(\.outcomes).filter { !$0.isPassed }.map(\.check)
    }

    @Test func `an order within every limit leaves`() {
        var fixture = Fixture()
        fixture.candle(100)
        let effects = fixture.place(fixture.request(.buy, 1_000))
        #expect(effects.submitted.count == 1 && failures(effects).isEmpty)
    }

    @Test func `a denied order never leaves and names every failed check`() {
        var fixture = Fixture(limits: RiskLimits(maximumOrderNotional: Money(whole: 50, .usdt)))
        fixture.candle(100)
        let effects = fixture.place(fixture.request(.buy, 1_005, type: .limit, limit: 99_999))
        #expect(effects.submitted.isEmpty)
        #expect(failures(effects) == [.quantityStep, .orderNotional, .balance])
        #expect(fixture.kernel.order(OrderID(rawValue: 1))?.state == .denied)
    }

    @Test(arguments: [
        (RiskLimits(maximumOpenOrders: 1), RiskCheck.openOrders),
        (RiskLimits(maximumOrderNotional: Money(whole: 99, .usdt)), .orderNotional),
        (RiskLimits(maximumPositionNotional: Money(whole: 199, .usdt)), .positionNotional),
        (RiskLimits(maximumExposure: .percent(1)), .exposure),
    ])
    func `each limit of the account denies what goes over it`(limits: RiskLimits, check: RiskCheck) {
        var fixture = Fixture(limits: limits)
        fixture.candle(100)
        if check == .openOrders {
            fixture.place(fixture.request(.buy, 1_000, type: .limit, limit: 90))
        } else {
            fixture.step(.command(.limits(.none), at: fixture.now))
            let first = fixture.place(fixture.request(.buy, 1_000)).submitted[0]
            fixture.fill(first.id, at: 100)
            fixture.step(.command(.limits(limits), at: fixture.now))
        }
        #expect(failures(fixture.place(fixture.request(.buy, 1_000))) == [check])
    }

    @Test func `a verdict carries what was measured and what is allowed`() {
        var fixture = Fixture(limits: RiskLimits(maximumOrderNotional: Money(whole: 99, .usdt)))
        fixture.candle(100)
        let verdict = fixture.place(fixture.request(.buy, 1_000)).verdicts[0]
        let outcome = verdict.outcomes.first { $0.check == .orderNotional }
        #expect(outcome?.value == Money(whole: 100, .usdt).units)
        #expect(outcome?.limit == Money(whole: 99, .usdt).units)
        #expect(verdict.text.contains("order-notional 100.00 (limit 99.00)"))
    }

    @Test func `working buys reserve their cash`() {
        var fixture = Fixture(cash: 150)
        fixture.candle(100)
        fixture.place(fixture.request(.buy, 1_000, type: .limit, limit: 90))
        #expect(failures(fixture.place(fixture.request(.buy, 1_000))) == [.balance])
    }

    @Test func `stale data deny what opens and let through what closes`() {
        var fixture = Fixture(limits: RiskLimits(maximumDataAgeSeconds: 30))
        fixture.candle(100)
        let buy = fixture.place(fixture.request(.buy, 1_000)).submitted[0]
        fixture.fill(buy.id, at: 100)
        fixture.minute += 2
        fixture.step(.timer(fixture.now))
        #expect(failures(fixture.place(fixture.request(.buy, 1_000))) == [.staleData])
        let sell = fixture.place(fixture.request(.sell, 1_000, reduceOnly: true))
        #expect(sell.submitted.count == 1)
    }

    @Test func `a spot instrument is not sold short, a perpetual is`() {
        var fixture = Fixture()
        fixture.candle(100)
        fixture.candle(100, of: Fixture.perp)
        #expect(failures(fixture.place(fixture.request(.sell, 1_000))) == [.shorting])
        #expect(fixture.place(fixture.request(.sell, 1_000, on: Fixture.perp)).submitted.count == 1)
    }

    @Test func `reduce-only needs something to reduce, and no more than it`() {
        var fixture = Fixture()
        fixture.candle(100)
        #expect(failures(fixture.place(fixture.request(.sell, 1_000, reduceOnly: true))) == [.reduceOnly])
        let buy = fixture.place(fixture.request(.buy, 1_000)).submitted[0]
        fixture.fill(buy.id, at: 100)
        #expect(failures(fixture.place(fixture.request(.sell, 1_010, reduceOnly: true))) == [.reduceOnly])
    }

    @Test func `prices off the tick and outside the band are denied`() {
        var fixture = Fixture(limits: RiskLimits(priceBand: .percent(5)))
        fixture.candle(100)
        var request = fixture.request(.buy, 1_000, type: .limit, limit: 94)
        #expect(failures(fixture.place(request)) == [.priceBand])
        request.limitPrice = Price(mantissa: 9_999)
        #expect(failures(fixture.place(request)) == [.tick])
    }

    @Test func `terms that do not fit together are denied before anything is multiplied`() {
        var fixture = Fixture()
        fixture.candle(100)
        #expect(failures(fixture.place(fixture.request(.buy, 1_000, type: .limit))) == [.terms])
        #expect(failures(fixture.place(fixture.request(.buy, 0))) == [.terms])
        #expect(failures(fixture.place(fixture.request(.buy, -1_000))) == [.terms])
        #expect(failures(fixture.place(fixture.request(.buy, .max))) == [.quantityStep, .balance])
    }

    @Test func `the drawdown breaker lets only reductions through until it is reset`() {
        var fixture = Fixture(cash: 1_000, limits: RiskLimits(maximumDrawdown: .percent(10)))
        fixture.candle(100)
        let buy = fixture.place(fixture.request(.buy, 5_000)).submitted[0]
        fixture.fill(buy.id, at: 100)
        let effects = fixture.candle(79)
        #expect(effects.alerts.map(\.kind) == ["breaker-0"])
        #expect(fixture.kernel.tradingState == .reducing(.drawdown))
        #expect(failures(fixture.place(fixture.request(.buy, 1_000))) == [.halt, .drawdown])
        fixture.step(.command(.resetBreakers, at: fixture.now))
        #expect(fixture.place(fixture.request(.buy, 1_000)).submitted.count == 1)
    }

    @Test func `a breaker cancels orders by hand that would open, and leaves those that close`() {
        var fixture = Fixture(cash: 1_000, limits: RiskLimits(maximumDrawdown: .percent(10)))
        fixture.candle(100)
        let buy = fixture.place(fixture.request(.buy, 5_000)).submitted[0]
        fixture.fill(buy.id, at: 100)
        let opening = fixture.place(fixture.request(.buy, 1_000, type: .limit, limit: 70)).submitted[0]
        let closing = fixture.place(fixture.request(.sell, 5_000, type: .limit, limit: 120)).submitted[0]
        for order in [opening, closing] { fixture.report(order.id, .accepted) }
        #expect(fixture.candle(79).cancelled == [opening.id])
    }

    @Test func `the daily loss is forgiven on the next day`() {
        var fixture = Fixture(cash: 1_000, limits: RiskLimits(maximumDailyLoss: .percent(5)))
        fixture.candle(100)
        let buy = fixture.place(fixture.request(.buy, 5_000)).submitted[0]
        fixture.fill(buy.id, at: 100)
        fixture.candle(89)
        #expect(fixture.kernel.tradingState == .reducing(.dailyLoss))
        fixture.minute = 1_440
        fixture.candle(89)
        #expect(fixture.kernel.tradingState == .active)
    }

    @Test func `the account's price band is no reason to leave a position without its stop`() {
        var fixture = Fixture(limits: RiskLimits(priceBand: .percent(5)))
        fixture.register(protection: Protection(stopLoss: .percent(20)))
        let stop = fixture.fill(fixture.candle(100).submitted[0].id, at: 100).submitted
        #expect(stop.map(\.request.triggerPrice) == [Price(mantissa: 8_000)])
    }
}
