import Bytes
import Market
import Testing

@testable import Trading

/// An entry of a person's that carries its stop and its target.
@Suite("An entry with its protection") struct BracketTests {
    /// A kernel at 100, where nothing but the person trades.
    private func fixture(locksHoldings: Bool = false, fee: Ratio = .zero, limits: RiskLimits = .none) -> Fixture {
        var fixture = Fixture(limits: limits, fee: fee, locksHoldings: locksHoldings)
        fixture.candle(100)
        return fixture
    }

    /// A limit order to buy 1 at 95, its stop at 90 and its target at 110.
    private func bracket(
        _ fixture: Fixture, quantity: Int64 = 1_000, stop: Int64? = 90, target: Int64? = 110
    ) -> OrderRequest {
        var request = fixture.request(.buy, quantity, type: .limit, limit: 95)
        request.protection = EntryProtection(
            stop: stop.map { Price(mantissa: $0 * 100) }, target: target.map { Price(mantissa: $0 * 100) })
        return request
    }

    private func waiting(_ fixture: Fixture) -> [Order] {
        fixture.kernel.openOrders.filter { $0.state == .initialized }
    }

    /// Lets seconds pass.
    @discardableResult
    private func pass(_ fixture: inout Fixture, _ seconds: Int64) -> [Effect] {
        let start = max(fixture.kernel.now, fixture.now)
        return (1...seconds).flatMap { fixture.step(.timer(start.adding(seconds: $0))) }
    }

    // MARK: - Where the kernel holds it

    @Test("the entry leaves alone, and its protection waits")
    func begins() {
        var fixture = fixture()
        let effects = fixture.place(bracket(fixture))
        #expect(effects.submitted.map(\.request.purpose) == [.manual])
        #expect(waiting(fixture).map(\.request.purpose) == [.stopLoss, .takeProfit])
        #expect(effects.verdicts.count == 3 && effects.verdicts.allSatisfy(\.isAllowed))
    }

    @Test("filled, it is protected at once, by a pair of which one cancels the other")
    func filled() {
        var fixture = fixture()
        let entry = fixture.place(bracket(fixture)).submitted[0]
        fixture.report(entry.id, .accepted)
        let pair = fixture.fill(entry.id, at: 95).submitted
        #expect(pair.map(\.request.type) == [.stop, .limit] && pair.allSatisfy { $0.state == .submitting })
        #expect(pair.map(\.request.triggerPrice) == [Price(mantissa: 9_000), nil])
        #expect(pair.map(\.request.limitPrice) == [nil, Price(mantissa: 11_000)])
        #expect(pair.allSatisfy { $0.request.quantity.mantissa == 1_000 && $0.request.isReduceOnly })
        #expect(pair[0].request.group == pair[1].request.group && pair[0].request.group != 0)
        #expect(waiting(fixture).isEmpty)
    }

    @Test("its stop comes with the first fill, less the fees taken out of that, and its target once it has ended")
    func partial() {
        var fixture = fixture()
        let entry = fixture.place(bracket(fixture)).submitted[0]
        fixture.report(entry.id, .accepted)
        let fill = Fill(
            tradeID: 9, price: Price(mantissa: 9_500), quantity: Quantity(mantissa: 405), quoteFee: .zero(.usdt),
            baseFee: Quantity(mantissa: 4), liquidity: .maker)
        let stop = fixture.report(entry.id, .filled(fill)).submitted
        // 0.401 are held, and an order is of whole hundredths.
        #expect(stop.map(\.request.purpose) == [.stopLoss] && stop.map(\.request.quantity.mantissa) == [400])
        fixture.step(.command(.cancel(entry.id), at: fixture.now))
        let after = fixture.report(entry.id, .canceled(.venue))
        #expect(after.submitted.map(\.request.purpose) == [.takeProfit] && after.amended.isEmpty)
        #expect(after.submitted.map(\.request.quantity.mantissa) == [400])
    }

    @Test(
        "an entry that ends without having bought anything takes its protection with it",
        arguments: [
            OrderReport.Kind.rejected(.venue), .canceled(.venue), .expired(.notFilledAtOnce),
        ])
    func unfilled(_ end: OrderReport.Kind) {
        var fixture = fixture()
        let entry = fixture.place(bracket(fixture)).submitted[0]
        #expect(fixture.report(entry.id, end).submitted.isEmpty)
        #expect(fixture.kernel.openOrders.isEmpty && fixture.kernel.brackets.isEmpty)
    }

