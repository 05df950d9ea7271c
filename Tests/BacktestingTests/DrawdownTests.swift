import Market
import Testing

@testable import Backtesting

/// Falls and returns of the daily equity.
@Suite struct DrawdownTests {
    private func figures(
        _ daily: DailyEquity, total: Double = 0, worst: Double = 0
    ) -> (figures: DrawdownFigures, reasons: [(key: String, reason: String)]) {
        var undefined = UndefinedFigures()
        let figures = DrawdownFigures(daily, totalReturn: total, maximumDrawdown: worst, &undefined)
        return (figures, undefined.reasons)
    }

    @Test("the ulcer index is quantstats' 0.0.86 with divisor n, the time below peaks that of its drawdowns")
    func packages() {
        let figures = figures(daily(formulaReturns(400)), total: 0.04879779306386789, worst: 0.19973127541262592)
            .figures
        // quantstats divides by n − 1: 0.11870702070777209.
        #expect(isClose(figures.ulcerIndex, 0.11870702070777209 * (399.0 / 400).squareRoot()))
        #expect(figures.longestUnderwaterDays == 390)
        #expect(figures.underwaterShare == 0.9875)
        #expect(isClose(figures.recoveryFactor, 0.24431723556091187))
    }

    @Test("by hand: two falls, the deeper one made good after three days")
    func byHand() {
        //            0    −10 %  0    new  −20 %  −5 %  −1/120 back
        let daily = marks(100, [100, 90, 100, 120, 96, 114, 119, 120])
        let figures = figures(daily).figures
        #expect(figures.recoveryDays == 3)
        #expect(figures.longestUnderwaterDays == 3)
        #expect(figures.underwaterShare == 0.5)
        let squares = 0.01 + 0.04 + 0.0025 + 1.0 / 14_400
        #expect(isClose(figures.ulcerIndex, (squares / 8).squareRoot(), 1e-12))
    }

    @Test("the initial equity is a peak, and a fall that goes on counts to the end")
    func fromTheStart() {
        let (figures, reasons) = figures(marks(100, [95, 90, 92]), total: -0.08, worst: 0.1)
        #expect(figures.longestUnderwaterDays == 3 && figures.underwaterShare == 1)
        #expect(figures.recoveryDays == nil)
        #expect(isClose(figures.recoveryFactor, -0.8, 1e-12))
        #expect(
            reasons.contains { $0 == ("recovery_days", "the deepest daily drawdown was not made good by the end") })
    }

    @Test("an equity that never fell has nothing to recover from")
    func rising() {
        let (figures, reasons) = figures(marks(100, [100, 101, 105]))
        #expect(figures.ulcerIndex == 0 && figures.longestUnderwaterDays == 0)
        #expect(figures.recoveryFactor == nil && figures.recoveryDays == nil)
        #expect(reasons.contains { $0 == ("recovery_factor", "the equity never fell") })
    }

    @Test("months and years compound to the whole, and are those of empyrical-reloaded 0.7.1")
    func months() {
        let daily = daily(formulaReturns(400))
        let months = PeriodReturn.months(of: daily)
        #expect(months.count == 14)
        #expect(isClose(months[0].value, 0.008797476628592316))
        #expect(isClose(months[1].value, -0.01853618512098054))
        #expect(isClose(months[2].value, -0.0359006933980901))
        #expect(months.map(\.days).reduce(0, +) == 400)
        #expect(months[0].days == 17 && months[1].month == 2 && months[13].year == 2_024)
        let years = PeriodReturn.years(of: daily)
        #expect(years.map(\.year) == [2_023, 2_024])
        #expect(isClose(years[0].value, -0.0497955073015619) && isClose(years[1].value, 0.10376008651089363))
        let whole = months.reduce(1) { $0 * (1 + ($1.value ?? .nan)) }
        #expect(isClose(whole - 1, 0.04879779306386789))
    }
}
