import Market
import Testing
import Trading

@testable import Engine
@testable import Venues

/// What an engine knows of its account is held against the venue's rules before anything leaves.
@Suite("The venue's rules, before an order leaves", .serialized)
struct VenueRulesTests {
    /// Places an order that must be refused here, for a rule, without anything being sent.
    private func expectRefusal(
        _ rig: VenueRig, for rule: String, _ location: SourceLocation = #_sourceLocation,
        _ place: () async throws -> EngineReply
    ) async throws {
        let before = try await rig.auditLines().count
        let id = try #require(try await place().order?.id, sourceLocation: location)
        try await rig.wait("the refusal", location) { _ in rig.order(id)?.state == .rejected }
        #expect(rig.order(id)?.reason == .invalidTerms, sourceLocation: location)
        try await rig.wait("the words", location) { snapshot in
            snapshot.alerts.contains { $0.alert.text.contains("not sent: \(rule)") }
        }
        #expect(try await rig.auditLines().count == before, sourceLocation: location)
    }

    @Test("one order too many, others of the account counted, is refused with the rule's name and never sent")
    func orderCount() async throws {
        let rig = try await VenueRig(symbol: "maxNumOrders=3")
        defer { rig.end() }
        _ = try await rig.rest(at: .percent(5))
        _ = try await rig.rest(at: .percent(6))
        let foreign = try await rig.placeForeign(.buy, "0.01", at: -.percent(7))
        try await rig.wait("the other's order") { $0.externalOrders.map(\.clientOrderID) == [foreign] }
        try await expectRefusal(rig, for: "MAX_NUM_ORDERS") { try await rig.place(.buy, .limit, at: -.percent(8)) }
        #expect(try await rig.everyOrder().count == 3)
    }

    @Test("an entry whose stop would find no room is refused: nothing is bought that can't be protected")
    func roomForStop() async throws {
        let rig = try await VenueRig(protection: Protection(stopLoss: .percent(2)), symbol: "maxNumAlgoOrders=1")
        defer { rig.end() }
        try await rig.offer(.sell, "0.5")
        try await rig.placeForeign(.sell, "0.01", .stopLoss(SpotTrigger(price: rig.price(-.percent(9)))))
        try await rig.wait("the other's stop") { !$0.externalOrders.isEmpty }
        let before = try await rig.everyOrder().count
        try rig.closeMinute()
        try await rig.wait("the refusal") { snapshot in
            snapshot.alerts.contains { $0.alert.text.contains("not sent: MAX_NUM_ALGO_ORDERS") }
        }
        #expect(try await rig.everyOrder().count == before)
        #expect(rig.snapshot.positions.allSatisfy { $0.position.owner.isManual })
    }

