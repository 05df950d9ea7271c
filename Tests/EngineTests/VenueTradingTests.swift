import Foundation
import Market
import Storage
import Testing
import Trading

@testable import Engine
@testable import Venues

/// An engine and a stand-in exchange, over real sockets.
@Suite("An engine that trades at a venue over a network", .serialized)
struct VenueTradingTests {
    @Test("an account that has done nothing begins with what the venue says")
    func beginning() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        #expect(rig.snapshot.mode == .testnet)
        try await rig.wait("what is held") { !$0.positions.isEmpty }
        try await rig.expectAgreement()
        #expect(rig.snapshot.account.dayProfit.isZero)
        #expect(rig.snapshot.positions.allSatisfy { $0.position.owner.isManual })
    }

    @Test("an order is placed once, fills, and cash and position are the venue's to the last digit")
    func market() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        try await rig.offer(.sell, "0.5")
        let id = try #require(try await rig.place(.buy).order?.id)
        try await rig.wait("the fill") { _ in rig.order(id)?.state == .filled }
        try await rig.expectAgreement()
        #expect(try await rig.everyOrder().count == 1)
        // The answer and the stream tell of the same trade, which is no news.
        #expect(!rig.snapshot.alerts.contains { $0.alert.kind == "duplicate-fill" })
    }

    @Test("a working order is cancelled, and what was refused says why in the venue's words")
    func cancel() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        let id = try await rig.rest(at: .percent(5))
        try await rig.cancel(id)
        #expect(try await rig.openOrders().isEmpty)
        let refused = try await rig.place(.buy, .limit, "50", at: -.percent(1))
        #expect(refused.order?.state == .rejected || refused.order?.state == .denied)
    }

    @Test("a strategy's stop and target are one pair at the venue, and its exit sells once they are gone")
    func protection() async throws {
        let rig = try await VenueRig(protection: Protection(stopLoss: .percent(2), takeProfit: .percent(3)))
        defer { rig.end() }
        try await rig.offer(.sell, "0.5")
        try await rig.offer(.buy, "0.5", at: -.percent(1))
        try rig.closeMinute()
        try await rig.wait("the pair") { snapshot in
            snapshot.orders.count { $0.order.request.purpose.isProtective && $0.order.state == .accepted } == 2
        }
        let pair = try await rig.openOrders()
        #expect(pair.count == 2 && Set(pair.map(\.listID)).count == 1 && pair[0].listID != nil)
        try rig.closeMinute()
        try await rig.wait("the exit") { snapshot in
            snapshot.orders.contains { $0.order.request.purpose == .exit && $0.order.state == .filled }
        }
        try await rig.wait("the pair's end") { $0.orders.allSatisfy { $0.order.state.isClosed } }
        #expect(try await rig.openOrders().isEmpty)
        try await rig.expectAgreement()
        #expect(!rig.snapshot.alerts.contains { $0.alert.kind == "rejected" || $0.alert.kind == "unprotected" })
    }

    @Test("to cancel all says what is under way, as the venue has yet to say that it is done")
    func cancelAll() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        try await rig.offer(.sell, "0.5")
        let order = try #require(try await rig.place(.buy, .limit, "0.01", at: -.percent(3)).order?.id)
        try await rig.wait("the order") { _ in rig.order(order)?.state == .accepted }
        #expect("\(try await rig.ask(.cancelAll(nil)))".contains("1 order is being cancelled"))
        try await rig.wait("its end") { _ in rig.order(order)?.state == .canceled }
        #expect("\(try await rig.ask(.cancelAll(nil)))".contains("0 orders cancelled"))
    }

    // MARK: - Doubt

    @Test(
        "an order whose answer is lost is unknown, is found, and is never sent again",
        arguments: ["drop", "hang", "error"])
    func lostAnswer(_ trouble: String) async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        try await rig.offer(.sell, "0.5")
        let kind = trouble == "error" ? "error-after=503/-1006" : "\(trouble)-after"
        try rig.server.misbehave("\(kind) rest:POST:/api/v3/order n=1\ndrop user:executionReport n=3")
        let id = try #require(try await rig.place(.buy).order?.id)
        try await rig.wait("the order's end") { _ in rig.order(id)?.state == .filled }
        #expect(try await rig.everyOrder().count == 1)
        try await rig.expectAgreement()
    }

    @Test("an order that never arrived is given up as lost once that is proved, and is not sent again")
    func lostRequest() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        try rig.server.misbehave("drop rest:POST:/api/v3/order n=1")
        let id = try #require(try await rig.place(.buy, .limit, at: -.percent(5)).order?.id)
        try await rig.wait("its end") { _ in rig.order(id)?.state == .lost }
        #expect(try await rig.everyOrder().isEmpty)
    }

    @Test("a cancel that nobody answered is sent again to an order that works")
    func lostCancel() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        let id = try await rig.rest(at: .percent(5))
        try rig.server.misbehave("drop rest:DELETE:/api/v3/order n=1")
        try await rig.cancel(id)
        #expect(try await rig.openOrders().isEmpty)
    }

    @Test("a cancel of an order that filled meanwhile books the fill")
    func cancelTooLate() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        let id = try await rig.rest(at: .percent(1))
        try rig.server.misbehave("drop user:executionReport n=1")
        try await rig.offer(.sell, "0.01", at: -.percent(1))
        _ = try await rig.ask(.cancelOrder(id))
        try await rig.wait("the fill") { _ in rig.order(id)?.state == .filled }
        try await rig.expectAgreement()
    }

    // MARK: - Interruptions

    @Test("while the account's events are lost nothing opens, and a cancel leaves all the same")
    func lostStream() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        let id = try await rig.rest(at: .percent(5))
        try rig.server.misbehave("drop connect:*\ndisconnect user:balanceUpdate n=1")
        try await rig.control("deposit", "account=1&asset=USDT&amount=5")
        try await rig.wait("the loss") { $0.venueProblem != nil }
        let refused = try await rig.place(.buy, .limit, at: -.percent(5))
        #expect(refused.order?.state == .rejected && refused.order?.reason == .unreconciled)
        try await rig.cancel(id)
        rig.server.behave()
        try await rig.compared()
        #expect(rig.snapshot.alerts.contains { $0.alert.kind == "venue-lost" })
    }

    @Test("what filled while nothing was heard is booked when the account is compared")
    func missedFill() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        let id = try await rig.rest(at: .percent(1))
        try rig.server.misbehave("drop connect:*\ndisconnect user:balanceUpdate n=1")
        try await rig.control("deposit", "account=1&asset=BTC&amount=0.5")
        try await rig.wait("the loss") { $0.venueProblem != nil }
        try await rig.offer(.sell, "0.01", at: -.percent(1))
        rig.server.behave()
        try await rig.wait("the fill") { _ in rig.order(id)?.state == .filled }
        // What came from outside is for a person to accept.
        try await rig.wait("the block", seconds: 90) { !$0.blocks.isEmpty }
        let reply = try await rig.ask(.acceptPosition(InstrumentID(0)))
        #expect(reply.isDone, "\(reply)")
        // It was booked at its price; that it cost nothing is accepted next.
        try await rig.wait("the cash that differs") { $0.alerts.contains { $0.alert.kind == "cash-differs" } }
        let cash = try await rig.ask(.acceptCash)
        #expect(cash.isDone, "\(cash)")
        try await rig.expectAgreement()
    }

    @Test("an order of another client is shown, and neither the emergency stop nor a comparison touches it")
    func foreign() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        let number = try await rig.placeForeign(.buy, "0.02", at: -.percent(6))
        try await rig.wait("it") { $0.alerts.contains { $0.alert.kind == "foreign-order" } }
        let own = try await rig.rest(at: .percent(5))
        _ = try await rig.ask(.emergencyStop(keepsProtection: false, origin: "test"))
        try await rig.wait("its end") { _ in rig.order(own)?.state == .canceled }
        #expect(try await rig.openOrders().map(\.clientOrderID) == [number])
        let shown = try #require(rig.snapshot.externalOrders.first)
        #expect(rig.snapshot.externalOrders.count == 1 && shown.clientOrderID == number && !shown.isClaimed)
        #expect(try shown.side == .buy && shown.type == .limit && shown.quantity == rig.instrument.quantity("0.02"))
    }

    @Test(
        "an order of another client that is claimed is cancelled when that is wanted, and is remembered over a restart")
    func claimed() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        let number = try await rig.placeForeign(.buy, "0.02", at: -.percent(6))
        try await rig.wait("it") { !$0.externalOrders.isEmpty }
        let refused = try await rig.ask(.claimOrder("4711", cancels: true))
        #expect(refused.refusal?.contains("4711") == true)
        let venueID = rig.snapshot.externalOrders[0].venueID
        #expect(try await rig.ask(.claimOrder(venueID, cancels: false)).isDone)
        #expect(rig.snapshot.externalOrders[0].isClaimed)
        #expect(try await rig.openOrders().map(\.clientOrderID) == [number])
        try await rig.restart()
        try await rig.wait("the claim") { $0.externalOrders.first?.isClaimed == true }
        #expect(try await rig.ask(.claimOrder(venueID, cancels: true)).isDone)
        try await rig.wait("its end") { $0.externalOrders.isEmpty }
        #expect(try await rig.openOrders().isEmpty)
        try await rig.expectAgreement()
    }

    @Test("what a claimed order fills with is the person's: cash and position agree, also where it was missed")
    func claimedFills() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        let number = try await rig.placeForeign(.buy, "0.02", at: -.percent(1))
        try await rig.wait("it") { $0.externalOrders.map(\.clientOrderID) == [number] }
        #expect(try await rig.ask(.claimOrder(rig.snapshot.externalOrders[0].venueID, cancels: false)).isDone)
        let held = rig.snapshot.positions.reduce(Quantity.zero) { $0 + $1.position.quantity }
        try await rig.offer(.sell, "0.005", at: -.percent(1))
        try await rig.wait("the first part") { $0.alerts.contains { $0.alert.kind == "claimed-fill" } }
        try await rig.expectAgreement()
        let after = rig.snapshot.positions.reduce(Quantity.zero) { $0 + $1.position.quantity }
        // The fee is in what was bought.
        #expect(try after > held && after < held + rig.instrument.quantity("0.005"))
        #expect(rig.snapshot.positions.allSatisfy { $0.position.owner.isManual })
        // While nobody listens, over a restart; then what is left of it.
        rig.stopEngine()
        try await rig.offer(.sell, "0.015", at: -.percent(1))
        try await rig.startEngine()
        try await rig.wait("the rest") { snapshot in
            snapshot.positions.reduce(Quantity.zero) { $0 + $1.position.quantity } > after
        }
        try await rig.wait("the end of the claim") { $0.externalOrders.isEmpty }
        try await rig.expectAgreement()
        #expect(!rig.snapshot.alerts.contains { $0.alert.kind == "unreconciled" || $0.alert.kind == "cash-differs" })
    }

    @Test("the emergency stop cancels what is claimed, again where nobody answered, and leaves the rest")
    func claimedAndStopped() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        let left = try await rig.placeForeign(.buy, "0.02", at: -.percent(6))
        _ = try await rig.placeForeign(.buy, "0.03", at: -.percent(7))
        try await rig.wait("both") { $0.externalOrders.count == 2 }
        let claimed = try #require(rig.snapshot.externalOrders.first { $0.clientOrderID != left })
        #expect(try await rig.ask(.claimOrder(claimed.venueID, cancels: false)).isDone)
        try rig.server.misbehave("drop rest:DELETE:/api/v3/order n=1")
        _ = try await rig.ask(.emergencyStop(keepsProtection: false, origin: "test"))
        try await rig.wait("its end") { $0.externalOrders.map(\.clientOrderID) == [left] }
        #expect(try await rig.openOrders().map(\.clientOrderID) == [left])
    }

    @Test("an emergency stop takes a claimed order along over a restart, where its cancel came to nothing before")
    func claimedAndStoppedOverRestart() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        _ = try await rig.placeForeign(.buy, "0.03", at: -.percent(7))
        try await rig.wait("it") { $0.externalOrders.count == 1 }
        #expect(try await rig.ask(.claimOrder(rig.snapshot.externalOrders[0].venueID, cancels: false)).isDone)
        try rig.server.misbehave("error=503 rest:DELETE:*")
        _ = try await rig.ask(.emergencyStop(keepsProtection: false, origin: "test"))
        try await rig.wait("the cancel's failure") { snapshot in
            snapshot.alerts.contains { $0.alert.text.contains("it is tried again") }
        }
        rig.stopEngine()
        #expect(try await rig.openOrders().count == 1)
        rig.server.behave()
        try await rig.startEngine()
        try await rig.wait("its end") { $0.externalOrders.isEmpty && $0.tradingState == .halted }
        #expect(try await rig.openOrders().isEmpty)
    }

    @Test("what protects stays with its whole list where an emergency stop keeps it")
    func claimedListAndStopped() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        let numbers = try await rig.placeForeignPair("0.01")
        _ = try await rig.placeForeign(.buy, "0.03", at: -.percent(7))
        try await rig.wait("them") { $0.externalOrders.count == 3 }
        for order in rig.snapshot.externalOrders {
            #expect(try await rig.ask(.claimOrder(order.venueID, cancels: false)).isDone)
        }
        _ = try await rig.ask(.emergencyStop(keepsProtection: true, origin: "test"))
        try await rig.wait("the end of the rest") { $0.externalOrders.count == 2 }
        #expect(try await rig.openOrders().map(\.clientOrderID).sorted() == numbers.sorted())
    }

    @Test("a pause that the venue asks for is told, with its end, and what the venue counts is shown")
    func paused() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        try await rig.wait("the weight") { ($0.venueLimits?.weight ?? 0) > 0 }
        #expect(rig.snapshot.venueLimits?.pause == nil)
        try rig.server.misbehave("error=429 rest:GET:/api/v3/openOrders n=1")
        try await rig.control("deposit", "account=1&asset=USDT&amount=5")
        try await rig.wait("the pause") { $0.venueLimits?.pause != nil }
        #expect(rig.snapshot.venueLimits?.pause?.contains("429") == true && rig.snapshot.venueLimits?.until != nil)
        #expect(StatusMessage(rig.snapshot).venuePause?.hasPrefix("until ") == true)
        try await rig.wait("the alert") { $0.alerts.contains { $0.alert.kind == "venue-paused" } }
        // What opens is not kept for later: it is said at once that it was not sent.
        let denied = try await rig.place(.buy, .limit, at: -.percent(5))
        #expect(denied.order?.state == .rejected && denied.order?.reason == .notSent)
    }

    @Test("a clock that is seconds off is told, and the order that the venue refused for it is sent anew, once")
    func wrongClock() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        try rig.server.misbehave("skew=-3000")
        let id = try await rig.rest(at: .percent(5))
        try await rig.wait("the alert") { snapshot in
            snapshot.alerts.contains { $0.alert.kind == "venue-clock" && $0.alert.text.contains("behind") }
        }
        #expect(try await rig.openOrders().map(\.status) == [.new])
        #expect(rig.order(id)?.state == .accepted)
    }

    @Test("a session that goes on knows its orders at the venue, and sends none of them again")
    func restart() async throws {
        let rig = try await VenueRig(protection: Protection(stopLoss: .percent(2), takeProfit: .percent(3)))
        defer { rig.end() }
        try await rig.offer(.sell, "0.5")
        try rig.closeMinute()
        let resting = try #require(try await rig.place(.buy, .limit, at: -.percent(5)).order?.id)
        try await rig.wait("three orders") { $0.orders.count { $0.order.state == .accepted } == 3 }
        let before = try await rig.openOrders().map(\.clientOrderID).sorted()
        try await rig.restart()
        #expect(rig.snapshot.orders.count { $0.order.state == .accepted } == 3)
        #expect(try await rig.openOrders().map(\.clientOrderID).sorted() == before)
        try await rig.cancel(resting)
        try await rig.expectAgreement()
    }

    @Test("fees in the venue's coin cost what they are worth, and the cash still agrees")
    func feesElsewhere() async throws {
        let rig = try await VenueRig(paysInBNB: true)
        defer { rig.end() }
        try await rig.offer(.sell, "0.5")
        let cash = rig.snapshot.account.cash
        let id = try #require(try await rig.place(.buy).order?.id)
        try await rig.wait("the fill") { _ in rig.order(id)?.state == .filled }
        let fees = try #require(rig.order(id)?.quoteFees)
        #expect(fees.units > 0)
        let spent = try #require(rig.order(id)?.filledNotional)
        #expect(rig.snapshot.account.cash == cash - spent - fees)
        #expect(try await rig.balance(.usdt) == cash - spent)
        try await rig.restart()
        #expect(!rig.snapshot.alerts.contains { $0.alert.kind == "cash-differs" })
    }

    @Test("where the coin itself is traded, fees come out of what is held of it, once, and everything agrees")
    func feesFromHolding() async throws {
        let rig = try await VenueRig(paysInBNB: true, followsBNB: true)
        defer { rig.end() }
        func held() -> Quantity? {
            rig.snapshot.positions.first { $0.position.instrument == InstrumentID(1) }?.position.quantity
        }
        try await rig.wait("what is held") { _ in held() != nil }
        try await rig.offer(.sell, "0.5")
        let (before, cash) = (try #require(held()), rig.snapshot.account.cash)
        let id = try #require(try await rig.place(.buy, .market, "0.4").order?.id)
        try await rig.wait("the fill") { _ in rig.order(id)?.state == .filled }
        try await rig.wait("the fee") { _ in held() ?? before < before }
        let spent = try #require(rig.order(id)?.filledNotional)
        #expect(rig.snapshot.account.cash == cash - spent)
        #expect(try await rig.balance(.usdt) == cash - spent)
        let coins = try await rig.balance(Currency("BNB")!)
        #expect(held() == (try rig.coin?.instrument.quantity(coins.decimalText)))
        let fee = try #require(rig.order(id)?.quoteFees)
        #expect(fee.units > 0)
        try await rig.restart()
        #expect(rig.snapshot.blocks.isEmpty && rig.snapshot.account.cash == cash - spent)
        #expect(!rig.snapshot.alerts.contains { $0.alert.kind == "cash-differs" })
    }

    @Test("every request that can move money is in the audit before and after, its key masked")
    func audit() async throws {
        let rig = try await VenueRig()
        defer { rig.end() }
        let id = try await rig.rest(at: .percent(5))
        try await rig.cancel(id)
        let lines = try await rig.auditLines(4)
        #expect(lines.map { $0.contains("leaving") } == [true, false, true, false])
        #expect(lines[0].contains("POST /api/v3/order") && lines[2].contains("DELETE /api/v3/order"))
        #expect(!lines.joined().contains(rig.server.accounts[0].apiKey))
    }

    @Test("an audit that can't be written keeps an order from opening, and lets a cancel out")
    func brokenAudit() async throws {
        let folder = try TemporaryDirectory()
        let audit = DataDirectory(path: folder.path + "/audit")
        try audit.create()
        let log = RequestLog(directory: audit.path)
        let rig = try await VenueRig(requests: log)
        defer { rig.end() }
        let resting = try await rig.rest(at: .percent(5))
        #expect(rename(audit.path, audit.path + "-gone") == 0)
        let refused = try #require(try await rig.place(.buy, .limit, at: -.percent(6)).order?.id)
        try await rig.wait("the refusal") { _ in rig.order(refused)?.state == .rejected }
        try await rig.cancel(resting)
        #expect(try await rig.everyOrder().count == 1)
        #expect(try await rig.openOrders().isEmpty)
        #expect(log.problem?.contains(audit.path) == true)
        try await rig.wait("the alert") { $0.alerts.contains { $0.alert.kind == "audit-failed" } }
    }
}
