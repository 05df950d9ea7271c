import Market
import Simulation
import Testing
import Trading

@Suite("Orders that spend an amount")
struct SpendTests {
    @Test("quantity = amount ÷ (price × (1 + fee)) rounded down to the step, and the venue says so before the fill")
    func allIn() throws {
        // 1000 ÷ (33.33 × 1.001) = 29.9730…, on a step of 0.001: 29.973
        var table = try FillTable(SimulatedVenueOptions(takerFee: .basisPoints(10)), cash: 1_000)
        table.place(try table.request(.buy, .market, "0", spend: "1000"))
        try table.run([(1, "33.33", "34", "33", "33.5", "9")])
        #expect(table.takeLines() == ["1 #1 amended quantity 29.973", "1 #1 filled 29.973 @ 33.33 taker"])
        // 29.973 × 33.33 = 999.00009, fee 0.99900009
        #expect(table.venue.cash.decimalText == "0.00090991")
    }

    @Test("the price that counts is the one after slippage")
    func slippage() throws {
        var options = SimulatedVenueOptions(takerFee: .basisPoints(10))
        options.slippage = .percent(1)
        var table = try FillTable(options, cash: 1_000)
        table.place(try table.request(.buy, .market, "0", spend: "1000"))
        try table.run([(1, "33", "34", "33", "33.5", "9")])
        // 1000 ÷ (33.33 × 1.001) again, because 33 × 1.01 = 33.33
        #expect(table.takeLines().last == "1 #1 filled 29.973 @ 33.33 taker")
    }

    @Test("an amount that divides exactly is spent to the last unit")
    func exactDivision() throws {
        var table = try FillTable(SimulatedVenueOptions(takerFee: .percent(25)), cash: 1_000)
        table.place(try table.request(.buy, .market, "0", spend: "1000"))
        try table.run([(1, "8", "9", "7", "8", "9")])
        #expect(table.takeLines().last == "1 #1 filled 100 @ 8 taker")
        #expect(table.venue.cash.isZero)
    }

    @Test("what buys less than the smallest order is refused as too small")
    func tooSmall() throws {
        var table = try FillTable(cash: 1_000)
        table.place(try table.request(.buy, .market, "0", spend: "0.09"))
        try table.run([(1, "100", "101", "99", "100", "9")])
        #expect(table.takeLines() == ["1 #1 rejected tooSmall"])

        // 12 of the quote currency pass the smallest notional of 10 at once, but what 12 buys at 30000 does not.
        table = try FillTable(instrument: FillTable.instrument(minimumNotional: 1_000_000_000, marketStep: "0.001"))
        table.place(try table.request(.buy, .market, "0", spend: "12"))
        try table.run([(1, "5010", "5011", "5009", "5010", "9")])
        // floor(12 ÷ 5010, 0.001) = 0.002, worth 10.02
        #expect(table.takeLines().last == "1 #1 filled 0.002 @ 5010 taker")
        table.place(try table.request(.buy, .market, "0", spend: "12"))
        try table.run([(2, "9990", "9991", "9989", "9990", "9")])
        // 0.001 of 9990 is 9.99
        #expect(table.takeLines() == ["2 #2 rejected tooSmall"])
    }

    @Test("an amount beyond the cash spends the cash")
    func clippedToCash() throws {
        var table = try FillTable(cash: 100)
        table.place(try table.request(.buy, .market, "0", spend: "250"))
        try table.run([(1, "10", "11", "9", "10", "9")])
        #expect(table.takeLines().last == "1 #1 filled 10 @ 10 taker")
    }

    @Test("an amount beyond the largest order buys the largest order")
    func largest() throws {
        var table = try FillTable(instrument: FillTable.instrument(maximumQuantity: "7.5"))
        table.place(try table.request(.buy, .market, "0", spend: "100"))
        try table.run([(1, "10", "11", "9", "10", "9")])
        #expect(table.takeLines().last == "1 #1 filled 7.5 @ 10 taker")
        var market = try FillTable(instrument: FillTable.instrument(maximumQuantity: "7.5", largestMarket: "2.5"))
        market.place(try market.request(.buy, .market, "0", spend: "100"))
        try market.run([(1, "10", "11", "9", "10", "9")])
        #expect(market.takeLines().last == "1 #1 filled 2.5 @ 10 taker")
    }

    @Test("filled over several bars, the rest is counted anew at each price and never exceeds the amount")
    func partial() throws {
        var options = FillTable.free
        options.participation = .percent(10)
        var table = try FillTable(options, cash: 5_000)
        table.place(try table.request(.buy, .market, "0", spend: "1000"))
        try table.run([
            (1, "10", "11", "9", "10", "400"),  // 100 wanted, 40 to be had: 600 left
            (2, "12", "13", "11", "12", "400"),  // 600 ÷ 12 = 50 wanted, 40 to be had: 120 left
            (5, "11", "12", "10", "11", "400"),  // 120 ÷ 11 = 10.909
        ])
        #expect(
            table.takeLines() == [
                "1 #1 amended quantity 100", "1 #1 filled 40 @ 10 taker",
                "2 #1 amended quantity 90", "2 #1 filled 40 @ 12 taker",
                "5 #1 filled 10 @ 11 taker",
            ])
        #expect(table.venue.cash == Money(whole: 4_010, .usdt))
    }

    @Test("the quantity is the largest on the step that the amount pays for, over wide ranges")
    func largestAffordable() {
        var random = SplitMix(seed: 11)
        for _ in 0..<20_000 {
            let priceScale = Int(random.next() % 9)
            let quantityScale = Int(random.next() % 9)
            let step = Int64(1 + random.next() % 1_000)
            let instrument = Instrument(
                venue: "T", symbol: "T", base: Currency("T")!, quote: .usdt, priceScale: priceScale,
                quantityScale: quantityScale,
                rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: step)))
            let price = Price(mantissa: Int64(1 + random.next() >> (30 + random.next() % 30)))
            let fee = Ratio(units: Int64(random.next() % 2_000_000))
            let amount = Money(units: Int128(random.next() >> 2) * Int128(1 + random.next() >> 44), .usdt)
            let quantity = instrument.quantity(
                spending: amount, at: price, feeRate: fee, step: Quantity(mantissa: step))
            guard quantity.mantissa < Int64.max - step else { continue }
            #expect(quantity.mantissa % step == 0 && quantity.mantissa >= 0)
            func cost(_ quantity: Quantity) -> Money {
                let notional = instrument.notional(price, quantity)
                return notional + notional.share(fee, rounding: .ceiling)
            }
            #expect(!(amount < cost(quantity)))
            #expect(amount < cost(quantity + Quantity(mantissa: step)))
        }
    }
}

/// A small generator for property tests.
struct SplitMix {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
    /// A number in the range.
    mutating func next(in range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }
}
