import Testing

@testable import Backtesting

/// Figures of daily returns against quantstats 0.0.86 and empyrical-reloaded 0.7.1, and against closed forms where those
/// define them otherwise (`docs/metrics.md` says where).
@Suite struct DistributionTests {
    private func figures(_ returns: [Double], annualized: Double? = 0.1) -> (DistributionFigures, UndefinedFigures) {
        var undefined = UndefinedFigures()
        let figures = DistributionFigures(returns, annualized: annualized, &undefined)
        return (figures, undefined)
    }

    @Test("400 days have the figures of the packages")
    func packages() {
        let (figures, undefined) = figures(formulaReturns(400))
        #expect(isClose(figures.volatility, 0.2155626900833954))
        #expect(isClose(figures.returnToVolatility, 0.1 / 0.2155626900833954))
        #expect(isClose(figures.omega, 1.0384332049420133))
        #expect(isClose(figures.tailRatio, 1.074353323280362))
        #expect(isClose(figures.skew, 0.014845814047709256))
        #expect(isClose(figures.excessKurtosis, -1.1300601819527014))
        #expect(undefined.reasons.isEmpty)
    }

    @Test("value at risk is an order statistic, the shortfall the mean of what is beyond")
    func tail() {
        let (figures, _) = figures(formulaReturns(400))
        // The formula of Rockafellar & Uryasev with numpy 2.4.6.
        #expect(isClose(figures.valueAtRisk, 0.01724))
        #expect(isClose(figures.expectedShortfall, 0.018308))
    }

    @Test("the belief in the Sharpe ratio takes moments of divisor n")
    func belief() {
        let (figures, _) = figures(formulaReturns(400))
        // The closed forms with scipy 1.17.1, the robust ratio with statsmodels 0.15.0.
        #expect(isClose(figures.probabilisticSharpe, 0.6267642753068274))
        #expect(isClose(figures.minimumTrackRecordDays, 10_329.28102977679))
        #expect(isClose(figures.robustSharpe, 0.31505584591521524))
        #expect(isClose(DailyReturns(formulaReturns(400)).sharpe, 0.30918615820861806))
        #expect(isClose(DailyReturns(formulaReturns(400)).sortino, 0.44414228502092))
    }

    @Test("what fewer than twenty days show is not shown, with the reason")
    func few() {
        let (figures, undefined) = figures(formulaReturns(19))
        #expect(figures.skew == nil && figures.valueAtRisk == nil && figures.probabilisticSharpe == nil)
        #expect(figures.volatility != nil && figures.omega != nil)
        #expect(undefined.reasons.contains { $0 == ("skew", "there are 19 days; it needs 20") })
        #expect(self.figures(formulaReturns(20)).0.skew != nil)
    }

    @Test("days that don't differ, no day lost, and equity that was gone")
    func edges() {
        let (flat, flatReasons) = figures(Array(repeating: 0, count: 40))
        #expect(flat.volatility == 0)
        #expect(flat.returnToVolatility == nil && flat.valueAtRisk == nil && flat.robustSharpe == nil)
        #expect(flatReasons.reasons.contains { $0 == ("value_at_risk", "the daily returns don't differ") })
        let (rising, risingReasons) = figures((0..<40).map { 0.001 * Double($0 % 3 + 1) })
        #expect(rising.omega == nil && rising.tailRatio == nil)
        #expect(risingReasons.reasons.contains { $0 == ("omega", "no day lost") })
        #expect((rising.valueAtRisk ?? 0) < 0)
        let (gone, goneReasons) = figures([])
        #expect(gone.volatility == nil)
        #expect(goneReasons.reasons.contains { $0 == ("volatility", "the account was lost on some day") })
    }

    @Test(
        "an account that is left with cents has no daily returns, whatever they come to; one that goes on the last day has"
    )
    func lost() {
        // A ten-thousandth of 10,000 is 1.
        #expect(marks(10_000, [5_000, 1, 2, 4]).returns.isEmpty)
        #expect(marks(10_000, [5_000, 2, 4]).returns == [-0.5, -0.9996, 1])
        #expect(marks(10_000, [5_000, 0]).returns == [-0.5, -1])
        #expect(marks(10_000, [5_000, 1, 2]).returnsUntilLost == [-0.5, -1, 0])
    }

    @Test("a losing ratio has no shortest track record")
    func losing() {
        let (figures, undefined) = figures(formulaReturns(60).map { $0 - 0.01 })
        #expect(figures.minimumTrackRecordDays == nil)
        #expect(
            undefined.reasons.contains { $0 == ("minimum_track_record_days", "the Sharpe ratio is not above 0") })
        #expect((figures.probabilisticSharpe ?? 1) < 0.05)
    }

    @Test("the rolling ratio is that of quantstats")
    func rolling() {
        let rolling = RollingSharpe(formulaReturns(400), days: 90)
        #expect(rolling.values.count == 311)
        #expect(isClose(rolling.values.first ?? nil, -1.6858414480261497))
        #expect(isClose(rolling.last, 3.235358672195059))
        #expect(isClose(rolling.minimum, -3.507095168819525))
        #expect(isClose(rolling.maximum, 3.561880809548301))
    }

    @Test("fewer days than the window roll nowhere, a still window has no ratio")
    func rollingEdges() {
        #expect(RollingSharpe(formulaReturns(89), days: 90).values.isEmpty)
        #expect(RollingSharpe(formulaReturns(90), days: 90).values.count == 1)
        let still = RollingSharpe([0, 0, 0, 0.1, 0.2], days: 3)
        #expect(still.values.count == 3 && still.values[0] == nil && still.last != nil)
    }
}
