import Bytes
import Market
import Testing

@testable import Trading

/// An account at which a sale locks what it sells.
@Suite("Where a sale locks what it sells") struct HoldingsTests {
    /// A strategy that went long at the first candle and is protected; the effects of its entry's end.
    private func entered(_ protection: Protection, flat: String = "9") -> (Fixture, [Effect]) {
        var fixture = Fixture(locksHoldings: true)
        fixture.register(script: [("long", "1"), ("flat", flat)], protection: protection)
        let order = fixture.candle(100).submitted[0]
        let effects = fixture.fill(order.id, at: 100)
        return (fixture, effects)
    }

    private static let both = Protection(stopLoss: .percent(2), takeProfit: .percent(5))

    @Test("an exit waits until the protective orders are gone, and leaves when the last of them is")
    func exitWaits() {
        var (fixture, effects) = entered(HoldingsTests.both, flat: "2")
        let pair = effects.submitted
        let leaving = fixture.candle(101)
        #expect(leaving.submitted.isEmpty && leaving.cancelled == pair.map(\.id))
        #expect(fixture.report(pair[0].id, .canceled(.venue)).submitted.isEmpty)
        let sent = fixture.report(pair[1].id, .canceled(.venue)).submitted
        #expect(sent.map(\.request.purpose) == [.exit] && sent[0].state == .submitting)
        #expect(fixture.fill(sent[0].id, at: 101).trips.count == 1)
    }

    @Test("an exit that waits ends by itself when the stop closes the position first")
    func stopFirst() {
        var (fixture, effects) = entered(Protection(stopLoss: .percent(2)), flat: "2")
        let stop = effects.submitted[0]
        fixture.candle(99)
        let after = fixture.fill(stop.id, at: 98)
        #expect(after.submitted.isEmpty)
        #expect(fixture.kernel.openOrders.isEmpty)
        #expect(fixture.kernel.order(OrderID(rawValue: stop.id.rawValue + 1))?.reason == .nothingToReduce)
    }

    @Test("an exit that waits is for what the stop has left")
    func stopInPart() {
        var (fixture, effects) = entered(Protection(stopLoss: .percent(2)), flat: "2")
        let stop = effects.submitted[0]
        fixture.candle(99)
        fixture.fill(stop.id, at: 98, 400)
        let sent = fixture.report(stop.id, .canceled(.venue)).submitted
        #expect(sent.map(\.request.quantity.mantissa) == [600])
    }

    @Test("an exit that is refused has the position protected again")
    func refusedExit() {
        var (fixture, effects) = entered(HoldingsTests.both, flat: "2")
        fixture.candle(101)
        for order in effects.submitted { fixture.report(order.id, .canceled(.venue)) }
        let exit = fixture.kernel.openOrders[0]
        let after = fixture.report(exit.id, .rejected(.insufficientBalance)).submitted
        #expect(after.map(\.request.purpose) == [.stopLoss, .takeProfit])
    }

    @Test("a pair that is refused for its terms is followed by its stop alone, at once and once")
    func refusedPair() {
        var (fixture, effects) = entered(HoldingsTests.both)
        let pair = effects.submitted
        #expect(fixture.report(pair[0].id, .rejected(.invalidTerms)).submitted.isEmpty)
        let alone = fixture.report(pair[1].id, .rejected(.invalidTerms)).submitted
        #expect(alone.map(\.request.purpose) == [.stopLoss] && alone[0].request.quantity.mantissa == 1_000)
        fixture.report(alone[0].id, .accepted)
        // It stays: nothing withdraws it for a pair that would be refused again.
        for second in stride(from: 10, through: 60, by: 10) {
            let later = fixture.step(.timer(fixture.now.adding(seconds: Int64(second))))
            #expect(later.submitted.isEmpty && later.cancelled.isEmpty)
        }
    }

    @Test("a stop that is refused alone, too, is tried again with time, and without its target")
    func refusedStop() {
        var (fixture, effects) = entered(HoldingsTests.both)
        for order in effects.submitted { fixture.report(order.id, .rejected(.invalidTerms)) }
        let alone = fixture.kernel.openOrders[0]
        #expect(fixture.report(alone.id, .rejected(.invalidTerms)).submitted.isEmpty)
        let again = fixture.step(.timer(fixture.now.adding(seconds: 60))).submitted
        #expect(again.map(\.request.purpose) == [.stopLoss])
    }

