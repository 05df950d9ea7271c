import Market
import Testing

@testable import StandIn

@Suite("order lists")
struct OrderListTests {
    private let rig = ExchangeRig()
    private let oco =
        "side=SELL quantity=1 aboveType=LIMIT_MAKER abovePrice=102 belowType=STOP_LOSS_LIMIT belowStopPrice=99 "
        + "belowPrice=98.5 belowTimeInForce=GTC"

    @Test("of two orders for one holding only one part is locked")
    func locksOnce() throws {
        _ = try rig.exchange.placeOCO(ExchangeRig.parameters(oco), rig.account)
        #expect(rig.balance(ExchangeRig.btc) == ["4", "1"])
    }

    @Test("a buyer's pair locks what the dearer one needs")
    func locksLarger() throws {
        let text =
            "side=BUY quantity=1 aboveType=STOP_LOSS_LIMIT aboveStopPrice=101 abovePrice=103 aboveTimeInForce=GTC "
            + "belowType=LIMIT_MAKER belowPrice=98"
        let list = try rig.exchange.placeOCO(ExchangeRig.parameters(text), rig.account)
        #expect(rig.balance(.usdt) == ["9897", "103"])
        // The cheaper one fills: 98 are paid, the rest comes back.
        rig.trade("97", "5", .sell)
        #expect(list.pair[1].status == .filled)
        #expect(list.pair[0].status == .expired)
        #expect(rig.balance(.usdt) == ["9902", "0"])
    }

    @Test("the fill of one ends the other")
    func limitFills() throws {
        let list = try rig.exchange.placeOCO(ExchangeRig.parameters(oco), rig.account)
        rig.trade("102.5", "0.4", .buy)
        #expect(list.pair[0].status == .partiallyFilled)
        #expect(list.pair[1].status == .expired)
        #expect(rig.balance(ExchangeRig.btc) == ["4", "0.6"])
        rig.trade("102.5", "5", .buy)
        #expect(list.pair[0].status == .filled)
        #expect(list.isDone)
        #expect(rig.balance(ExchangeRig.btc) == ["4", "0"])
    }

    @Test("the trigger of one ends the other and takes over what was locked")
    func stopTriggers() throws {
        let list = try rig.exchange.placeOCO(ExchangeRig.parameters(oco), rig.account)
        rig.show(bids: [("98", "1")], asks: [("99.2", "1")])
        rig.trade("99", "0.1", .sell)
        #expect(list.pair[0].status == .expired)
        #expect(list.pair[1].status == .new)
        #expect(rig.balance(ExchangeRig.btc) == ["4", "1"])
        #expect(rig.book(.sell).first == "1@98.5")
    }

    @Test("cancelling one cancels the list")
    func cancelsBoth() throws {
        let list = try rig.exchange.placeOCO(ExchangeRig.parameters(oco), rig.account)
        let answer = rig.exchange.cancel(list.pair[1], cancelID: "x")
        #expect(list.pair.map(\.status) == [.canceled, .canceled])
        #expect(answer["listOrderStatus"]?.string == "ALL_DONE")
        #expect(answer["orderReports"]?.elements?.count == 2)
        #expect(rig.balance(ExchangeRig.btc) == ["5", "0"])
    }