    @Test("what another client's order will cost is not spent twice")
    func lockedByOthers() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        let cash = try await rig.balance(.usdt)
        // Nine tenths of the cash are the other's.
        let quantity = rig.instrument.quantity(
            for: Money(units: cash.units / 10 * 9, .usdt), at: rig.price(-.percent(5))
        )
        .rounded(toStep: rig.instrument.rules.quantityStep, .down)
        _ = try await rig.placeForeign(.buy, rig.instrument.text(quantity), at: -.percent(5))
        try await rig.wait("the other's order") { !$0.externalOrders.isEmpty }
        let own = rig.instrument.quantity(for: Money(units: cash.units / 5, .usdt), at: rig.price(-.percent(5)))
            .rounded(toStep: rig.instrument.rules.quantityStep, .down)
        try await expectRefusal(rig, for: "balance") {
            try await rig.place(.buy, .limit, rig.instrument.text(own), at: -.percent(5))
        }
    }

    @Test("a rule that changed is read anew once the venue has refused for it, and then held before anything leaves")
    func changedRule() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        // Below what is held.
        try await rig.control("symbol", "symbol=BTCUSDT&maxPosition=0.001")
        try await Task.sleep(for: .milliseconds(1_100))
        let first = try #require(try await rig.place(.buy, .limit, at: -.percent(5)).order?.id)
        try await rig.wait("the venue's refusal") { _ in rig.order(first)?.state == .rejected }
        try await rig.wait("the new rule") { _ in
            rig.venues.venue.withLock { $0 }?.objections(
                to: OrderPlacement(
                    rig.instrument, clientOrderID: "x", .buy, .limit, quantity: Quantity(mantissa: 1_000_000),
                    limitPrice: rig.price(-.percent(5))),
                given: PlacementCircumstances(balances: [])
            ).contains { $0.rule == "MAX_POSITION" } ?? false
        }
        try await expectRefusal(rig, for: "MAX_POSITION") { try await rig.place(.buy, .limit, at: -.percent(5)) }
        #expect(try await rig.everyOrder().isEmpty)
    }

    @Test("a step that the venue makes coarser is taken while the session runs, and exits leave by it")
    func coarserStep() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        try await rig.offer(.sell, "0.0123")
        let bought = try #require(try await rig.place(.buy, .market, "0.0123").order?.id)
        try await rig.wait("the purchase") { _ in rig.order(bought)?.state == .filled }
        try await rig.control("symbol", "symbol=BTCUSDT&stepSize=0.001")
        try await rig.offer(.buy, "0.8")
        // What was read at the start may be read anew after a second.
        try await Task.sleep(for: .milliseconds(1_100))
        _ = try await rig.ask(.closePosition(.manual, InstrumentID(0)))
        try await rig.wait("the new rules") { snapshot in
            snapshot.alerts.contains { $0.alert.kind == "rules-changed" && $0.alert.text.contains("step 0.001 (was ") }
        }
        #expect(try rig.snapshot.markets[0].instrument.rules.quantityStep == rig.instrument.quantity("0.001"))
        // 0.78125 are there from the beginning, and the fee was taken from what was bought.
        let held = try #require(rig.snapshot.positions.first?.position.quantity)
        let rest = try held - rig.instrument.quantity("0.793")
        _ = try await rig.ask(.closePosition(.manual, InstrumentID(0)))
        try await rig.wait("what is left") { $0.positions.map(\.position.quantity) == [rest] }
        try await rig.expectAgreement()
        // And so it is after the next start.
        try await rig.restart()
        #expect(rig.snapshot.positions.map(\.position.quantity) == [rest])
    }

    @Test("a symbol that is halted takes nothing, cancels go on, and when it trades again orders leave again")
    func halted() async throws {
        var options = BinanceSpotVenue.Options()
        options.rulePause = .milliseconds(300)
        let rig = try await VenueRig(options)
        defer { rig.end() }
        let resting = try await rig.rest(at: .percent(5))
        try await rig.control("symbol", "symbol=BTCUSDT&status=HALT")
        let refused = try #require(try await rig.place(.buy, .limit, at: -.percent(6)).order?.id)
        try await rig.wait("the refusal") { _ in rig.order(refused)?.state == .rejected }
        try await rig.cancel(resting)
        try await rig.control("symbol", "symbol=BTCUSDT&status=TRADING")
        // The state that was read at the refusal is believed for a moment only.
        try await Task.sleep(for: .milliseconds(400))
        let taken = try #require(try await rig.place(.buy, .limit, at: -.percent(6)).order?.id)
        try await rig.wait("the order") { _ in rig.order(taken)?.state == .accepted }
        #expect(try await rig.everyOrder().count == 2)
    }

    // MARK: - Orders of one account that meet

    @Test("an order that would trade with another of the account expires as that, and keeps what it had filled")
    func selfTrade() async throws {
        var options = BinanceSpotVenue.Options()
        options.selfTradePrevention = .expireTaker
        let rig = try await VenueRig(options)
        defer { rig.end() }
        // A better price of somebody else's comes first.
        try await rig.offer(.buy, "0.004", at: -.percent(1))
        let resting = try await rig.rest(at: .percent(2))
        let selling = try #require(try await rig.place(.sell, .limit, "0.01", at: -.percent(3)).order?.id)
        try await rig.wait("its end") { _ in rig.order(selling)?.state == .expired }
        #expect(rig.order(selling)?.reason == .selfTrade)
        #expect(try rig.order(selling)?.filled == rig.instrument.quantity("0.004"))
        #expect(rig.order(resting)?.state == .accepted)
        #expect(try await rig.everyOrder().allSatisfy { $0.selfTradePrevention == .expireTaker })
        try await rig.expectAgreement()
    }
}
