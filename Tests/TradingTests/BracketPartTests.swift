import Bytes
import Market
import Testing

@testable import Trading

/// An entry of a person's that has filled in part, where nothing is locked: its stop grows with it.
@Suite("The stop of an entry that has filled in part") struct BracketPartTests {
    /// A kernel at 100 with a limit order to buy 1 at 95 that works, its stop at 90 and its target at 110.
    private struct Stage {
        var fixture = Fixture()
        let entry: OrderID

        init(stop: Int64? = 90, target: Int64? = 110) {
            fixture.candle(100)
            var request = fixture.request(.buy, 1_000, type: .limit, limit: 95)
            request.protection = EntryProtection(
                stop: stop.map { Price(mantissa: $0 * 100) }, target: target.map { Price(mantissa: $0 * 100) })
            entry = fixture.place(request).submitted[0].id
            fixture.report(entry, .accepted)
        }

        func order(_ purpose: OrderPurpose) -> Order? {
            fixture.kernel.openOrders.first { $0.request.purpose == purpose }
        }

        /// Fills so many thousandths of the entry.
        @discardableResult
        mutating func fill(_ quantity: Int64) -> [Effect] { fixture.fill(entry, at: 95, quantity) }

        /// The venue takes the stop that was sent.
        mutating func takeStop() { if let stop = order(.stopLoss) { fixture.report(stop.id, .accepted) } }

        /// The venue does what an amendment asks.
        mutating func amend(_ effects: [Effect]) {
            for (id, change) in effects.amended { fixture.report(id, .amended(change)) }
        }

        var held: Int64 { fixture.kernel.position(.manual, Fixture.btc).quantity.mantissa }
    }

    @Test("the first fill has its stop placed for just that, the target waits")
    func begins() {
        var stage = Stage()
        let effects = stage.fill(400)
        #expect(effects.submitted.map(\.request.type) == [.stop])
        #expect(effects.submitted.map(\.request.quantity.mantissa) == [400])
        #expect(stage.order(.takeProfit)?.state == .initialized)
    }

    @Test("each further fill makes the stop larger, one amendment at a time")
    func grows() {
        var stage = Stage()
        stage.fill(400)
        stage.takeStop()
        let second = stage.fill(200)
        #expect(second.amended.map { $0.1.quantity } == [Quantity(mantissa: 600)] && second.submitted.isEmpty)
        // A fill that comes while the venue has not answered waits for the answer.
        #expect(stage.fill(100).amended.isEmpty)
        stage.amend(second)
        let stop = stage.order(.stopLoss)
        #expect(stop?.request.quantity.mantissa == 600 && stop?.isAmendPending == true)
        let third = stage.fixture.effects.amended.suffix(1)
        #expect(third.map { $0.1.quantity } == [Quantity(mantissa: 700)])
    }

    @Test("filled wholly, the stop closes all of it, and the target is placed")
    func ends() {
        var stage = Stage()
        stage.fill(400)
        stage.takeStop()
        let last = stage.fill(600)
        #expect(last.submitted.map(\.request.purpose) == [.takeProfit])
        #expect(last.submitted.map(\.request.quantity.mantissa) == [1_000])
        #expect(last.amended.map { $0.1.quantity } == [Quantity(mantissa: 1_000)])
        #expect(last.submitted.map(\.request.group) == [stage.order(.stopLoss)?.request.group])
    }

    @Test("a part that is too small for an order of its own waits for more")
    func tooSmall() {
        var stage = Stage()
        // The smallest order is worth 5: at 90 that is 0.06.
        #expect(stage.fill(50).submitted.isEmpty)
        #expect(stage.fill(10).submitted.map(\.request.quantity.mantissa) == [60])
        #expect(stage.fixture.effects.alerts.isEmpty)
    }

    @Test("a stop that goes off ends the entry, and what that bought meanwhile is sold as well")
    func goesOff() {
        var stage = Stage()
        stage.fill(400)
        stage.takeStop()
        let stop = stage.order(.stopLoss)!.id
        #expect(stage.fixture.report(stop, .triggered).cancelled == [stage.entry])
        #expect(stage.fixture.fill(stop, at: 89, 400).submitted.isEmpty)
        // It filled while its cancel was on its way.
        let more = stage.fill(100)
        #expect(more.submitted.map(\.request.purpose) == [.stopLoss])
        #expect(more.submitted.map(\.request.quantity.mantissa) == [100])
        stage.fixture.report(stage.entry, .canceled(.venue))
        #expect(stage.fixture.kernel.order(stage.entry)?.reason == .stopWentOff)
        let after = stage.fixture.fill(more.submitted[0].id, at: 89)
        #expect(stage.held == 0 && after.submitted.isEmpty)
        stage.fixture.kernel.openOrders.forEach { stage.fixture.report($0.id, .canceled(.groupFilled)) }
        #expect(stage.fixture.kernel.openOrders.isEmpty && stage.fixture.kernel.brackets.isEmpty)
    }

    @Test("a person who cancels the entry keeps the stop, and gets the target for the part")
    func cancelled() {
        var stage = Stage()
        stage.fill(400)
        stage.takeStop()
        stage.fixture.step(.command(.cancel(stage.entry), at: stage.fixture.now))
        let after = stage.fixture.report(stage.entry, .canceled(.none))
        #expect(after.submitted.map(\.request.purpose) == [.takeProfit] && after.amended.isEmpty)
        #expect(after.submitted.map(\.request.quantity.mantissa) == [400])
        #expect(stage.fixture.kernel.openOrders.count { $0.request.purpose.isStop } == 1)
    }

