import Market
import Testing
import Trading

@testable import Engine

/// A person's entry that carries its protection, at the simulated venue.
@Suite("An entry with its protection on paper")
struct PaperBracketTests {
    private static let bitcoin = InstrumentID(0)

    private func rig(
        _ folder: TemporaryDirectory? = nil, at time: Timestamp = monday, participation: Ratio? = nil
    ) throws -> JournalRig {
        let rig = try JournalRig(in: try folder ?? TemporaryDirectory(), at: time) { configuration in
            configuration.registersStarters = false
            configuration.limits = .none
            configuration.venue.participation = participation
        }
        if folder == nil { rig.pass(seconds: 120) }
        return rig
    }

    /// An order to buy at a share from the last price, its stop and its target at shares from that.
    private func request(_ rig: JournalRig, at share: Ratio, stop: Ratio, target: Ratio) throws -> OrderRequest {
        let instrument = rig.core.kernel.instrument(PaperBracketTests.bitcoin)
        let mark = try #require(rig.core.kernel.mark(PaperBracketTests.bitcoin))
        func price(_ share: Ratio) -> Price {
            mark.moved(by: share, rounding: .down).rounded(toTick: instrument.rules.tick, .down)
        }
        return OrderRequest(
            instrument: PaperBracketTests.bitcoin, side: .buy, type: .limit,
            quantity: try instrument.quantity("0.01"), limitPrice: price(share), purpose: .manual,
            protection: EntryProtection(stop: price(stop), target: price(target)))
    }

    private func open(_ rig: JournalRig) -> [String] {
        rig.core.kernel.openOrders.map { "\($0.request.purpose.name) \($0.state.name)" }
    }

    private func position(_ rig: JournalRig) -> PositionView? {
        rig.core.publishNow()
        return rig.core.snapshot.positions.first
    }

    @Test("filled, it is protected; a close takes all of it along")
    func closed() throws {
        let rig = try rig()
        defer { rig.abandon() }
        let wanted = try request(rig, at: .percent(1), stop: -.percent(20), target: .percent(20))
        #expect(rig.ask(.placeOrder(wanted)).order?.state == .filled)
        rig.pass(seconds: 60)
        #expect(open(rig) == ["stop-loss accepted", "take-profit accepted"])
        #expect(position(rig)?.stop == wanted.protection?.stop && position(rig)?.target == wanted.protection?.target)
        _ = rig.ask(.closePosition(.manual, PaperBracketTests.bitcoin))
        rig.pass(seconds: 60)
        #expect(open(rig).isEmpty && position(rig) == nil)
    }

    @Test("the stop or the target that the market reaches closes the position, and ends the other")
    func reached() throws {
        let rig = try rig()
        defer { rig.abandon() }
        let wanted = try request(
            rig, at: Ratio(units: 100_000), stop: -Ratio(units: 150_000), target: Ratio(units: 250_000))
        _ = rig.ask(.placeOrder(wanted))
        for _ in 0..<2_000 where !open(rig).isEmpty || position(rig) != nil { rig.pass(seconds: 60) }
        #expect(open(rig).isEmpty && position(rig) == nil)
        let ends = rig.core.snapshot.orders.map(\.order).filter(\.request.purpose.isProtective)
        #expect(ends.count { $0.state == .filled } == 1 && ends.count { $0.state == .canceled } == 1)
    }

    @Test("what waits protects nothing yet, is the same after a kill, and ends with its entry")
    func killed() throws {
        let first = try rig()
        let wanted = try request(first, at: -.percent(30), stop: -.percent(40), target: .percent(20))
        let entry = try #require(first.ask(.placeOrder(wanted)).order)
        first.pass(seconds: 60)
        #expect(open(first) == ["manual accepted", "stop-loss initialized", "take-profit initialized"])
        let orders = first.core.kernel.openOrders
        let copy = try first.crashImage()
        let time = first.time
        first.abandon()
        let second = try rig(copy, at: time)
        defer { second.abandon() }
        #expect(second.core.kernel.openOrders == orders)
        #expect(second.core.kernel.openOrders.first?.request.protection == wanted.protection)
        _ = second.ask(.cancelOrder(entry.id))
        second.pass(seconds: 60)
        #expect(open(second).isEmpty)
    }

    @Test("what has filled in part is protected, also after a kill, by one stop that grows")
    func part() throws {
        let first = try rig(participation: Ratio(units: 100_000))
        var wanted = try request(first, at: .percent(1), stop: -.percent(20), target: .percent(20))
        wanted.quantity = try first.core.kernel.instrument(PaperBracketTests.bitcoin).quantity("0.1")
        let entry = try #require(first.ask(.placeOrder(wanted)).order)
        for _ in 0..<100 where first.core.kernel.order(entry.id)?.state != .partiallyFilled { first.pass(seconds: 1) }
        first.pass(seconds: 2)
        let orders = first.core.kernel.openOrders
        try #require(orders.count == 3, "\(first.core.kernel.order(entry.id).map { "\($0)" } ?? "")")
        #expect(orders.map(\.request.purpose) == [.manual, .stopLoss, .takeProfit])
        #expect(orders.map(\.state).suffix(2) == [.accepted, .initialized])
        #expect(orders[1].leaves == first.core.kernel.position(.manual, PaperBracketTests.bitcoin).quantity)
        #expect(position(first)?.stop == wanted.protection?.stop && position(first)?.target == nil)
        let copy = try first.crashImage()
        let time = first.time
        first.abandon()
        let second = try rig(copy, at: time, participation: Ratio(units: 100_000))
        defer { second.abandon() }
        #expect(second.core.kernel.openOrders == orders)
        second.pass(seconds: 60)
        let stops = second.core.kernel.openOrders.filter(\.request.purpose.isStop)
        #expect(stops.count == 1 && stops[0].id == orders[1].id)
        let held = second.core.kernel.position(.manual, PaperBracketTests.bitcoin).quantity
        #expect(stops.map(\.leaves) == [held] && held > orders[1].leaves)
        _ = second.ask(.cancelOrder(entry.id))
        second.pass(seconds: 60)
        #expect(open(second) == ["stop-loss accepted", "take-profit accepted"])
    }
}
