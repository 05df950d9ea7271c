import Market
import Testing
import Trading

@testable import Backtesting

/// What selling at the end of a run costs, at the run's own venue.
@Suite struct ClosingTests {
    /// Flat candles of a perpetual at 100.
    private func flat(_ count: Int, _ timeframe: Timeframe = .oneMinute) -> CandleSeries {
        var series = AssumptionTests.minutes(Array(repeating: (100, 100, 100, 100), count: count))
        series.timeframe = timeframe
        for index in series.candles.indices {
            series.candles[index].openTime = Timestamp(seconds: 1_672_531_200 + Int64(index) * timeframe.seconds)
        }
        return series
    }

    @Test func closingPaysTheHalfSpreadAndTheFeeOfTheSchedule() throws {
        let configuration = try AssumptionTests.holding {
            $0.sizing = "fixed:10"
            $0.feeBasisPoints = "500"
            $0.assumptions.halfSpreadBasisPoints = "50"
            $0.assumptions.fees = .init(name: "fees", text: "0,1,20\n")
        }
        let open = try Backtest.run(flat(3), configuration)
        // Bought at 100.5 for a fee of 2.01, marked at 100.
        #expect(open.finalEquity.decimalText == "9992.99")
        // Sold at 99.5 for a fee of 1.99.
        let closed = open.closedOut()
        #expect(closed.finalEquity.decimalText == "9986")
        let costs = try #require(closed.assumptions?.costs)
        #expect(costs.spread.decimalText == "10" && costs.fees.decimalText == "4")
        #expect(closed.feesPaid.decimalText == "4")
        #expect(closed.trips.last?.profit.decimalText == "-14" && !closed.hasOpenTrade)
    }

    @Test func closingPaysTheImpactOfWhatIsHeldOnTheVolumeOfTheLastBar() throws {
        let configuration = try AssumptionTests.holding {
            $0.sizing = "fixed:0.25"
            $0.assumptions.impact = "1"
        }
        // Bought at 100 while σ is 0; of +10 % and −10 % it is 10 %. Each bar has a volume of 1.
        let series = AssumptionTests.minutes([(100, 100, 100, 100), (100, 110, 100, 110), (110, 110, 99, 99)])
        let open = try Backtest.run(series, configuration)
        #expect(open.finalEquity.decimalText == "9999.75")
        // 99 less 10 % × √0.25 of it is 94.05.
        let closed = open.closedOut()
        #expect(closed.assumptions?.costs.impact.decimalText == "1.2375")
        #expect(closed.finalEquity.decimalText == "9998.5125")
    }

    @Test func closingPaysTheFeeOfTheTierThatWasReached() throws {
        let configuration = try AssumptionTests.holding {
            $0.sizing = "fixed:10"
            $0.assumptions.fees = .init(name: "fees", text: "0,2,5\n500,1,4\n")
        }
        // 1,000 are bought on the second day at 5 basis points; at the end of the third they count.
        let closed = try Backtest.run(flat(3, .oneDay), configuration).closedOut()
        #expect(closed.feesPaid.decimalText == "0.9")
    }

    @Test func buyersWhoPayInWhatTheyBoughtHoldAndSellLess() throws {
        var series = flat(3)
        series.instrument = freeInstrument
        let configuration = try AssumptionTests.holding(freeInstrument) {
            $0.feeBasisPoints = "100"
            $0.feeAsset = "base"
        }
        // 100 are bought with all there is, and 99 received: worth 9,900. Sold they pay 1 % of that in quote.
        let open = try Backtest.run(series, configuration)
        #expect(open.finalEquity.decimalText == "9900" && open.feesPaid.decimalText == "100")
        let closed = open.closedOut()
        #expect(closed.finalEquity.decimalText == "9801" && closed.feesPaid.decimalText == "199")
        #expect(closed.trips.last?.profit.decimalText == "-199")
    }

