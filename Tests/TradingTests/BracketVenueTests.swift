import Market
import Testing

@testable import Trading

/// An entry whose protection leaves together with it, at a venue where a sale locks what it sells.
@Suite("An entry that leaves with its protection") struct BracketVenueTests {
    private func entered(
        fee: Ratio = .zero, stop: Int64? = 90, target: Int64? = 110, quantity: Int64 = 1_000
    ) -> (fixture: Fixture, entry: Order, protection: [Order]) {
        var fixture = Fixture(fee: fee, locksHoldings: true)
        fixture.candle(100)
        var request = fixture.request(.buy, quantity, type: .limit, limit: 95)
        request.protection = EntryProtection(
            stop: stop.map { Price(mantissa: $0 * 100) }, target: target.map { Price(mantissa: $0 * 100) })
        let orders = fixture.place(request).submitted
        return (fixture, orders[0], Array(orders.dropFirst()))
    }

    /// The same, with all of it taken by the venue.
    private func taken(fee: Ratio = .zero) -> (fixture: Fixture, entry: Order, protection: [Order]) {
        var (fixture, entry, protection) = entered(fee: fee)
        for order in [entry] + protection { fixture.report(order.id, .accepted) }
        return (fixture, entry, protection)
    }

    @discardableResult
    private func pass(_ fixture: inout Fixture, _ seconds: Int64) -> [Effect] {
        let start = max(fixture.kernel.now, fixture.now)
        return (1...seconds).flatMap { fixture.step(.timer(start.adding(seconds: $0))) }
    }

    @Test("the three leave in one step, the entry first")
    func together() {
        let (_, entry, protection) = entered()
        #expect(entry.request.purpose == .manual && protection.map(\.request.purpose) == [.stopLoss, .takeProfit])
        #expect(([entry] + protection).allSatisfy { $0.state == .submitting })
    }

    @Test("what waits at the venue is for what a fee taken out of the purchase leaves")
    func sized() {
        // 1 % of 1 is 0.01.
        let (_, _, protection) = entered(fee: .percent(1))
        #expect(protection.map(\.request.quantity.mantissa) == [990, 990])
    }

    @Test("where the fee was taken elsewhere the rest is too small to be sold, and nothing is moved for it")
    func rest() {
        var (fixture, entry, protection) = taken(fee: .percent(1))
        let after = fixture.fill(entry.id, at: 95)
        #expect(after.submitted.isEmpty && after.cancelled.isEmpty)
        #expect(pass(&fixture, 20).cancelled.isEmpty)
        #expect(fixture.kernel.openOrders.map(\.id) == protection.map(\.id))
    }

    @Test("an order to buy at the market, or at once, leaves alone")
    func alone() {
        for (type, time) in [(OrderType.market, TimeInForce.goodTilCancelled), (.limit, .immediateOrCancel)] {
            var fixture = Fixture(locksHoldings: true)
            fixture.candle(100)
            var request = fixture.request(.buy, 1_000, type: type, limit: type == .limit ? 101 : nil)
            request.timeInForce = time
            request.protection = EntryProtection(stop: Price(mantissa: 9_000), target: Price(mantissa: 11_000))
            let entry = fixture.place(request).submitted
            #expect(entry.count == 1)
            let pair = fixture.fill(entry[0].id, at: 100).submitted
            #expect(pair.map(\.request.purpose) == [.stopLoss, .takeProfit])
        }
    }

    @Test("what the venue drops with an entry that is cancelled half filled is placed anew for what it bought")
    func partial() {
        var (fixture, entry, protection) = taken()
        fixture.fill(entry.id, at: 95, 400)
        fixture.step(.command(.cancel(entry.id), at: fixture.now))
        #expect(fixture.report(entry.id, .canceled(.venue)).submitted.isEmpty)
        #expect(fixture.report(protection[0].id, .canceled(.venue)).submitted.isEmpty)
        let anew = fixture.report(protection[1].id, .canceled(.venue)).submitted
        #expect(anew.map(\.request.purpose) == [.stopLoss, .takeProfit])
        #expect(anew.map(\.request.quantity.mantissa) == [400, 400])
    }