    @Test("a stop alone, or a target alone, is enough", arguments: [true, false])
    func single(_ isStop: Bool) {
        var fixture = fixture()
        let request = bracket(fixture, stop: isStop ? 90 : nil, target: isStop ? nil : 110)
        let entry = fixture.place(request).submitted[0]
        let placed = fixture.fill(entry.id, at: 95).submitted
        #expect(placed.map(\.request.purpose) == [isStop ? .stopLoss : .takeProfit])
    }

    @Test("a short is protected from the other side")
    func short() {
        var fixture = fixture()
        fixture.candle(100, of: Fixture.perp)
        var request = fixture.request(.sell, 1_000, type: .limit, limit: 105, on: Fixture.perp)
        request.protection = EntryProtection(stop: Price(mantissa: 11_000), target: Price(mantissa: 9_000))
        let entry = fixture.place(request).submitted[0]
        let pair = fixture.fill(entry.id, at: 105).submitted
        #expect(pair.map(\.request.side) == [.buy, .buy])
    }

    @Test("when one has closed everything the other ends, and the bracket with it")
    func closes() {
        var fixture = fixture()
        let entry = fixture.place(bracket(fixture)).submitted[0]
        let pair = fixture.fill(entry.id, at: 95).submitted
        let after = fixture.fill(pair[1].id, at: 110)
        #expect(after.cancelled == [pair[0].id] && after.trips.count == 1)
        fixture.report(pair[0].id, .canceled(.groupFilled))
        #expect(fixture.kernel.openOrders.isEmpty && fixture.kernel.brackets.isEmpty)
    }

    @Test("when one has closed a part the other is made smaller")
    func closesInPart() {
        var fixture = fixture()
        let entry = fixture.place(bracket(fixture)).submitted[0]
        let pair = fixture.fill(entry.id, at: 95).submitted
        for order in pair { fixture.report(order.id, .accepted) }
        let after = fixture.fill(pair[1].id, at: 110, 300)
        #expect(after.amended.map { $0.0 } == [pair[0].id])
        #expect(after.amended.map { $0.1.quantity } == [Quantity(mantissa: 700)])
    }

    // MARK: - The gate

    @Test(
        "protection on the wrong side, off the grid, or of nothing refuses the whole order",
        arguments: [
            (9_500, 11_000, "protection"), (9_600, nil, "protection"), (9_000, 9_500, "protection"),
            (nil, nil, "protection"), (9_025, 11_000, "tick"), (9_000, 11_010, "tick"),
        ] as [(Int64?, Int64?, String)])
    func refused(_ stop: Int64?, _ target: Int64?, _ check: String) {
        var fixture = fixture()
        var request = bracket(fixture)
        request.protection = EntryProtection(
            stop: stop.map { Price(mantissa: $0) }, target: target.map { Price(mantissa: $0) })
        let effects = fixture.place(request)
        #expect(effects.submitted.isEmpty && fixture.kernel.openOrders.isEmpty && fixture.kernel.brackets.isEmpty)
        #expect(effects.verdicts.map(\.isAllowed) == [false])
        #expect(effects.verdicts[0].outcomes.contains { !$0.isPassed && $0.check.name == check })
    }

    @Test("a stop that is too small at its price refuses the whole order, although the entry is large enough")
    func stopTooSmall() {
        var fixture = fixture()
        // 0.06 at 95 is 5.70 of a smallest notional of 5; at 80 it is 4.80.
        let effects = fixture.place(bracket(fixture, quantity: 60, stop: 80))
        #expect(effects.submitted.isEmpty)
        #expect(effects.verdicts[0].outcomes.contains { !$0.isPassed && $0.check == .minimumNotional })
    }

    @Test("a limit that takes at once has its stop held against the market")
    func takesAtOnce() {
        var fixture = fixture()
        var request = fixture.request(.buy, 1_000, type: .limit, limit: 120)
        request.protection = EntryProtection(stop: Price(mantissa: 10_500))
        #expect(fixture.place(request).submitted.isEmpty)
    }

