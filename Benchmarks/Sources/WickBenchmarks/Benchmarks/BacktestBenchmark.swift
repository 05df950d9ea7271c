import Backtesting
import CBaseline
import Market
import Rules

/// One strategy over a year of minutes in memory, through kernel and simulated venue.
enum BacktestBenchmark: Benchmark {
    static let name = "backtest"

    static func run() throws -> [Figure] {
        let series = SyntheticYear.walk()
        let count = Double(series.candles.count)
        var figures: [Figure] = []
        let plain = try crossoverInC(series, fast: 50, slow: 200)
        let configuration = try BacktestText(
            strategy: "sma-crossover", parameters: [.init("fast", "50"), .init("slow", "200")]
        ).configuration(for: series.instrument)
        let result = try Backtest.run(series, configuration)
        guard result.finalEquity.units == plain.equity, result.metrics.tradeCount == plain.trades else {
            throw BenchmarkError(
                description: "the run made \(result.metrics.tradeCount) trades and ends at \(result.finalEquity), the "
                    + "C loop made \(plain.trades) and ends at \(Money(units: plain.equity, .usdt))")
        }
        figures.append(
            Figure(
                name: "backtest sma-crossover 50/200, \(plain.trades) trades",
                value: try nanoseconds(series, configuration) / count, unit: "ns/candle",
                baseline: .c(plain.nanoseconds / count), limit: 60, aim: 30))
        figures.append(try ruled(series, result, twin: figures[0].value))
        for strategy in [
            "ema-crossover", "rsi-mean-reversion", "bollinger-breakout", "macd", "supertrend",
        ] {
            let configuration = try BacktestText(strategy: strategy).configuration(for: series.instrument)
            let trades = try Backtest.run(series, configuration).metrics.tradeCount
            figures.append(
                Figure(
                    name: "backtest \(strategy), \(trades) trades",
                    value: try nanoseconds(series, configuration) / count, unit: "ns/candle",
                    baseline: Baseline(name: "C sma loop", value: plain.nanoseconds / count)))
        }
        figures.append(try quietAllocations("a candle without an order", strategy: "sma-crossover"))
        figures.append(try quietAllocations("a candle without an order, as rules", strategy: crossover.className))
        return figures
    }

    /// The strategy of `Config/rules/sma-crossover.yaml`.
    private static let crossover = RuleText(
        name: "sma-crossover",
        parameters: [
            .integer("fast", "", default: 50, in: 1...4_999), .integer("slow", "", default: 200, in: 2...5_000),
        ],
        sections: [
            .init(.entry, "crosses_above(sma(close, fast), sma(close, slow))"),
            .init(.exit, "crosses_below(sma(close, fast), sma(close, slow))"),
        ])

    /// The same strategy written as rules, which has to trade the same.
    private static func ruled(
        _ series: CandleSeries, _ compiled: BacktestResult, twin: Double
    ) throws -> Figure {
        let configuration = try BacktestText(strategy: crossover.className).configuration(for: series.instrument)
        let result = try Backtest.run(series, configuration)
        guard result.trips == compiled.trips else {
            throw BenchmarkError(
                description: "the rules made \(result.metrics.tradeCount) trades, the compiled strategy "
                    + "\(compiled.metrics.tradeCount), and not the same")
        }
        return Figure(
            name: "backtest sma-crossover 50/200 as rules",
            value: try nanoseconds(series, configuration) / Double(series.candles.count), unit: "ns/candle",
            baseline: Baseline(name: "compiled twin", value: twin), limit: twin * 1.5)
    }

    private static func nanoseconds(_ series: CandleSeries, _ configuration: BacktestConfiguration) throws -> Double {
        try Measure.nanoseconds { Measure.keep(try Backtest.run(series, configuration).finalEquity) }
    }

    /// Allocations a candle that leads to no order: those of a long run less those of a short one, over the difference.
    private static func quietAllocations(_ what: String, strategy: String) throws -> Figure {
        func allocations(_ count: Int) throws -> Int {
            let series = SyntheticYear.valley(count)
            let configuration = try BacktestText(
                strategy: strategy, parameters: [.init("fast", "50"), .init("slow", "200")]
            ).configuration(for: series.instrument)
            _ = try Backtest.run(series, configuration)
            return try Measure.allocations { Measure.keep(try Backtest.run(series, configuration).finalEquity) }
        }
        let short = 50_000
        let long = 450_000
        let made = try allocations(long) - allocations(short)
        return Figure(
            name: "allocations of \(what)", value: Double(made) / Double(long - short),
            unit: "1/candle", baseline: Baseline(name: "one a candle", value: 1), limit: 0)
    }

    /// The plain C loop over the same candles.
    static func crossoverInC(
        _ series: CandleSeries, fast: Int, slow: Int
    ) throws -> (nanoseconds: Double, equity: Int128, trades: Int) {
        var candles: [baseline_candle] = []
        candles.reserveCapacity(series.candles.count)
        for candle in series.candles {
            candles.append(
                baseline_candle(
                    open_time: candle.openTime.nanoseconds, open: candle.open.mantissa, high: candle.high.mantissa,
                    low: candle.low.mantissa, close: candle.close.mantissa, volume: candle.volume.mantissa,
                    minutes: candle.minutes, flags: candle.flags.rawValue))
        }
        var result = baseline_result()
        let nanoseconds = Measure.nanoseconds {
            // A fresh column each time, as the run has one.
            let column = [UInt64](unsafeUninitializedCapacity: candles.count * 2) { buffer, filled in
                result = baseline_sma_crossover(
                    candles, candles.count, fast, slow, 10_000, 100_000, buffer.baseAddress)
                filled = candles.count * 2
            }
            Measure.keep(column.count)
        }
        return (nanoseconds, Int128(result.equity_high) << 64 | Int128(result.equity_low), result.trades)
    }
}
