import Market
import Testing
import Trading

@testable import Engine
@testable import StandIn
@testable import Venues

/// An entry with its stop and its target at a venue that takes the three as one request.
@Suite("An entry with its protection at a venue over a network", .serialized)
struct VenueBracketTests {
    /// Places an entry five percent below the price, its stop and its target around it; gives the numbers of the three.
    private func place(
        _ rig: VenueRig, stop: Ratio? = -.percent(6), target: Ratio? = .percent(5), at share: Ratio = -.percent(5),
        _ quantity: String = "0.01"
    ) async throws -> [OrderID] {
        let request = OrderRequest(
            instrument: InstrumentID(0), side: .buy, type: .limit, quantity: try rig.instrument.quantity(quantity),
            limitPrice: rig.price(share), purpose: .manual,
            protection: EntryProtection(stop: stop.map(rig.price), target: target.map(rig.price)))
        let id = try #require(try await rig.ask(.placeOrder(request)).order?.id)
        try await rig.wait("the entry") { _ in rig.order(id).map { $0.state != .submitting } ?? false }
        return rig.snapshot.orders.map(\.order.id).filter { $0 >= id }.sorted()
    }

    /// The protective orders that are open by the books.
    private func protection(_ rig: VenueRig) -> [Trading.Order] {
        rig.snapshot.orders.map(\.order).filter { !$0.state.isClosed && $0.request.purpose.isProtective }
            .sorted { $0.id < $1.id }
    }

    /// Waits until what protects the position works at the venue, and gives it.
    private func protected(_ rig: VenueRig, _ quantity: String) async throws -> [SpotOrder] {
        let quantity = try rig.instrument.quantity(quantity)
        try await rig.wait("protection that works") { _ in
            let open = protection(rig)
            return open.count == 2 && open.allSatisfy { $0.state == .accepted && $0.request.quantity == quantity }
        }
        var open: [SpotOrder] = []
        for _ in 0..<200 {
            open = try await rig.openOrders()
            if open.count == 2, open.allSatisfy({ $0.status == .new && $0.quantity == quantity }) { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(open.count == 2 && open.allSatisfy { $0.status == .new && $0.quantity == quantity })
        return open
    }

    @Test("the three leave as one request, and the pair begins to work when the entry has filled")
    func together() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        let before = try await rig.auditLines().count
        let ids = try await place(rig)
        #expect(ids.count == 3)
        try await rig.wait("all three") { _ in ids.allSatisfy { rig.order($0)?.state == .accepted } }
        let lines = try await rig.auditLines(2, after: before)
        #expect(lines.count == 2 && lines.allSatisfy { $0.contains("POST /api/v3/orderList/otoco") })
        let waiting = try await rig.openOrders()
        #expect(waiting.count { $0.status == .pendingNew } == 2)
        // What waits does not protect yet.
        try await rig.offer(.sell, "0.01", at: -.percent(5))
        try await rig.wait("the entry's end") { _ in rig.order(ids[0])?.state == .filled }
        _ = try await protected(rig, "0.00999")
        #expect(rig.snapshot.positions.first?.stop == rig.price(-.percent(6)))
        #expect(!rig.snapshot.alerts.contains { $0.alert.kind == "unprotected" || $0.alert.kind == "rejected" })
        try await rig.expectAgreement()
    }

    @Test("a stop alone leaves with its entry, too")
    func stopAlone() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        let ids = try await place(rig, target: nil)
        try await rig.wait("both") { _ in ids.allSatisfy { rig.order($0)?.state == .accepted } }
        #expect(try await rig.auditLines().last?.contains("POST /api/v3/orderList/oto") == true)
        try await rig.offer(.sell, "0.01", at: -.percent(5))
        try await rig.wait("the entry's end") { _ in rig.order(ids[0])?.state == .filled }
        let open = try await rig.openOrders()
        #expect(open.map(\.status) == [.new] && open.map(\.triggerPrice) == [rig.price(-.percent(6))])
    }