    @Test("a fee that a sale of everything pays in the asset is taken from what nobody's strategy holds of it")
    func feeFromHoldings() {
        var fixture = Fixture(locksHoldings: true)
        func fill(_ id: UInt64, baseFee: Int64) -> OrderReport.Kind {
            .filled(
                Fill(
                    tradeID: id, price: Price(mantissa: 10_000), quantity: Quantity(mantissa: 1_000),
                    quoteFee: .zero(.usdt), baseFee: Quantity(mantissa: baseFee), liquidity: .taker))
        }
        fixture.candle(100)
        let own = fixture.place(fixture.request(.buy, 1_000)).submitted[0]
        fixture.report(own.id, fill(71, baseFee: 0))
        fixture.register(script: [("long", "1"), ("flat", "2")])
        fixture.report(fixture.candle(100).submitted[0].id, fill(72, baseFee: 0))
        fixture.report(fixture.candle(100).submitted[0].id, fill(73, baseFee: 4))
        #expect(fixture.kernel.position(StrategyID(rawValue: 1), Fixture.btc).isFlat)
        #expect(fixture.kernel.position(.manual, Fixture.btc).quantity.mantissa == 996)
    }

    @Test("a partial entry at the market is protected once, when it has ended")
    func entryAtMarket() {
        var fixture = Fixture(locksHoldings: true)
        fixture.register(protection: HoldingsTests.both)
        let entry = fixture.candle(100).submitted[0]
        #expect(fixture.fill(entry.id, at: 100, 400).submitted.isEmpty)
        let pair = fixture.fill(entry.id, at: 100, 600).submitted
        #expect(pair.map(\.request.quantity.mantissa) == [1_000, 1_000])
        #expect(pair[0].request.group == pair[1].request.group && pair[0].request.group != 0)
    }

    @Test("an entry whose rest expires is protected for what it got")
    func entryInPart() {
        var fixture = Fixture(locksHoldings: true)
        fixture.register(protection: HoldingsTests.both)
        let entry = fixture.candle(100).submitted[0]
        fixture.fill(entry.id, at: 100, 400)
        let pair = fixture.report(entry.id, .expired(.notFilledAtOnce)).submitted
        #expect(pair.map(\.request.quantity.mantissa) == [400, 400])
    }

    @Test("a pair of which one is gone is withdrawn and placed anew")
    func halfAPair() {
        var (fixture, effects) = entered(HoldingsTests.both)
        let pair = effects.submitted
        // The target fills in part, at which the venue ends the stop.
        let part = fixture.fill(pair[1].id, at: 105, 300)
        #expect(part.cancelled == pair.map(\.id))
        #expect(fixture.report(pair[0].id, .expired(.groupFilled)).submitted.isEmpty)
        let anew = fixture.report(pair[1].id, .canceled(.venue)).submitted
        #expect(anew.map(\.request.purpose) == [.stopLoss, .takeProfit])
        #expect(anew.map(\.request.quantity.mantissa) == [700, 700])
    }

    private static let trailingPair = Protection(takeProfit: .percent(50), trailingStop: .percent(10))

    @Test("a trailing stop that is one of a pair rises by the pair being withdrawn and placed anew")
    func trailing() {
        var (fixture, effects) = entered(HoldingsTests.trailingPair)
        let pair = effects.submitted
        for order in pair { fixture.report(order.id, .accepted) }
        let raised = fixture.candle(120)
        #expect(raised.amended.isEmpty && raised.submitted.isEmpty && raised.cancelled == pair.map(\.id))
        fixture.report(pair[0].id, .canceled(.venue))
        let anew = fixture.report(pair[1].id, .canceled(.venue)).submitted
        #expect(anew.map(\.request.triggerPrice) == [Price(mantissa: 10_800), nil])
    }

