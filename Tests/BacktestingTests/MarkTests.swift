import Market
import Simulation
import Strategies
import Testing
import Trading

@testable import Backtesting

/// Runs whose mark prices are not the traded ones.
@Suite struct MarkTests {
    /// Held from the fourth minute on at 100 with everything, ten times.
    private func run(
        _ rows: [(Int64, Int64, Int64, Int64)], marks: [(Int64, Int64, Int64, Int64)], isDetailed: Bool = false
    ) throws -> BacktestResult {
        let minutes = AssumptionTests.minutes(rows)
        var configuration = try AssumptionTests.holding { $0.assumptions.leverage = "10" }
        configuration.mark = MarkPrices(AssumptionTests.minutes(marks))
        guard isDetailed else { return try Backtest.run(minutes, configuration) }
        configuration.detail = minutes
        return try Backtest.run(minutes.resampled(to: Timeframe(seconds: 180)!), configuration)
    }

    private static let calm = Array(repeating: (Int64(100), Int64(100), Int64(100), Int64(100)), count: 6)
    private static var fallen: [(Int64, Int64, Int64, Int64)] {
        var rows = calm
        rows[4] = (100, 100, 50, 100)
        return rows
    }

    @Test(arguments: [false, true])
    func `a mark that falls liquidates what the traded price would have carried`(_ isDetailed: Bool) throws {
        let result = try run(MarkTests.calm, marks: MarkTests.fallen, isDetailed: isDetailed)
        #expect(result.assumptions?.costs.liquidations == 1)
        #expect(result.trips.map(\.exitPurpose) == [.liquidation])
        #expect(result.assumptions?.lowestDistance == 0)
    }

    @Test(arguments: [false, true])
    func `a traded price that falls alone liquidates nothing`(_ isDetailed: Bool) throws {
        let result = try run(MarkTests.fallen, marks: MarkTests.calm, isDetailed: isDetailed)
        #expect(result.assumptions?.costs.liquidations == 0)
        #expect(result.trips.map(\.isOpen) == [true])
    }

    @Test func `where a mark is missing the last one stays`() throws {
        let minutes = AssumptionTests.minutes(MarkTests.fallen)
        var configuration = try AssumptionTests.holding { $0.assumptions.leverage = "10" }
        var gapped = AssumptionTests.minutes(MarkTests.calm)
        gapped.candles.remove(at: 4)
        configuration.mark = MarkPrices(gapped)
        #expect(try Backtest.run(minutes, configuration).assumptions?.costs.liquidations == 0)
    }

    @Test func `marks that are the traded prices change nothing`() throws {
        let minutes = walk(3_000, seed: 81, instrument: GoldenTests.perpetual)
        var configuration = try AssumptionTests.holding { $0.assumptions.leverage = "20" }
        configuration.strategy = "ema-crossover"
        configuration.catalog = .bundled
        configuration.parameters = Parameters(
            try #require(StrategyCatalog.bundled.strategyClass(named: "ema-crossover")).descriptor.parameters)
        configuration.protection = Protection(stopLoss: .percent(2))
        let plain = try Backtest.run(minutes, configuration)
        configuration.mark = MarkPrices(minutes)
        let marked = try Backtest.run(minutes, configuration)
        #expect(!plain.trips.isEmpty)
        #expect(marked.trips == plain.trips && marked.finalEquity == plain.finalEquity)
    }

    @Test func `marks of other candles, or for nothing, are refused`() throws {
        let minutes = AssumptionTests.minutes(MarkTests.calm)
        var configuration = try AssumptionTests.holding { _ in }
        configuration.mark = MarkPrices(minutes)
        #expect(
            configuration.problems(for: minutes).contains { $0.hasPrefix("mark-csv: it marks positions on margin") })
        configuration = try AssumptionTests.holding { $0.assumptions.leverage = "10" }
        configuration.mark = MarkPrices(minutes.resampled(to: Timeframe(seconds: 180)!))
        #expect(configuration.problems(for: minutes).contains { $0.hasPrefix("mark-csv: its candles are of") })
        var late = minutes
        late.candles.removeFirst()
        configuration.mark = MarkPrices(late)
        #expect(configuration.problems(for: minutes).contains { $0.hasPrefix("mark-csv: it has no price at") })
    }
}
