import Backtesting
import Market
import Testing
import Trading

/// The run, on candles whose outcome is worked out by hand.
@Suite struct BacktestTests {
    // The average of one candle crosses above that of two on the third candle and below it on the fifth.
    static let bars: [(open: Int64, close: Int64)] = [(10, 10), (10, 10), (12, 12), (12, 12), (11, 11), (11, 11)]
    static let crossover = [("fast", "1"), ("slow", "2")]

    func run(
        _ bars: [(open: Int64, close: Int64)] = bars, step: String? = "0.001",
        _ change: (inout BacktestConfiguration) -> Void = { _ in }
    ) throws -> BacktestResult {
        var configuration = try configuration("sma-crossover", Self.crossover, step: step)
        change(&configuration)
        return try Backtest.run(series(bars), configuration)
    }

    @Test func allInSpendsEverythingAtTheNextOpenFeeIncluded() throws {
        // 10000 ÷ (12 × 1.001) = 832.5008… → 832.500; 9990 and a fee of 9.99 leave 0.01.
        // Sold at 11: 9157.5 less 9.1575.
        let result = try run()
        #expect(result.finalEquity.decimalText == "9148.3525")
        #expect(result.feesPaid.decimalText == "19.1475")
        let trip = try #require(result.trips.first)
        #expect(trip.openedAt.seconds == 1_672_531_200 + 3 * 60)
        #expect(trip.closedAt.seconds == 1_672_531_200 + 5 * 60)
        #expect(trip.profit.decimalText == "-851.6475")
        #expect(result.metrics.maximumDrawdown == 0.08516475)
        #expect(result.metrics.exposure == 2.0 / 6)
        #expect(result.metrics.tradeCount == 1)
    }

    @Test func aPositionOpenAtTheEndIsMarkedAtTheLastCloseAndCounted() throws {
        let result = try run(Array(Self.bars.prefix(5)))
        #expect(result.finalEquity.decimalText == "9157.51")
        #expect(result.hasOpenTrade)
        #expect(result.metrics.tradeCount == 1)
        #expect(result.feesPaid.decimalText == "9.99")
        #expect(result.tradeRows.last?.suffix(2) == ["open", "true"])
    }

    @Test func whatIsDecidedOnTheLastCandleComesToNothing() throws {
        let result = try run(Array(Self.bars.prefix(3)))
        #expect(result.finalEquity.decimalText == "10000")
        #expect(result.trips.isEmpty)
        #expect(result.refusals.count == 0)
    }

    @Test func slippageMovesFillsAgainstTheTrader() throws {
        // Bought at 12 × 1.01 = 12.12: 10000 ÷ (12.12 × 1.001) → 824.258; sold at 11 × 0.99 = 10.89.
        let result = try run { $0.venue.slippage = .percent(1) }
        let trip = try #require(result.trips.first)
        #expect(trip.entryNotional.decimalText == "9990.00696")
        #expect(trip.exitNotional.decimalText == "8976.16962")
    }

    @Test func aShareOfEquityIsSpentFeeIncluded() throws {
        // 5000 ÷ (12 × 1.001) → 416.250.
        let result = try run { $0.sizing = .equityShare(.percent(50)) }
        #expect(result.trips.first?.entryNotional.decimalText == "4995")
    }

    @Test func aFixedQuantityIsBoughtAsItIs() throws {
        let result = try run { $0.sizing = .quantity(Quantity(mantissa: 200_000_000)) }
        #expect(result.trips.first?.entryNotional.decimalText == "24")
    }

    @Test func theQuantityStepReplacesTheInstruments() throws {
        #expect(try run(step: "100").trips.first?.quantity.mantissa == 80_000_000_000)
        #expect(try run(step: nil).trips.first?.quantity.mantissa == 83_250_083_250)
    }

    @Test func theRulesOfTheInstrumentApply() throws {
        var strict = freeInstrument
        strict.rules.minimumNotional = 20_000 * 100_000_000
        let result = try Backtest.run(
            series(Self.bars, instrument: strict), configuration("sma-crossover", Self.crossover))
        #expect(result.trips.isEmpty)
        #expect(result.refusals.count == 1)
        #expect(!result.refusals.firstReason.isEmpty)
    }

    @Test func limitsApplyOnlyWhenAsked() throws {
        let result = try run { $0.accountLimits.maximumOrderNotional = Money(whole: 100, .usdt) }
        #expect(result.trips.isEmpty)
        #expect(result.refusals.count == 1)
    }

    @Test func aStopLossEndsATripBeforeTheRuleDoes() throws {
        // Bought at 12, stopped 5 % below at 11.4, which the open of the fifth candle gaps under to 11.
        let result = try run { $0.protection.stopLoss = .percent(5) }
        let trip = try #require(result.trips.first)
        #expect(trip.exitPurpose == .stopLoss)
        #expect(trip.closedAt.seconds == 1_672_531_200 + 4 * 60)
        #expect(trip.exitNotional.decimalText == "9157.5")
    }

    @Test func gapsAndPartialCandlesAreReported() throws {
        var candles = series(Self.bars).candles
        candles.remove(at: 1)
        candles[2].flags.insert(.isPartial)
        let broken = CandleSeries(instrument: freeInstrument, timeframe: .oneMinute, candles: candles)
        let result = try Backtest.run(broken, configuration("sma-crossover", Self.crossover))
        #expect(result.gaps == broken.gaps && result.gaps.count == 1)
        #expect(result.missingBars == 1)
        #expect(result.partialBars == 1)
    }

    @Test func aCandleWithoutVolumeFillsUnlessOrdersAreToWait() throws {
        var candles = series(Self.bars).candles
        candles[3].volume = .zero
        let quiet = CandleSeries(instrument: freeInstrument, timeframe: .oneMinute, candles: candles)
        var text = BacktestText(strategy: "sma-crossover", parameters: Self.crossover.map { .init($0.0, $0.1) })
        let filled = try Backtest.run(quiet, text.configuration(for: freeInstrument))
        #expect(filled.trips.first?.openedAt == candles[3].openTime)
        text.waitsForVolume = true
        let waited = try Backtest.run(quiet, text.configuration(for: freeInstrument))
        #expect(waited.trips.first?.openedAt == candles[4].openTime)
    }

    @Test func runningIsToldAboutAndCanBeCancelled() throws {
        let series = walk(20_000, seed: 1)
        let configuration = try configuration("sma-crossover")
        var shares: [Double] = []
        _ = try Backtest.run(series, configuration, progress: { shares.append($0) })
        #expect(shares.first == 0 && shares.last == 1 && shares == shares.sorted() && shares.count == 4)
        #expect(throws: BacktestError.cancelled) {
            try Backtest.run(series, configuration, isCancelled: { true })
        }
    }
}