    @Test("a stop that was withdrawn to be placed anew comes back although the engine is halted meanwhile")
    func haltedMeanwhile() {
        var (fixture, effects) = entered(HoldingsTests.trailingPair)
        fixture.candle(120)
        fixture.step(.command(.halt, at: fixture.now))
        fixture.report(effects.submitted[0].id, .canceled(.venue))
        let anew = fixture.report(effects.submitted[1].id, .canceled(.venue)).submitted
        #expect(anew.map(\.request.purpose) == [.trailingStop, .takeProfit])
    }

    @Test("a stop that the emergency stop cancels does not come back, although it was to be placed anew")
    func emergencyMeanwhile() {
        var (fixture, effects) = entered(HoldingsTests.trailingPair)
        fixture.candle(120)
        fixture.step(.command(.emergencyStop(keepsProtection: false), at: fixture.now))
        #expect(fixture.report(effects.submitted[0].id, .canceled(.venue)).submitted.isEmpty)
        #expect(fixture.report(effects.submitted[1].id, .canceled(.venue)).submitted.isEmpty)
    }

    @Test("an exit that waits is ended by the emergency stop, and never leaves")
    func emergencyEndsExit() {
        var (fixture, effects) = entered(Protection(stopLoss: .percent(2)), flat: "2")
        fixture.candle(101)
        fixture.step(.command(.emergencyStop(keepsProtection: false), at: fixture.now))
        #expect(fixture.report(effects.submitted[0].id, .canceled(.venue)).submitted.isEmpty)
        #expect(fixture.kernel.openOrders.isEmpty)
    }

    @Test("flattening closes when everything else is gone")
    func flattening() {
        var (fixture, effects) = entered(HoldingsTests.both)
        let pair = effects.submitted
        let stop = fixture.step(.command(.flatten, at: fixture.now))
        #expect(stop.submitted.isEmpty && stop.cancelled == pair.map(\.id))
        fixture.report(pair[0].id, .canceled(.venue))
        let sent = fixture.report(pair[1].id, .canceled(.venue)).submitted
        #expect(sent.map(\.request.purpose) == [.close])
    }

    @Test("a person's close withdraws what the person has for sale")
    func manualClose() {
        var fixture = Fixture(locksHoldings: true)
        fixture.candle(100)
        let bought = fixture.place(fixture.request(.buy, 1_000)).submitted[0]
        fixture.fill(bought.id, at: 100)
        let offer = fixture.place(fixture.request(.sell, 500, type: .limit, limit: 110)).submitted[0]
        fixture.report(offer.id, .accepted)
        let close = fixture.step(.command(.close(.manual, Fixture.btc), at: fixture.now))
        #expect(close.submitted.isEmpty && close.cancelled == [offer.id])
        let sent = fixture.report(offer.id, .canceled(.venue)).submitted
        #expect(sent.map(\.request.quantity.mantissa) == [1_000])
    }

    @Test("an order that waits survives an image, and leaves from it")
    func image() throws {
        var (fixture, effects) = entered(Protection(stopLoss: .percent(2)), flat: "2")
        fixture.candle(101)
        var writer = ByteWriter()
        fixture.kernel.image.write(to: &writer)
        var reader = ByteReader(writer.bytes)
        let image = try KernelImage(from: &reader)
        #expect(image.options.locksHoldings)
        let other = try Kernel(image, catalog: StrategyCatalog([ScriptedStrategy.self]))
        var sent: [Effect] = []
        let report = OrderReport(order: effects.submitted[0].id, time: fixture.now, kind: .canceled(.venue))
        other.take(report, into: &sent)
        #expect(sent.submitted.map(\.request.purpose) == [.exit])
    }

    // MARK: - What could not be placed

    /// Lets market time pass, second by second.
    private func pass(_ fixture: inout Fixture, seconds: Int64) -> [Effect] {
        var effects: [Effect] = []
        let start = max(fixture.kernel.now, fixture.now)
        for second in 1...seconds { effects += fixture.step(.timer(start.adding(seconds: second))) }
        return effects
    }