    @Test("a sale of what is held opens nothing to protect")
    func spotSale() {
        var fixture = fixture()
        let bought = fixture.place(fixture.request(.buy, 1_000)).submitted[0]
        fixture.fill(bought.id, at: 100)
        var request = fixture.request(.sell, 1_000, type: .limit, limit: 105)
        request.protection = EntryProtection(stop: Price(mantissa: 11_000))
        #expect(fixture.place(request).submitted.isEmpty)
    }

    @Test("what waits counts as open orders")
    func counts() {
        var limits = RiskLimits.none
        limits.maximumOpenOrders = 2
        var fixture = fixture(limits: limits)
        #expect(fixture.place(bracket(fixture)).submitted.isEmpty)
        #expect(fixture.place(bracket(fixture, target: nil)).submitted.count == 1)
    }

    // MARK: - A person, and the emergency stop

    @Test("who cancels what protects an entry that works cancels the entry, too")
    func cancelledProtection() {
        var fixture = fixture()
        let entry = fixture.place(bracket(fixture)).submitted[0]
        fixture.report(entry.id, .accepted)
        let after = fixture.step(.command(.cancel(waiting(fixture)[0].id), at: fixture.now))
        #expect(after.cancelled == [entry.id] && waiting(fixture).isEmpty)
        fixture.report(entry.id, .canceled(.venue))
        #expect(fixture.kernel.openOrders.isEmpty && fixture.kernel.brackets.isEmpty)
    }

    @Test("who cancels a stop that works takes the protection away, and it does not come back")
    func cancelledStop() {
        var fixture = fixture()
        let entry = fixture.place(bracket(fixture)).submitted[0]
        let pair = fixture.fill(entry.id, at: 95).submitted
        let after = fixture.step(.command(.cancel(pair[0].id), at: fixture.now))
        #expect(Set(after.cancelled) == Set(pair.map(\.id)))
        for order in pair { fixture.report(order.id, .canceled(.venue)) }
        #expect(pass(&fixture, 30).submitted.isEmpty && fixture.kernel.brackets.isEmpty)
    }

    @Test("the emergency stop cancels all of it, and nothing of it comes back")
    func emergency() {
        var fixture = fixture()
        let entry = fixture.place(bracket(fixture)).submitted[0]
        let part = fixture.fill(entry.id, at: 95, 400).submitted[0]
        let stop = fixture.step(.command(.emergencyStop(keepsProtection: false), at: fixture.now))
        #expect(stop.cancelled == [entry.id, part.id] && waiting(fixture).isEmpty)
        #expect(fixture.report(part.id, .canceled(.venue)).submitted.isEmpty)
        #expect(fixture.report(entry.id, .canceled(.venue)).submitted.isEmpty)
        #expect(pass(&fixture, 30).submitted.isEmpty)
    }

    @Test("an emergency stop that keeps protection cancels the entry, and what it bought is protected")
    func emergencyKeeping() {
        var fixture = fixture()
        let entry = fixture.place(bracket(fixture)).submitted[0]
        fixture.fill(entry.id, at: 95, 400)
        let stop = fixture.step(.command(.emergencyStop(keepsProtection: true), at: fixture.now))
        #expect(stop.cancelled == [entry.id])
        fixture.report(entry.id, .canceled(.venue))
        #expect(fixture.kernel.openOrders.map(\.request.purpose) == [.stopLoss, .takeProfit])
        #expect(fixture.kernel.openOrders.map(\.request.quantity.mantissa) == [400, 400])
        #expect(waiting(fixture).isEmpty)
    }

    @Test("flattening closes what the entry bought, and its protection does not come between")
    func flattening() {
        var fixture = fixture()
        let entry = fixture.place(bracket(fixture)).submitted[0]
        let part = fixture.fill(entry.id, at: 95, 400).submitted[0]
        #expect(fixture.step(.command(.flatten, at: fixture.now)).cancelled == [entry.id, part.id])
        #expect(fixture.report(part.id, .canceled(.venue)).submitted.isEmpty)
        let sent = fixture.report(entry.id, .canceled(.venue)).submitted
        #expect(sent.map(\.request.purpose) == [.close] && sent[0].request.quantity.mantissa == 400)
        fixture.fill(sent[0].id, at: 94)
        #expect(fixture.kernel.openOrders.isEmpty)
    }

