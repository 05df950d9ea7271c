import Market
import Simulation
import Strategies
import Testing
import Trading

@testable import Backtesting

/// Candles taken many at a time come to the same as candles taken one by one.
@Suite struct StretchTests {
    static let strategies = StrategyCatalog.bundled.classes.map { $0.descriptor.name }

    /// What may follow an entry, from nothing to all of it.
    static let protections: [Protection] = [
        .none, Protection(stopLoss: .percent(2), takeProfit: .percent(4)),
        Protection(stopLoss: .percent(2), trailingStop: .percent(3)),
    ]

    /// A limit that nothing ever reaches, but has to be looked at on every candle.
    static let unreachable = RiskLimits(maximumDrawdown: .percent(100_000))

    @Test(arguments: strategies, protections)
    func aRunInStretchesIsTheRunCandleByCandle(_ strategy: String, _ protection: Protection) throws {
        for seed in [31, 32, 33] as [UInt64] {
            let series = walk(6_000, seed: seed, instrument: seed == 33 ? perpetual : freeInstrument)
            var configuration = try configuration(strategy, slippage: "2", instrument: series.instrument)
            configuration.protection = protection
            let stretched = try Backtest.run(series, configuration)
            configuration.accountLimits = StretchTests.unreachable
            let single = try Backtest.run(series, configuration)
            #expect(!single.trips.isEmpty)
            #expect(stretched.json(seconds: 0) == single.json(seconds: 0))
            #expect(stretched.trips == single.trips)
            #expect(stretched.equity?.json == single.equity?.json)
            #expect(stretched.daily.returns == single.daily.returns)
        }
    }

    @Test(arguments: strategies)
    func theKernelStandsWhereSingleCandlesWouldHaveLeftIt(_ strategy: String) throws {
        let series = walk(5_000, seed: 41)
        let stretched = try exchange(strategy, series)
        let single = try exchange(strategy, series)
        var numbers = SeededNumbers(state: 5)
        var index = 0
        var most = 0
        while index < series.candles.count {
            let end = min(index + Int.random(in: 1...700, using: &numbers), series.candles.count)
            var taken = stretched.bars(
                stretch: series.candles.span.extracting(index..<end), of: InstrumentID(0), series.timeframe)
            most = max(most, taken)
            if taken == 0 {
                stretched.bar(InstrumentID(0), series.timeframe, series.candles[index])
                taken = 1
            }
            for candle in series.candles[index..<index + taken] {
                single.bar(InstrumentID(0), series.timeframe, candle)
            }
            index += taken
            #expect(stretched.kernel.account == single.kernel.account)
            #expect(stretched.kernel.now == single.kernel.now)
            #expect(stretched.kernel.positions == single.kernel.positions)
            #expect(stretched.kernel.openOrders == single.kernel.openOrders)
        }
        #expect(most > 10)
        #expect(single.kernel.account.fees.units > 0)
    }

    @Test func aStrategyThatFailsFailsAtItsCandle() throws {
        var configuration = try configuration("sma-crossover")
        configuration.strategy = "failing"
        configuration.parameters = try Parameters([], overrides: [])
        configuration.catalog = StrategyCatalog([Failing.self])
        let series = walk(2_000, seed: 51)
        let stretched = try Backtest.run(series, configuration)
        configuration.accountLimits = StretchTests.unreachable
        let single = try Backtest.run(series, configuration)
        #expect(stretched.trips.count == 1)
        #expect(stretched.trips == single.trips)
        #expect(stretched.equity?.json == single.equity?.json)
    }

    private var perpetual: Instrument {
        var instrument = freeInstrument
        instrument.kind = .linearPerpetual
        return instrument
    }

    private func exchange(_ strategy: String, _ series: CandleSeries) throws -> SimulatedExchange {
        let configuration = try configuration(strategy)
        let exchange = SimulatedExchange(
            kernel: Kernel(
                cash: configuration.cash, instruments: [series.instrument], catalog: configuration.catalog,
                limits: .none),
            venue: SimulatedVenue(
                instruments: [series.instrument], cash: configuration.cash, options: configuration.venue))
        let registration = StrategyRegistration(
            id: StrategyID(rawValue: 1), name: strategy, className: strategy, parameters: configuration.parameters,
            instrument: InstrumentID(0), timeframe: series.timeframe, sizing: configuration.sizing,
            protection: configuration.protection, limits: configuration.strategyLimits)
        exchange.command(.register(registration, history: []), at: series.candles[0].openTime)
        return exchange
    }
}

/// Buys on its fiftieth candle and fails on its hundredth.
private final class Failing: CompiledStrategy {
    static let descriptor = StrategyDescriptor(name: "failing", summary: "Fails.", parameters: [])
    let warmUp = 1

    init(_ parameters: Parameters) {}

    func onCandle(_ bar: Bar, _ context: StrategyContext) throws(StrategyFault) -> Signal? {
        if context.candleCount == 100 { throw StrategyFault("as it should") }
        return context.candleCount == 50 ? Signal(.long, rule: "the fiftieth", values: []) : nil
    }
}
