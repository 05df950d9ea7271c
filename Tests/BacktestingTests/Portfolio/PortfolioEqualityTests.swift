import Backtesting
import Market
import Strategies
import Testing
import Trading

/// A portfolio of one is a backtest, and strategies that share nothing are backtests side by side.
@Suite struct PortfolioEqualityTests {
    static let strategies = StrategyCatalog.bundled.classes.map { $0.descriptor.name }

    @Test(arguments: strategies, [InstrumentKind.spot, .linearPerpetual])
    func oneStrategyOverOneSeriesGivesWhatABacktestGives(_ strategy: String, _ kind: InstrumentKind) throws {
        let series = walk(5_000, seed: 31, instrument: free("BTCUSDT", kind: kind))
        var single = try configuration(strategy, slippage: "2", instrument: series.instrument)
        single.protection = Protection(stopLoss: .percent(2), takeProfit: .percent(4), trailingStop: .percent(3))
        for sizing in [Sizing.allIn, .equityShare(.percent(30)), .quantity(Quantity(mantissa: 20_000_000))] {
            single.sizing = sizing
            for capital in CapitalUse.allCases {
                var portfolio = PortfolioConfiguration(single, instrument: "TEST:BTCUSDT")
                portfolio.capital = capital
                try expectEqual(PortfolioBacktest.run([series], portfolio), Backtest.run(series, single), series)
            }
        }
    }

    /// What is assumed of a market holds in a portfolio as it does in a run of one.
    @Test(arguments: strategies, CapitalUse.allCases)
    func marginFundingAndSlippageAreThoseOfABacktest(_ strategy: String, _ capital: CapitalUse) throws {
        let series = walk(5_000, seed: 37, instrument: free("BTCUSDT", kind: .linearPerpetual))
        var text = BacktestText(strategy: strategy)
        text.assumptions.leverage = "3"
        text.assumptions.fundingRateBasisPoints = "2"
        text.assumptions.fundingInterval = "1h"
        text.assumptions.halfSpreadBasisPoints = "1"
        text.assumptions.impact = "0.1"
        text.stopLossPercent = "2"
        let single = try text.configuration(for: series.instrument)
        var portfolio = PortfolioConfiguration(single, instrument: "TEST:BTCUSDT")
        portfolio.capital = capital
        let result = try PortfolioBacktest.run([series], portfolio)
        try expectEqual(result, Backtest.run(series, single), series)
        #expect(result.account.assumptions?.costs.funding.isZero == false)
        #expect(result.account.assumptions?.costs.impact.units ?? 0 > 0)
    }

