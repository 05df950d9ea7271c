import Backtesting
import Market
import Testing
import Trading

/// A rule in the product's words and in the naive ones.
struct ExactCase: CustomTestStringConvertible, Sendable {
    var strategy: String
    var parameters: [(String, String)]
    var signals: @Sendable ([Candle]) -> [Int]

    var testDescription: String {
        strategy + " " + parameters.map { "\($0.0)=\($0.1)" }.joined(separator: " ")
    }

    static func averages(_ fast: Int, _ slow: Int) -> ExactCase {
        ExactCase(strategy: "sma-crossover", parameters: [("fast", "\(fast)"), ("slow", "\(slow)")]) {
            NaiveSignals.averages($0, fast: fast, slow: slow)
        }
    }

    static func relativeStrength(_ period: Int, _ low: Int, _ high: Int) -> ExactCase {
        ExactCase(
            strategy: "rsi-mean-reversion",
            parameters: [("period", "\(period)"), ("low", "\(low)"), ("high", "\(high)")]
        ) { NaiveSignals.relativeStrength($0, period: period, low: Double(low), high: Double(high)) }
    }

    static func bollinger(_ period: Int, halfWidths: Int) -> ExactCase {
        ExactCase(
            strategy: "bollinger-breakout",
            parameters: [("period", "\(period)"), ("width", "\(Double(halfWidths) / 2)")]
        ) { NaiveSignals.bollinger($0, period: period, halfWidths: halfWidths) }
    }
}

/// What the run did, in the naive loop's words.
func naiveTrips(_ result: BacktestResult) -> [NaiveTrip] {
    result.trips.map { trip in
        NaiveTrip(
            openedAt: trip.openedAt.seconds, closedAt: trip.closedAt.seconds, quantity: trip.quantity.mantissa,
            entryPrice: result.instrument.averagePrice(trip.entryNotional, trip.quantity, rounding: .down).mantissa,
            exitPrice: result.instrument.averagePrice(trip.exitNotional, trip.quantity, rounding: .down).mantissa,
            fees: trip.fees.units, isOpen: trip.isOpen)
    }
}

/// The run through kernel and venue against a loop written by hand, to the last digit.
@Suite struct ExactnessTests {
    static let cases = [
        ExactCase.averages(1, 2), .averages(5, 20), .averages(20, 50), .relativeStrength(2, 10, 90),
        .relativeStrength(14, 30, 70), .relativeStrength(14, 45, 55), .bollinger(3, halfWidths: 2),
        .bollinger(20, halfWidths: 4), .bollinger(10, halfWidths: 3),
    ]

    func expectAgreement(
        _ exact: ExactCase, _ series: CandleSeries, fee: String, slippage: String, step: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let result = try Backtest.run(
            series, configuration(exact.strategy, exact.parameters, fee: fee, slippage: slippage, step: step))
        let naive = NaiveLoop(
            series.candles, wanted: exact.signals(series.candles), cash: 10_000 * Money.unitsPerWhole,
            feeRate: Int128(try Ratio(basisPoints: fee).units),
            slippage: Int128(try Ratio(basisPoints: slippage).units),
            step: Int128(try freeInstrument.quantity(step).mantissa))
        #expect(!naive.trips.isEmpty, sourceLocation: sourceLocation)
        #expect(naiveTrips(result) == naive.trips, sourceLocation: sourceLocation)
        #expect(result.finalEquity.units == naive.equity.last, sourceLocation: sourceLocation)
        #expect(result.feesPaid.units == naive.fees, sourceLocation: sourceLocation)
        let curve = try #require(result.equity)
        let marks = (0..<curve.count).map { curve.equity($0).units }
        #expect(marks == naive.equity, sourceLocation: sourceLocation)
    }

    @Test(arguments: cases)
    func agreesWithAHandWrittenLoopOverSeriesWithGaps(_ exact: ExactCase) throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            let series = walk(2_000, seed: seed)
            try expectAgreement(exact, series, fee: "10", slippage: "0", step: "0.00001")
            try expectAgreement(exact, series, fee: "0", slippage: "0", step: "0.00000001")
            try expectAgreement(exact, series, fee: "7.5", slippage: "3", step: "0.001")
        }
    }

    @Test(
        .enabled(if: TestData.year != nil, "needs the test data: set WICK_TEST_DATA to its folder"),
        arguments: [ExactCase.averages(10, 30), .relativeStrength(14, 30, 70), .bollinger(20, halfWidths: 4)])
    func agreesWithAHandWrittenLoopOverAYearOfRealMinutes(_ exact: ExactCase) throws {
        let series = try #require(TestData.year)
        try expectAgreement(exact, series, fee: "10", slippage: "0", step: "0.00001")
    }
}
