import Market
import Testing

@testable import Trading

@Suite("What a trailing order is reckoned at") struct TrailingTests {
    private static func request(_ side: Side, _ bps: Int?, from start: Int64? = nil, _ quantity: Int64 = 1_000)
        -> OrderRequest
    {
        OrderRequest(
            instrument: Fixture.btc, side: side, type: .trailingStop, quantity: Quantity(mantissa: quantity),
            triggerPrice: start.map(Price.init(mantissa:)), trailing: bps, purpose: .manual)
    }

    private func failures(_ effects: [Effect]) -> [RiskCheck] {
        effects.verdicts.flatMap(\.outcomes).filter { !$0.isPassed }.map(\.check)
    }

    @Test(
        "a buy counts at the most that its terms let it cost, a sale at the higher of mark and start",
        arguments: [
            (.buy, 150, nil, 10_000, 10_150), (.buy, 100, 11_000, 10_000, 11_110), (.buy, 100, 9_000, 10_000, 10_100),
            // 333 × 1.0001 = 333.0333
            (.buy, 1, nil, 333, 334), (.sell, 150, nil, 10_000, 10_000), (.sell, 150, 9_000, 10_000, 10_000),
            (.sell, 150, 9_000, nil, 9_000), (.buy, 100, nil, nil, nil),
        ] as [(Side, Int, Int64?, Int64?, Int64?)])
    func reckoned(_ side: Side, _ bps: Int, _ start: Int64?, _ mark: Int64?, _ expected: Int64?) {
        let price = Self.request(side, bps, from: start).reckonedPrice(at: mark.map(Price.init(mantissa:)))
        #expect(price?.mantissa == expected)
    }

    @Test(
        "its trigger lies on the first tick at its distance behind the best",
        arguments: [
            // 10053 × 0.99 = 9952.47
            (.sell, 100, 10_053, 1, 9_952), (.sell, 100, 10_053, 50, 9_950),
            // 9801 × 1.01 = 9899.01
            (.buy, 100, 9_801, 1, 9_900), (.buy, 100, 9_801, 50, 9_900), (.buy, 100, 9_800, 1, 9_898),
            (.sell, 9_999, 100, 50, 50),
        ] as [(Side, Int, Int64, Int64, Int64)])
    func trigger(_ side: Side, _ bps: Int, _ best: Int64, _ tick: Int64, _ expected: Int64) {
        let trigger = Self.request(side, bps).trailingTrigger(
            behind: Price(mantissa: best), tick: Price(mantissa: tick))
        #expect(trigger?.mantissa == expected)
    }

    @Test("orders that don't trail are reckoned as ever")
    func others() {
        let fixture = Fixture()
        let mark = Price(mantissa: 10_000)
        #expect(fixture.request(.buy, 1_000).reckonedPrice(at: mark) == mark)
        #expect(fixture.request(.buy, 1_000, type: .stop, trigger: 105).reckonedPrice(at: mark)?.mantissa == 10_500)
        let target = fixture.request(.sell, 1_000, type: .takeProfitLimit, limit: 104, trigger: 105)
        #expect(target.reckonedPrice(at: mark)?.mantissa == 10_400)
        #expect(target.trailingTrigger(behind: mark, tick: mark) == nil && target.firstTrigger(at: mark) == nil)
    }

    @Test("the largest order and free cash know what a trailing buy may cost", arguments: [(101, false), (102, true)])
    func limits(_ most: Int64, _ isAllowed: Bool) {
        var fixture = Fixture(limits: RiskLimits(maximumOrderNotional: Money(whole: most, .usdt)))
        fixture.candle(100)
        // 1 at 101.5
        let effects = fixture.place(Self.request(.buy, 150))
        #expect(failures(effects) == (isAllowed ? [] : [.orderNotional]))
    }

    @Test("a working trailing buy reserves its cash")
    func reserves() {
        var fixture = Fixture(cash: 150)
        fixture.candle(100)
        #expect(failures(fixture.place(Self.request(.buy, 1_000))).isEmpty)
        // 110 are reserved, and 40 are left.
        #expect(failures(fixture.place(fixture.request(.buy, 410, type: .limit, limit: 100))) == [.balance])
        #expect(failures(fixture.place(fixture.request(.buy, 400, type: .limit, limit: 100))).isEmpty)
    }

    @Test("the account's price band is held against its first trigger", arguments: [(500, true), (501, false)])
    func band(_ bps: Int, _ isAllowed: Bool) {
        var fixture = Fixture(limits: RiskLimits(priceBand: .percent(5)))
        fixture.candle(100)
        #expect(failures(fixture.place(Self.request(.buy, bps))) == (isAllowed ? [] : [.priceBand]))
    }

    @Test("a sale has to be worth the smallest order where it could first go off")
    func smallest() {
        var fixture = Fixture()
        fixture.candle(100)
        let bought = fixture.place(fixture.request(.buy, 1_000)).submitted[0]
        fixture.fill(bought.id, at: 100)
        // 0.05 at 99 are 4.95, and 0.06 at 99 are 5.94.
        #expect(failures(fixture.place(Self.request(.sell, 100, 50))) == [.minimumNotional])
        #expect(failures(fixture.place(Self.request(.sell, 100, 60))).isEmpty)
    }

    @Test("terms that don't fit are denied", arguments: [nil, 0, -1, 10_000, .max] as [Int?])
    func terms(_ bps: Int?) {
        var fixture = Fixture()
        fixture.candle(100)
        #expect(failures(fixture.place(Self.request(.buy, bps))) == [.terms])
    }

    @Test("a start off the tick is denied, and a distance is for trailing stops alone")
    func misplaced() {
        var fixture = Fixture()
        fixture.candle(100)
        #expect(failures(fixture.place(Self.request(.buy, 100, from: 10_025))) == [.tick])
        var stop = fixture.request(.buy, 1_000, type: .stop, trigger: 105)
        stop.trailing = 100
        #expect(failures(fixture.place(stop)) == [.terms])
        var entry = Self.request(.buy, 100)
        entry.protection = EntryProtection(stop: Price(mantissa: 9_000))
        #expect(failures(fixture.place(entry)).contains(.protection))
    }

    @Test("one that only reduces is held against what is held; the emergency stop cancels it")
    func reduces() {
        var fixture = Fixture()
        fixture.candle(100)
        let bought = fixture.place(fixture.request(.buy, 1_000)).submitted[0]
        fixture.fill(bought.id, at: 100)
        var sale = Self.request(.sell, 100, 2_000)
        sale.isReduceOnly = true
        #expect(failures(fixture.place(sale)) == [.reduceOnly])
        sale.quantity = Quantity(mantissa: 1_000)
        let order = fixture.place(sale).submitted[0]
        #expect(order.request.trailing == 100)
        let effects = fixture.step(.command(.emergencyStop(keepsProtection: true), at: fixture.now))
        #expect(effects.cancelled == [order.id])
    }
}
