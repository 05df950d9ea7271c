import Market
import Testing
import Trading

@testable import Engine
@testable import Venues

/// A trailing stop that moves at a venue which locks what a stop sells.
@Suite("A trailing stop at a venue over a network", .serialized)
struct VenueReplacementTests {
    /// An engine that holds something behind a trailing stop which works.
    private func protected(symbol form: String? = nil) async throws -> VenueRig {
        let rig = try await VenueRig(protection: Protection(trailingStop: .percent(2)), symbol: form)
        try await rig.offer(.sell, "0.5")
        try rig.closeMinute()
        try await rig.wait("the stop") { _ in stop(rig) != nil }
        _ = try await rig.ask(.disableStrategy(rig.snapshot.strategies[0].registration.id))
        return rig
    }

    private func stop(_ rig: VenueRig) -> Order? {
        rig.snapshot.orders.map(\.order).last { $0.request.purpose == .trailingStop && $0.state == .accepted }
    }

    private func expectOneStop(_ rig: VenueRig, _ location: SourceLocation = #_sourceLocation) async throws {
        let open = try await rig.openOrders()
        #expect(open.count == 1, sourceLocation: location)
        #expect(open.first?.triggerPrice == stop(rig)?.request.triggerPrice, sourceLocation: location)
        #expect(rig.snapshot.orders.count { !$0.order.state.isClosed } == 1, sourceLocation: location)
        try await rig.expectAgreement(location)
    }

    @Test("it moves by one request, and nothing else is asked of the venue")
    func moves() async throws {
        let rig = try await protected()
        defer { rig.end() }
        let first = try #require(stop(rig)?.request.triggerPrice)
        let before = try await rig.auditLines().count
        try rig.closeMinute(at: .percent(1))
        try await rig.wait("a higher stop") { _ in (stop(rig)?.request.triggerPrice ?? .zero) > first }
        try await rig.wait("the end of the old one") { $0.orders.count { !$0.order.state.isClosed } == 1 }
        let lines = try await rig.auditLines(2, after: before)
        #expect(lines.count == 2 && lines.allSatisfy { $0.contains("POST /api/v3/order/cancelReplace") })
        try await expectOneStop(rig)
        #expect(!rig.snapshot.alerts.contains { $0.alert.kind == "unprotected" || $0.alert.kind == "rejected" })
    }

    @Test(
        "whether it moved is found out where the answer is lost, and there is one stop", arguments: ["error", "drop"])
    func lostAnswer(_ trouble: String) async throws {
        let rig = try await protected()
        defer { rig.end() }
        let first = try #require(stop(rig)?.request.triggerPrice)
        let kind = trouble == "error" ? "error-after=503/-1006" : "drop-after"
        try rig.server.misbehave(
            "\(kind) rest:POST:/api/v3/order/cancelReplace n=1\ndrop user:executionReport n=2")
        try rig.closeMinute(at: .percent(1))
        try await rig.wait("a higher stop") { _ in (stop(rig)?.request.triggerPrice ?? .zero) > first }
        try await rig.wait("the end of the old one") { $0.orders.count { !$0.order.state.isClosed } == 1 }
        try await expectOneStop(rig)
    }

    @Test("a request that never arrived leaves the old stop where it is, and the next minute moves it")
    func lostRequest() async throws {
        let rig = try await protected()
        defer { rig.end() }
        let first = try #require(stop(rig))
        try rig.server.misbehave("drop rest:POST:/api/v3/order/cancelReplace n=1")
        try rig.closeMinute(at: .percent(1))
        try await rig.wait("that it is given up") { $0.orders.contains { $0.order.state == .lost } }
        #expect(try await rig.openOrders().map(\.triggerPrice) == [first.request.triggerPrice])
        try await rig.wait("the answer") { _ in stop(rig)?.id == first.id }
        var tries = 0
        while stop(rig).map({ $0.id == first.id }) ?? true, tries < 60 {
            // The pause after a failure is in the engine's time, which goes on with the clock.
            try rig.closeMinute(at: Ratio(units: Ratio.percent(1).units + Int64(tries) * 10_000))
            try await Task.sleep(for: .seconds(1))
            tries += 1
        }
        try await rig.wait("one stop") { $0.orders.count { !$0.order.state.isClosed } == 1 }
        try await expectOneStop(rig)
        #expect(!rig.snapshot.alerts.contains { $0.alert.kind == "unprotected" })
    }

    @Test("cancelled, and the new one refused because the market has passed it: the position is closed at the market")
    func halfDone() async throws {
        let rig = try await protected()
        defer { rig.end() }
        try await rig.offer(.buy, "0.5", at: -.percent(1))
        // The minute closes above what the venue traded at last, so that the stop would be above the market.
        try rig.closeMinute(at: .percent(5))
        try await rig.wait("the exit") { snapshot in
            snapshot.orders.contains { $0.order.request.purpose == .exit && $0.order.state == .filled }
        }
        try await rig.wait("the end") { $0.orders.allSatisfy { $0.order.state.isClosed } }
        #expect(try await rig.openOrders().isEmpty)
        try await rig.expectAgreement()
        #expect(rig.snapshot.alerts.contains { $0.alert.kind == "overtaken" })
    }

    @Test("where the venue has no room for both it is withdrawn and placed anew")
    func noRoom() async throws {
        let rig = try await protected(symbol: "maxNumAlgoOrders=1")
        defer { rig.end() }
        let first = try #require(stop(rig)?.request.triggerPrice)
        try rig.closeMinute(at: .percent(1))
        try await rig.wait("a higher stop") { _ in (stop(rig)?.request.triggerPrice ?? .zero) > first }
        try await rig.wait("the end of the old one") { $0.orders.count { !$0.order.state.isClosed } == 1 }
        try await expectOneStop(rig)
    }

    @Test("a session that goes on with a move in doubt has one stop in the end")
    func restart() async throws {
        let rig = try await protected()
        defer { rig.end() }
        try rig.server.misbehave("drop-after rest:POST:/api/v3/order/cancelReplace n=1\ndrop user:executionReport n=2")
        try rig.closeMinute(at: .percent(1))
        try await rig.wait("the doubt") { $0.orders.contains { $0.order.state == .unknown } }
        try await rig.restart()
        try await rig.wait("one stop") { snapshot in
            snapshot.orders.count { !$0.order.state.isClosed } == 1 && stop(rig) != nil
        }
        try await expectOneStop(rig)
    }
}
