import Foundation
import Market
import Storage
import Testing
import Trading

@testable import Engine
@testable import Venues

/// An engine and a stand-in exchange, over real sockets.
@Suite("Trailing stops at a venue over a network", .serialized)
struct VenueTrailingTests {
    @Test("a trailing stop rises at the venue, and there is never more than one")
    func trailing() async throws {
        let rig = try await VenueRig(protection: Protection(trailingStop: .percent(2)))
        defer { rig.end() }
        try await rig.offer(.sell, "0.5")
        try rig.closeMinute()
        func stop() -> Order? {
            rig.snapshot.orders.map(\.order).first { $0.request.purpose == .trailingStop && $0.state == .accepted }
        }
        try await rig.wait("the stop") { _ in stop() != nil }
        let first = try #require(stop()?.request.triggerPrice)
        _ = try await rig.ask(.disableStrategy(rig.snapshot.strategies[0].registration.id))
        try rig.closeMinute(at: .percent(1))
        try await rig.wait("a higher stop") { _ in stop().map { ($0.request.triggerPrice ?? .zero) > first } ?? false }
        let open = try await rig.openOrders()
        #expect(open.count == 1)
    }

    @Test(
        "a person's trailing stop trails at the venue, is the same after a restart, and sells when the price comes back"
    )
    func trailingByHand() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        try await rig.offer(.sell, "0.5")
        let bought = try #require(try await rig.place(.buy, .market, "0.02").order?.id)
        try await rig.wait("the fill") { _ in rig.order(bought)?.state == .filled }
        let reply = try await rig.ask(
            .placeOrder(
                OrderRequest(
                    instrument: InstrumentID(0), side: .sell, type: .trailingStop,
                    quantity: try rig.instrument.quantity("0.01"), trailing: 100, isReduceOnly: true, purpose: .manual))
        )
        let id = try #require(reply.order?.id)
        try await rig.wait("the order") { _ in rig.order(id)?.state == .accepted }
        let open = try await rig.openOrders()
        #expect(open.map(\.type) == [.stopLoss] && open.map(\.trailingDelta) == [100])
        #expect(open[0].triggerPrice == nil)
        try await rig.restart()
        #expect(rig.order(id)?.state == .accepted && rig.order(id)?.request.trailing == 100)
        #expect(rig.snapshot.externalOrders.isEmpty)
        // Trades two hundredths below the last have it go off, and it sells there.
        try await rig.offer(.buy, "0.5", at: -.percent(2))
        let sold = try #require(try await rig.place(.sell, .market, "0.005").order?.id)
        try await rig.wait("both sales") { _ in
            rig.order(sold)?.state == .filled && rig.order(id)?.state == .filled
        }
        try await rig.expectAgreement()
    }

    @Test("another client's trailing stop is shown with its distance")
    func foreignTrailing() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        _ = try await rig.placeForeign(.sell, "0.01", .stopLoss(.trailing(150)))
        try await rig.wait("the order") { !$0.externalOrders.isEmpty }
        let order = try #require(rig.snapshot.externalOrders.first)
        #expect(order.type == .trailingStop && order.trailing == 150 && order.triggerPrice == nil)
    }
}