    @Test("a stop that the market has passed already closes the position at the market")
    func overtakenStop() {
        var (fixture, effects) = entered(Protection(stopLoss: .percent(2)))
        let after = fixture.report(effects.submitted[0].id, .rejected(.overtaken)).submitted
        #expect(after.map(\.request.purpose) == [.exit] && after[0].request.type == .market)
        #expect(after[0].request.quantity.mantissa == 1_000)
    }

    @Test("a pair that the market has passed already closes the position once")
    func overtakenPair() {
        var (fixture, effects) = entered(HoldingsTests.both)
        let pair = effects.submitted
        let first = fixture.report(pair[0].id, .rejected(.overtaken)).submitted
        let second = fixture.report(pair[1].id, .rejected(.overtaken)).submitted
        #expect((first + second).map(\.request.purpose) == [.exit])
    }

    @Test("where neither a stop nor an exit is taken, it is tried again later and not at once, for ever")
    func nothingTaken() {
        var (fixture, effects) = entered(Protection(stopLoss: .percent(2)))
        let exit = fixture.report(effects.submitted[0].id, .rejected(.overtaken)).submitted[0]
        let stop = fixture.report(exit.id, .rejected(.insufficientBalance)).submitted
        #expect(stop.map(\.request.purpose) == [.stopLoss])
        #expect(fixture.report(stop[0].id, .rejected(.overtaken)).submitted.isEmpty)
        #expect(pass(&fixture, seconds: 10).submitted.map(\.request.purpose) == [.exit])
    }

    @Test("protection that could not be sent is tried again within ten seconds, halted or not")
    func unsentStop() {
        for isHalted in [false, true] {
            var (fixture, effects) = entered(Protection(stopLoss: .percent(2)))
            if isHalted { fixture.step(.command(.halt, at: fixture.now)) }
            #expect(fixture.report(effects.submitted[0].id, .rejected(.notSent)).submitted.isEmpty)
            let again = pass(&fixture, seconds: 10).submitted
            #expect(again.map(\.request.purpose) == [.stopLoss], "halted: \(isHalted)")
        }
    }

    @Test("what the emergency stop cancelled is not tried again")
    func stoppedStop() {
        var (fixture, effects) = entered(Protection(stopLoss: .percent(2)))
        fixture.report(effects.submitted[0].id, .accepted)
        fixture.step(.command(.emergencyStop(keepsProtection: false), at: fixture.now))
        fixture.report(effects.submitted[0].id, .canceled(.venue))
        #expect(pass(&fixture, seconds: 30).submitted.isEmpty)
    }

    @Test("an exit is tried again that could not be sent, or that its venue refused for whatever reason")
    func unsentExit() {
        for reason in [OrderReason.notSent, .insufficientBalance, .venue, .invalidTerms, .journal] {
            var (fixture, _) = entered(.none, flat: "2")
            let exit = fixture.candle(101).submitted[0]
            fixture.report(exit.id, .rejected(reason))
            let again = pass(&fixture, seconds: 10).submitted
            #expect(again.map(\.request.purpose) == [.exit], "\(reason)")
        }
    }

    @Test("a stop that is too small at its price leaves the target to work alone, and there is no end of it")
    func stopTooSmall() {
        var fixture = Fixture(locksHoldings: true)
        fixture.register(protection: HoldingsTests.both)
        let entry = fixture.candle(100).submitted[0]
        // 0.05 at 100 is 5, the smallest notional; at 98 it is less.
        fixture.fill(entry.id, at: 100, 50)
        let placed = fixture.report(entry.id, .expired(.notFilledAtOnce)).submitted
        #expect(placed.map(\.request.purpose) == [.takeProfit])
        #expect(fixture.report(placed[0].id, .accepted).cancelled.isEmpty)
        #expect(fixture.candle(100).cancelled.isEmpty)
    }

    @Test("what is held beyond what was bought here is the person's, not the strategy's that holds something")
    func deposit() throws {
        let (fixture, _) = entered(.none)
        var ours = fixture.kernel.reconciliationView
        ours.now = fixture.now.adding(seconds: 60)
        let positions = [VenuePosition(instrument: Fixture.btc, quantity: Quantity(mantissa: 5_000))]
        let view = VenueView(time: ours.now, openOrders: [], fills: [], positions: positions, cash: nil)
        let mismatch = Reconciliation.compare(ours: ours, venue: view).compactMap { step -> PositionMismatch? in
            if case .mismatch(let mismatch) = step { return mismatch }
            return nil
        }.first
        #expect(try #require(mismatch?.corrections).map(\.owner) == [.manual])
    }

