import Backtesting
import Market
import Optimization
import Simulation
import Statistics
import Storage
import Testing
import Trading

@testable import Studies

/// Goes one way at its first candle, whatever came before, and stays there.
private final class Steady: Strategy {
    private let direction: Direction
    private var isThere = false

    init(_ direction: Direction) { self.direction = direction }

    /// Nothing warms it up, so that it begins anew in each fold.
    var warmUp: Int { 0 }

    func onCandle(_ bar: Bar, _ context: StrategyContext) throws(StrategyFault) -> Signal? {
        if isThere { return nil }
        isThere = true
        return Signal(direction, rule: "steady", values: [])
    }
}

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
            name: "steady", summary: "", parameters: [.integer("number", "Nothing.", default: 1, in: 1...2)])
        let catalog = StrategyCatalog([]) { name in
            guard name == "steady" else { return nil }
            return StrategyClass(descriptor) { (_: Parameters) throws(ParameterErrors) -> any Strategy in
                Steady(direction)
            }
        }
        let search = SearchText([(name: "number", text: "1,2")], of: descriptor.parameters)
        return StudyPlan(
            configuration: BacktestConfiguration(
                strategy: "steady", parameters: Parameters(descriptor.parameters), cash: try Money("10000", .usdt),
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

    @Test("a day that two folds share is one day of a path")
    func borders() throws {
        // Long at 100 from 1:00 on; each fold of 12 hours begins anew and buys at its second hour.
        let series = candles(
            [100, 100] + Array(repeating: 110, count: 10) + [110, 110] + Array(repeating: 121, count: 10)
                + [121, 121] + Array(repeating: 133, count: 22))
        let outcome = try outcome(series, plan(.long), folds: 4)
        #expect(outcome.splits.map(\.firstDays) == [[19_358], [19_358], [19_359], [19_359]])
        let returns = outcome.splits.map { $0.returns[0] }
        #expect(returns.allSatisfy { $0.count == 1 })
        // 10 % in each half of the first day, 12 ÷ 121 on the second: two days, no more.
        let path = try #require(outcome.paths.first)
        let sharpe = try #require(ValidationPath(number: 1, returns: [1.1 * 1.1 - 1, 12.0 / 121]).sharpe)
        #expect(abs(try #require(path.sharpe) - sharpe) < 1e-6)
        #expect(abs(path.totalReturn - 0.33) < 1e-9)
    }

    @Test("folds that share no day keep all of theirs")
    func wholeDays() {
        #expect(ValidationPath.joined([(3, [0.1, 0.2]), (5, [0.3])]) == [0.1, 0.2, 0.3])
        #expect(ValidationPath.joined([(3, [0.5]), (3, [0.5]), (3, [0, 0.1]), (4, [-1])]) == [1.25, -1])
        #expect(ValidationPath.joined([]).isEmpty)
    }
}
