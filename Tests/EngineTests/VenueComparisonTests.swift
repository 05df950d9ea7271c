import Market
import Testing
import Trading

@testable import Engine
@testable import Venues

/// What an engine does while it can't be told what its venue holds, and what it takes for proved.
@Suite("An account that is compared with its venue", .serialized)
struct VenueComparisonTests {
    @Test("nothing opens while what is held can't be read, although orders and trades agree, and it is told why")
    func holdingsUnread() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        try rig.server.misbehave("disconnect user:balanceUpdate n=1\nerror=400/-1102 rest:GET:/api/v3/account")
        try await rig.control("deposit", "account=1&asset=USDT&amount=5")
        try await rig.wait("the reason") { $0.venueProblem?.contains("balances") == true }
        #expect(rig.snapshot.alerts.contains { $0.alert.kind == "not-compared" && $0.alert.text.contains("balances") })
        let refused = try await rig.place(.buy, .limit, at: -.percent(5))
        #expect(refused.order?.state == .rejected && refused.order?.reason == .unreconciled)
        rig.server.behave()
        try await rig.compared()
        _ = try await rig.rest()
    }

    @Test("another client that never rests has the account compared once a minute at most")
    func restless() throws {
        let rig = try EngineRig(in: try TemporaryDirectory())
        rig.core.comparison.next = .max
        let before = EngineClock.monotonic()
        rig.core.heardOfOthers()
        let first = rig.core.comparison.next
        #expect(
            first >= before + EngineCore.questionPause && first <= EngineClock.monotonic() + EngineCore.questionPause)
        // A second one changes nothing about when it is due; after the comparison the next is a minute later.
        rig.core.heardOfOthers()
        #expect(rig.core.comparison.next == first)
        rig.core.comparison.next = .max
        rig.core.heardOfOthers()
        #expect(rig.core.comparison.next == first + EngineCore.comparisonPause)
    }

    @Test("whose trades they were is found out among more orders than are remembered")
    func manyOrders() async throws {
        var options = BinanceSpotVenue.Options()
        options.rememberedOrders = 30
        let rig = try await VenueRig(ordersPerTenSeconds: 100_000, options)
        defer { rig.end() }
        rig.stopEngine()
        try await rig.offer(.sell, "0.5")
        for _ in 0..<8 {
            _ = try await rig.placeForeign(.buy, "0.01", at: .percent(1))
            for _ in 0..<6 { _ = try await rig.placeForeign(.buy, "0.01", at: -.percent(6)) }
        }
        try await rig.startEngine()
        #expect(!rig.snapshot.alerts.contains { $0.alert.kind == "not-compared" })
    }

    @Test("a key that the venue takes no more stops whatever opens, which is told once however often it is refused")
    func keyRefused() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        let resting = try await rig.rest()
        try rig.server.misbehave("error=401/-2015 rest:POST:*\nerror=401/-2015 rest:DELETE:*")
        let refused = try await rig.place(.buy, .limit, at: -.percent(5))
        #expect(refused.order?.state == .rejected && refused.order?.reason == .venue)
        try await rig.wait("the halt") { $0.tradingState == .halted }
        _ = try await rig.ask(.cancelOrder(resting))
        try await rig.wait("the cancel's refusal") { snapshot in
            snapshot.alerts.contains { $0.alert.text.contains("its cancel was refused") }
        }
        let alerts = rig.snapshot.alerts.filter { $0.alert.kind == "key-refused" }
        #expect(alerts.map(\.count) == [1] && alerts[0].alert.priority == .critical)
        let denied = try await rig.place(.buy, .limit, at: -.percent(5))
        #expect(denied.order?.state == .denied)
    }

    @Test("an order of which the venue keeps no record any more ended with nothing filled")
    func archived() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        try rig.server.misbehave(
            "drop rest:POST:/api/v3/order n=1\nerror=400/-2026 rest:GET:/api/v3/order")
        let id = try #require(try await rig.place(.buy, .limit, at: -.percent(5)).order?.id)
        try await rig.wait("its end") { _ in rig.order(id)?.state == .canceled }
        #expect(rig.order(id)?.filled == .zero)
    }

    @Test("an order that the venue denies and lists among the open ones is not given up")
    func listedAfterAll() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        try rig.server.misbehave(
            "drop-after rest:POST:/api/v3/order n=1\ndrop user:executionReport\nerror=400/-2013 rest:GET:/api/v3/order")
        let id = try #require(try await rig.place(.buy, .limit, at: -.percent(5)).order?.id)
        try await rig.wait("the order") { _ in rig.order(id)?.state == .accepted }
        rig.server.behave()
        try await rig.cancel(id)
        #expect(try await rig.everyOrder().count == 1)
    }
}