    /// Funding that falls inside a bar, and several bars at once, loses and doubles nothing.
    @Test func profitsOfAllSumToTheAccountsWithFundingAndLiquidations() throws {
        let all = [("AAA", 51), ("BBB", 52), ("CCC", 53)].map { name, seed in
            walk(3_000, seed: UInt64(seed), instrument: free(name, kind: .linearPerpetual))
        }
        var text = BacktestText(strategy: "ema-crossover", parameters: [.init("allow-short", "on")])
        text.assumptions.leverage = "50"
        text.assumptions.fundingRateBasisPoints = "5"
        text.assumptions.fundingInterval = "1h"
        for margin in ["isolated", "cross"] {
            text.assumptions.margin = margin
            let single = try text.configuration(for: all[0].instrument)
            let strategies = all.enumerated().map { index, series in
                PortfolioStrategy(
                    number: index + 1, name: series.instrument.symbol, strategy: single.strategy,
                    parameters: single.parameters, instrument: series.instrument.name, sizing: .allIn,
                    capitalShare: .percent(30))
            }
            let result = try PortfolioBacktest.run(
                all,
                PortfolioConfiguration(
                    strategies: strategies, cash: single.cash, venue: single.venue, conditions: single.conditions))
            let costs = try #require(result.account.assumptions?.costs)
            if margin == "isolated" { #expect(costs.liquidations > 0) }
            #expect(!costs.funding.isZero)
            let sum = result.strategies.reduce(Int128(0)) { $0 + $1.attribution.profit.units }
            #expect(sum == result.account.finalEquity.units - result.account.initialEquity.units)
            let trips = result.account.trips.reduce(Int128(0)) { $0 + $1.funding.units }
            #expect(trips == costs.funding.units)
        }
    }

    private func expectEqual(_ portfolio: PortfolioResult, _ single: BacktestResult, _ series: CandleSeries) throws {
        let account = portfolio.account
        #expect(!single.trips.isEmpty)
        #expect(account.trips == single.trips)
        #expect(account.equity?.json == single.equity?.json)
        #expect(account.finalEquity == single.finalEquity && account.feesPaid == single.feesPaid)
        #expect(account.daily.returns == single.daily.returns)
        #expect(account.figures.map(\.text).dropFirst() == single.figures.map(\.text).dropFirst())
        #expect(account.metrics.sharpe == single.metrics.sharpe)
        #expect(account.metrics.maximumDrawdown == single.metrics.maximumDrawdown)
        #expect(account.metrics.exposure == single.metrics.exposure)
        #expect(account.refusals == single.refusals)
        #expect(portfolio.instruments[0].gaps == single.gaps)
        #expect(portfolio.instruments[0].missingBars == single.missingBars)
        let attribution = portfolio.strategies[0].attribution
        #expect(attribution.profit == single.finalEquity - single.initialEquity)
        #expect(attribution.maximumDrawdown == single.metrics.maximumDrawdown)
        #expect(attribution.exposure == single.metrics.exposure)
        #expect(attribution.daily.returns == single.daily.returns)
        let extended = (ExtendedMetrics(portfolio, [series]), ExtendedMetrics(single, series))
        let rows = (portfolio.tradesCSV(extended.0), single.tradesCSV(extended.1))
        #expect(
            rows.0.split(separator: "\n").dropFirst().map { $0.split(separator: ",").dropLast(2) }
                == rows.1.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[...] })
    }

    @Test(arguments: strategies)
    func halvesOfTheCapitalAreTwoBacktestsWithHalfTheCash(_ strategy: String) throws {
        let (first, second) = (
            walk(4_000, seed: 41, instrument: free("AAA")),
            walk(4_000, seed: 42, start: 900_000, instrument: free("BBB"))
        )
        var single = try configuration(strategy, cash: "5000", instrument: first.instrument)
        single.protection = Protection(stopLoss: .percent(2), takeProfit: .percent(4))
        for sizing in [Sizing.allIn, .equityShare(.percent(35))] {
            single.sizing = sizing
            let alone = try [Backtest.run(first, single), Backtest.run(second, single)]
            var both = portfolio([
                try trader(1, strategy, on: "AAA", share: 50), try trader(2, strategy, on: "BBB", share: 50),
            ])
            for index in both.strategies.indices {
                both.strategies[index].sizing = sizing
                both.strategies[index].protection = single.protection
            }
            let together = try PortfolioBacktest.run([first, second], both)
            #expect(together.account.finalEquity == alone[0].finalEquity + alone[1].finalEquity)
            for (part, alone) in zip(together.strategies, alone) {
                #expect(!alone.trips.isEmpty)
                #expect(part.attribution.profit == alone.finalEquity - alone.initialEquity)
                #expect(part.attribution.fees == alone.feesPaid)
                #expect(part.attribution.tradeCount == alone.metrics.tradeCount)
                #expect(part.attribution.winRate == alone.metrics.winRate)
                #expect(part.attribution.profitFactor == alone.metrics.profitFactor)
                #expect(part.attribution.exposure == alone.metrics.exposure)
                #expect(part.attribution.maximumDrawdown == alone.metrics.maximumDrawdown)
                #expect(part.attribution.returnOnCapital == alone.metrics.totalReturn)
            }
        }
    }

    @Test func severalStrategiesOnOneInstrumentAreBacktestsSideBySide() throws {
        let series = walk(4_000, seed: 43, instrument: free("AAA"))
        let names = ["sma-crossover", "rsi-mean-reversion", "bollinger-breakout", "supertrend"]
        let together = try PortfolioBacktest.run(
            [series],
            portfolio(try names.enumerated().map { try trader($0.offset + 1, $0.element, on: "AAA", share: 25) })
        )
        for (name, part) in zip(names, together.strategies) {
            let alone = try Backtest.run(series, configuration(name, cash: "2500", instrument: series.instrument))
            #expect(!alone.trips.isEmpty)
            #expect(part.attribution.profit == alone.finalEquity - alone.initialEquity)
        }
    }
}