    @Test("a difference below the step is none: fees are rounded at the venue, too")
    func rounding() {
        let (fixture, _) = entered(.none)
        var ours = fixture.kernel.reconciliationView
        ours.now = fixture.now.adding(seconds: 60)
        let positions = [VenuePosition(instrument: Fixture.btc, quantity: Quantity(mantissa: 1_009))]
        let view = VenueView(time: ours.now, openOrders: [], fills: [], positions: positions, cash: nil)
        #expect(Reconciliation.compare(ours: ours, venue: view).isEmpty)
    }

    @Test("nothing is concluded of an instrument whose orders moved while the venue's word was read")
    func movedMeanwhile() {
        let (fixture, _) = entered(.none)
        var ours = fixture.kernel.reconciliationView
        ours.now = fixture.now.adding(seconds: 60)
        let view = VenueView(time: ours.now, openOrders: [], fills: [], positions: [], cash: nil)
        #expect(Reconciliation.compare(ours: ours, venue: view, since: fixture.now.adding(seconds: -1)).isEmpty)
        #expect(!Reconciliation.compare(ours: ours, venue: view, since: fixture.now.adding(seconds: 30)).isEmpty)
    }

    // MARK: - Small holdings

    @Test("what is worth less than the smallest order counts as nothing: no stop is tried, and flattening ends")
    func belowSmallestOrder() {
        var fixture = Fixture(locksHoldings: true)
        fixture.register(protection: HoldingsTests.both)
        let entry = fixture.candle(100).submitted[0]
        // 0.04 at 100 is 4 of a smallest notional of 5.
        fixture.fill(entry.id, at: 100, 40)
        let after = fixture.report(entry.id, .expired(.notFilledAtOnce))
        #expect(after.submitted.isEmpty && !after.alerts.contains { $0.kind == "denied" })
        let flat = fixture.step(.command(.flatten, at: fixture.now))
        #expect(flat.submitted.isEmpty && flat.alerts.contains { $0.kind == "flat" })
    }

    @Test("an account that has done nothing begins with what its venue says, and has won and lost nothing")
    func beginning() {
        var fixture = Fixture(locksHoldings: true)
        fixture.candle(100)
        let correction = PositionCorrection(
            owner: .manual, instrument: Fixture.btc, quantity: Quantity(mantissa: 2_000),
            price: Price(mantissa: 10_000),
            tradeID: 7)
        let truth = VenueTruth(corrections: [correction], cash: Money(whole: 500, .usdt), instruments: [Fixture.btc])
        let effects = fixture.step(.command(.accept(truth), at: fixture.now))
        let account = fixture.kernel.account
        #expect(account.cash == Money(whole: 500, .usdt))
        #expect(account.equity == Money(whole: 700, .usdt))
        #expect(account.initialEquity == account.equity && account.dayStartEquity == account.equity)
        #expect(account.peakEquity == account.equity)
        #expect(!effects.alerts.contains { $0.kind == "cash-corrected" })
    }

    @Test("an order that waits is not looked for at the venue")
    func comparison() {
        var (fixture, effects) = entered(Protection(stopLoss: .percent(2)), flat: "2")
        fixture.candle(101)
        var ours = fixture.kernel.reconciliationView
        ours.now = fixture.now.adding(seconds: 60)
        let stop = effects.submitted[0]
        let listed = VenueOrder(
            venueID: "1", order: stop.id, instrument: Fixture.btc, side: .sell,
            status: OrderStatus(
                state: .accepted, quantity: stop.request.quantity, triggerPrice: stop.request.triggerPrice))
        let view = VenueView(time: ours.now, openOrders: [listed], fills: [], positions: nil, cash: nil)
        let asked = Reconciliation.compare(ours: ours, venue: view).compactMap { step -> OrderID? in
            if case .query(let id) = step { return id }
            return nil
        }
        #expect(asked.isEmpty)
    }
}
