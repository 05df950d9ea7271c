import Market
import Testing

@testable import StandIn

/// The book of the rig: bids 1 at 99.99 and 2 at 99.98, asks 1 at 100.01 and 2 at 100.02.
@Suite("orders that take")
struct MarketableOrderTests {
    private let rig = ExchangeRig()

    @Test("a market order walks the book, pays the quote and receives the base less the commission")
    func marketBuy() throws {
        let order = try rig.place("side=BUY type=MARKET quantity=1.5")
        #expect(order.status == .filled)
        #expect(rig.reports() == ["NEW/NEW", "TRADE/PARTIALLY_FILLED 1@100.01", "TRADE/FILLED 0.5@100.02"])
        // 100.01 + 0.5 × 100.02 = 150.02
        #expect(rig.balance(.usdt) == ["9849.98", "0"])
        // 5 + 1.5 − 0.1 % of 1.5
        #expect(rig.balance(ExchangeRig.btc) == ["6.4985", "0"])
        #expect(rig.tape == ["1@100.01", "0.5@100.02"])
    }

    @Test("a market sale receives the quote less the commission")
    func marketSell() throws {
        try rig.place("side=SELL type=MARKET quantity=2")
        // 99.99 + 99.98 = 199.97, less 0.09999 and 0.09998
        #expect(rig.balance(.usdt) == ["10199.77003", "0"])
        #expect(rig.balance(ExchangeRig.btc) == ["3", "0"])
    }

    @Test("what was taken is missing in the public book until the market has filled it up")
    func takenLevels() throws {
        try rig.place("side=BUY type=MARKET quantity=1.5")
        #expect(rig.book(.sell) == ["1.5@100.02"])
        for _ in 0..<MarketLiquidity.refillTicks {
            rig.show(bids: [("99.99", "1")], asks: [("100.01", "1"), ("100.02", "2")])
        }
        #expect(rig.book(.sell) == ["1@100.01", "2@100.02"])
    }

    @Test("an amount to spend buys whole steps and is filled when the rest buys none")
    func quoteQuantity() throws {
        let order = try rig.place("side=BUY type=MARKET quoteOrderQty=150")
        // 100.01 for 1; of the other 49.99 at 100.02 0.4998 and no further step of 0.00001.
        #expect(order.executedText == "1.4998")
        #expect(order.status == .filled)
        #expect(rig.balance(.usdt) == ["9850.000004", "0"])
    }

    @Test("a market order that empties the book expires with what it got")
    func emptyBook() throws {
        let order = try rig.place("side=SELL type=MARKET quantity=4")
        #expect(order.executedText == "3")
        #expect(order.status == .expired)
        #expect(order.expiryReason == "INSUFFICIENT_LIQUIDITY")
        #expect(rig.balance(ExchangeRig.btc) == ["2", "0"])
    }

    @Test("a limit order that crosses takes up to its price and rests with what is left")
    func marketableLimit() throws {
        let order = try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=3 price=100.01")
        #expect(order.executedText == "1")
        #expect(order.status == .partiallyFilled)
        // 2 × 100.01 stay locked.
        #expect(rig.balance(.usdt) == ["9699.97", "200.02"])
        #expect(rig.book(.buy).first == "2@100.01")
    }

    @Test("a limit order pays what it takes at, and gets back what it had locked above it")
    func priceImprovement() throws {
        try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=1 price=101")
        #expect(rig.balance(.usdt) == ["9899.99", "0"])
    }

    @Test("an IOC order expires with what it could not get at once")
    func immediateOrCancel() throws {
        let order = try rig.place("side=BUY type=LIMIT timeInForce=IOC quantity=3 price=100.01")
        #expect(order.executedText == "1")
        #expect(order.status == .expired)
        #expect(order.expiryReason == "UNFILLED_IOC_QUANTITY_EXPIRED")
        #expect(rig.balance(.usdt) == ["9899.99", "0"])
    }

    @Test("a FOK order that can't be filled as a whole expires untouched")
    func fillOrKill() throws {
        let order = try rig.place("side=BUY type=LIMIT timeInForce=FOK quantity=3.1 price=100.02")
        #expect(order.executedText == "0")
        #expect(order.status == .expired)
        #expect(rig.tape.isEmpty)
        let whole = try rig.place("side=BUY type=LIMIT timeInForce=FOK quantity=3 price=100.02")
        #expect(whole.status == .filled)
    }

    @Test("an order that costs more than there is is refused and changes nothing")
    func insufficientBalance() {
        let message = "-2010 Account has insufficient balance for requested action."
        #expect(rig.refusal("side=BUY type=LIMIT timeInForce=GTC quantity=101 price=100") == message)
        #expect(rig.refusal("side=SELL type=MARKET quantity=5.1") == message)
        #expect(rig.balance(.usdt) == ["10000", "0"])
        #expect(rig.reports().isEmpty)
    }

    @Test("a post-only order that would take is refused")
    func limitMaker() throws {
        #expect(
            rig.refusal("side=BUY type=LIMIT_MAKER quantity=1 price=100.01")
                == "-2010 Order would immediately match and take.")
        #expect(try rig.place("side=BUY type=LIMIT_MAKER quantity=1 price=100").status == .new)
    }

    @Test("the first fill takes one unfilled order off the count, a maker's five")
    func orderCount() throws {
        let time = rig.exchange.serverTime
        rig.account.counter.add(10, at: time)
        try rig.place("side=BUY type=MARKET quantity=1.5")
        #expect(rig.account.counter.counts(at: rig.exchange.serverTime).day == 9)
        try rig.place("side=BUY type=LIMIT timeInForce=GTC quantity=1 price=99.99")
        rig.trade("99.9", "1", .sell)
        #expect(rig.account.counter.counts(at: rig.exchange.serverTime).day == 4)
    }
}
