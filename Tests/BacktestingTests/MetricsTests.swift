import Market
import Testing
import Trading

@testable import Backtesting

/// The figures on inputs whose closed forms are known.
@Suite struct MetricsTests {
    func isNear(_ value: Double?, _ expected: Double) -> Bool {
        value.map { abs($0 - expected) <= 1e-12 * abs(expected) } ?? false
    }

    @Test func sharpeIsMeanOverSampleDeviationTimesTheRootOf365() {
        // Mean 0.02, sample deviation 0.01·√2.
        #expect(isNear(DailyReturns([0.01, 0.03]).sharpe, 730.0.squareRoot()))
    }

    @Test func sortinoCountsGainsAsNothingAndDividesByAllDays() {
        // Mean 0.005, downside deviation √(0.0001 ÷ 2).
        #expect(isNear(DailyReturns([0.02, -0.01]).sortino, 182.5.squareRoot()))
    }

    @Test func ratiosAreUndefinedWithoutDeviationOrWithASingleDay() {
        #expect(DailyReturns([0.01, 0.01, 0.01]).sharpe == nil)
        #expect(DailyReturns([0, 0]).sharpe == nil)
        #expect(DailyReturns([0.01]).sharpe == nil)
        #expect(DailyReturns([0.01, 0.02]).sortino == nil)
        #expect(DailyReturns([]).sharpe == nil)
    }

    @Test func theFirstDayIsAgainstTheInitialEquity() {
        #expect(DailyReturns(initial: 100, daily: [110, 99]).values == [0.1, -0.1])
    }

    @Test func equityThatIsGoneHasNoReturns() {
        #expect(DailyReturns(initial: 100, daily: [0, 50]).values.isEmpty)
    }

    @Test func drawdownIsTheDeepestFallBelowAPeak() {
        var tracker = EquityTracker(initial: 100, first: .epoch, days: 1)
        for (index, equity) in [100, 120, 90, 110, 130, 117].enumerated() {
            tracker.take(Int128(equity), openTime: Timestamp(seconds: Int64(index) * 60), isHeld: false)
        }
        #expect(tracker.maximumDrawdown == 0.25)
    }

    @Test func aDrawdownAtTheEndCounts() {
        var tracker = EquityTracker(initial: 100, first: .epoch, days: 1)
        tracker.take(60, openTime: .epoch, isHeld: true)
        #expect(tracker.maximumDrawdown == 0.4)
    }

    @Test func everyDayHasOneMarkAndDaysWithoutCandlesKeepTheLast() {
        var tracker = EquityTracker(initial: 100, first: Timestamp(seconds: 86_340), days: 4)
        tracker.take(101, openTime: Timestamp(seconds: 86_340), isHeld: false)
        tracker.take(102, openTime: Timestamp(seconds: 86_400), isHeld: false)
        tracker.take(103, openTime: Timestamp(seconds: 86_460), isHeld: false)
        tracker.take(104, openTime: Timestamp(seconds: 4 * 86_400), isHeld: false)
        #expect(tracker.dailyEquity == [101, 103, 103, 103, 104])
    }

    @Test(arguments: [0, 3, -2] as [Int128])
    func candlesManyAtATimeCountAsOneByOne(_ perUnit: Int128) {
        let candles = walk(9_000, seed: 61).candles
        let line = EquityLine(first: 0, base: 40_000_000_000_000, perUnit: perUnit)
        let first = candles[0].openTime
        var single = EquityTracker(initial: line.base, first: first, days: 7)
        var many = single
        var numbers = SeededNumbers(state: 7)
        var index = 0
        while index < candles.count {
            let end = min(index + Int.random(in: 1...2_000, using: &numbers), candles.count)
            let isHeld = Bool.random(using: &numbers)
            many.take(candles.span.extracting(index..<end), on: line, isHeld: isHeld)
            for candle in candles[index..<end] {
                single.take(line.equity(at: candle.close.mantissa), openTime: candle.openTime, isHeld: isHeld)
            }
            #expect(many.dailyEquity == single.dailyEquity)
            #expect(many.maximumDrawdown == single.maximumDrawdown)
            index = end
        }
        #expect(many.heldCount == single.heldCount)
        #expect(many.dailyEquity.count > 5)
    }

