import Market
import Testing

@testable import Trading

@Suite("Reconciliation")
struct ReconciliationTests {
    /// A kernel and what a venue that agrees with it says.
    struct Case {
        var fixture = Fixture()
        var venue: VenueView

        /// Random manual fills in the perpetual, some limits left working.
        init(seed: UInt64) {
            var random = SplitMix(seed: seed)
            fixture.candle(100, of: Fixture.perp)
            venue = VenueView(time: fixture.now, openOrders: [], fills: [], positions: [], cash: nil)
            var net = Quantity.zero
            for _ in 0..<random.next(in: 1...8) {
                let side: Side = random.next() % 2 == 0 ? .buy : .sell
                let quantity = 10 * random.next(in: 1...200)
                guard
                    let order = fixture.place(fixture.request(side, quantity, on: Fixture.perp)).submitted.first
                else { continue }
                fixture.report(order.id, .accepted)
                fixture.fill(order.id, at: random.next(in: 90...110))
                net = net + Quantity(mantissa: quantity * side.sign)
            }
            for _ in 0..<random.next(in: 0...3) {
                let request = fixture.request(.buy, 100, type: .limit, limit: 95, on: Fixture.perp)
                guard let order = fixture.place(request).submitted.first else { continue }
                fixture.report(order.id, .accepted)
                list(order)
            }
            for effect in fixture.effects {
                guard case .record(.fill(let record)) = effect else { continue }
                venue.fills?.append(
                    VenueFill(
                        order: record.order, instrument: record.instrument, side: record.side, time: record.time,
                        fill: record.fill))
            }
            if !net.isZero { venue.positions = [VenuePosition(instrument: Fixture.perp, quantity: net)] }
            venue.cash = fixture.kernel.account.cash
            fixture.candle(101, of: Fixture.perp)
            venue.time = fixture.now
        }

        mutating func list(_ order: Order) {
            venue.openOrders?.append(
                VenueOrder(
                    venueID: "v\(order.id.rawValue)", order: order.id, instrument: order.request.instrument,
                    side: order.request.side,
                    status: OrderStatus(
                        state: .accepted, quantity: order.request.quantity, limitPrice: order.request.limitPrice,
                        filled: order.filled)))
        }

        var steps: [ReconciliationStep] {
            Reconciliation.compare(ours: fixture.kernel.reconciliationView, venue: venue)
        }

        /// Gives every step to the kernel that is its business; a person accepts what needs accepting.
        mutating func apply(_ steps: [ReconciliationStep], isAccepting: Bool = false) {
            for step in steps {
                if let event = step.event(at: fixture.now) { fixture.step(event) }
                if isAccepting, case .mismatch(let mismatch) = step {
                    fixture.step(.command(.accept(mismatch.accepted(cash: venue.cash)), at: fixture.now))
                }
            }
        }
    }

    static let seeds = 1...100 as ClosedRange<UInt64>

    @Test("equal states give nothing", arguments: seeds)
    func equal(seed: UInt64) {
        #expect(Case(seed: seed).steps == [])
    }

    @Test("fills that were not heard of are found, and then the states are equal", arguments: seeds)
    func missedFills(seed: UInt64) throws {
        var test = Case(seed: seed)
        var random = SplitMix(seed: seed &* 77)
        let request = test.fixture.request(random.next() % 2 == 0 ? .buy : .sell, 500, on: Fixture.perp)
        guard let order = test.fixture.place(request).submitted.first else { return }
        test.fixture.report(order.id, .accepted)
        test.fixture.minute += 1
        test.fixture.step(.timer(test.fixture.now))
        var net = test.venue.positions?.first?.quantity ?? .zero
        var cash = try #require(test.venue.cash)
        for (trade, quantity) in [(1_000, 200), (1_001, 300)] as [(UInt64, Int64)] {
            let fill = Fill(
                tradeID: trade, price: Price(mantissa: 10_000), quantity: Quantity(mantissa: quantity),
                quoteFee: Money(whole: 1, .usdt), liquidity: .taker)
            let listed = VenueFill(
                order: order.id, instrument: Fixture.perp, side: request.side, time: test.fixture.now, fill: fill)
            test.venue.fills? += [listed, listed]
            net = net + Quantity(mantissa: quantity * request.side.sign)
            let notional = Fixture.perpetual.notional(fill.price, fill.quantity)
            cash = request.side == .buy ? cash - notional - fill.quoteFee : cash + notional - fill.quoteFee
        }
        test.venue.positions = net.isZero ? [] : [VenuePosition(instrument: Fixture.perp, quantity: net)]
        test.venue.cash = cash
        let steps = test.steps
        #expect(steps.count == 2)
        test.apply(steps)
        #expect(test.fixture.kernel.order(order.id)?.state == .filled)
        #expect(test.steps == [])
    }

