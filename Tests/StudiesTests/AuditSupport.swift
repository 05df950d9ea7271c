import Backtesting
import Market
import Simulation
import Strategies
import Studies
import Synchronization
import Trading

/// A strategy made of a rule: where to be, given the candle's number, the candle and what the rule keeps.
final class RuleOfThumb: Strategy {
    private let rule: (Int, Bar) -> Direction?
    private var last = Direction.flat

    init(_ rule: @escaping (Int, Bar) -> Direction?) { self.rule = rule }

    var warmUp: Int { 1 }

    func onCandle(_ bar: Bar, _ context: StrategyContext) throws(StrategyFault) -> Signal? {
        guard let direction = rule(context.candleCount - 1, bar), direction != last else { return nil }
        last = direction
        return Signal(direction, rule: "thumb", values: [])
    }
}

/// A catalogue of one class that makes its strategies by `make`.
func thumb(_ make: @escaping @Sendable () -> (Int, Bar) -> Direction?) -> StrategyCatalog {
    let descriptor = StrategyDescriptor(name: "thumb", summary: "", parameters: [])
    return StrategyCatalog([]) { name in
        guard name == "thumb" else { return nil }
        return StrategyClass(descriptor) { (_: Parameters) throws(ParameterErrors) -> any Strategy in
            RuleOfThumb(make())
        }
    }
}

/// Candles of the synthetic market, which has fat tails, gusts of volatility and volume of its own.
func marketLike(_ days: Int, _ timeframe: String = "15m", seed: UInt64 = 5) -> CandleSeries {
    let start = Timestamp(iso8601: "2024-02-01T00:00:00Z")!
    let market = SyntheticMarket(seed: seed, start: start)
    let candles = market.candles(InstrumentID(0), from: start, to: start.adding(seconds: Int64(days) * 86_400))
    return CandleSeries(instrument: market.instruments[0], timeframe: .oneMinute, candles: candles)
        .resampled(to: Timeframe(timeframe)!)
}

/// A run of a class over candles, all in.
func run(
    _ strategy: String, _ series: CandleSeries, _ parameters: Parameters = Parameters([]),
    _ catalog: StrategyCatalog = .bundled
) -> BacktestConfiguration {
    BacktestConfiguration(
        strategy: strategy, parameters: parameters,
        cash: Money(units: 10_000 * Money.unitsPerWhole, series.instrument.quote),
        quantityStep: Quantity(mantissa: 1), catalog: catalog)
}

/// An audit that is less thorough than usual, as tests are run without optimisation.
var quickly: AuditOptions {
    var options = AuditOptions()
    options.cuts = 24
    options.noises = 16
    return options
}

/// The audit of a strategy that is made from candles.
func audit(
    _ series: CandleSeries, _ options: AuditOptions = quickly,
    _ catalog: @escaping @Sendable (CandleSeries) -> StrategyCatalog
) throws -> AuditReport {
    let subject = AuditSubject(run("thumb", series), over: series, catalog: catalog)
    guard let report = try StrategyAudit(subject, options: options).run(workers: 2, isCancelled: { false }) else {
        preconditionFailure("nobody cancels")
    }
    return report
}

/// The closes of a series.
func closes(_ series: CandleSeries) -> [Double] { series.candles.map { Double($0.close.mantissa) } }
