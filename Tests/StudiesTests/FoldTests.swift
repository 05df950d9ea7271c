import Backtesting
import Market
import Optimization
import Simulation
import Statistics
import Storage
import Testing
import Trading

@testable import Studies

@Suite("The tests of a cross-validation over single folds")
struct FoldTests {
    /// A perpetual, which may be sold short.
    private let perpetual = Instrument(
        venue: "TEST", symbol: "BTCUSDT", kind: .linearPerpetual, base: Currency("BTC")!, quote: .usdt,
        rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))

    /// Candles without a range from 2023-01-01 on, one at each price.
    private func candles(_ prices: [Int64], _ timeframe: String = "1h") -> CandleSeries {
        let timeframe = Timeframe(timeframe)!
        let candles = prices.enumerated().map { index, price in
            let price = Price(mantissa: price * 100_000_000)
            return Candle(
                openTime: Timestamp(seconds: 1_672_531_200 + Int64(index) * timeframe.seconds), open: price,
                high: price, low: price, close: price, volume: Quantity(mantissa: 100_000_000))
        }
        return CandleSeries(instrument: perpetual, timeframe: timeframe, candles: candles)
    }

    /// A search over nothing: one strategy that goes one way with all there is, and pays nothing for it.
    private func plan(_ direction: Direction) throws -> StudyPlan {
        let descriptor = StrategyDescriptor(
            name: "thumb", summary: "", parameters: [.integer("number", "Nothing.", default: 1, in: 1...2)])
        let catalog = StrategyCatalog([]) { name in
            guard name == "thumb" else { return nil }
            return StrategyClass(descriptor) { (_: Parameters) throws(ParameterErrors) -> any Strategy in
                RuleOfThumb { _, _ in direction }
            }
        }
        let search = SearchText([(name: "number", text: "1,2")], of: descriptor.parameters)
        return StudyPlan(
            configuration: BacktestConfiguration(
                strategy: "thumb", parameters: Parameters(descriptor.parameters), cash: try Money("10000", .usdt),
                venue: SimulatedVenueOptions(makerFee: .zero, takerFee: .zero, fillsInEmptyBars: true),
                catalog: catalog),
            fixed: search.fixed, space: search.space, sampler: .grid, seed: 1, count: 2, batch: 2, isPruning: false,
            objective: try Formula("total_return", names: FigureNames.all), constraints: [])
    }

    private func outcome(_ series: CandleSeries, _ plan: StudyPlan, folds: Int) throws -> ValidationOutcome {
        let store = try Store.inMemory()
        let cut = try #require(CombinatorialSplits(count: series.candles.count, folds: folds, testFolds: 1))
        return try CrossValidationRunner(
            runner(store, study(store, "a", series, plan), plan), plan, over: series, cut: cut, workers: 2,
            isCancelled: { false }
        ).run()
    }

    @Test("an account that is lost within a fold brings −100 % on that day and nothing after it")
    func ruin() throws {
        // Short at 100 from the second hour on: at 250 a loss of one and a half times the cash, at 150 half of it is back.
        let lost = Array(repeating: Int64(100), count: 24) + Array(repeating: 250, count: 48)
        let series = candles(lost + Array(repeating: 150, count: 24) + Array(repeating: 150, count: 96))
        let outcome = try outcome(series, plan(.short), folds: 2)
        #expect(outcome.splits[0].returns == [[0, -1, 0, 0]])
        let path = try #require(outcome.paths.first)
        #expect(path.totalReturn == -1 && path.maximumDrawdown == 1)
    }

    @Test("a test that can't be run is an error, not days without a return")
    func failure() throws {
        let series = candles(Array(repeating: 100, count: 96))
        var plan = try plan(.short)
        plan.configuration.conditions.margin = MarginTerms(leverage: 1)
        // The prices that liquidate are known of the second fold only.
        var marks = series
        marks.candles = Array(series.candles[48...])
        plan.configuration.mark = MarkPrices(marks)
        #expect(throws: BacktestError.self) { try outcome(series, plan, folds: 2) }
    }
}