    @Test(
        "a position that differs blocks its instrument until a person accepts it; then the states are equal",
        arguments: seeds)
    func mismatch(seed: UInt64) throws {
        var test = Case(seed: seed)
        var random = SplitMix(seed: seed &* 13)
        let target = Quantity(mantissa: 10 * random.next(in: -300...300))
        let isTold = random.next() % 2 == 0
        test.venue.positions =
            target.isZero
            ? []
            : [
                VenuePosition(
                    instrument: Fixture.perp, quantity: target, averagePrice: isTold ? Price(mantissa: 10_400) : nil)
            ]
        let steps = test.steps
        guard case .mismatch(let mismatch)? = steps.first else {
            #expect(steps.isEmpty && test.fixture.kernel.position(.manual, Fixture.perp).quantity == target)
            return
        }
        test.apply(steps)
        #expect(test.fixture.kernel.block(of: Fixture.perp)?.reason == mismatch.text)
        #expect(test.steps == [])
        let denied = test.fixture.place(test.fixture.request(.buy, 1_000_000, on: Fixture.perp))
        #expect(denied.verdicts[0].outcomes.contains { $0.check == .unreconciled && !$0.isPassed })
        let truth = mismatch.accepted(cash: test.venue.cash)
        test.fixture.step(.command(.accept(truth), at: test.fixture.now))
        #expect(test.fixture.kernel.position(.manual, Fixture.perp).quantity == target)
        #expect(test.fixture.kernel.block(of: Fixture.perp) == nil)
        #expect(test.steps == [])
        // The same truth once more, after a restart that forgot it was given: nothing is booked twice.
        test.fixture.step(.command(.accept(truth), at: test.fixture.now))
        #expect(test.steps == [])
    }

    @Test("the corrected position has the venue's average where one price can do it")
    func average() throws {
        var test = Case(seed: 1)
        let ours = test.fixture.kernel.position(.manual, Fixture.perp)
        let sign: Int64 = ours.quantity.mantissa < 0 ? -1 : 1
        for target in [ours.quantity.mantissa * 2 + 100 * sign, -500 * sign] {
            let position = VenuePosition(
                instrument: Fixture.perp, quantity: Quantity(mantissa: target), averagePrice: Price(mantissa: 10_250))
            test.venue.positions = [position]
            test.apply(test.steps, isAccepting: true)
            let corrected = test.fixture.kernel.position(.manual, Fixture.perp)
            #expect(corrected.quantity.mantissa == target)
            let average = try #require(corrected.averagePrice(Fixture.perpetual))
            #expect(abs(average.mantissa - 10_250) <= 1)
        }
    }

    @Test("what could not be read is never read as flat or as gone")
    func unreadable() {
        var test = Case(seed: 2)
        test.venue.positions = nil
        #expect(test.steps == [])
        test.venue.openOrders = nil
        test.venue.fills = nil
        test.venue.cash = Money(whole: 1, .usdt)
        #expect(test.steps == [])
    }

    @Test("an order missing on the list is asked about, not closed; one that moved a moment ago is left alone")
    func missingOrder() throws {
        var test = Case(seed: 3)
        let request = test.fixture.request(.buy, 100, type: .limit, limit: 90, on: Fixture.perp)
        let order = try #require(test.fixture.place(request).submitted.first)
        test.fixture.report(order.id, .accepted)
        #expect(test.steps == [])
        test.fixture.step(.timer(test.fixture.now.adding(seconds: 6)))
        #expect(test.steps == [.query(order.id)])
    }

    @Test("an unknown order that the list names works")
    func unknownOrder() throws {
        var test = Case(seed: 4)
        let request = test.fixture.request(.buy, 100, type: .limit, limit: 90, on: Fixture.perp)
        let order = try #require(test.fixture.place(request).submitted.first)
        test.fixture.report(order.id, .unanswered)
        test.list(order)
        test.fixture.minute += 1
        test.fixture.step(.timer(test.fixture.now))
        test.venue.time = test.fixture.now
        test.apply(test.steps)
        #expect(test.fixture.kernel.order(order.id)?.state == .accepted)
        #expect(test.steps == [])
    }

    @Test("orders of others are shown once and left alone")
    func external() {
        var test = Case(seed: 5)
        let theirs = VenueOrder(
            venueID: "web-1", order: nil, instrument: Fixture.perp, side: .sell,
            status: OrderStatus(state: .accepted, quantity: Quantity(mantissa: 100)))
        test.venue.openOrders? += [theirs, theirs]
        #expect(test.steps == [.external(theirs)])
        #expect(theirs.order == nil && test.steps[0].event(at: test.fixture.now) == nil)
        var ours = test.fixture.kernel.reconciliationView
        ours.externals = ["web-1"]
        #expect(Reconciliation.compare(ours: ours, venue: test.venue) == [])
    }

    @Test("a trade that is booked otherwise is a conflict and changes nothing")
    func conflict() throws {
        var test = Case(seed: 6)
        var listed = try #require(test.venue.fills?.first)
        listed.fill.price = listed.fill.price + Price(mantissa: 50)
        test.venue.fills?[0] = listed
        #expect(test.steps == [.conflict(listed)])
    }

    @Test("cash that differs is told, and only where everything else was settled")
    func cash() throws {
        var test = Case(seed: 7)
        let ours = test.fixture.kernel.account.cash
        test.venue.cash = ours + Money(whole: 5, .usdt)
        #expect(test.steps == [.balance(ours: ours, venue: ours + Money(whole: 5, .usdt))])
        test.fixture.step(.command(.accept(VenueTruth(cash: test.venue.cash)), at: test.fixture.now))
        #expect(test.steps == [])
    }
}