    @Test("a person who cancels the stop ends all of it, and nothing comes back")
    func withdrawn() {
        var stage = Stage()
        stage.fill(400)
        stage.takeStop()
        let stop = stage.order(.stopLoss)!.id
        let effects = stage.fixture.step(.command(.cancel(stop), at: stage.fixture.now))
        #expect(Set(effects.cancelled) == [stop, stage.entry])
        stage.fixture.report(stop, .canceled(.none))
        #expect(stage.fill(100).submitted.isEmpty)
        stage.fixture.report(stage.entry, .canceled(.none))
        #expect(stage.fixture.kernel.openOrders.isEmpty && stage.fixture.kernel.brackets.isEmpty)
        #expect(stage.held == 500)
    }

    @Test("a person who closes the part has nothing closed twice; what is bought after that is protected")
    func closedByHand() {
        var stage = Stage()
        stage.fill(400)
        stage.takeStop()
        let close = stage.fixture.step(.command(.close(.manual, Fixture.btc), at: stage.fixture.now)).submitted[0]
        #expect(stage.fill(100).amended.isEmpty)
        // The close took what was held when it was asked for.
        stage.fixture.fill(close.id, at: 96, 400)
        let open = stage.fixture.kernel.openOrders.filter { $0.request.purpose.isStop && $0.state != .initialized }
        #expect(open.map(\.leaves.mantissa) == [400] && open.map(\.isAmendPending) == [true])
        #expect(stage.fixture.effects.amended.last?.1.quantity == Quantity(mantissa: 100))
    }

    @Test("the emergency stop cancels entry and stop, and nothing comes back")
    func emergency() {
        var stage = Stage()
        stage.fill(400)
        stage.takeStop()
        let stop = stage.order(.stopLoss)!.id
        let effects = stage.fixture.step(.command(.emergencyStop(keepsProtection: false), at: stage.fixture.now))
        #expect(Set(effects.cancelled) == [stage.entry, stop])
        for id in [stage.entry, stop] { stage.fixture.report(id, .canceled(.none)) }
        stage.fixture.step(.command(.rearm, at: stage.fixture.now))
        #expect(stage.fixture.kernel.openOrders.isEmpty && stage.held == 400)
    }

    @Test("an emergency stop that keeps protection cancels the entry; the stop of the part goes on")
    func emergencyWithProtection() {
        var stage = Stage()
        stage.fill(400)
        stage.takeStop()
        let stop = stage.order(.stopLoss)!.id
        let effects = stage.fixture.step(.command(.emergencyStop(keepsProtection: true), at: stage.fixture.now))
        #expect(effects.cancelled == [stage.entry])
        let after = stage.fixture.report(stage.entry, .canceled(.none))
        #expect(after.submitted.map(\.request.purpose) == [.takeProfit])
        #expect(stage.order(.stopLoss)?.id == stop && stage.order(.stopLoss)?.leaves.mantissa == 400)
    }

    @Test("flattening cancels entry and stop, and then closes the part once")
    func flattened() {
        var stage = Stage()
        stage.fill(400)
        stage.takeStop()
        let stop = stage.order(.stopLoss)!.id
        #expect(stage.fixture.step(.command(.flatten, at: stage.fixture.now)).submitted.isEmpty)
        stage.fixture.report(stop, .canceled(.none))
        let close = stage.fixture.report(stage.entry, .canceled(.none)).submitted
        #expect(close.map(\.request.purpose) == [.close] && close.map(\.request.quantity.mantissa) == [400])
    }

    @Test("a stop that the venue refuses is told of, and placed again after ten seconds")
    func refused() {
        var stage = Stage()
        let first = stage.fill(400).submitted[0]
        let effects = stage.fixture.report(first.id, .rejected(.venue))
        #expect(effects.submitted.isEmpty && effects.alerts.contains { $0.kind == "unprotected" })
        let start = max(stage.fixture.kernel.now, stage.fixture.now)
        let later = (1...20).flatMap { stage.fixture.step(.timer(start.adding(seconds: $0))) }
        #expect(later.submitted.map(\.request.quantity.mantissa) == [400])
    }

    @Test("a kernel that goes on from the state comes to the same")
    func restarted() {
        var stage = Stage()
        stage.fill(400)
        stage.takeStop()
        let kernel = Kernel(
            stage.fixture.kernel.state, instruments: [Fixture.bitcoin, Fixture.perpetual],
            catalog: StrategyCatalog([ScriptedStrategy.self]))
        var effects: [Effect] = []
        let fill = Fill(
            tradeID: 77, price: Price(mantissa: 9_500), quantity: Quantity(mantissa: 200), quoteFee: .zero(.usdt),
            liquidity: .maker)
        kernel.step(
            .report(OrderReport(order: stage.entry, time: stage.fixture.now, kind: .filled(fill))), into: &effects)
        #expect(effects.amended.map { $0.1.quantity } == [Quantity(mantissa: 600)] && effects.submitted.isEmpty)
    }

    @Test("the stop of a part counts as working, the target as waiting")
    func standing() throws {
        var stage = Stage()
        let waiting = try #require(stage.order(.stopLoss))
        #expect(stage.fixture.kernel.isWaitingForEntry(waiting))
        stage.fill(400)
        stage.takeStop()
        let stop = try #require(stage.order(.stopLoss))
        let target = try #require(stage.order(.takeProfit))
        #expect(!stage.fixture.kernel.isWaitingForEntry(stop) && stage.fixture.kernel.isWaitingForEntry(target))
    }

    @Test("an entry with a target alone has it placed once it has ended")
    func targetAlone() {
        var stage = Stage(stop: nil)
        #expect(stage.fill(400).submitted.isEmpty)
        #expect(stage.fill(600).submitted.map(\.request.purpose) == [.takeProfit])
    }
}
