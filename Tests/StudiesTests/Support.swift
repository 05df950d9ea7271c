import Backtesting
import Market
import Optimization
import Storage
import Strategies
import Studies
import Trading

/// A seeded source of numbers (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

let instrument = Instrument(
    venue: "TEST", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt,
    rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))

/// A random walk of hours in cents from 2023-01-01 on.
func walk(_ count: Int, seed: UInt64 = 1) -> CandleSeries {
    var numbers = SeededNumbers(state: seed)
    var close: Int64 = 2_500_000
    let candles = (0..<count).map { index in
        let open = close
        close = max(open + Int64.random(in: -20_000...20_000, using: &numbers), 100_000)
        func price(_ cents: Int64) -> Price { Price(mantissa: cents * 1_000_000) }
        return Candle(
            openTime: Timestamp(seconds: 1_672_531_200 + Int64(index) * 3_600), open: price(open),
            high: price(max(open, close) + 500), low: price(min(open, close) - 500), close: price(close),
            volume: Quantity(mantissa: 100_000_000))
    }
    return CandleSeries(instrument: instrument, timeframe: Timeframe("1h")!, candles: candles)
}

/// A search over the windows of `sma-crossover`, written as on the command line.
func makePlan(
    _ written: [(String, String)], sampler: Sampler = .tpe, count: Int? = nil, seed: UInt64 = 7,
    isPruning: Bool = false,
    objective: String = "total_return", constraints: [String] = []
) throws -> StudyPlan {
    let strategy = SMACrossover.descriptor
    let search = SearchText(written.map { (name: $0.0, text: $0.1) }, of: strategy.parameters)
    precondition(search.problems.isEmpty, "\(search.problems)")
    return StudyPlan(
        configuration: BacktestConfiguration(
            strategy: strategy.name, parameters: Parameters(strategy.parameters), cash: try Money("10000", .usdt)),
        fixed: search.fixed, space: search.space, sampler: sampler, seed: seed,
        count: count ?? search.space.count ?? 0, batch: 4, isPruning: isPruning,
        objective: try Formula(objective, names: FigureNames.all),
        constraints: try constraints.map { try Condition($0, names: FigureNames.all) })
}

/// A new study in a store.
func study(_ store: Store, _ name: String, _ series: CandleSeries, _ plan: StudyPlan) throws -> Int64 {
    try store.open(
        StudyRecord(
            name: name, kind: "optimize", createdAt: now, className: "sma-crossover", series: series.instrument.name,
            timeframe: series.timeframe, firstOpen: series.candles[0].openTime,
            lastClose: series.candles[series.candles.count - 1].closeTime(series.timeframe),
            dataHash: series.fingerprint, seed: plan.seed, space: "", definition: "")
    ).study.id
}

let now = Timestamp(iso8601: "2024-01-01T00:00:00Z")!

/// A runner that nobody cancels.
func runner(_ store: Store, _ study: Int64, _ plan: StudyPlan, workers: Int = 2) -> StudyRunner {
    StudyRunner(store: store, study: study, plan: plan, workers: workers, clock: { now }, isCancelled: { false })
}
