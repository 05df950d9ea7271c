import Market
import Testing

@Suite struct MoneyTests {
    private let bitcoin = Instrument(
        venue: "TEST", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt,
        rules: InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000)))

    @Test func `a notional is exact to the last digit`() throws {
        let notional = bitcoin.notional(try bitcoin.price("16541.77"), try bitcoin.quantity("0.60453"))
        // 16541.77 × 0.60453 by hand
        #expect(notional.decimalText == "9999.9962181")
        #expect(notional.currency == .usdt)
    }

    @Test func `the largest notional of 64-bit factors fits`() {
        let largest = bitcoin.notional(Price(mantissa: .max), Quantity(mantissa: .max))
        #expect(largest.units == Int128(Int64.max) * Int128(Int64.max))
    }

    @Test(arguments: [
        ("10000", "16541.77", "0.60453"), ("9999.9962181", "16541.77", "0.60453"), ("0.05", "16541.77", "0"),
    ])
    func `an amount buys what it affords, rounded down to the step`(cash: String, price: String, quantity: String)
        throws
    {
        let bought = bitcoin.quantity(for: try Money(cash, .usdt), at: try bitcoin.price(price))
        #expect(bought == (try bitcoin.quantity(quantity)))
    }

    @Test func `a share is rounded in the named direction`() {
        let amount = Money(units: 12_345_678_901, .usdt)
        #expect(amount.share(Ratio(units: 1), rounding: .down).units == 123)
        #expect(amount.share(Ratio(units: 1), rounding: .up).units == 124)
        #expect((-amount).share(Ratio(units: 1), rounding: .floor).units == -124)
        #expect(
            Money(whole: 1_000_000_000, .usdt).share(.basisPoints(10), rounding: .up) == Money(whole: 1_000_000, .usdt))
    }

    @Test func `money is shown rounded half to even`() throws {
        #expect(Money(units: 12_345_000_000_000_000, .usd).text(decimals: 3) == "1.234")
        #expect(try Money("-0.005", .usd).text(decimals: 2) == "0.00")
        #expect(try Money("10432.115", .usd).text(decimals: 2) == "10432.12")
    }

    @Test func `a currency keeps its code and refuses what is none`() {
        #expect(Currency("1000SATS")?.code == "1000SATS")
        #expect(Currency("") == nil)
        #expect(Currency("BTC USD") == nil)
        #expect(Currency("ABCDEFGHIJKLMNOPQ") == nil)
        #expect(Currency("USDT") != Currency("USD"))
    }

    @Test func `an instrument shows the decimals of its tick and step, and more where they are there`() throws {
        #expect(bitcoin.text(try bitcoin.price("64262")) == "64262.00")
        #expect(bitcoin.text(try bitcoin.price("64262.123")) == "64262.123")
        #expect(bitcoin.text(try bitcoin.quantity("0.25")) == "0.25000")
    }

    @Test func `an average price rounds as asked`() throws {
        let average = bitcoin.averagePrice(try Money("100", .usdt), try bitcoin.quantity("3"), rounding: .up)
        #expect(bitcoin.text(average) == "33.33333334")
    }
}
