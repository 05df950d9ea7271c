import Market
import Testing
import Trading

@testable import Engine

/// The emergency stop with as many orders as a symbol may have, at a venue that is well, slow, or does not answer.
@Suite("An emergency stop at a venue over a network", .serialized)
struct VenueEmergencyTests {
    private static let orderCount = 190

    @Test(
        "every order is cancelled at the venue, however it behaves",
        arguments: ["healthy", "slow", "hanging", "losing answers"])
    func stop(_ venue: String) async throws {
        let rig = try await VenueRig(ordersPerTenSeconds: 10_000)
        defer { rig.end() }
        for index in 0..<VenueEmergencyTests.orderCount {
            let share = Ratio(units: -Ratio.percent(5).units - Int64(index) * 1_000)
            try rig.send(.buy, .limit, "0.001", at: share)
        }
        try await rig.wait("the orders") { snapshot in
            snapshot.orders.count { $0.order.state == .accepted } == VenueEmergencyTests.orderCount
        }
        switch venue {
        case "slow": try rig.server.misbehave("delay=300 rest:DELETE:/api/v3/order")
        case "hanging": try rig.server.misbehave("hang rest:DELETE:/api/v3/order n=20")
        case "losing answers": try rig.server.misbehave("drop-after rest:DELETE:/api/v3/order n=20")
        default: break
        }
        let started = EngineClock.monotonic()
        _ = try await rig.ask(.emergencyStop(keepsProtection: false, origin: "test"))
        let answered = EngineClock.monotonic()
        #expect(rig.snapshot.tradingState == .halted)
        try await rig.wait("the end of all orders") { snapshot in
            snapshot.orders.allSatisfy { $0.order.state.isClosed }
        }
        let ended = EngineClock.monotonic()
        print(
            "emergency stop, \(VenueEmergencyTests.orderCount) orders, venue \(venue): cancels let out after "
                + "\((answered - started) / 1_000_000) ms, all confirmed after \((ended - started) / 1_000_000) ms")
        #expect(try await rig.openOrders().isEmpty)
        let receipt = try #require(rig.snapshot.receipt)
        #expect(receipt.venues.map(\.sent) == [VenueEmergencyTests.orderCount])
        #expect(receipt.venues.map(\.remaining) == [0])
    }

    @Test("flattening cancels the pair, sells what is held, and leaves nothing")
    func flatten() async throws {
        let rig = try await VenueRig(protection: Protection(stopLoss: .percent(2), takeProfit: .percent(3)))
        defer { rig.end() }
        try await rig.offer(.sell, "0.5")
        try await rig.offer(.buy, "0.5", at: -.percent(1))
        try await rig.offer(.buy, "0.5", at: -.percent(1))
        try rig.closeMinute()
        try await rig.wait("the pair") { snapshot in
            snapshot.orders.count { $0.order.request.purpose.isProtective && $0.order.state == .accepted } == 2
        }
        _ = try await rig.ask(.emergencyFlatten(origin: "test"))
        try await rig.wait("nothing being held") { $0.positions.isEmpty }
        #expect(try await rig.openOrders().isEmpty)
        try await rig.expectAgreement()
    }
}
