import Market
import Testing

@testable import Trading

@Suite struct OrderLedgerTests {
    @Test func `a fill before the acceptance implies it`() {
        var fixture = Fixture()
        fixture.candle(100)
        let order = fixture.place(fixture.request(.buy, 1_000)).submitted[0]
        fixture.fill(order.id, at: 100, 400)
        fixture.report(order.id, .accepted)
        #expect(fixture.kernel.order(order.id)?.state == .partiallyFilled)
        fixture.fill(order.id, at: 100)
        #expect(fixture.kernel.order(order.id)?.state == .filled)
        #expect(fixture.kernel.position(.manual, Fixture.btc).quantity.mantissa == 1_000)
    }

    @Test func `the same trade twice is counted once and told`() {
        var fixture = Fixture()
        fixture.candle(100)
        let order = fixture.place(fixture.request(.buy, 1_000)).submitted[0]
        fixture.fill(order.id, at: 100, 400)
        fixture.trade -= 1
        let effects = fixture.fill(order.id, at: 100, 400)
        #expect(effects.alerts.map(\.kind) == ["duplicate-fill"])
        #expect(fixture.kernel.position(.manual, Fixture.btc).quantity.mantissa == 400)
        #expect(fixture.kernel.account.cash == Money(whole: 9_960, .usdt))
    }

    @Test func `a fill after the cancel is booked and told, and the order stays cancelled`() {
        var fixture = Fixture()
        fixture.candle(100)
        let order = fixture.place(fixture.request(.buy, 1_000)).submitted[0]
        fixture.report(order.id, .canceled(.venue))
        let effects = fixture.fill(order.id, at: 100, 300)
        #expect(effects.alerts.map(\.kind) == ["late-fill"])
        #expect(fixture.kernel.order(order.id)?.state == .canceled)
        #expect(fixture.kernel.position(.manual, Fixture.btc).quantity.mantissa == 300)
    }

    @Test func `a report of an order nobody knows raises an alert and changes nothing`() {
        var fixture = Fixture()
        fixture.candle(100)
        let effects = fixture.report(OrderID(rawValue: 99), .accepted)
        #expect(effects.alerts.map(\.kind) == ["unknown-order"])
    }

    @Test func `every order of the same three reports ends in the same place`() {
        let kinds = ["accepted", "first", "second"]
        func permutations(_ rest: [String]) -> [[String]] {
            rest.isEmpty ? [[]] : rest.flatMap { head in permutations(rest.filter { $0 != head }).map { [head] + $0 } }
        }
        for sequence in permutations(kinds) {
            var fixture = Fixture()
            fixture.candle(100)
            let order = fixture.place(fixture.request(.buy, 1_000)).submitted[0]
            for kind in sequence {
                switch kind {
                case "accepted": fixture.report(order.id, .accepted)
                case "first":
                    fixture.trade = 0
                    fixture.fill(order.id, at: 100, 400)
                default:
                    fixture.trade = 1
                    fixture.fill(order.id, at: 110, 600)
                }
            }
            #expect(fixture.kernel.order(order.id)?.state == .filled)
            #expect(fixture.kernel.account.cash == Money(whole: 9_894, .usdt))
        }
    }

    @Test func `closed orders are forgotten from the oldest on and numbers go on`() {
        var ledger = OrderLedger(nextID: 5, closedKept: 10)
        let request = Fixture().request(.buy, 1_000)
        for _ in 0..<100 {
            var order = Order(
                id: ledger.nextID, owner: .manual, request: request, quote: .usdt, decisionPrice: .zero,
                createdAt: .epoch)
            order.state = order.id.rawValue == 7 ? .accepted : .canceled
            ledger.append(order)
        }
        #expect(ledger.nextID.rawValue == 105)
        #expect(ledger[OrderID(rawValue: 7)]?.state == .accepted)
        #expect(ledger[OrderID(rawValue: 8)] == nil && ledger[OrderID(rawValue: 104)] != nil)
        #expect(ledger.open == [OrderID(rawValue: 7)])
    }
}
