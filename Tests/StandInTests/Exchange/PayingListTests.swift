import Market
import Testing

@testable import StandIn

@Suite("lists whose first order pays for the others")
struct PayingListTests {
    private let rig = ExchangeRig()
    private let entry = "workingType=LIMIT workingSide=BUY workingTimeInForce=GTC workingPrice=99.5 workingQuantity=1 "
    private let target = "pendingType=LIMIT pendingSide=SELL pendingTimeInForce=GTC pendingPrice=105"
    private let pair =
        "pendingSide=SELL pendingAboveType=LIMIT_MAKER pendingAbovePrice=103 pendingBelowType=STOP_LOSS "
        + "pendingBelowStopPrice=98"

    private func opo(_ text: String) throws -> OrderList {
        try rig.exchange.placeOTO(ExchangeRig.parameters(text), rig.account, isPaid: true)
    }

    /// Takes everything out of the account that could pay a commission.
    private func emptyBase() {
        rig.exchange.deposit(-rig.account[ExchangeRig.btc].free, ExchangeRig.btc, rig.account)
    }

    @Test("what comes in stays locked until the first order has filled, and is then what the later one sells")
    func pays() throws {
        let list = try opo(entry + target)
        #expect(rig.balance(.usdt) == ["9900.5", "99.5"])
        #expect(rig.balance(ExchangeRig.btc) == ["5", "0"])
        rig.trade("99.4", "0.4", .sell)
        // A thousandth of 0.4 comes out of the five that were there.
        #expect(rig.balance(ExchangeRig.btc) == ["4.9996", "0.4"])
        #expect(list.pending[0].status == .pendingNew)
        rig.trade("99.4", "5", .sell)
        #expect(list.pending[0].status == .new)
        #expect(list.pending[0].quantity == ExchangeRig.quantity("1"))
        #expect(rig.balance(ExchangeRig.btc) == ["4.999", "1"])
        rig.trade("106", "5", .buy)
        #expect(list.isDone)
        // 105 less a thousandth.
        #expect(rig.balance(.usdt) == ["10005.395", "0"])
        #expect(rig.balance(ExchangeRig.btc) == ["4.999", "0"])
    }

    @Test("where nothing else is there to pay it, the commission comes out of what came in, and steps are rounded down")
    func ownCommission() throws {
        emptyBase()
        let list = try opo(
            "workingType=LIMIT workingSide=BUY workingTimeInForce=GTC workingPrice=99.5 workingQuantity=0.12345 "
                + target)
        rig.trade("99.4", "5", .sell)
        // 0.12345 − 0.00012345 = 0.12332655, of which 0.12332 can be sold.
        #expect(list.pending[0].quantity == ExchangeRig.quantity("0.12332"))
        #expect(rig.balance(ExchangeRig.btc) == ["0.00000655", "0.12332"])
    }

    @Test("of a pair both sell the same, which is locked once")
    func payingPair() throws {
        let list = try rig.exchange.placeOTOCO(ExchangeRig.parameters(entry + pair), rig.account, isPaid: true)
        rig.trade("99.4", "5", .sell)
        #expect(list.pending.map(\.status) == [.new, .new])
        #expect(list.pending.map(\.quantity) == [ExchangeRig.quantity("1"), ExchangeRig.quantity("1")])
        #expect(rig.balance(ExchangeRig.btc) == ["4.999", "1"])
        rig.trade("104", "5", .buy)
        #expect(list.pending.map(\.status) == [.filled, .expired])
        #expect(list.isDone)
        #expect(rig.balance(ExchangeRig.btc) == ["4.999", "0"])
    }

