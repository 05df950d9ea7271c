import Market
import Testing
import Trading

@testable import Engine

/// Exits at a venue that does not take all of them at once.
@Suite("Exits at a venue over a network", .serialized)
struct VenueExitTests {
    /// What is held of the base asset by the engine's books.
    private func held(_ snapshot: Snapshot) -> Quantity {
        snapshot.positions.reduce(.zero) { $0 + $1.position.quantity }
    }

    @Test(
        "flattening sells what another client's order leaves free, says so, and sells the rest when that order is gone")
    func locked() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        try await rig.wait("what is held") { !$0.positions.isEmpty }
        let all = held(rig.snapshot)
        let locked = try rig.instrument.quantity("0.1")
        _ = try await rig.placeForeign(.sell, "0.1", at: .percent(5))
        try await rig.offer(.buy, rig.instrument.text(all), at: -.percent(1))
        _ = try await rig.ask(.emergencyFlatten(origin: "test"))
        try await rig.wait("what is free being sold") { held($0) == locked }
        try await rig.wait("the word of it") { snapshot in
            snapshot.alerts.contains { $0.alert.kind == Alert.exitStuck && $0.alert.priority == .critical }
        }
        try await rig.cancelEverythingElsewhere()
        try await rig.wait("nothing being held") { $0.positions.isEmpty }
        try await rig.expectAgreement()
    }

    @Test("what is more than the largest order at the market is sold in parts")
    func parts() async throws {
        let rig = try await VenueRig(symbol: "maxMarketQty=0.3")
        defer { rig.end() }
        try await rig.wait("what is held") { !$0.positions.isEmpty }
        let largest = try rig.instrument.quantity("0.3")
        #expect(rig.instrument.rules.maximumMarketQuantity == largest)
        let all = held(rig.snapshot)
        #expect(all > largest)
        try await rig.offer(.buy, rig.instrument.text(all), at: -.percent(1))
        _ = try await rig.ask(.emergencyFlatten(origin: "test"))
        try await rig.wait("nothing being held") { $0.positions.isEmpty }
        let orders = try await rig.everyOrder()
        #expect(orders.allSatisfy { ($0.quantity ?? .zero) <= largest && $0.status == .filled })
        #expect(orders.count == Int((all.mantissa + largest.mantissa - 1) / largest.mantissa))
        try await rig.expectAgreement()
    }
}
