import Market
import Testing

@testable import Trading

@Suite struct PositionBookingTests {
    private func fill(_ price: Int64, _ quantity: Int64, fee: String = "0", baseFee: Int64 = 0) -> Fill {
        Fill(
            tradeID: 1, price: Price(mantissa: price * 100), quantity: Quantity(mantissa: quantity),
            quoteFee: try! Money(fee, .usdt), baseFee: Quantity(mantissa: baseFee), liquidity: .taker)
    }

    private func booked(_ fills: [(Side, Fill)]) -> (position: Position, trips: [RoundTrip]) {
        var position = Position(owner: .manual, instrument: Fixture.btc, quote: .usdt)
        var trips: [RoundTrip] = []
        for (side, fill) in fills {
            if let trip = position.book(
                fill, side: side, at: Fixture.start, purpose: .manual, Fixture.bitcoin)
            {
                trips.append(trip)
            }
        }
        return (position, trips)
    }

    @Test func `adding averages the price`() {
        let (position, trips) = booked([(.buy, fill(100, 1_000)), (.buy, fill(200, 3_000))])
        #expect(position.quantity.mantissa == 4_000)
        #expect(position.averagePrice(Fixture.bitcoin) == Price(mantissa: 17_500))
        #expect(position.cost == Money(whole: 700, .usdt) && trips.isEmpty)
    }

    @Test func `reducing realises its part and keeps the average`() {
        let (position, _) = booked([(.buy, fill(100, 4_000)), (.sell, fill(150, 1_000, fee: "0.15"))])
        #expect(position.realized == Money(whole: 50, .usdt))
        #expect(position.averagePrice(Fixture.bitcoin) == Price(mantissa: 10_000))
        #expect(position.fees.decimalText == "0.15")
        #expect(position.unrealized(at: Price(mantissa: 9_000), Fixture.bitcoin) == Money(whole: -30, .usdt))
    }

    @Test func `closing ends the round trip with fees of both sides`() {
        let (position, trips) = booked([
            (.buy, fill(100, 2_000, fee: "0.2")), (.sell, fill(90, 500, fee: "0.045")),
            (.sell, fill(120, 1_500, fee: "0.18")),
        ])
        #expect(position.isFlat && position.cost.isZero && trips.count == 1)
        // 45 + 180 − 200 − 0.425
        #expect(trips[0].profit.decimalText == "24.575")
        #expect(trips[0].quantity.mantissa == 2_000 && !trips[0].isOpen)
    }

    @Test func `a sale that pays its fee in the asset takes it from what is left`() {
        // 4 bought at 100; 1 sold at 150, for 0.004 of the asset: 2.996 left, at 100 each.
        let (position, trips) = booked([(.buy, fill(100, 4_000)), (.sell, fill(150, 1_000, baseFee: 4))])
        #expect(position.quantity.mantissa == 2_996 && trips.isEmpty)
        #expect(position.cost.decimalText == "299.6")
        // 50 of the sale, and 0.004 × 50 for what the fee took at 150; the fee is 0.004 × 150.
        #expect(position.realized.decimalText == "50.2" && position.fees.decimalText == "0.6")
    }

    @Test func `a sale of everything takes no fee from what is not there`() {
        let (position, trips) = booked([(.buy, fill(100, 1_000)), (.sell, fill(150, 1_000, baseFee: 4))])
        #expect(position.isFlat && position.cost.isZero)
        // 50 − 0.004 × 150: the fee was paid from elsewhere, and is one all the same.
        #expect(trips.map(\.profit.decimalText) == ["49.4"])
    }

    @Test func `a fill through zero closes and opens, fees in proportion`() {
        let (position, trips) = booked([(.buy, fill(100, 1_000)), (.sell, fill(110, 3_000, fee: "0.33"))])
        #expect(position.quantity.mantissa == -2_000)
        #expect(position.cost == Money(whole: -220, .usdt))
        #expect(position.realized == Money(whole: 10, .usdt))
        #expect(trips.count == 1 && trips[0].profit.decimalText == "9.89")
        #expect(position.trip.side == .sell && position.trip.fees.decimalText == "0.22")
    }

    @Test func `a short gains when the price falls`() {
        let (position, trips) = booked([(.sell, fill(100, 1_000)), (.buy, fill(80, 1_000))])
        #expect(position.realized == Money(whole: 20, .usdt))
        #expect(trips.first?.profit == Money(whole: 20, .usdt))
    }

    @Test func `a fee in the base asset makes the holding smaller and is worth its price`() {
        let (position, _) = booked([(.buy, fill(100, 1_000, baseFee: 1))])
        #expect(position.quantity.mantissa == 999)
        #expect(position.cost.decimalText == "99.9" && position.fees.decimalText == "0.1")
    }

    @Test func `money is conserved through any sequence of fills`() {
        var state: UInt64 = 11
        func next(_ bound: UInt64) -> Int64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64((state >> 33) % bound)
        }
        for _ in 0..<50 {
            var position = Position(owner: .manual, instrument: Fixture.btc, quote: .usdt)
            var cash = Money.zero(.usdt)
            for _ in 0..<60 {
                let side: Side = next(2) == 0 ? .buy : .sell
                let execution = fill(next(900) + 1, (next(40) + 1) * 10, fee: "0.0\(next(9))")
                let notional = Fixture.bitcoin.notional(execution.price, execution.quantity)
                cash -= execution.quoteFee
                if side == .buy { cash -= notional } else { cash += notional }
                _ = position.book(execution, side: side, at: Fixture.start, purpose: .manual, Fixture.bitcoin)
                let mark = Price(mantissa: 12_345)
                let equity = cash + Fixture.bitcoin.notional(mark, position.quantity)
                let results = position.realized + position.unrealized(at: mark, Fixture.bitcoin) - position.fees
                #expect(equity == results)
            }
        }
    }
}