    @Test func returnsAreAnnualizedByTheCalendar() {
        #expect(isNear(PerformanceMetrics.annualized(0.21, seconds: 2 * 365 * 86_400), 0.1))
        #expect(PerformanceMetrics.annualized(-1, seconds: 365 * 86_400) == -1)
    }

    @Test func aYearOfMoreThanAThousandfoldIsNotSaid() {
        // 200 times in 30 days would be 200^(365 ÷ 30), some 10^28 times a year.
        #expect(PerformanceMetrics.annualized(199, seconds: 30 * 86_400) == nil)
        // In a year: a thousandfold is said, more is not.
        #expect(isNear(PerformanceMetrics.annualized(999, seconds: 365 * 86_400), 999))
        #expect(PerformanceMetrics.annualized(1_000, seconds: 365 * 86_400) == nil)
        #expect(isNear(PerformanceMetrics.annualized(99, seconds: 365 * 86_400), 99))
    }

    @Test func ratiosOfAYearThatIsNotSaidAreNotSaidEither() throws {
        let initial = try Money("1", .usdt)
        let metrics = PerformanceMetrics(
            initial: initial, final: try Money("200", .usdt), span: 30 * 86_400,
            returns: DailyReturns([0.1, 0.2]), maximumDrawdown: 0.1, trips: [], exposure: 1)
        #expect(metrics.annualizedReturn == nil && metrics.calmar == nil)
        #expect(metrics.totalReturn == 199)
        var undefined = UndefinedFigures()
        let figures = DistributionFigures([0.1, 0.2], annualized: metrics.annualizedReturn, &undefined)
        #expect(figures.returnToVolatility == nil)
        #expect(
            undefined.reasons.contains { $0 == ("return_to_volatility", "annualized_return is undefined") })
    }

    @Test func shortRunsAreNotAnnualized() {
        #expect(PerformanceMetrics.annualized(0.1, seconds: 30 * 86_400 - 1) == nil)
        #expect(PerformanceMetrics.annualized(0.1, seconds: 30 * 86_400) != nil)
    }

    private func trip(entry: Int64, exit: Int64, seconds: Int64) -> RoundTrip {
        var trip = RoundTrip(owner: StrategyID(rawValue: 1), instrument: InstrumentID(0), quote: .usdt)
        trip.entryNotional = Money(whole: entry, .usdt)
        trip.exitNotional = Money(whole: exit, .usdt)
        trip.fees = Money(whole: 1, .usdt)
        trip.closedAt = Timestamp(seconds: seconds)
        return trip
    }

    private func metrics(_ trips: [RoundTrip], drawdown: Double = 0) -> PerformanceMetrics {
        PerformanceMetrics(
            initial: Money(whole: 100, .usdt), final: Money(whole: 150, .usdt), span: 365 * 86_400,
            returns: DailyReturns([]), maximumDrawdown: drawdown, trips: trips, exposure: 0.5)
    }

    @Test func tripsAreWonAndLostAfterFees() {
        // Profits 9, −1 (the price did not move) and −6.
        let metrics = metrics([
            trip(entry: 100, exit: 110, seconds: 60), trip(entry: 100, exit: 100, seconds: 120),
            trip(entry: 100, exit: 95, seconds: 30),
        ])
        #expect(metrics.tradeCount == 3)
        #expect(metrics.winRate == 1.0 / 3)
        #expect(isNear(metrics.profitFactor, 9.0 / 7))
        #expect(metrics.averageTradeSeconds == 70)
    }

    @Test func figuresOfNoTradeAreUndefined() {
        let metrics = metrics([])
        #expect(metrics.winRate == nil)
        #expect(metrics.profitFactor == nil)
        #expect(metrics.averageTradeSeconds == nil)
        #expect(metrics.totalReturn == 0.5)
    }

    @Test func calmarIsTheYearlyReturnOverTheDrawdown() {
        #expect(isNear(metrics([], drawdown: 0.25).calmar, 2))
        #expect(metrics([]).calmar == nil)
    }
}
