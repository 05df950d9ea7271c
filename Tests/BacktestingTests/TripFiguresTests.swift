import Market
import Testing
import Trading

@testable import Backtesting

/// Figures of round trips, by hand.
@Suite struct TripFiguresTests {
    /// A result that has nothing but its trips and two days of equity over 60 days.
    private func result(_ trips: [RoundTrip], days: Int64 = 60) throws -> BacktestResult {
        var result = try Backtest.run(series([(10, 10), (10, 10)]), configuration("sma-crossover"))
        result.trips = trips
        result.daily = marks(100, [90, 110])
        result.from = .epoch
        result.to = Timestamp(seconds: days * 86_400)
        return result
    }

    private func figures(_ trips: [RoundTrip], days: Int64 = 60) throws -> (TripFigures, UndefinedFigures) {
        var undefined = UndefinedFigures()
        let excursions = trips.map { _ in
            Excursion.excursions(of: [trip(.buy, 10, 10)], over: MetCandles(series([])))[0]
        }
        let figures = TripFigures(try result(trips, days: days), excursions, &undefined)
        return (figures, undefined)
    }

    @Test("wins, losses, payoff and streaks are counted after fees")
    func profits() throws {
        // Profits 9, 1, 0 (ends both streaks), −6, −1, −2, 4.
        let (figures, undefined) = try figures([
            trip(.buy, 100, 110, fee: 1), trip(.sell, 100, 98, fee: 1), trip(.buy, 100, 101, fee: 1),
            trip(.buy, 100, 95, fee: 1), trip(.buy, 100, 100, fee: 1), trip(.sell, 100, 101, fee: 1),
            trip(.buy, 100, 105, fee: 1),
        ])
        #expect(figures.expectancy?.decimalText == "0.7142857142857142")
        #expect(figures.averageWin?.decimalText == "4.6666666666666666")
        #expect(figures.averageLoss == Money(whole: 3, .usdt))
        #expect(isClose(figures.payoffRatio, 14.0 / 9, 1e-12))
        #expect(figures.longestWinStreak == 2 && figures.longestLossStreak == 3)
        #expect(undefined.reasons.isEmpty)
    }

    @Test("sides are told apart")
    func sides() throws {
        let (figures, _) = try figures([
            trip(.buy, 100, 110), trip(.sell, 100, 110), trip(.sell, 200, 180), trip(.buy, 100, 95),
        ])
        #expect(figures.long.count == 2 && figures.short.count == 2)
        #expect(figures.long.profit == Money(whole: 5, .usdt) && figures.short.profit == Money(whole: 10, .usdt))
        #expect(figures.long.winRate == 0.5 && figures.long.profitFactor == 2 && figures.short.profitFactor == 2)
        #expect(isClose(figures.long.averageReturn, 0.025, 1e-12))
    }

    @Test("hours are those of the entry in UTC, and hours without one are left out")
    func hours() throws {
        let day: Int64 = 19_358 * 86_400
        let (figures, _) = try figures([
            trip(.buy, 100, 110, from: day + 3_599), trip(.buy, 100, 90, from: day + 86_400 + 1),
            trip(.buy, 100, 105, from: day + 23 * 3_600),
        ])
        #expect(figures.hours.map(\.hour) == [0, 23])
        #expect(figures.hours[0].group.count == 2 && figures.hours[0].group.profit.isZero)
    }

    @Test("turnover adds both sides, of an open trip only the entry, over the mean daily equity")
    func turnover() throws {
        let trips = [trip(.buy, 100, 110), trip(.buy, 90, 95, isOpen: true)]
        let (figures, _) = try figures(trips)
        #expect(isClose(figures.turnover, 3, 1e-12))
        #expect(isClose(figures.annualTurnover, 3 * 365.0 / 60, 1e-12))
        let (short, undefined) = try self.figures(trips, days: 29)
        #expect(short.annualTurnover == nil)
        #expect(undefined.reasons.contains { $0 == ("annual_turnover", "the run is shorter than 30 days") })
    }

    @Test("without trips, wins or losses there is no figure, and the reason is said")
    func edges() throws {
        let (none, reasons) = try figures([])
        #expect(none.expectancy == nil && none.adverseMean == nil && none.turnover == 0)
        #expect(reasons.reasons.contains { $0 == ("mae_max", "there is no round trip") })
        let (won, wonReasons) = try figures([trip(.buy, 100, 110)])
        #expect(won.averageLoss == nil && won.payoffRatio == nil && won.averageWin != nil)
        #expect(wonReasons.reasons.contains { $0 == ("average_loss", "no round trip lost") })
    }
}
