import Foundation
import Market
import Simulation
import Strategies
import Testing
import Trading

@testable import Backtesting

/// What is assumed of a market, from options to results.
@Suite struct AssumptionTests {
    /// Enters on the first candle with everything and never leaves by itself.
    static func holding(
        _ instrument: Instrument = GoldenTests.perpetual, _ change: (inout BacktestText) -> Void
    ) throws -> BacktestConfiguration {
        var text = BacktestText(strategy: "hold")
        text.feeBasisPoints = "0"
        change(&text)
        return try text.configuration(for: instrument, catalog: .withBenchmark)
    }

    /// Minutes of a perpetual in whole units: open, high, low, close.
    static func minutes(_ rows: [(Int64, Int64, Int64, Int64)]) -> CandleSeries {
        CandleSeries(
            instrument: GoldenTests.perpetual, timeframe: .oneMinute,
            candles: rows.enumerated().map { index, row in
                Candle(
                    openTime: Timestamp(seconds: 1_672_531_200 + Int64(index) * 60), open: cents(row.0 * 100),
                    high: cents(row.1 * 100), low: cents(row.2 * 100), close: cents(row.3 * 100),
                    volume: Quantity(mantissa: 100_000_000))
            })
    }

    /// Three candles of three minutes: entered at 100; the second rises to 106 before it falls to 94.
    static let hidden = minutes([
        (99, 99, 99, 99), (99, 99, 99, 99), (99, 99, 99, 99), (100, 101, 100, 101), (101, 101, 100, 100),
        (100, 101, 100, 100), (101, 106, 101, 104), (104, 104, 94, 95), (95, 96, 95, 96),
    ])

