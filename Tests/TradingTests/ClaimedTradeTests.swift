import Market
import Testing

@testable import Trading

/// Trades of orders that other clients of the account placed and a person has claimed.
@Suite("Trades of claimed orders") struct ClaimedTradeTests {
    private func trade(_ id: UInt64, _ side: Side, _ price: Int64, _ quantity: Int64, fee: Int64 = 0) -> ClaimedTrade {
        ClaimedTrade(
            instrument: Fixture.btc, side: side,
            fill: Fill(
                tradeID: id, price: Price(mantissa: price * 100), quantity: Quantity(mantissa: quantity),
                quoteFee: Money(whole: fee, .usdt), liquidity: .maker))
    }

    @Test("they are the person's, at the venue's price and fees: 1 bought at 100 for a fee of 1, 0.4 sold at 110")
    func booked() {
        var fixture = Fixture()
        fixture.candle(100)
        fixture.step(.command(.bookClaimed(trade(7, .buy, 100, 1_000, fee: 1)), at: fixture.now))
        fixture.step(.command(.bookClaimed(trade(8, .sell, 110, 400)), at: fixture.now))
        #expect(fixture.kernel.position(.manual, Fixture.btc).quantity.mantissa == 600)
        // 10,000 − 100 − 1 + 44
        #expect(fixture.kernel.account.cash == Money(whole: 9_943, .usdt))
        #expect(fixture.kernel.account.fees == Money(whole: 1, .usdt))
        #expect(fixture.kernel.openOrders.isEmpty && fixture.kernel.inquiries.isEmpty)
    }

    @Test("one that is told again is booked once, and nothing of it is ever sent")
    func once() {
        var fixture = Fixture()
        fixture.candle(100)
        let first = fixture.step(.command(.bookClaimed(trade(7, .buy, 100, 1_000)), at: fixture.now))
        let again = fixture.step(.command(.bookClaimed(trade(7, .buy, 100, 1_000)), at: fixture.now))
        #expect(first.submitted.isEmpty && first.records.count > 1 && again.isEmpty)
        #expect(fixture.kernel.position(.manual, Fixture.btc).quantity.mantissa == 1_000)
    }

    @Test("both sides of a trade between two of them are booked, each once")
    func bothSides() {
        var fixture = Fixture()
        fixture.candle(100)
        for side in [Side.buy, .sell, .buy, .sell] {
            fixture.step(.command(.bookClaimed(trade(7, side, 100, 1_000)), at: fixture.now))
        }
        #expect(fixture.kernel.position(.manual, Fixture.btc).isFlat)
        #expect(fixture.kernel.account.cash == Money(whole: 10_000, .usdt))
    }

    @Test("one without a quantity, a price or an instrument is refused")
    func refused() {
        var fixture = Fixture()
        fixture.candle(100)
        var elsewhere = trade(7, .buy, 100, 1_000)
        elsewhere.instrument = InstrumentID(9)
        for trade in [trade(7, .buy, 0, 1_000), trade(7, .buy, 100, 0), elsewhere] {
            let effects = fixture.step(.command(.bookClaimed(trade), at: fixture.now))
            #expect(
                effects.records.contains {
                    if case .refusal = $0 { return true }
                    return false
                })
        }
        #expect(fixture.kernel.position(.manual, Fixture.btc).isFlat)
    }
}