    @Test("prices on the wrong side of the market are refused")
    func wrongSide() {
        let text =
            "side=SELL quantity=1 aboveType=LIMIT_MAKER abovePrice=99.9 belowType=STOP_LOSS belowStopPrice=99"
        let error = #expect(throws: APIError.self) {
            try rig.exchange.placeOCO(ExchangeRig.parameters(text), rig.account)
        }
        #expect(error?.message == "The relationship of the prices for the orders is not correct.")
    }

    @Test("a stop above a sale's market is refused by its code")
    func wrongLeg() {
        let text = "side=SELL quantity=1 aboveType=STOP_LOSS aboveStopPrice=102 belowType=LIMIT_MAKER belowPrice=98"
        let error = #expect(throws: APIError.self) {
            try rig.exchange.placeOCO(ExchangeRig.parameters(text), rig.account)
        }
        #expect(error?.code == -1197)
    }

    private let otoco =
        "workingType=LIMIT workingSide=BUY workingTimeInForce=GTC workingPrice=99.5 workingQuantity=1 "
        + "pendingSide=SELL pendingQuantity=0.999 pendingAboveType=LIMIT_MAKER pendingAbovePrice=103 "
        + "pendingBelowType=STOP_LOSS pendingBelowStopPrice=98"

    @Test("the protective pair comes in once the entry has filled, and not before")
    func entryWithProtection() throws {
        let list = try rig.exchange.placeOTOCO(ExchangeRig.parameters(otoco), rig.account)
        #expect(list.pending.map(\.status) == [.pendingNew, .pendingNew])
        #expect(rig.balance(ExchangeRig.btc) == ["5", "0"])
        rig.trade("99.4", "0.4", .sell)
        #expect(list.pending.map(\.status) == [.pendingNew, .pendingNew])
        rig.trade("99.4", "5", .sell)
        #expect(list.first?.status == .filled)
        #expect(list.pending.map(\.status) == [.new, .new])
        // 5 + 0.999 received, of which 0.999 are locked once.
        #expect(rig.balance(ExchangeRig.btc) == ["5", "0.999"])
        rig.trade("104", "5", .buy)
        #expect(list.pending.map(\.status) == [.filled, .expired])
        #expect(list.isDone)
    }

    @Test("cancelling the entry cancels what waits for it")
    func cancelledEntry() throws {
        let list = try rig.exchange.placeOTOCO(ExchangeRig.parameters(otoco), rig.account)
        let first = try #require(list.first)
        _ = rig.exchange.cancel(first, cancelID: "x")
        #expect(list.orders.map(\.status) == [.canceled, .canceled, .canceled])
        #expect(rig.balance(.usdt) == ["10000", "0"])
        #expect(list.isDone)
    }

    @Test("every order of a cancelled list is reported with the cancel's id", arguments: 0..<3)
    func cancelIDs(_ place: Int) throws {
        let list = try rig.exchange.placeOTOCO(ExchangeRig.parameters(otoco), rig.account)
        _ = rig.reports()
        _ = rig.exchange.cancel(list.orders[place], cancelID: "x")
        let reports = rig.told("executionReport")
        #expect(reports.map { $0["x"]?.string } == ["CANCELED", "CANCELED", "CANCELED"])
        #expect(reports.map { $0["c"]?.string } == ["x", "x", "x"])
        #expect(Set(reports.compactMap { $0["C"]?.string }) == Set(list.orders.map(\.clientID)))
    }

    @Test("cancelling what waits for an entry cancels the entry, too")
    func cancelledPending() throws {
        let list = try rig.exchange.placeOTOCO(ExchangeRig.parameters(otoco), rig.account)
        _ = rig.exchange.cancel(list.pending[0], cancelID: "x")
        #expect(list.orders.allSatisfy { !$0.status.isOpen })
        #expect(rig.balance(.usdt) == ["10000", "0"])
        #expect(list.isDone)
    }

    @Test("amending either of a pair changes both, and what is locked for them", arguments: 0..<2)
    func amendedPair(_ place: Int) throws {
        let list = try rig.exchange.placeOCO(ExchangeRig.parameters(oco), rig.account)
        let order = list.pair[place]
        let other = list.pair[1 - place]
        let names = [order.clientID, other.clientID]
        _ = rig.exchange.takeEvents()
        _ = try rig.exchange.amend(ExchangeRig.parameters("orderId=\(order.id) newQty=0.1"), rig.account)
        #expect(list.pair.map(\.quantity) == [ExchangeRig.quantity("0.1"), ExchangeRig.quantity("0.1")])
        #expect(rig.balance(ExchangeRig.btc) == ["4.9", "0.1"])
        // The named one gets a new id, the other keeps its own; the list is told to have changed.
        #expect(order.clientID != names[0])
        #expect(other.clientID == names[1])
        var told: [String] = []
        for case .user(_, let event) in rig.exchange.takeEvents() {
            if let type = event["x"]?.string ?? event["l"]?.string { told.append(type) }
        }
        #expect(told == ["REPLACED", "REPLACED", "UPDATED"])
        rig.trade("102.5", "5", .buy)
        #expect(list.isDone)
        #expect(rig.balance(ExchangeRig.btc) == ["4.9", "0"])
    }

    @Test("what waits for an entry is amended by itself")
    func amendedPending() throws {
        let list = try rig.exchange.placeOTOCO(ExchangeRig.parameters(otoco), rig.account)
        let text = "orderId=\(list.pending[0].id) newQty=0.5 newClientOrderId=\(list.pending[0].clientID)"
        _ = rig.exchange.takeEvents()
        _ = try rig.exchange.amend(ExchangeRig.parameters(text), rig.account)
        #expect(list.pending.map(\.quantity) == [ExchangeRig.quantity("0.5"), ExchangeRig.quantity("0.5")])
        #expect(list.first?.quantity == ExchangeRig.quantity("1"))
        // No id has changed: the list has nothing to tell.
        for case .user(_, let event) in rig.exchange.takeEvents() { #expect(event["e"]?.string != "listStatus") }
        rig.trade("99.4", "5", .sell)
        #expect(rig.balance(ExchangeRig.btc) == ["5.499", "0.5"])
    }

    @Test("an entry that fills at once lets the second order in with the same request")
    func entryAtOnce() throws {
        let text =
            "workingType=LIMIT workingSide=BUY workingTimeInForce=GTC workingPrice=100.01 workingQuantity=1 "
            + "pendingType=LIMIT pendingSide=SELL pendingTimeInForce=GTC pendingPrice=105 pendingQuantity=0.5"
        let list = try rig.exchange.placeOTO(ExchangeRig.parameters(text), rig.account)
        #expect(list.first?.status == .filled)
        #expect(list.pending[0].status == .new)
        #expect(rig.book(.sell).contains("0.5@105"))
        // Told as one that stands in the book, as an order that comes by itself is.
        let told = rig.told("executionReport").last
        #expect(told?["x"]?.string == "NEW")
        #expect(told?["X"]?.string == "NEW")
        #expect(told?["w"]?.text == "true")
        #expect(told?["W"]?.text == "\(rig.exchange.serverTime)")
    }

    @Test("what waits for an entry and trails begins to trail when its turn comes")
    func trailingPending() throws {
        let text =
            "workingType=LIMIT workingSide=BUY workingTimeInForce=GTC workingPrice=99.5 workingQuantity=1 "
            + "pendingType=STOP_LOSS pendingSide=SELL pendingTrailingDelta=100 pendingQuantity=0.5"
        let list = try rig.exchange.placeOTO(ExchangeRig.parameters(text), rig.account)
        #expect(list.pending[0].trailingTime == nil)
        rig.trade("99.4", "5", .sell)
        #expect(list.pending[0].trailingTime == rig.exchange.serverTime)
        // Not on the book while it waits.
        #expect(rig.told("executionReport").last?["w"]?.text == "false")
    }
}