    private func members(_ result: BacktestResult) throws -> [String: Any] {
        try #require(
            JSONSerialization.jsonObject(with: Data(result.json(seconds: 0).utf8)) as? [String: Any])
    }

    @Test func allInAtAHighLeverageIsCutToWhatTheTierCarries() throws {
        let configuration = try AssumptionTests.holding {
            $0.feeBasisPoints = "10"
            $0.assumptions.leverage = "125"
        }
        let series = AssumptionTests.minutes(Array(repeating: (100, 100, 100, 100), count: 3))
        let result = try Backtest.run(series, configuration)
        // N ÷ 125 is above 1 % × N − 1,300 below 650,000 only.
        let trip = try #require(result.trips.first)
        #expect(trip.entryNotional < Money(whole: 650_000, .usdt))
        #expect(trip.entryNotional > Money(whole: 649_990, .usdt))
        #expect(result.refusals.count == 0)
    }

    // MARK: - Ambiguity and detail

    private func bracketed(_ change: (inout BacktestText) -> Void = { _ in }) throws -> BacktestConfiguration {
        try AssumptionTests.holding {
            $0.stopLossPercent = "5"
            $0.takeProfitPercent = "5"
            change(&$0)
        }
    }

    @Test func theAmbiguityIntervalHasTheResultOfBothWays() throws {
        let series = AssumptionTests.hidden.resampled(to: Timeframe(seconds: 180)!)
        let result = try Backtest.run(series, bracketed { $0.assumptions.path = "both" })
        // All in at 100 without fees: 100 pieces, out at 95 or at 105.
        let interval = try #require(result.ambiguity)
        #expect(interval.pessimistic.finalEquity == Money(whole: 9_500, .usdt))
        #expect(interval.optimistic.finalEquity == Money(whole: 10_500, .usdt))
        #expect(result.finalEquity == interval.pessimistic.finalEquity)
        #expect(result.trips.map(\.exitPurpose) == [.stopLoss])
        let written = try #require(try members(result)["ambiguity"] as? [String: [String: Double]])
        #expect(written["pessimistic"]?["final_equity"] == 9_500)
        #expect(written["optimistic"]?["total_return"] == 0.05)
        #expect(interval.text.contains("9500.00 … 10500.00"))
    }

    @Test func minutesUnderLongerCandlesTellWhatCameFirst() throws {
        let series = AssumptionTests.hidden.resampled(to: Timeframe(seconds: 180)!)
        var configuration = try bracketed()
        let blind = try Backtest.run(series, configuration)
        #expect(blind.trips.map(\.exitPurpose) == [.stopLoss])
        configuration.detail = AssumptionTests.hidden
        let seeing = try Backtest.run(series, configuration)
        #expect(seeing.trips.map(\.exitPurpose) == [.takeProfit])
        #expect(seeing.trips.map(\.closedAt.seconds) == [1_672_531_200 + 360])
        #expect(seeing.finalEquity == Money(whole: 10_500, .usdt))
        #expect((try members(seeing)["assumptions"] as? [String: Any])?["detail"] as? String == "1m")
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func minutesChangeNothingOfOrdersThatMeetTheOpen(seed: UInt64) throws {
        let minutes = walk(6_000, seed: seed)
        let series = minutes.resampled(to: Timeframe(seconds: 900)!)
        var configuration = try configuration("sma-crossover", [("fast", "3"), ("slow", "8")], step: "0.001")
        let plain = try Backtest.run(series, configuration)
        configuration.detail = minutes
        let detailed = try Backtest.run(series, configuration)
        #expect(plain.trips.count > 10)
        #expect(plain.trips.map(\.profit) == detailed.trips.map(\.profit))
        #expect(plain.finalEquity == detailed.finalEquity)
    }

    @Test func candlesThatDoNotMakeUpOthersAreRefused() throws {
        var configuration = try bracketed()
        configuration.detail = AssumptionTests.hidden
        #expect(configuration.problems(for: AssumptionTests.hidden).contains { $0.hasPrefix("detail:") })
    }

    // MARK: - Margin and funding

    @Test func aLiquidationEndsATripAndIsCounted() throws {
        // Ten times 10,000 at 100 is 1,000 pieces; 1.0 % is kept at 100,000 less 50 on the way down: gone at 90.4.
        let series = AssumptionTests.minutes([
            (99, 99, 99, 99), (100, 101, 99, 100), (100, 100, 95, 96), (96, 96, 88, 94), (94, 95, 93, 94),
        ])
        let result = try Backtest.run(series, AssumptionTests.holding { $0.assumptions.leverage = "10" })
        #expect(result.trips.map(\.exitPurpose) == [.liquidation])
        #expect(result.tradeRows.first?[12] == "liquidation")
        let report = try #require(result.assumptions)
        #expect(report.costs.liquidations == 1)
        #expect(report.lowestDistance == 0)
        let written = try #require(try members(result)["assumptions"] as? [String: Any])
        #expect(written["liquidations"] as? Int == 1)
        #expect(written["margin"] as? String == "isolated")
        #expect(result.finalEquity.units >= 0)
        #expect(result.finalEquity < Money(whole: 1_000, .usdt))
    }

    @Test func theNearestThatALiquidationCameIsReported() throws {
        let series = AssumptionTests.minutes([
            (99, 99, 99, 99), (100, 101, 99, 100), (100, 100, 95, 96), (96, 97, 94, 96),
        ])
        let result = try Backtest.run(
            series,
            AssumptionTests.holding {
                $0.assumptions.leverage = "2"
                $0.assumptions.margin = "cross"
                // One tier of 1 %: −10,000 + 200 P ≤ 1 % × 200 P at 50.505050…
                $0.assumptions.maintenanceTiers = .init(name: "tiers", text: "from,percent\n0,1\n")
            })
        let distance = try #require(result.assumptions?.lowestDistance)
        #expect(abs(distance - (94 - 50.505_050_5) / 94) < 1e-6)
        #expect(result.assumptions?.lines.contains { $0.title == "margin" } == true)
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func equityIsWhatWasBegunWithAndWonUnderEveryAssumption(seed: UInt64) throws {
        var text = BacktestText(
            strategy: "sma-crossover",
            parameters: [.init("fast", "5"), .init("slow", "20"), .init("allow-short", "on")])
        text.slippageBasisPoints = "1"
        text.stopLossPercent = seed % 2 == 0 ? "2" : nil
        text.takeProfitPercent = "3"
        text.participationPercent = seed % 3 == 0 ? "20" : nil
        text.assumptions.leverage = "\(1 + seed * 4)"
        text.assumptions.margin = seed % 2 == 0 ? "cross" : "isolated"
        text.assumptions.fundingRateBasisPoints = "3"
        text.assumptions.fundingInterval = "1h"
        text.assumptions.halfSpreadBasisPoints = "0.5"
        text.assumptions.impact = "0.2"
        text.assumptions.latency = "800,500,300"
        text.assumptions.fees = .init(name: "fees", text: "0,2,5\n100000,1,4\n5000000,-0.5,3\n")
        text.assumptions.path = ["pessimistic", "optimistic", "nearest"][Int(seed % 3)]
        let configuration = try text.configuration(for: GoldenTests.perpetual)
        let series = walk(4_000, seed: seed, instrument: GoldenTests.perpetual)
        let result = try Backtest.run(series, configuration)
        #expect(result.trips.count > 10)
        let won = result.trips.reduce(Money.zero(.usdt)) { $0 + $1.profit }
        #expect(result.finalEquity == result.initialEquity + won)
        let report = try #require(result.assumptions)
        #expect(report.costs.fees == result.feesPaid)
        #expect(report.costs.funding == result.trips.reduce(.zero(.usdt)) { $0 + $1.funding })
        for cost in [report.costs.spread, report.costs.impact, report.costs.drift] { #expect(cost.units > 0) }
        #expect(try Backtest.run(series, configuration).json(seconds: 0) == result.json(seconds: 0))
        let extended = ExtendedMetrics(result, series)
        #expect(result.tradesCSV(extended).hasPrefix("opened_at"))
        #expect(result.tradesCSV(extended).split(separator: "\n")[0].hasSuffix("mae,mfe,funding"))
    }

    @Test func runsThatFollowEachOtherAddTheirCosts() throws {
        let series = walk(2_000, seed: 3, instrument: GoldenTests.perpetual)
        func half(_ range: Range<Int>) -> CandleSeries {
            CandleSeries(
                instrument: series.instrument, timeframe: series.timeframe, candles: Array(series.candles[range]))
        }
        var text = BacktestText(strategy: "sma-crossover", parameters: [.init("fast", "5"), .init("slow", "20")])
        text.assumptions.leverage = "3"
        text.assumptions.halfSpreadBasisPoints = "2"
        let configuration = try text.configuration(for: GoldenTests.perpetual)
        let parts = try [half(0..<1_000), half(1_000..<2_000)].map { try Backtest.run($0, configuration) }
        let whole = try #require(BacktestResult.stitched(parts).assumptions)
        let reports = parts.compactMap(\.assumptions)
        #expect(reports.count == 2)
        #expect(whole.costs.fees == reports[0].costs.fees + reports[1].costs.fees)
        #expect(whole.costs.spread == reports[0].costs.spread + reports[1].costs.spread)
        #expect(whole.costs.spread.units > 0)
        #expect(whole.lowestDistance == reports.compactMap(\.lowestDistance).min())
    }

    // MARK: - Options

    @Test func nothingIsWrittenWhereNothingIsAssumed() throws {
        let result = try Backtest.run(AssumptionTests.hidden, AssumptionTests.holding { _ in })
        #expect(try members(result)["assumptions"] == nil)
        #expect(result.assumptions?.lines.isEmpty == true)
    }

    static let mistakes: [(String, @Sendable (inout AssumptionText) -> Void)] = [
        ("leverage: 500 is out of range", { $0.leverage = "500" }),
        ("leverage: 'much' is no whole number", { $0.leverage = "much" }),
        ("margin: says nothing without --leverage", { $0.margin = "cross" }),
        (
            "margin: 'mine' is neither isolated nor cross",
            {
                $0.leverage = "3"
                $0.margin = "mine"
            }
        ),
        (
            "maintenance-tiers: t, line 2: it has 1 fields",
            {
                $0.leverage = "3"
                $0.maintenanceTiers = .init(name: "t", text: "from,percent\n7\n")
            }
        ),
        (
            "maintenance-tiers: the first tier begins at 0",
            {
                $0.leverage = "3"
                $0.maintenanceTiers = .init(name: "t", text: "7,1")
            }
        ),
        ("funding-interval: says nothing", { $0.fundingInterval = "8h" }),
        (
            "funding-interval: 'often' is no interval",
            {
                $0.fundingRateBasisPoints = "1"
                $0.fundingInterval = "often"
            }
        ),
        ("funding: f, line 2: 'never' is not", { $0.funding = .init(name: "f", text: "2023-01-01,0\nnever,0.1") }),
        ("funding: f has no row", { $0.funding = .init(name: "f", text: "# empty\n\n") }),
        ("half-spreads: h says nothing of hour 1", { $0.halfSpreads = .init(name: "h", text: "0,1") }),
        ("impact: ", { $0.impact = "some" }),
        ("latency-ms: '5' has 1 parts", { $0.latency = "5" }),
        ("latency-seed: says nothing", { $0.latencySeed = "5" }),
        ("fees: the first tier begins at 0", { $0.fees = .init(name: "f", text: "1,2,3") }),
        ("fee-discount: says nothing", { $0.feeDiscountPercent = "25" }),
        ("path: 'crooked' is no way", { $0.path = "crooked" }),
    ]

    @Test(arguments: mistakes.indices)
    func whatIsWrongIsSaidByTheOptionsName(_ index: Int) {
        let (expected, change) = AssumptionTests.mistakes[index]
        #expect {
            _ = try AssumptionTests.holding { change(&$0.assumptions) }
        } throws: { error in
            guard case .invalid(let problems)? = error as? BacktestError else { return false }
            return problems.contains { $0.hasPrefix(expected) }
        }
    }

    @Test func marginAndFundingNeedAContract() {
        #expect(throws: BacktestError.self) {
            try AssumptionTests.holding(freeInstrument) { $0.assumptions.leverage = "2" }
        }
        #expect(throws: BacktestError.self) {
            try AssumptionTests.holding(freeInstrument) { $0.assumptions.fundingRateBasisPoints = "1" }
        }
    }
}
