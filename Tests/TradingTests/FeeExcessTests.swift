import Bytes
import Market
import Testing

@testable import Trading

/// Fees in the base asset that the venue counts with more decimals than the instrument has.
@Suite("Fees below the smallest quantity") struct FeeExcessTests {
    private static let link = Instrument(
        venue: "TEST", symbol: "LINKUSDT", base: Currency("LINK")!, quote: .usdt, priceScale: 12, quantityScale: 4,
        rules: InstrumentRules(tick: Price(mantissa: 10_000_000_000), quantityStep: Quantity(mantissa: 100)))
    private static let price = Price(mantissa: 15_000_000_000_000)
    /// Units of 10^−16 in one of quantity.
    private static let unit: Int128 = 1_000_000_000_000

    private func kernel() -> Kernel {
        let kernel = Kernel(
            cash: Money(whole: 1_000_000, .usdt), instruments: [FeeExcessTests.link],
            catalog: StrategyCatalog([ScriptedStrategy.self]), options: KernelOptions(locksHoldings: true))
        var effects: [Effect] = []
        kernel.step(
            .quote(
                InstrumentID(0),
                Quote(
                    time: Fixture.start, bid: FeeExcessTests.price, ask: FeeExcessTests.price,
                    bidSize: Quantity(mantissa: 1), askSize: Quantity(mantissa: 1))), into: &effects)
        return kernel
    }

    /// Buys a quantity; the venue takes 0.1 % of it, exact to 8 decimals.
    ///
    /// - Returns: the fee that the venue took, in units of 10^−16.
    private func buy(_ quantity: Int64, _ number: UInt64, _ kernel: Kernel) -> Int128 {
        let now = Fixture.start.adding(seconds: Int64(number))
        var effects: [Effect] = []
        let request = OrderRequest(
            instrument: InstrumentID(0), side: .buy, type: .market, quantity: Quantity(mantissa: quantity),
            purpose: .manual)
        kernel.step(.command(.place(request, owner: .manual), at: now), into: &effects)
        let fee = Int128(quantity) * FeeExcessTests.unit / 1_000
        let rounded = (fee + FeeExcessTests.unit - 1) / FeeExcessTests.unit
        let fill = Fill(
            tradeID: number, price: FeeExcessTests.price, quantity: Quantity(mantissa: quantity),
            quoteFee: .zero(.usdt), baseFee: Quantity(mantissa: Int64(rounded)),
            feeExcess: Int64(rounded * FeeExcessTests.unit - fee), liquidity: .taker)
        // What is told twice counts once.
        for _ in 0..<2 {
            kernel.take(OrderReport(order: effects.submitted[0].id, time: now, kind: .filled(fill)), into: &effects)
        }
        return fee
    }

    @Test("after a thousand executions the books are within one unit of the venue's count, and nothing is blocked")
    func manyFees() {
        let kernel = kernel()
        var there: Int128 = 0
        for number in 1...1_000 as ClosedRange<UInt64> {
            let quantity = Int64(number % 7 + 1) * 1_200 + 300
            there += Int128(quantity) * FeeExcessTests.unit - buy(quantity, number, kernel)
            let ours = Int128(kernel.position(.manual, InstrumentID(0)).quantity.mantissa) * FeeExcessTests.unit
            #expect(ours <= there && there - ours < FeeExcessTests.unit, "after \(number)")
        }
        var ours = kernel.reconciliationView
        ours.now = Fixture.start.adding(seconds: 10_000)
        let positions = [
            VenuePosition(
                instrument: InstrumentID(0), quantity: Quantity(mantissa: Int64(there / FeeExcessTests.unit)))
        ]
        let view = VenueView(time: ours.now, openOrders: [], fills: [], positions: positions, cash: nil)
        #expect(Reconciliation.compare(ours: ours, venue: view).isEmpty)
        // A step that is really missing is found all the same.
        var missing = view
        missing.positions = [
            VenuePosition(
                instrument: InstrumentID(0), quantity: positions[0].quantity - FeeExcessTests.link.rules.quantityStep)
        ]
        #expect(!Reconciliation.compare(ours: ours, venue: missing).isEmpty)
        let booked = kernel.reconciliationView.orders.reduce(Quantity.zero) { $0 + $1.baseFees }
        let bought = kernel.reconciliationView.orders.reduce(Quantity.zero) { $0 + $1.filled }
        #expect(kernel.position(.manual, InstrumentID(0)).quantity == bought - booked)
    }

    @Test("what was taken too much so far survives an image")
    func image() throws {
        let kernel = kernel()
        _ = buy(1_500, 1, kernel)
        var writer = ByteWriter()
        kernel.image.write(to: &writer)
        var reader = ByteReader(writer.bytes)
        let other = try Kernel(KernelImage(from: &reader), catalog: StrategyCatalog([ScriptedStrategy.self]))
        for kernel in [kernel, other] { _ = buy(1_500, 2, kernel) }
        // Two fees of 1.5 units: 2 at first, and 1 then.
        #expect(other.position(.manual, InstrumentID(0)).quantity.mantissa == 2_997)
        #expect(kernel.position(.manual, InstrumentID(0)) == other.position(.manual, InstrumentID(0)))
    }

    @Test("a fill whose fee is exact is the bytes it was before, and one whose fee is not comes back")
    func coding() throws {
        var fill = Fill(
            tradeID: 7, price: Price(mantissa: 5), quantity: Quantity(mantissa: 3), quoteFee: .zero(.usdt),
            baseFee: Quantity(mantissa: 1), liquidity: .taker)
        var exact = ByteWriter()
        exact.value(fill)
        #expect(exact.bytes.last == 1)
        fill.feeExcess = 999_999_999_999
        var writer = ByteWriter()
        writer.value(fill)
        #expect(writer.bytes.dropLast(writer.bytes.count - exact.bytes.count + 1) == exact.bytes.dropLast())
        var reader = ByteReader(writer.bytes)
        #expect(try reader.value(Fill.self) == fill)
        try reader.expectEnd()
        var damaged = ByteReader(exact.bytes.dropLast() + [0x42])
        #expect(throws: MalformedBytes.self) { try damaged.value(Fill.self) }
    }
}
