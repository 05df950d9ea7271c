import Backtesting
import Market
import Strategies
import Synchronization
import Testing
import Trading

/// An instrument without rules but steps of 10^−8.
func free(_ symbol: String, kind: InstrumentKind = .spot, quote: Currency = .usdt) -> Instrument {
    Instrument(
        venue: "TEST", symbol: symbol, kind: kind, base: Currency("COIN")!, quote: quote,
        rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))
}

/// A strategy of a portfolio from written parameters.
func trader(
    _ number: Int, _ strategy: String, on symbol: String, _ parameters: [(String, String)] = [],
    timeframe: Timeframe? = nil, share: Int = 100, catalog: StrategyCatalog = .bundled
) throws -> PortfolioStrategy {
    let strategyClass = try #require(catalog.strategyClass(named: strategy))
    return PortfolioStrategy(
        number: number, name: "\(strategy) \(number)", strategy: strategy,
        parameters: try Parameters(strategyClass.descriptor.parameters, overrides: parameters),
        instrument: "TEST:\(symbol)", timeframe: timeframe, capitalShare: .percent(share))
}

/// A portfolio that begins with 10,000.
func portfolio(_ strategies: [PortfolioStrategy], catalog: StrategyCatalog = .bundled) -> PortfolioConfiguration {
    PortfolioConfiguration(strategies: strategies, cash: Money(whole: 10_000, .usdt), catalog: catalog)
}

extension CandleSeries {
    /// The candles that have closed by an instant.
    func cut(at end: Timestamp) -> CandleSeries {
        CandleSeries(
            instrument: instrument, timeframe: timeframe, candles: candles.filter { $0.closeTime(timeframe) <= end })
    }

    /// The series without its first candles.
    func dropping(_ count: Int) -> CandleSeries {
        CandleSeries(instrument: instrument, timeframe: timeframe, candles: Array(candles.dropFirst(count)))
    }
}

/// Goes long at the close of its candle number `long` and flat at that of number `flat`.
final class TimedStrategy: CompiledStrategy {
    static let descriptor = StrategyDescriptor(
        name: "timed", summary: "Acts at numbered candles.",
        parameters: [
            .integer("long", "When it buys.", default: 1, in: 1...1_000_000),
            .integer("flat", "When it sells.", default: 1_000_000, in: 1...1_000_000),
        ])

    let warmUp = 0
    private let long: Int
    private let flat: Int

    init(_ parameters: Parameters) {
        long = parameters.integer("long")
        flat = parameters.integer("flat")
    }

    func onCandle(_ bar: Bar, _ context: StrategyContext) -> Signal? {
        if context.candleCount == long { return Signal(.long, rule: "long", values: []) }
        return context.candleCount == flat ? Signal(.flat, rule: "flat", values: []) : nil
    }

    static let catalog = StrategyCatalog([TimedStrategy.self])
}

/// The candles that strategies of the class `watcher:NAME` were shown, in their order, with NAME.
final class Watch: Sendable {
    struct Seen: Equatable {
        var name: String
        var bar: Bar
    }

    private let bars = Mutex<[Seen]>([])

    var seen: [Seen] { bars.withLock { $0 } }

    private final class Watcher: Strategy {
        let warmUp = 0
        private let name: String
        private let watch: Watch

        init(_ name: String, _ watch: Watch) {
            self.name = name
            self.watch = watch
        }

        func onCandle(_ bar: Bar, _ context: StrategyContext) -> Signal? {
            watch.bars.withLock { $0.append(Seen(name: name, bar: bar)) }
            return nil
        }
    }

    var catalog: StrategyCatalog {
        StrategyCatalog([]) { name in
            let descriptor = StrategyDescriptor(name: name, summary: "", parameters: [])
            return StrategyClass(descriptor) { _ throws(ParameterErrors) in Watcher(name, self) }
        }
    }
}
