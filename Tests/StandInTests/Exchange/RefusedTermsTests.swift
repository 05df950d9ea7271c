import Market
import Testing

@testable import StandIn

@Suite("orders that are refused for what they ask")
struct RefusedTermsTests {
    private let rig = ExchangeRig()
    private let limit = "side=BUY type=LIMIT timeInForce=GTC quantity=1 price=99 "

    @Test(
        "orders that follow the best price are not taken, and their mistakes are told by the venue's codes",
        arguments: [
            ("pegPriceType=PRIMARY_PEG", "-2010 Pegged orders are not supported for this symbol."),
            (
                "pegPriceType=MARKET_PEG pegOffsetType=PRICE_LEVEL pegOffsetValue=2",
                "-2010 Pegged orders are not supported for this symbol."
            ),
            ("pegPriceType=BEST", "-1210 Invalid pegPriceType."),
            ("pegOffsetValue=2", "-1210 Invalid pegPriceType."),
            ("pegPriceType=PRIMARY_PEG pegOffsetType=TICKS pegOffsetValue=2", "-1211 Invalid pegOffsetType."),
            (
                "pegPriceType=PRIMARY_PEG pegOffsetType=PRICE_LEVEL pegOffsetValue=101",
                "-1130 Data sent for parameter 'pegOffsetValue' is not valid."
            ),
        ])
    func pegged(_ text: String, _ refusal: String) {
        #expect(rig.refusal(limit + text) == refusal)
    }

    @Test("the visible part of an order is no more than the whole")
    func iceberg() {
        #expect(rig.refusal(limit + "icebergQty=1.1") == "-2010 IcebergQty exceeds QTY.")
        #expect(rig.refusal(limit + "icebergQty=1") == nil)
    }

    @Test("an amount is not spent where there is nothing to buy")
    func nothingThere() {
        rig.show(bids: [("99.99", "1")], asks: [])
        #expect(
            rig.refusal("side=BUY type=MARKET quoteOrderQty=100")
                == "-2010 Order book liquidity is less than symbol minimum quantity.")
        rig.exchange.markets[0].filters.minimumQuantity = ExchangeRig.quantity("0.5")
        rig.show(bids: [("99.99", "1")], asks: [("100", "0.4")])
        #expect(
            rig.refusal("side=BUY type=MARKET quoteOrderQty=100")
                == "-2010 Order book liquidity is less than LOT_SIZE filter minimum quantity.")
        #expect(rig.refusal("side=SELL type=MARKET quoteOrderQty=50") == nil)
    }

    @Test("other restrictions of a cancel than the two there are are refused")
    func restrictions() throws {
        let order = try rig.place(limit)
        let error = #expect(throws: APIError.self) {
            try rig.exchange.cancellable(
                ExchangeRig.parameters("orderId=\(order.id) cancelRestrictions=ONLY_OLD"), rig.account)
        }
        #expect(error?.code == -1_145)
    }
}