    @Test("an entry that fills with the request that places it is protected")
    func atOnce() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        try await rig.offer(.sell, "0.5")
        let ids = try await place(rig, at: .percent(1))
        try await rig.wait("the entry's end") { _ in rig.order(ids[0])?.state == .filled }
        _ = try await protected(rig, "0.00999")
        try await rig.expectAgreement()
    }

    @Test("a cancelled entry takes what waits for it along")
    func cancelled() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        let ids = try await place(rig)
        try await rig.wait("all three") { _ in ids.allSatisfy { rig.order($0)?.state == .accepted } }
        try await rig.cancel(ids[0])
        try await rig.wait("the end of all") { $0.orders.allSatisfy { $0.order.state.isClosed } }
        #expect(try await rig.openOrders().isEmpty)
        #expect(try await rig.everyOrder().count == 3)
    }

    @Test("half filled and cancelled, what was bought is protected anew", arguments: [false, true])
    func partial(_ isUntold: Bool) async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        let ids = try await place(rig)
        try await rig.wait("all three") { _ in ids.allSatisfy { rig.order($0)?.state == .accepted } }
        try await rig.offer(.sell, "0.004", at: -.percent(5))
        try await rig.wait("a part of the entry") { _ in rig.order(ids[0])?.state == .partiallyFilled }
        #expect(rig.snapshot.positions.first?.stop == nil)
        // The venue tells nobody that it dropped what waited.
        if isUntold { try rig.server.misbehave("drop user:executionReport n=3") }
        try await rig.cancel(ids[0])
        let open = try await protected(rig, "0.00399")
        #expect(open.allSatisfy { $0.status == .new })
        try await rig.expectAgreement()
    }

    @Test("where the symbol takes no such lists the protection waits here, and is placed when the entry has filled")
    func notAllowed() async throws {
        let rig = try await VenueRig(symbol: "otoAllowed=false")
        defer { rig.end() }
        let ids = try await place(rig)
        try await rig.wait("the entry") { _ in rig.order(ids[0])?.state == .accepted }
        try await rig.wait("what waits") { _ in protection(rig).map(\.state) == [.initialized, .initialized] }
        #expect(try await rig.openOrders().count == 1)
        try await rig.offer(.sell, "0.01", at: -.percent(5))
        try await rig.wait("the entry's end") { _ in rig.order(ids[0])?.state == .filled }
        _ = try await protected(rig, "0.00999")
        #expect(!rig.snapshot.alerts.contains { $0.alert.kind == "unprotected" || $0.alert.kind == "rejected" })
    }

    @Test("an entry for which the venue has no room with its protection does not leave")
    func noRoom() async throws {
        let rig = try await VenueRig(symbol: "maxNumAlgoOrders=1")
        defer { rig.end() }
        try await rig.placeForeign(.sell, "0.01", .stopLoss(SpotTrigger(price: rig.price(-.percent(8)))))
        try await rig.wait("the other's order") { !$0.externalOrders.isEmpty }
        let ids = try await place(rig)
        try await rig.wait("the end of all") { _ in ids.allSatisfy { rig.order($0)?.state.isClosed == true } }
        #expect(rig.order(ids[0])?.state == .rejected)
        #expect(try await rig.everyOrder().count == 1)
    }

    @Test(
        "an entry with its protection whose answer is lost is found, all of it, and nothing is sent again",
        arguments: ["drop", "error"])
    func lostAnswer(_ trouble: String) async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        let kind = trouble == "error" ? "error-after=503/-1006" : "drop-after"
        try rig.server.misbehave("\(kind) rest:POST:/api/v3/orderList/otoco n=1\ndrop user:executionReport n=3")
        let ids = try await place(rig)
        try await rig.wait("all three") { _ in ids.count == 3 && ids.allSatisfy { rig.order($0)?.state == .accepted } }
        #expect(try await rig.everyOrder().count == 3)
    }

    @Test("an entry with its protection that never arrived is given up, all of it")
    func lostRequest() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        try rig.server.misbehave("drop rest:POST:/api/v3/orderList/otoco n=1")
        let ids = try await place(rig)
        try await rig.wait("the end of all") {
            $0.orders.count >= 3 && $0.orders.allSatisfy { $0.order.state.isClosed }
        }
        #expect(rig.order(ids[0])?.state == .lost)
        #expect(try await rig.everyOrder().isEmpty)
    }

    @Test("a session that goes on finds an entry that filled meanwhile, and its protection")
    func restart() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        let ids = try await place(rig)
        try await rig.wait("all three") { _ in ids.allSatisfy { rig.order($0)?.state == .accepted } }
        rig.stopEngine()
        try await rig.offer(.sell, "0.01", at: -.percent(5))
        try await rig.startEngine()
        try await rig.wait("the entry's end") { _ in rig.order(ids[0])?.state == .filled }
        _ = try await protected(rig, "0.00999")
        try await rig.expectAgreement()
    }

    @Test("a session that goes on protects what a half-filled entry bought that was cancelled meanwhile")
    func restartCancelled() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        let ids = try await place(rig)
        try await rig.wait("all three") { _ in ids.allSatisfy { rig.order($0)?.state == .accepted } }
        rig.stopEngine()
        try await rig.offer(.sell, "0.004", at: -.percent(5))
        try await rig.cancelEverythingElsewhere()
        try await rig.startEngine()
        _ = try await protected(rig, "0.00399")
        try await rig.expectAgreement()
    }

    @Test("the emergency stop takes everything back")
    func emergency() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        let ids = try await place(rig)
        try await rig.wait("all three") { _ in ids.allSatisfy { rig.order($0)?.state == .accepted } }
        _ = try await rig.ask(.emergencyStop(keepsProtection: false, origin: "test"))
        try await rig.wait("the end of all") { $0.orders.allSatisfy { $0.order.state.isClosed } }
        #expect(try await rig.openOrders().isEmpty)
    }
}