    @Test("a person's close takes the protection with it")
    func closed() {
        for locks in [false, true] {
            var fixture = fixture(locksHoldings: locks)
            let entry = fixture.place(bracket(fixture)).submitted[0]
            let placed = fixture.fill(entry.id, at: 95).submitted
            let pair = fixture.kernel.openOrders
            #expect(pair.count == 2 && placed.count == (locks ? 0 : 2))
            for order in pair { fixture.report(order.id, .accepted) }
            var sent = fixture.step(.command(.close(.manual, Fixture.btc), at: fixture.now)).submitted
            if locks {
                #expect(sent.isEmpty)
                for order in pair { sent += fixture.report(order.id, .canceled(.venue)).submitted }
            }
            #expect(sent.map(\.request.purpose) == [.close], "locks: \(locks)")
            fixture.fill(sent[0].id, at: 96)
            for order in fixture.kernel.openOrders { fixture.report(order.id, .canceled(.nothingToReduce)) }
            #expect(fixture.kernel.openOrders.isEmpty && fixture.kernel.brackets.isEmpty, "locks: \(locks)")
        }
    }

    @Test("two entries in one instrument are protected each for itself")
    func two() {
        var fixture = fixture()
        let first = fixture.place(bracket(fixture)).submitted[0]
        let second = fixture.place(bracket(fixture, quantity: 500, stop: 85)).submitted[0]
        #expect(fixture.fill(second.id, at: 95).submitted.map(\.request.quantity.mantissa) == [500, 500])
        let pair = fixture.fill(first.id, at: 95).submitted
        #expect(pair.map(\.request.quantity.mantissa) == [1_000, 1_000])
        fixture.fill(pair[0].id, at: 90)
        let left = fixture.kernel.openOrders.filter { !$0.isCancelPending }
        #expect(left.map(\.request.quantity.mantissa) == [500, 500])
    }

    // MARK: - Later

    @Test("what waits survives an image, and leaves from it as it would have")
    func image() throws {
        var fixture = fixture()
        let entry = fixture.place(bracket(fixture)).submitted[0]
        fixture.report(entry.id, .accepted)
        fixture.fill(entry.id, at: 95, 400)
        var writer = ByteWriter()
        fixture.kernel.image.write(to: &writer)
        var reader = ByteReader(writer.bytes)
        let other = try Kernel(KernelImage(from: &reader), catalog: StrategyCatalog([ScriptedStrategy.self]))
        var again = ByteWriter()
        other.image.write(to: &again)
        #expect(again.bytes == writer.bytes)
        let rest = Fill(
            tradeID: 99, price: Price(mantissa: 9_500), quantity: Quantity(mantissa: 600), quoteFee: .zero(.usdt),
            liquidity: .maker)
        var sent: [Effect] = []
        other.take(OrderReport(order: entry.id, time: fixture.now, kind: .filled(rest)), into: &sent)
        // The stop of the part grows, and the target comes.
        #expect(sent.amended.map { $0.1.quantity } == [Quantity(mantissa: 1_000)])
        #expect(sent.submitted.map(\.request.purpose) == [.takeProfit])
        #expect(sent.submitted.map(\.request.quantity.mantissa) == [1_000])
    }

    @Test("an entry that fills after it was taken for ended is protected all the same")
    func lateFill() {
        var fixture = fixture()
        let entry = fixture.place(bracket(fixture)).submitted[0]
        fixture.report(entry.id, .canceled(.venue))
        #expect(fixture.kernel.openOrders.isEmpty)
        let pair = fixture.fill(entry.id, at: 95, 400).submitted
        #expect(pair.map(\.request.purpose) == [.stopLoss, .takeProfit])
        #expect(pair.map(\.request.quantity.mantissa) == [400, 400])
    }

    @Test("protection that is refused is told as critical, and tried again after ten seconds, not at once for ever")
    func refusedLater() {
        var fixture = fixture()
        let entry = fixture.place(bracket(fixture, target: nil)).submitted[0]
        let stop = fixture.fill(entry.id, at: 95).submitted[0]
        let after = fixture.report(stop.id, .rejected(.venue))
        #expect(after.submitted.isEmpty)
        #expect(after.alerts.contains { $0.kind == "unprotected" && $0.priority == .critical })
        #expect(pass(&fixture, 20).submitted.map(\.request.purpose) == [.stopLoss])
    }
}
