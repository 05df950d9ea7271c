import Market
import Simulation
import Testing
import Trading

@Suite("Market orders in bars")
struct MarketOrderTests {
    @Test("a market order decided at a close fills at the next bar's open, not at the close")
    func nextOpen() throws {
        var table = try FillTable()
        try table.run([(0, "100", "101", "99", "100.5", "9")])
        table.place(try table.request(.buy, .market, "2"))
        try table.run([(1, "103.21", "104", "103", "103.5", "9")])
        #expect(table.takeLines() == ["1 #1 filled 2 @ 103.21 taker"])
    }

    @Test("across missing bars it waits for the first print after the gap")
    func missingBars() throws {
        var table = try FillTable()
        try table.run([(0, "100", "101", "99", "100.5", "9")])
        table.place(try table.request(.buy, .market, "2"))
        try table.run([(80, "92", "93", "91", "92", "9")])
        #expect(table.takeLines() == ["80 #1 filled 2 @ 92 taker"])
    }

    @Test("a bar in which nothing traded fills nothing, unless the options say so")
    func emptyBars() throws {
        var table = try FillTable()
        table.place(try table.request(.buy, .market, "2"))
        try table.run([(1, "100", "100", "100", "100", "0"), (2, "97", "98", "96", "97", "5")])
        #expect(table.takeLines() == ["2 #1 filled 2 @ 97 taker"])

        var lenient = FillTable.free
        lenient.fillsInEmptyBars = true
        table = try FillTable(lenient)
        table.place(try table.request(.buy, .market, "2"))
        try table.run([(1, "100", "100", "100", "100", "0")])
        #expect(table.takeLines() == ["1 #1 filled 2 @ 100 taker"])
    }

    @Test("data without volumes still fills as long as prices move")
    func withoutVolume() throws {
        var table = try FillTable()
        table.place(try table.request(.buy, .market, "2"))
        try table.run([(1, "100", "100.01", "100", "100", "0")])
        #expect(table.takeLines() == ["1 #1 filled 2 @ 100 taker"])
    }

    @Test("slippage moves a fill against the trader, rounded against them at the price's own scale")
    func slippage() throws {
        var options = FillTable.free
        options.slippage = Ratio(units: 12_345)  // 1.2345 basis points
        var table = try FillTable(options, holding: "5")
        table.place(try table.request(.buy, .market, "1"))
        table.place(try table.request(.sell, .market, "1"))
        try table.run([(1, "100.01", "101", "99", "100", "9")])
        // 100.01 × 1.00012345 = 100.02234… up; 100.01 × 0.99987655 = 99.99765… down
        #expect(table.takeLines() == ["1 #1 filled 1 @ 100.0224 taker", "1 #2 filled 1 @ 99.9976 taker"])
    }

    @Test("the taker fee is charged in quote on both sides and rounded up")
    func fees() throws {
        var table = try FillTable(SimulatedVenueOptions(takerFee: .basisPoints(10)), cash: 1_000)
        table.place(try table.request(.buy, .market, "3"))
        try table.run([(1, "100", "101", "99", "100", "9")])
        #expect(table.venue.cash.decimalText == "699.7")
        table.place(try table.request(.sell, .market, "3"))
        try table.run([(2, "90", "91", "89", "90", "9")])
        #expect(table.venue.cash.decimalText == "969.43")
        #expect(table.venue.allHoldings.isEmpty)
    }

    @Test("a fee below the last unit of money costs that unit, on both sides")
    func feeRounding() throws {
        let instrument = Instrument(
            venue: "TEST", symbol: "ABCUSDT", base: Currency("ABC")!, quote: .usdt,
            rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))
        var venue = SimulatedVenue(
            instruments: [instrument], cash: Money(units: 100, .usdt),
            options: SimulatedVenueOptions(takerFee: Ratio(units: 1)))
        for (number, side) in [Side.buy, .sell].enumerated() {
            let request = OrderRequest(
                instrument: InstrumentID(0), side: side, type: .market, quantity: Quantity(mantissa: 1),
                purpose: .manual)
            venue.submit(
                Order(
                    id: OrderID(rawValue: UInt64(number + 1)), owner: .manual, request: request, quote: .usdt,
                    decisionPrice: .zero, createdAt: FillTable.start), at: FillTable.start)
            let price = Price(mantissa: 7)
            let candle = Candle(
                openTime: FillTable.start.adding(seconds: Int64(number) * 60), open: price, high: price, low: price,
                close: price, volume: Quantity(mantissa: 1))
            let isWalked = venue.beginBar(InstrumentID(0), candle)
            #expect(isWalked)
            while venue.advance() {}
            venue.endBar(InstrumentID(0), close: price)
        }
        // 7 units bought and sold, each with a fee of 0.00000007 units.
        #expect(venue.cash.units == 98)
    }

    @Test("a fee charged in what was bought leaves less than was ordered, rounded against the trader")
    func receivedFee() throws {
        var table = try FillTable(SimulatedVenueOptions(takerFee: .basisPoints(10), feeAsset: .received), cash: 1_000)
        table.place(try table.request(.buy, .market, "1.001"))
        try table.run([(1, "100", "101", "99", "100", "9")])
        #expect(table.venue.cash.decimalText == "899.9")
        // 0.1 % of 1.001 is 0.001001, which the quantity's four decimals round up to 0.0011.
        #expect(table.venue.holding(FillTable.owner, InstrumentID(0)) == (try table.instrument.quantity("0.9999")))
    }

    @Test("a buy that the cash does not cover is refused whole, and the account is untouched")
    func insufficient() throws {
        var table = try FillTable(SimulatedVenueOptions(takerFee: .basisPoints(10)), cash: 100)
        table.place(try table.request(.buy, .market, "1"))
        try table.run([(1, "100", "101", "99", "100", "9")])
        #expect(table.takeLines() == ["1 #1 rejected insufficientBalance"])
        #expect(table.venue.cash == Money(whole: 100, .usdt))
    }

    @Test("a spot sale of more than is held is refused")
    func oversold() throws {
        var table = try FillTable(holding: "1")
        table.place(try table.request(.sell, .market, "1.001"))
        try table.run([(1, "100", "101", "99", "100", "9")])
        #expect(table.takeLines() == ["1 #1 rejected insufficientBalance"])
    }

    @Test("a contract may be sold short, and buying it back is never held back")
    func shorts() throws {
        var table = try FillTable(instrument: FillTable.instrument(kind: .linearPerpetual), cash: 100)
        table.place(try table.request(.sell, .market, "1"))
        try table.run([(1, "100", "101", "99", "100", "9")])
        #expect(table.venue.cash == Money(whole: 200, .usdt))
        table.place(try table.request(.buy, .market, "1"))
        try table.run([(2, "250", "251", "249", "250", "9")])
        #expect(
            table.takeLines() == ["1 #1 filled 1 @ 100 taker", "2 #2 filled 1 @ 250 taker"])
        #expect(table.venue.cash == Money(whole: -50, .usdt))
    }
}
