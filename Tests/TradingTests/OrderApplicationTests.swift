import Market
import Testing

@testable import Trading

@Suite("Every report on every order")
struct OrderApplicationTests {
    static let quantity = Quantity(mantissa: 1_000)
    static let fill = Fill(
        tradeID: 77, price: Price(mantissa: 10_000), quantity: Quantity(mantissa: 300), quoteFee: .zero(.usdt),
        liquidity: .taker)

    static var kinds: [OrderReport.Kind] {
        var whole = fill
        whole.quantity = quantity
        var kinds: [OrderReport.Kind] = [
            .accepted, .rejected(.venue), .canceled(.venue), .expired(.notFilledAtOnce), .triggered, .filled(fill),
            .filled(whole), .cancelRejected, .amendRejected, .unanswered, .notFound, .cancelUnanswered,
            .amendUnanswered, .amended(OrderAmendment(quantity: Quantity(mantissa: 200))),
            .amended(OrderAmendment(quantity: Quantity(mantissa: 2_000), limitPrice: Price(mantissa: 9_950))),
        ]
        for state in OrderState.allCases {
            for filled in [0, 300, 1_000] as [Int64] {
                kinds.append(
                    .status(OrderStatus(state: state, quantity: quantity, filled: Quantity(mantissa: filled))))
            }
        }
        return kinds
    }

    /// Every order there can be: state, flags, nothing or a part filled.
    static func orders(_ state: OrderState) -> [Order] {
        (0..<64).map { bits in
            var order = Order(
                id: OrderID(rawValue: 1), owner: .manual,
                request: OrderRequest(
                    instrument: Fixture.btc, side: .buy, type: .limit, quantity: quantity,
                    limitPrice: Price(mantissa: 10_000), purpose: .manual),
                quote: .usdt, decisionPrice: .zero, createdAt: Fixture.start)
            order.state = state
            if !state.isClosed {
                order.isCancelPending = bits & 1 != 0
                order.isCancelUnanswered = bits & 3 == 3
                order.isAmendPending = bits & 4 != 0
                order.isAmendUnanswered = bits & 12 == 12
            }
            order.isAcknowledged = bits & 16 != 0
            if bits & 32 != 0 { order.filled = Quantity(mantissa: 100) }
            return order
        }
    }

    @Test("quantities only grow, closed states hold, fills are never dropped", arguments: OrderState.allCases)
    func everything(state: OrderState) throws {
        for before in Self.orders(state) {
            for kind in Self.kinds {
                for seconds in [-10, 10] as [Int64] {
                    var ledger = OrderLedger(nextID: 1, closedKept: 10)
                    ledger.append(before)
                    let report = OrderReport(
                        order: before.id, time: before.createdAt.adding(seconds: seconds), kind: kind)
                    let outcome = ledger.apply(report)
                    let after = try #require(ledger[before.id])
                    #expect(after.filled >= before.filled)
                    #expect(after.updatedAt >= before.updatedAt)
                    #expect(ledger.open == (after.state.isClosed ? [] : [before.id]))
                    if case .filled(let fill) = kind {
                        let isBooked = state != .denied && state != .initialized
                        #expect((after.filled == before.filled + fill.quantity) == isBooked)
                        if isBooked { #expect(outcome == .filled(isLate: state.isClosed)) }
                    } else {
                        #expect(after.filled == before.filled)
                    }
                    if state.isClosed && after.state != state { checkRevival(before, after, report, outcome) }
                    if after.state.isClosed && !state.isClosed {
                        #expect(!after.isCancelPending && !after.isAmendPending)
                        #expect(!after.isCancelUnanswered && !after.isAmendUnanswered)
                    }
                    // Once more changes nothing more.
                    _ = ledger.apply(report)
                    let again = try #require(ledger[before.id])
                    #expect(again.filled == after.filled && (again.state == after.state || after.state == .unknown))
                }
            }
        }
    }

    private func checkRevival(_ before: Order, _ after: Order, _ report: OrderReport, _ outcome: OrderLedger.Outcome) {
        switch report.kind {
        case .filled: #expect(after.state == .filled || before.state == .lost)
        case .status:
            #expect(before.state == .lost || outcome == .revived && report.time > before.updatedAt)
        default: #expect(before.state == .lost)
        }
    }

    @Test("the same trade with another price counts once, as it was reported first")
    func conflict() {
        var fixture = Fixture()
        fixture.candle(100)
        let order = fixture.place(fixture.request(.buy, 1_000)).submitted[0]
        fixture.fill(order.id, at: 100, 400)
        fixture.trade -= 1
        let effects = fixture.fill(order.id, at: 90, 400)
        #expect(effects.alerts.map(\.kind) == ["conflicting-fill"])
        #expect(fixture.kernel.account.cash == Money(whole: 9_960, .usdt))
    }

    @Test("an older change of terms that comes late is not taken over")
    func lateTerms() {
        var fixture = Fixture()
        fixture.candle(100)
        let id = fixture.place(fixture.request(.buy, 1_000, type: .limit, limit: 90)).submitted[0].id
        let time = fixture.now
        func amended(_ quantity: Int64, _ seconds: Int64) -> Event {
            .report(
                OrderReport(
                    order: id, time: time.adding(seconds: seconds),
                    kind: .amended(OrderAmendment(quantity: Quantity(mantissa: quantity)))))
        }
        fixture.step(amended(500, 2))
        fixture.step(amended(800, 1))
        #expect(fixture.kernel.order(id)?.request.quantity == Quantity(mantissa: 500))
    }

    @Test("fills that come before the quantity they complete fill the order")
    func quantityAfterFills() {
        var fixture = Fixture()
        fixture.candle(100)
        var request = fixture.request(.buy, 0)
        request.spend = Money(whole: 100, .usdt)
        let id = fixture.place(request).submitted[0].id
        fixture.fill(id, at: 100, 1_000)
        #expect(fixture.kernel.order(id)?.state == .partiallyFilled)
        fixture.report(id, .amended(OrderAmendment(quantity: Quantity(mantissa: 1_000))))
        #expect(fixture.kernel.order(id)?.state == .filled)
    }

    @Test("a listing, an acceptance and a fill end alike in every order, doubled or not", arguments: [400, 1_000])
    func permutations(filled: Int64) {
        func permutations(_ rest: [Int]) -> [[Int]] {
            rest.isEmpty ? [[]] : rest.flatMap { head in permutations(rest.filter { $0 != head }).map { [head] + $0 } }
        }
        for sequence in permutations([0, 1, 2]) {
            for isDoubled in [false, true] {
                var fixture = Fixture()
                fixture.candle(100)
                let id = fixture.place(fixture.request(.buy, 1_000)).submitted[0].id
                let time = fixture.now
                for step in isDoubled ? sequence + sequence : sequence {
                    let kind: OrderReport.Kind
                    switch step {
                    case 0: kind = .status(OrderStatus(state: .accepted, quantity: Quantity(mantissa: 1_000)))
                    case 1: kind = .accepted
                    default:
                        kind = .filled(
                            Fill(
                                tradeID: 5, price: Price(mantissa: 10_000), quantity: Quantity(mantissa: filled),
                                quoteFee: .zero(.usdt), liquidity: .taker))
                    }
                    let moment = time.adding(seconds: step == 2 ? 2 : 1)
                    fixture.step(.report(OrderReport(order: id, time: moment, kind: kind)))
                }
                #expect(fixture.kernel.order(id)?.state == (filled == 1_000 ? .filled : .partiallyFilled))
                #expect(fixture.kernel.position(.manual, Fixture.btc).quantity.mantissa == filled)
            }
        }
    }
}
