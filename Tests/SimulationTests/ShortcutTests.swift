import Market
import Simulation
import Testing
import Trading

@Suite("Bars that reach no order")
struct ShortcutTests {
    /// Routes effects and reports by hand and walks every bar, whether or not it can reach an order.
    private struct Plain {
        var kernel: Kernel
        var venue: SimulatedVenue
        var effects: [Effect] = []
        var output: [Effect] = []

        mutating func settle() {
            while true {
                let batch = effects
                effects = []
                for effect in batch {
                    switch effect {
                    case .submit(let order): venue.submit(order, at: kernel.now)
                    case .cancel(let order): venue.cancel(order, at: kernel.now)
                    case .amend(let order, let amendment): venue.amend(order, amendment, at: kernel.now)
                    case .query(let order): venue.query(order, at: kernel.now)
                    case .record, .alert: output.append(effect)
                    }
                }
                if !effects.isEmpty { continue }
                guard let report = venue.nextReport() else { return }
                kernel.step(.report(report), into: &effects)
            }
        }

        mutating func bar(_ candle: Candle) {
            if venue.beginBar(InstrumentID(0), candle) {
                while venue.advance() { settle() }
                venue.endBar(InstrumentID(0), close: candle.close)
            }
            kernel.step(.candle(InstrumentID(0), .oneMinute, candle), into: &effects)
            settle()
        }
    }

    @Test("passing them over changes nothing", arguments: 1...6)
    func shortcut(seed: Int) throws {
        let instrument = FillTable.instrument(kind: seed % 2 == 0 ? .spot : .linearPerpetual)
        let cash = Money(whole: 50_000, .usdt)
        let options = SimulatedVenueOptions(
            participation: seed % 3 == 0 ? .percent(5) : nil, path: BarPath.allCases[seed % BarPath.allCases.count])
        func kernel() -> Kernel {
            Kernel(cash: cash, instruments: [instrument], catalog: ScriptedStrategy.catalog)
        }
        func venue() -> SimulatedVenue {
            SimulatedVenue(instruments: [instrument], cash: cash, options: options)
        }
        let exchange = SimulatedExchange(kernel: kernel(), venue: venue())
        var plain = Plain(kernel: kernel(), venue: venue())
        let registration = try ScriptedStrategy.registration(
            id: 1, seed: seed, sizing: .equityShare(.percent(50)),
            protection: Protection(stopLoss: .percent(4), takeProfit: .percent(6), trailingStop: .percent(5)),
            shorts: seed % 2 == 1)
        exchange.command(.register(registration, history: []), at: FillTable.start)
        plain.kernel.step(.command(.register(registration, history: []), at: FillTable.start), into: &plain.effects)
        plain.settle()
        for candle in randomCandles(600, seed: UInt64(seed)) {
            exchange.bar(InstrumentID(0), .oneMinute, candle)
            plain.bar(candle)
        }
        let output = exchange.takeOutput().map { "\($0)" }
        #expect(output.count > 200)
        #expect(output == plain.output.map { "\($0)" })
    }

    /// An order that rests over a bar of 100…101, against a bar whose extreme just does or just doesn't reach it.
    struct Edge: Sendable, CustomTestStringConvertible {
        var side: Side
        var type: OrderType
        var price: Int64
        var missing: Int64
        var reaching: Int64
        var testDescription: String { "\(side.name) \(type.name)" }
    }

    static let edges = [
        Edge(side: .buy, type: .limit, price: 9_500, missing: 9_500, reaching: 9_499),
        Edge(side: .sell, type: .limit, price: 10_500, missing: 10_500, reaching: 10_501),
        Edge(side: .sell, type: .stop, price: 9_500, missing: 9_501, reaching: 9_500),
        Edge(side: .buy, type: .stop, price: 10_500, missing: 10_499, reaching: 10_500),
        Edge(side: .buy, type: .takeProfit, price: 9_500, missing: 9_501, reaching: 9_500),
        Edge(side: .sell, type: .takeProfit, price: 10_500, missing: 10_499, reaching: 10_500),
    ]

    @Test("a bar that reaches an order by a tick is not passed over", arguments: edges)
    func edge(_ edge: Edge) {
        let instrument = FillTable.instrument(kind: .linearPerpetual)
        let cash = Money(whole: 10_000, .usdt)
        let exchange = SimulatedExchange(
            kernel: Kernel(cash: cash, instruments: [instrument], catalog: ScriptedStrategy.catalog),
            venue: SimulatedVenue(instruments: [instrument], cash: cash, options: FillTable.free))
        func bar(_ minute: Int64, _ extreme: Int64) {
            let middle = Price(mantissa: 1_000_000)
            let extreme = Price(mantissa: extreme * 100)
            exchange.bar(
                InstrumentID(0), .oneMinute,
                Candle(
                    openTime: FillTable.start.adding(seconds: minute * 60), open: middle, high: max(middle, extreme),
                    low: min(middle, extreme), close: middle, volume: Quantity(mantissa: 10_000)))
        }
        bar(0, 10_100)
        let price = Price(mantissa: edge.price * 100)
        exchange.command(
            .place(
                OrderRequest(
                    instrument: InstrumentID(0), side: edge.side, type: edge.type, quantity: Quantity(mantissa: 10_000),
                    limitPrice: edge.type.hasLimit ? price : nil, triggerPrice: edge.type.hasTrigger ? price : nil,
                    purpose: .manual), owner: .manual), at: FillTable.start.adding(seconds: 60))
        bar(1, 10_100)
        bar(2, edge.missing)
        #expect(exchange.venue.openOrderIDs.count == 1)
        bar(3, edge.reaching)
        #expect(exchange.venue.openOrderIDs.isEmpty)
        #expect(exchange.venue.allHoldings.count == 1)
    }
}
