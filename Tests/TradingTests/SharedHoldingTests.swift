import Market
import Testing

@testable import Trading

/// An asset that a person and strategies hold together, of which less is there than the books say.
@Suite("What is missing of a holding that is shared")
struct SharedHoldingTests {
    private static let strategy = StrategyID(rawValue: 1)

    private func position(_ owner: Int32, _ quantity: Int64) -> Position {
        var position = Position(owner: StrategyID(rawValue: owner), instrument: Fixture.btc, quote: .usdt)
        position.quantity = Quantity(mantissa: quantity)
        return position
    }

    @Test(
        "it is the person's first and then the others', nobody's below nothing",
        arguments: [
            (300, [(0, 500), (1, 1_000)], [(0, 300)]),
            (500, [(0, 500), (1, 1_000)], [(0, 500)]),
            (700, [(1, 1_000), (0, 500)], [(0, 500), (1, 200)]),
            (1_800, [(0, 500), (1, 1_000), (2, 400)], [(0, 500), (1, 1_000), (2, 300)]),
            (800, [(1, 1_000)], [(1, 800)]),
            // More than anybody holds counts as the person's.
            (1_200, [(1, 1_000)], [(0, 200), (1, 1_000)]),
            (600, [(0, 500)], [(0, 600)]),
            (100, [(0, -50), (1, 1_000)], [(1, 100)]),
        ] as [(Int64, [(Int32, Int64)], [(Int32, Int64)])])
    func shares(missing: Int64, held: [(Int32, Int64)], expected: [(Int32, Int64)]) {
        let shares = Position.shares(
            of: Quantity(mantissa: missing), among: held.map { position($0.0, $0.1) })
        #expect(shares.map(\.owner.rawValue) == expected.map(\.0))
        #expect(shares.map(\.quantity.mantissa) == expected.map(\.1))
    }

    /// A person who holds 0.01 and a strategy that holds 1 with a stop 5 % below.
    private func sharing() -> (Fixture, stop: OrderID) {
        var fixture = Fixture(locksHoldings: true)
        fixture.candle(100)
        fixture.fill(fixture.place(fixture.request(.buy, 110)).submitted[0].id, at: 100)
        fixture.fill(fixture.place(fixture.request(.sell, 100, reduceOnly: true)).submitted[0].id, at: 100)
        fixture.register(script: [("long", "1"), ("flat", "99")], protection: Protection(stopLoss: .percent(5)))
        let entry = fixture.candle(100).submitted[0]
        let stop = fixture.fill(entry.id, at: 100).submitted[0]
        fixture.report(stop.id, .accepted)
        return (fixture, stop.id)
    }

    private func difference(_ fixture: Fixture, venue quantity: Int64) -> PositionMismatch? {
        var ours = fixture.kernel.reconciliationView
        ours.now = fixture.now.adding(seconds: 60)
        let positions = [VenuePosition(instrument: Fixture.btc, quantity: Quantity(mantissa: quantity))]
        let stop = fixture.kernel.openOrders[0]
        let listed = VenueOrder(
            venueID: "1", order: stop.id, instrument: Fixture.btc, side: .sell,
            status: OrderStatus(
                state: .accepted, quantity: stop.request.quantity, triggerPrice: stop.request.triggerPrice))
        let view = VenueView(time: ours.now, openOrders: [listed], fills: [], positions: positions, cash: nil)
        return Reconciliation.compare(ours: ours, venue: view).compactMap { step -> PositionMismatch? in
            if case .mismatch(let mismatch) = step { return mismatch }
            return nil
        }.first
    }

    @Test("accepted, it leaves nobody below nothing, and the strategy's stop is for what it still holds")
    func accepted() throws {
        var (fixture, stop) = sharing()
        let mismatch = try #require(difference(fixture, venue: 510))
        #expect(mismatch.corrections.map(\.quantity.mantissa) == [-10, -490])
        let effects = fixture.step(.command(.accept(mismatch.accepted()), at: fixture.now))
        #expect(fixture.kernel.position(.manual, Fixture.btc).isFlat)
        #expect(fixture.kernel.position(SharedHoldingTests.strategy, Fixture.btc).quantity.mantissa == 510)
        // The new stop goes out with the cancel of the old one.
        #expect(effects.cancelled == [stop] && effects.submitted.map(\.request.quantity.mantissa) == [510])
        // The same word once more changes nothing.
        fixture.step(.command(.accept(mismatch.accepted()), at: fixture.now))
        #expect(fixture.kernel.position(SharedHoldingTests.strategy, Fixture.btc).quantity.mantissa == 510)
    }

    @Test("sold by a claimed order, it is the person's as far as the person held it, and its fee is paid once")
    func claimed() {
        var (fixture, _) = sharing()
        let cash = fixture.kernel.account.cash
        let fill = Fill(
            tradeID: 77, price: Price(mantissa: 10_000), quantity: Quantity(mantissa: 300),
            quoteFee: Money(whole: 1, .usdt), liquidity: .taker)
        let trade = ClaimedTrade(instrument: Fixture.btc, side: .sell, fill: fill)
        fixture.step(.command(.bookClaimed(trade), at: fixture.now))
        #expect(fixture.kernel.position(.manual, Fixture.btc).isFlat)
        #expect(fixture.kernel.position(SharedHoldingTests.strategy, Fixture.btc).quantity.mantissa == 710)
        // 0.3 at 100 less the fee.
        #expect(fixture.kernel.account.cash == cash + Money(whole: 29, .usdt))
        // Told twice it is booked once.
        fixture.step(.command(.bookClaimed(trade), at: fixture.now))
        #expect(fixture.kernel.position(SharedHoldingTests.strategy, Fixture.btc).quantity.mantissa == 710)
    }
}