    @Test("so it is when the end of the protection is told before that of the entry")
    func partialOtherWay() {
        var (fixture, entry, protection) = taken()
        fixture.fill(entry.id, at: 95, 400)
        fixture.step(.command(.cancel(entry.id), at: fixture.now))
        for order in protection { #expect(fixture.report(order.id, .canceled(.venue)).submitted.isEmpty) }
        let anew = fixture.report(entry.id, .canceled(.venue)).submitted
        #expect(anew.map(\.request.quantity.mantissa) == [400, 400])
    }

    @Test("when the end of the protection is not told, it is asked for")
    func untold() {
        var (fixture, entry, protection) = taken()
        fixture.fill(entry.id, at: 95, 400)
        fixture.report(entry.id, .canceled(.venue))
        let asked = pass(&fixture, 2).compactMap { effect -> OrderID? in
            if case .query(let id) = effect { return id }
            return nil
        }
        #expect(Set(asked) == Set(protection.map(\.id)))
    }

    @Test("an entry that is cancelled unfilled takes everything with it, and nothing is sent for that")
    func unfilled() {
        var (fixture, entry, protection) = taken()
        fixture.step(.command(.cancel(entry.id), at: fixture.now))
        let after = fixture.report(entry.id, .canceled(.venue))
        #expect(after.submitted.isEmpty && after.cancelled.isEmpty)
        for order in protection { #expect(fixture.report(order.id, .canceled(.venue)).submitted.isEmpty) }
        #expect(fixture.kernel.openOrders.isEmpty && fixture.kernel.brackets.isEmpty)
    }

    @Test(
        "protection that can't begin to work, because a fee was larger than reckoned, is placed anew at once and smaller"
    )
    func tooLarge() {
        var (fixture, entry, protection) = taken()
        let fill = Fill(
            tradeID: 5, price: Price(mantissa: 9_500), quantity: Quantity(mantissa: 1_000), quoteFee: .zero(.usdt),
            baseFee: Quantity(mantissa: 12), liquidity: .maker)
        fixture.report(entry.id, .filled(fill))
        #expect(fixture.report(protection[0].id, .expired(.venue)).submitted.isEmpty)
        let anew = fixture.report(protection[1].id, .expired(.venue)).submitted
        #expect(anew.map(\.request.quantity.mantissa) == [980, 980])
        #expect(pass(&fixture, 1).submitted.isEmpty)
    }

    @Test("a venue that takes the entry alone leaves the protection to be placed when it has filled")
    func fallback() {
        var (fixture, entry, protection) = entered()
        for order in protection {
            let after = fixture.report(order.id, .rejected(.notSent))
            #expect(!after.alerts.contains { $0.kind == "unprotected" || $0.kind == "rejected" })
        }
        fixture.report(entry.id, .accepted)
        #expect(fixture.kernel.openOrders.filter { $0.state == .initialized }.count == 2)
        let pair = fixture.fill(entry.id, at: 95).submitted
        #expect(pair.map(\.request.purpose) == [.stopLoss, .takeProfit])
    }

    @Test("an entry that never arrived ends with its protection once that is proved")
    func lost() {
        var (fixture, entry, protection) = entered()
        let all = [entry] + protection
        for order in all { fixture.report(order.id, .unanswered) }
        for _ in 0..<80 {
            pass(&fixture, 1)
            for order in all where fixture.kernel.order(order.id)?.state == .unknown {
                fixture.step(.report(OrderReport(order: order.id, time: fixture.kernel.now, kind: .notFound)))
            }
        }
        #expect(fixture.kernel.order(entry.id)?.state == .lost)
        #expect(fixture.kernel.openOrders.isEmpty && fixture.kernel.brackets.isEmpty)
    }

    @Test("protection that the market has passed when it is placed closes the position at the market")
    func overtaken() {
        var (fixture, entry, protection) = taken()
        fixture.fill(entry.id, at: 95, 400)
        fixture.report(entry.id, .canceled(.venue))
        var anew: [Order] = []
        for order in protection { anew += fixture.report(order.id, .canceled(.venue)).submitted }
        var closes: [Order] = []
        for order in anew { closes += fixture.report(order.id, .rejected(.overtaken)).submitted }
        #expect(closes.map(\.request.purpose) == [.close] && closes[0].request.quantity.mantissa == 400)
    }

    @Test("a close while the entry works leaves what waits for it alone")
    func closing() {
        var (fixture, entry, _) = taken()
        fixture.fill(entry.id, at: 95, 400)
        let sent = fixture.step(.command(.close(.manual, Fixture.btc), at: fixture.now))
        #expect(sent.cancelled.isEmpty && sent.submitted.map(\.request.quantity.mantissa) == [400])
    }

    // MARK: - Whatever happens

    @Test(
        "whatever becomes of requests, answers and events, nothing is sold twice, and what was bought is protected or told of",
        arguments: 0..<300)
    func whatever(_ seed: Int) {
        var world = BracketWorld(seed: UInt64(seed))
        for second in 0..<400 {
            world.second()
            #expect(world.problem == nil, "seed \(seed), second \(second): \(world.account)")
            if world.problem != nil { return }
        }
        world.calm()
        for _ in 0..<120 { world.second() }
        #expect(
            world.problem == nil && world.restProblem == nil,
            "seed \(seed): \(world.restProblem ?? ""), \(world.account)")
        #expect(world.protectedBrackets > 0, "seed \(seed)")
    }
}