    @Test("cancelling a half-filled first order gives back what it kept")
    func cancelled() throws {
        let list = try opo(entry + target)
        rig.trade("99.4", "0.4", .sell)
        _ = rig.exchange.cancel(try #require(list.first), cancelID: "x")
        #expect(list.orders.map(\.status) == [.canceled, .canceled])
        #expect(rig.balance(ExchangeRig.btc) == ["5.3996", "0"])
        #expect(rig.balance(.usdt) == ["9960.2", "0"])
    }

    @Test("cancelling the one that waits does so, too")
    func cancelledPending() throws {
        let list = try opo(entry + target)
        rig.trade("99.4", "0.4", .sell)
        _ = rig.exchange.cancel(list.pending[0], cancelID: "x")
        #expect(list.isDone)
        #expect(rig.balance(ExchangeRig.btc) == ["5.3996", "0"])
    }

    @Test("what was bought but may not be sold so is free, and the order that should have ends")
    func tooSmall() throws {
        emptyBase()
        rig.exchange.markets[0].filters.minimumNotional = 0
        let list = try opo(
            "workingType=LIMIT workingSide=BUY workingTimeInForce=GTC workingPrice=99.5 workingQuantity=0.00001 "
                + target)
        rig.trade("99.4", "5", .sell)
        #expect(list.pending[0].status == .expired)
        #expect(list.pending[0].expiryReason == "REJECTED")
        // 0.00001 less a thousandth is less than a step.
        #expect(rig.balance(ExchangeRig.btc) == ["0.00000999", "0"])
        #expect(list.isDone)
    }

    @Test("an entry that fills at once lets the later order in with the same request")
    func atOnce() throws {
        let list = try opo(
            "workingType=LIMIT workingSide=BUY workingTimeInForce=GTC workingPrice=100.01 workingQuantity=1 " + target)
        #expect(list.first?.status == .filled)
        #expect(rig.book(.sell).contains("1@105"))
    }

    @Test("the waiting order's quantity can't be amended")
    func amended() throws {
        let list = try opo(entry + target)
        let error = #expect(throws: APIError.self) {
            try rig.exchange.amend(ExchangeRig.parameters("orderId=\(list.pending[0].id) newQty=0.1"), rig.account)
        }
        #expect(error?.code == -2_038)
    }

    @Test(
        "only purchases pay, only for sales, and quantities of sales are not given",
        arguments: [
            (
                "workingType=LIMIT workingSide=SELL workingTimeInForce=GTC workingPrice=101 workingQuantity=1 "
                    + "pendingType=LIMIT pendingSide=BUY pendingTimeInForce=GTC pendingPrice=99", -1_222
            ),
            (
                "workingType=LIMIT workingSide=BUY workingTimeInForce=GTC workingPrice=99 workingQuantity=1 "
                    + "pendingType=LIMIT pendingSide=BUY pendingTimeInForce=GTC pendingPrice=98", -1_223
            ),
            (
                "workingType=LIMIT workingSide=BUY workingTimeInForce=GTC workingPrice=99 workingQuantity=1 "
                    + "pendingType=LIMIT pendingSide=SELL pendingTimeInForce=GTC pendingPrice=105 pendingQuantity=1",
                -1_225
            ),
        ])
    func refused(_ text: String, _ code: Int) {
        let error = #expect(throws: APIError.self) { try opo(text) }
        #expect(error?.code == code)
    }

    @Test("nor are those of a pair", arguments: ["pendingQuantity=1", "pendingAboveQuantity=1"])
    func refusedPair(_ text: String) {
        let error = #expect(throws: APIError.self) {
            try rig.exchange.placeOTOCO(ExchangeRig.parameters(entry + pair + " " + text), rig.account, isPaid: true)
        }
        #expect(error?.code == -1_225)
    }

    @Test("no quantity is answered of what waits for one")
    func undecided() throws {
        let list = try opo(entry + target)
        func quantities() -> [String?] {
            list.orders.map { rig.exchange.placed($0, "RESULT")["origQty"]?.string }
        }
        #expect(quantities() == ["1.00000000", nil])
        rig.trade("99.4", "5", .sell)
        #expect(quantities() == ["1.00000000", "1.00000000"])
    }

    @Test("a symbol may not have them")
    func notAllowed() {
        rig.exchange.markets[0].allowsPaying = false
        let error = #expect(throws: APIError.self) { try opo(entry + target) }
        #expect(error?.code == -2_010)
    }
}
