import Market
import Simulation
import Testing
import Trading

/// Entries of a person's at a venue that gives no more than a tenth of what trades.
@Suite("The stop of an entry that a bar fills in part")
struct BracketVolumeTests {
    private static let abc = InstrumentID(0)

    /// An exchange whose last price is 100.
    private func exchange(fee: Ratio = .zero, feeAsset: FeeAsset = .quote) -> SimulatedExchange {
        let instrument = FillTable.instrument()
        let cash = Money(whole: 10_000, .usdt)
        let options = SimulatedVenueOptions(
            makerFee: fee, takerFee: fee, feeAsset: feeAsset, participation: .percent(10))
        let exchange = SimulatedExchange(
            kernel: Kernel(
                cash: cash, instruments: [instrument], catalog: ScriptedStrategy.catalog,
                options: KernelOptions(recording: .everything)),
            venue: SimulatedVenue(instruments: [instrument], cash: cash, options: options))
        bar(exchange, 0, (100, 100, 100, 100), volume: 1)
        return exchange
    }

    private func bar(
        _ exchange: SimulatedExchange, _ minute: Int64, _ prices: (Int64, Int64, Int64, Int64), volume: Int64
    ) {
        func price(_ whole: Int64) -> Price { Price(mantissa: whole * 10_000) }
        exchange.bar(
            BracketVolumeTests.abc, .oneMinute,
            Candle(
                openTime: FillTable.start.adding(seconds: minute * 60), open: price(prices.0), high: price(prices.1),
                low: price(prices.2), close: price(prices.3), volume: Quantity(mantissa: volume * 10_000)))
    }

    /// A limit order to buy 10 at 95, its stop at 90 and its target at 110.
    private func place(_ exchange: SimulatedExchange) {
        exchange.command(
            .place(
                OrderRequest(
                    instrument: BracketVolumeTests.abc, side: .buy, type: .limit, quantity: Quantity(mantissa: 100_000),
                    limitPrice: Price(mantissa: 950_000), purpose: .manual,
                    protection: EntryProtection(stop: Price(mantissa: 900_000), target: Price(mantissa: 1_100_000))),
                owner: .manual), at: FillTable.start.adding(seconds: 60))
    }

    /// What has filled, a line each: `buy 4 @ 95`.
    private func fills(_ exchange: SimulatedExchange) -> [String] {
        exchange.takeOutput().compactMap { effect in
            guard case .record(.fill(let record)) = effect else { return nil }
            return
                "\(record.side.name) \(record.fill.quantity.mantissa / 10_000) @ \(record.fill.price.mantissa / 10_000)"
        }
    }

    private func open(_ exchange: SimulatedExchange) -> [String] {
        exchange.kernel.openOrders.map {
            "\($0.request.purpose.name) \($0.state.name) \($0.leaves.mantissa / 10_000)"
        }
    }

    private func held(_ exchange: SimulatedExchange) -> Int64 {
        exchange.kernel.position(.manual, BracketVolumeTests.abc).quantity.mantissa / 10_000
    }

    @Test("a bar that goes on to the stop has the part sold, and the entry buys no more")
    func through() {
        let exchange = exchange()
        place(exchange)
        // A tenth of 40 is 4: the entry gets them at 95, and nothing is left for the stop at 90.
        bar(exchange, 1, (100, 100, 88, 89), volume: 40)
        #expect(fills(exchange) == ["buy 4 @ 95"])
        #expect(open(exchange) == ["stop-loss triggered 4", "take-profit accepted 4"])
        bar(exchange, 2, (89, 89, 85, 86), volume: 40)
        #expect(fills(exchange) == ["sell 4 @ 89"])
        #expect(open(exchange).isEmpty && held(exchange) == 0)
        bar(exchange, 3, (86, 100, 80, 95), volume: 1_000)
        #expect(fills(exchange).isEmpty && held(exchange) == 0)
    }

    @Test("the stop grows from bar to bar, and closes what was bought once")
    func grows() {
        let exchange = exchange()
        place(exchange)
        bar(exchange, 1, (96, 96, 94, 95), volume: 40)
        #expect(open(exchange) == ["manual partially-filled 6", "stop-loss accepted 4", "take-profit initialized 10"])
        bar(exchange, 2, (96, 96, 94, 95), volume: 40)
        #expect(open(exchange) == ["manual partially-filled 2", "stop-loss accepted 8", "take-profit initialized 10"])
        bar(exchange, 3, (96, 96, 94, 95), volume: 40)
        #expect(open(exchange) == ["stop-loss accepted 10", "take-profit accepted 10"])
        #expect(fills(exchange) == ["buy 4 @ 95", "buy 4 @ 95", "buy 2 @ 95"])
        bar(exchange, 4, (95, 95, 85, 86), volume: 1_000)
        #expect(fills(exchange) == ["sell 10 @ 90"])
        #expect(open(exchange).isEmpty && held(exchange) == 0)
    }

    @Test("a stop that fills bar by bar sells no more than was bought", arguments: [5, 10, 20, 40, 90] as [Int64])
    func slowly(_ volume: Int64) {
        let exchange = exchange()
        place(exchange)
        bar(exchange, 1, (96, 96, 94, 95), volume: 30)
        bar(exchange, 2, (96, 96, 94, 95), volume: 30)
        for minute in 3..<30 as Range<Int64> { bar(exchange, minute, (92, 92, 80, 85), volume: volume) }
        var bought: Int64 = 0
        var sold: Int64 = 0
        for effect in exchange.takeOutput() {
            guard case .record(.fill(let record)) = effect else { continue }
            if record.side == .buy {
                bought += record.fill.quantity.mantissa
            } else {
                sold += record.fill.quantity.mantissa
            }
        }
        #expect(bought == sold && bought >= 60_000)
        #expect(open(exchange).isEmpty && held(exchange) == 0)
    }
}
