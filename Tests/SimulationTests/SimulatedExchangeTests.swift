import Market
import Simulation
import Testing
import Trading

@Suite("The order of things")
struct SimulatedExchangeTests {
    private let one = Currency.usdt

    private func exchange(_ count: Int = 1) -> SimulatedExchange {
        let instruments = (0..<count).map { index in
            var instrument = FillTable.instrument()
            instrument.symbol = "ABC\(index)USDT"
            return instrument
        }
        let cash = Money(whole: 10_000, .usdt)
        return SimulatedExchange(
            kernel: Kernel(cash: cash, instruments: instruments, catalog: ScriptedStrategy.catalog),
            venue: SimulatedVenue(instruments: instruments, cash: cash, options: FillTable.free))
    }

    private func candle(_ minute: Int64, _ price: Int64) -> Candle {
        let price = Price(mantissa: price * 10_000)
        return Candle(
            openTime: FillTable.start.adding(seconds: minute * 60), open: price, high: price + Price(mantissa: 100),
            low: price, close: price, volume: Quantity(mantissa: 10_000))
    }

    private func market(_ side: Side, _ instrument: Int = 0) -> OrderRequest {
        OrderRequest(
            instrument: InstrumentID(instrument), side: side, type: .market, quantity: Quantity(mantissa: 10_000),
            purpose: .manual)
    }

    private func summary(_ output: [Effect]) -> [String] {
        output.compactMap { effect in
            switch effect {
            case .record(.fill(let record)):
                return "fill \(record.instrument.rawValue) @ \(record.fill.price.mantissa / 10_000)"
            case .record(.signal(let record)): return "signal \(record.instrument.rawValue)"
            default: return nil
            }
        }
    }

    /// A seed whose first signal, at candle 2, is to go long.
    private var seed: Int {
        (1...10_000).first {
            ScriptedStrategy.direction(seed: UInt64($0), candle: 1, goesShort: false) == nil
                && ScriptedStrategy.direction(seed: UInt64($0), candle: 2, goesShort: false) == .long
        } ?? 0
    }

    @Test("a decision on a close fills at the next open, and the kernel knows before that bar closes")
    func nextOpen() throws {
        let exchange = exchange()
        exchange.command(
            .register(
                try ScriptedStrategy.registration(id: 1, seed: seed, sizing: .quantity(Quantity(mantissa: 10_000))),
                history: []), at: FillTable.start)
        exchange.bar(InstrumentID(0), .oneMinute, candle(0, 100))
        exchange.bar(InstrumentID(0), .oneMinute, candle(1, 110))
        #expect(summary(exchange.takeOutput()) == ["signal 0"])
        exchange.trade(InstrumentID(0), candle(2, 120))
        #expect(summary(exchange.takeOutput()) == ["fill 0 @ 120"])
        #expect(exchange.kernel.position(StrategyID(rawValue: 1), InstrumentID(0)).quantity.mantissa == 10_000)
    }

    @Test("bars of one interval all trade before any of them closes")
    func batch() throws {
        let exchange = exchange(2)
        exchange.command(
            .register(
                try ScriptedStrategy.registration(id: 1, seed: seed, sizing: .quantity(Quantity(mantissa: 10_000))),
                history: []), at: FillTable.start)
        let first: [(id: Int, price: Int64)] = [(0, 100), (1, 50)]
        for (id, price) in first { exchange.trade(InstrumentID(id), candle(0, price)) }
        for (id, price) in first { exchange.candle(InstrumentID(id), .oneMinute, candle(0, price)) }
        exchange.command(.place(market(.buy, 1), owner: .manual), at: FillTable.start.adding(seconds: 60))
        exchange.command(.place(market(.buy, 0), owner: .manual), at: FillTable.start.adding(seconds: 60))
        _ = exchange.takeOutput()
        let second = first.map { (id: $0.id, price: $0.price + 1) }
        for (id, price) in second { exchange.trade(InstrumentID(id), candle(1, price)) }
        for (id, price) in second { exchange.candle(InstrumentID(id), .oneMinute, candle(1, price)) }
        #expect(summary(exchange.takeOutput()) == ["fill 0 @ 101", "fill 1 @ 51", "signal 0"])
    }

    @Test("where quotes drive the fills, a decision on a close fills at once and the candle fills nothing")
    func quotes() throws {
        let exchange = exchange()
        exchange.command(
            .register(
                try ScriptedStrategy.registration(id: 1, seed: seed, sizing: .quantity(Quantity(mantissa: 10_000))),
                history: []), at: FillTable.start)
        let quote = Quote(
            time: FillTable.start.adding(seconds: 119), bid: Price(mantissa: 990_000), ask: Price(mantissa: 1_010_000),
            bidSize: Quantity(mantissa: 10), askSize: Quantity(mantissa: 10))
        exchange.candle(InstrumentID(0), .oneMinute, candle(0, 100))
        exchange.quote(InstrumentID(0), quote)
        exchange.candle(InstrumentID(0), .oneMinute, candle(1, 100))
        #expect(summary(exchange.takeOutput()) == ["fill 0 @ 101", "signal 0"].reversed())
    }

    @Test("prints reach resting orders")
    func prints() throws {
        let exchange = exchange()
        var request = market(.buy)
        request.type = .limit
        request.limitPrice = Price(mantissa: 1_000_000)
        let quote = Quote(
            time: FillTable.start, bid: Price(mantissa: 1_000_000), ask: Price(mantissa: 1_010_000),
            bidSize: Quantity(mantissa: 10), askSize: Quantity(mantissa: 10))
        exchange.quote(InstrumentID(0), quote)
        exchange.command(.place(request, owner: .manual), at: FillTable.start)
        exchange.print(
            InstrumentID(0),
            TradePrint(
                time: FillTable.start.adding(seconds: 1), price: Price(mantissa: 999_900),
                quantity: Quantity(mantissa: 1), aggressor: .sell, id: 1))
        #expect(summary(exchange.takeOutput()) == ["fill 0 @ 100"])
    }

    @Test("an emergency stop cancels at the venue, and flatten closes at the next open")
    func emergency() throws {
        let exchange = exchange()
        exchange.bar(InstrumentID(0), .oneMinute, candle(0, 100))
        exchange.command(.place(market(.buy), owner: .manual), at: FillTable.start)
        exchange.bar(InstrumentID(0), .oneMinute, candle(1, 100))
        var stop = market(.sell)
        stop.type = .stop
        stop.triggerPrice = Price(mantissa: 900_000)
        stop.isReduceOnly = true
        exchange.command(.place(stop, owner: .manual), at: FillTable.start)
        exchange.command(.emergencyStop(keepsProtection: false), at: FillTable.start)
        #expect(exchange.venue.openOrderIDs.isEmpty)
        #expect(exchange.kernel.openOrderCount == 0)
        exchange.command(.flatten, at: FillTable.start)
        exchange.bar(InstrumentID(0), .oneMinute, candle(5, 90))
        #expect(exchange.venue.allHoldings.isEmpty)
        #expect(exchange.kernel.account.cash == Money(whole: 9_990, .usdt))
    }
}