    @Test func aShortIsBoughtBackAboveItsMark() throws {
        let configuration = try AssumptionTests.holding {
            $0.sizing = "fixed:10"
            $0.slippageBasisPoints = "100"
        }
        var result = try Backtest.run(flat(3), configuration)
        let closing = try #require(result.closing)
        #expect(closing.slippage.decimalText == "10")
        // The same costs against a short raise what it is bought back for.
        result.trips[0].side = .sell
        let closed = result.closedOut()
        #expect(closed.trips[0].exitNotional - result.trips[0].exitNotional == closing.slippage)
    }

    // MARK: - Stitched

    /// A run over thirty days that earns 5 %, and ends flat.
    private func month(_ number: Int64, cash: String, fee: String = "0") throws -> BacktestResult {
        var series = AssumptionTests.minutes(
            Array(repeating: (100, 100, 100, 100), count: 29) + [(100, 105, 100, 105)])
        series.timeframe = .oneDay
        for index in series.candles.indices {
            series.candles[index].openTime = Timestamp(seconds: (number * 30 + Int64(index)) * 86_400)
        }
        var configuration = try AssumptionTests.holding {
            $0.cash = cash
            $0.feeBasisPoints = fee
        }
        configuration.keepsEquityCurve = true
        return try Backtest.run(series, configuration).closedOut()
    }

    @Test func idleWindowsAtTheEndAreDaysWithoutAReturn() throws {
        let parts = [try month(0, cash: "10000"), try month(1, cash: "10500")]
        let span = StitchedSpan(from: .epoch, to: Timestamp(seconds: 300 * 86_400), bars: 300)
        let whole = BacktestResult.stitched(parts, over: span)
        #expect(abs(whole.metrics.totalReturn - 0.1025) < 1e-12)
        // 1.1025^(365 ÷ 300): two months alone would be 81 % a year.
        #expect(abs(try #require(whole.metrics.annualizedReturn) - 0.126) < 0.0005)
        #expect(abs(try #require(BacktestResult.stitched(parts).metrics.annualizedReturn) - 0.81) < 0.005)
        #expect(whole.daily.count == 300 && whole.daily.returns.count { $0 != 0 } == 2)
        // Each month was held from its second candle on.
        #expect(whole.bars == 300 && abs(whole.metrics.exposure - 58.0 / 300) < 1e-12)
    }

    @Test func idleWindowsAtTheBeginningCountToo() throws {
        let span = StitchedSpan(from: .epoch, to: Timestamp(seconds: 90 * 86_400), bars: 90)
        let whole = BacktestResult.stitched([try month(2, cash: "10000")], over: span)
        #expect(whole.daily.count == 90)
        #expect(whole.daily.returns.prefix(89).allSatisfy { $0 == 0 })
        #expect(abs(whole.daily.returns[89] - 0.05) < 1e-12)
    }

    @Test func whatClosingCostIsInTheLastMarkOfItsRun() throws {
        let part = try month(0, cash: "10000", fee: "100")
        let span = StitchedSpan(from: .epoch, to: Timestamp(seconds: 60 * 86_400), bars: 60)
        let whole = BacktestResult.stitched([part], over: span)
        #expect(whole.daily.equity(29) == part.finalEquity && whole.daily.equity(59) == part.finalEquity)
        #expect(part.finalEquity < part.daily.equity(29))
    }

    @Test func withoutAnOpenPositionNothingIsClosed() throws {
        var configuration = try AssumptionTests.holding { $0.stopLossPercent = "5" }
        configuration.venue.slippage = .percent(1)
        let series = AssumptionTests.minutes([(100, 100, 100, 100), (100, 100, 90, 90), (90, 90, 90, 90)])
        let result = try Backtest.run(series, configuration)
        #expect(!result.hasOpenTrade && result.closing == nil)
        #expect(result.closedOut().finalEquity == result.finalEquity)
    }
}
