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
}
