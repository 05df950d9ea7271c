import Market
import Testing

@testable import StandIn

@Suite("orders that wait for a price")
struct TriggerTests {
    private let rig = ExchangeRig()

    @Test("a stop sells at the market once the price has traded")
    func stopLoss() throws {
        let order = try rig.place("side=SELL type=STOP_LOSS quantity=1 stopPrice=99.5")
        #expect(rig.balance(ExchangeRig.btc) == ["4", "1"])
        rig.trade("99.6", "0.1", .sell)
        #expect(order.status == .new)
        #expect(order.workingTime == -1)
        rig.trade("99.5", "0.1", .sell)
        #expect(order.status == .filled)
        // It takes the market's best bid.
        #expect(rig.balance(.usdt) == ["10099.89001", "0"])
        #expect(rig.balance(ExchangeRig.btc) == ["4", "0"])
    }

    @Test("a stop-limit order rests at its limit once triggered")
    func stopLossLimit() throws {
        let order = try rig.place(
            "side=BUY type=STOP_LOSS_LIMIT timeInForce=GTC quantity=1 stopPrice=101 price=99.5")
        #expect(rig.book(.buy) == ["1@99.99", "2@99.98"])
        rig.trade("101", "0.1", .buy)
        #expect(order.status == .new)
        #expect(order.workingTime > 0)
        #expect(rig.book(.buy) == ["1@99.99", "2@99.98", "1@99.5"])
    }

    @Test("a take-profit sells above and buys below")
    func takeProfit() throws {
        let sale = try rig.place("side=SELL type=TAKE_PROFIT quantity=1 stopPrice=101")
        let buy = try rig.place("side=BUY type=TAKE_PROFIT quantity=1 stopPrice=99")
        rig.trade("101", "0.1", .buy)
        #expect(sale.status == .filled)
        #expect(buy.status == .new)
        rig.trade("99", "0.1", .sell)
        #expect(buy.status == .filled)
    }

    @Test(
        "an order that the last price triggers already is refused",
        arguments: [
            "side=SELL type=STOP_LOSS quantity=1 stopPrice=100", "side=BUY type=STOP_LOSS quantity=1 stopPrice=100",
            "side=SELL type=TAKE_PROFIT quantity=1 stopPrice=99", "side=BUY type=TAKE_PROFIT quantity=1 stopPrice=101",
        ])
    func immediate(_ text: String) {
        #expect(rig.refusal(text) == "-2010 Order would trigger immediately.")
    }

    @Test("a trailing stop follows the highest price and sells when it comes back by its delta")
    func trailingStop() throws {
        // 1 % below the highest.
        let order = try rig.place("side=SELL type=STOP_LOSS quantity=1 trailingDelta=100")
        rig.trade("102", "0.1", .buy)
        rig.trade("100.99", "0.1", .sell)
        #expect(order.status == .new)
        // 102 × 0.99 = 100.98
        rig.trade("100.98", "0.1", .sell)
        #expect(order.status == .filled)
    }

    @Test("a stop price besides a delta says from where on to trail")
    func activation() throws {
        let order = try rig.place("side=SELL type=TAKE_PROFIT quantity=1 stopPrice=103 trailingDelta=100")
        rig.trade("102", "0.1", .buy)
        rig.trade("100", "0.1", .sell)
        #expect(order.status == .new)
        rig.trade("104", "0.1", .buy)
        rig.trade("102.96", "0.1", .sell)
        #expect(order.status == .filled)
    }

    @Test("what one triggered order trades may trigger the next")
    func cascade() throws {
        let first = try rig.place("side=SELL type=STOP_LOSS quantity=3 stopPrice=99.5")
        let second = try rig.place("side=BUY type=STOP_LOSS quantity=0.1 stopPrice=101", rig.other)
        let third = try rig.place("side=SELL type=STOP_LOSS quantity=0.1 stopPrice=98", rig.other)
        rig.show(bids: [("98.5", "1"), ("97.5", "2")], asks: [("100.01", "1")])
        rig.trade("99.5", "0.1", .sell)
        #expect(first.status == .filled)
        #expect(second.status == .new)
        // The first traded down to 97.5; nothing is bid any more when the third comes.
        #expect(third.status == .expired)
        #expect(third.expiryReason == "INSUFFICIENT_LIQUIDITY")
    }
}
