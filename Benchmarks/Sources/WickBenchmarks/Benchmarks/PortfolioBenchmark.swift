import Backtesting
import Market
import Strategies
import Trading

/// Five symbols in one portfolio, a year of minutes each, on one thread.
enum PortfolioBenchmark: Benchmark {
    static let name = "portfolio"

    private static let symbols = ["AAAUSDT", "BBBUSDT", "CCCUSDT", "DDDUSDT", "EEEUSDT"]

    static func run() throws -> [Figure] {
        let series = symbols.enumerated().map { named($0.element, SyntheticYear.walk(seed: UInt64($0.offset + 1))) }
        var figures: [Figure] = []
        for (strategy, parameters) in [
            ("sma-crossover", [("fast", "50"), ("slow", "200")]), ("supertrend", []), ("macd", []),
        ] {
            let configuration = try portfolio(strategy, parameters)
            let trades = try PortfolioBacktest.run(series, configuration).account.metrics.tradeCount
            let single = try BacktestText(strategy: strategy, parameters: parameters.map { .init($0.0, $0.1) })
                .configuration(for: series[0].instrument)
            let alone = try Measure.nanoseconds(runs: 5) {
                for one in series { Measure.keep(try Backtest.run(one, single).finalEquity) }
            }
            let together = try Measure.nanoseconds(runs: 5) {
                Measure.keep(try PortfolioBacktest.run(series, configuration).account.finalEquity)
            }
            figures.append(
                Figure(
                    name: "portfolio of five symbols, a year of minutes, \(strategy), \(trades) trades",
                    value: together / 1e6, unit: "ms", baseline: Baseline(name: "five single runs", value: alone / 1e6),
                    limit: strategy == "sma-crossover" ? 250 : nil))
        }
        figures.append(try quietAllocations())
        return figures
    }

    private static func named(_ symbol: String, _ series: CandleSeries) -> CandleSeries {
        var series = series
        series.instrument.symbol = symbol
        return series
    }

    private static func portfolio(
        _ strategy: String, _ parameters: [(String, String)]
    ) throws -> PortfolioConfiguration {
        guard let strategyClass = StrategyCatalog.bundled.strategyClass(named: strategy) else {
            throw BenchmarkError(description: "there is no class \(strategy)")
        }
        let strategies = try symbols.enumerated().map { index, symbol in
            PortfolioStrategy(
                number: index + 1, name: symbol, strategy: strategy,
                parameters: try Parameters(
                    strategyClass.descriptor.parameters, overrides: parameters.map { (name: $0.0, text: $0.1) }),
                instrument: "\(SyntheticYear.instrument.venue):\(symbol)", capitalShare: .percent(20))
        }
        return PortfolioConfiguration(strategies: strategies, cash: Money(whole: 10_000, .usdt))
    }

    /// Allocations a candle that leads to no order: those of a long run less those of a short one, over the difference.
    private static func quietAllocations() throws -> Figure {
        var configuration = try portfolio("sma-crossover", [("fast", "50"), ("slow", "200")])
        configuration.keepsEquityCurve = false
        func allocations(_ count: Int) throws -> Int {
            let series = symbols.map { named($0, SyntheticYear.valley(count)) }
            _ = try PortfolioBacktest.run(series, configuration)
            return try Measure.allocations { Measure.keep(try PortfolioBacktest.run(series, configuration).account) }
        }
        let (short, long) = (50_000, 250_000)
        let made = try allocations(long) - allocations(short)
        return Figure(
            name: "allocations of a candle without an order in a portfolio",
            value: Double(made) / Double((long - short) * symbols.count), unit: "1/candle",
            baseline: Baseline(name: "one a candle", value: 1), limit: 0)
    }
}
