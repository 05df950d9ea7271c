import Market
import Testing

@testable import StandIn

@Suite("what holds whatever clients do")
struct BalancePropertyTests {
    /// Draws orders, cancels, amendments and market moves, and looks at every account after each.
    @Test("locked is what open orders need, nothing is ever negative, the book never crosses", arguments: 0..<8)
    func invariants(_ seed: UInt64) {
        let rig = ExchangeRig()
        rig.exchange.markets[0].filters.maximumAlgoOrders = 50
        var random = SeededGenerator(seed: seed)
        func price(_ spread: UInt64) -> String {
            let ticks = Int64(10_000) + Int64(random.next() % (2 * spread + 1)) - Int64(spread)
            return DecimalText.text(Int128(ticks), scale: 2)
        }
        func quantity() -> String { DecimalText.text(Int128(random.next() % 300 + 10), scale: 2) }
        var taken = 0
        for _ in 0..<400 {
            let account = random.next() % 2 == 0 ? rig.account : rig.other
            let side = random.next() % 2 == 0 ? "BUY" : "SELL"
            let size = quantity()
            switch random.next() % 13 {
            case 0: taken += attempt { _ = try rig.place("side=\(side) type=MARKET quantity=\(size)", account) }
            case 1, 2, 3:
                let modes = SelfTradePrevention.allCases
                let mode = modes[Int(random.next() % UInt64(modes.count))].rawValue
                let text =
                    "side=\(side) type=LIMIT timeInForce=GTC quantity=\(size) price=\(price(120)) "
                    + "selfTradePreventionMode=\(mode)"
                taken += attempt { _ = try rig.place(text, account) }
            case 4:
                let text = "side=\(side) type=STOP_LOSS quantity=\(size) stopPrice=\(price(150))"
                taken += attempt { _ = try rig.place(text, account) }
            case 5:
                let oco =
                    "side=\(side) quantity=\(size) aboveType=\(side == "BUY" ? "STOP_LOSS" : "LIMIT_MAKER") "
                    + "\(side == "BUY" ? "aboveStopPrice" : "abovePrice")=\(price(200)) "
                    + "belowType=\(side == "BUY" ? "LIMIT_MAKER" : "STOP_LOSS") "
                    + "\(side == "BUY" ? "belowPrice" : "belowStopPrice")=\(price(200))"
                taken += attempt { _ = try rig.exchange.placeOCO(ExchangeRig.parameters(oco), account) }
            case 6:
                if let order = account.orders.last(where: { $0.status.isOpen }) {
                    _ = rig.exchange.cancel(order, cancelID: "x")
                }
            case 7: rig.trade(price(100), quantity(), random.next() % 2 == 0 ? .buy : .sell)
            case 8:
                let text = "side=\(side) type=LIMIT timeInForce=GTC quantity=\(size) price=\(price(120))"
                taken += attempt {
                    let terms = try OrderReading(parameters: ExchangeRig.parameters(text)).routedTerms()
                    _ = try rig.exchange.placeChecked(terms, 0, account)
                }
            case 9, 10:
                let text =
                    "workingType=LIMIT workingSide=BUY workingTimeInForce=GTC workingPrice=\(price(120)) "
                    + "workingQuantity=\(size) pendingSide=SELL pendingAboveType=LIMIT_MAKER pendingAbovePrice=102.5 "
                    + "pendingBelowType=STOP_LOSS pendingBelowStopPrice=98"
                taken += attempt {
                    _ = try rig.exchange.placeOTOCO(ExchangeRig.parameters(text), account, isPaid: true)
                }
            default:
                let middle = Int64(10_000) + Int64(random.next() % 101) - 50
                func level(_ ticks: Int64) -> (String, String) {
                    (DecimalText.text(Int128(ticks), scale: 2), quantity())
                }
                rig.show(
                    bids: [level(middle - 1), level(middle - 4)], asks: [level(middle + 1), level(middle + 3)])
            }
            check(rig)
        }
        #expect(taken > 60)
    }

    private func attempt(_ body: () throws -> Void) -> Int { (try? body()) == nil ? 0 : 1 }

    private func check(_ rig: ExchangeRig) {
        for account in rig.exchange.accounts {
            for asset in [ExchangeRig.btc, Currency.usdt] {
                let locked = account.orders.filter { $0.status.isOpen && rig.exchange.paying($0) == asset }
                    .reduce(Int128(0)) { $0 + $1.locked }
                let kept = rig.exchange.lists.values.filter { $0.account == account.id && asset != .usdt }
                    .reduce(Int128(0)) { $0 + $1.reserved }
                #expect(account[asset].locked == locked + kept)
                #expect(account[asset].free >= 0)
            }
            for order in account.orders {
                #expect(order.executed + order.prevented <= order.quantity)
                #expect(order.status.isOpen || order.locked == 0)
                let filled = (account.trades + account.allocations).filter { $0.order == order.id }
                    .reduce(Quantity.zero) { $0 + $1.quantity }
                #expect(filled == order.executed)
            }
        }
        let book = rig.exchange.markets[0].book
        if let bid = book.bids.first, let ask = book.asks.first { #expect(bid.price < ask.price) }
        #expect(rig.exchange.working[0].allSatisfy { $0.status.isOpen })
    }
}
