import Market
import Testing
import Trading

@testable import Engine

/// A person's trailing stop at the simulated venue.
@Suite("A trailing stop on paper")
struct PaperTrailingTests {
    private static let bitcoin = InstrumentID(0)

    private func rig(_ folder: TemporaryDirectory? = nil, at time: Timestamp = monday) throws -> JournalRig {
        let rig = try JournalRig(in: try folder ?? TemporaryDirectory(), at: time) { configuration in
            configuration.registersStarters = false
            configuration.limits = .none
        }
        if folder == nil { rig.pass(seconds: 120) }
        return rig
    }

    private func request(_ rig: JournalRig, _ side: Side, _ type: OrderType, trailing: Int? = nil) throws
        -> OrderRequest
    {
        OrderRequest(
            instrument: Self.bitcoin, side: side, type: type,
            quantity: try rig.core.kernel.instrument(Self.bitcoin).quantity("0.01"), trailing: trailing,
            isReduceOnly: trailing != nil, purpose: .manual)
    }

    @Test("it is the same after a kill, follows the market and sells once")
    func killed() throws {
        let first = try rig()
        _ = first.ask(.placeOrder(try request(first, .buy, .market)))
        first.pass(seconds: 60)
        let wanted = try request(first, .sell, .trailingStop, trailing: 30)
        let order = try #require(first.ask(.placeOrder(wanted)).order)
        first.pass(seconds: 2)
        let orders = first.core.kernel.openOrders
        #expect(orders.map(\.state) == [.accepted] && orders.map(\.request.trailing) == [30])
        let copy = try first.crashImage()
        let time = first.time
        first.abandon()
        let second = try rig(copy, at: time)
        defer { second.abandon() }
        #expect(second.core.kernel.openOrders == orders)
        for _ in 0..<2_000 where second.core.kernel.order(order.id)?.state.isClosed == false {
            second.pass(seconds: 60)
        }
        #expect(second.core.kernel.order(order.id)?.state == .filled)
        second.core.publishNow()
        #expect(second.core.snapshot.positions.isEmpty && second.core.kernel.openOrders.isEmpty)
    }
}
