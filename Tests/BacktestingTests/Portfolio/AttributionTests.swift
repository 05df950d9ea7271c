import Market
import Strategies
import Testing
import Trading

@testable import Backtesting

/// What each part brings in, and that the parts are the whole.
@Suite struct AttributionTests {
    @Test(arguments: CapitalUse.allCases)
    func theContributionsAreTheAccountsProfitToTheLastUnit(_ capital: CapitalUse) throws {
        var configuration = try PortfolioOrderTests.mixed()
        configuration.capital = capital
        configuration.venue.feeAsset = .received
        configuration.venue.slippage = .basisPoints(3)
        configuration.venue.participation = .percent(10)
        let result = try PortfolioBacktest.run(PortfolioOrderTests.market, configuration)
        let gained = result.account.finalEquity - result.account.initialEquity
        let zero = Money.zero(.usdt)
        #expect(!gained.isZero)
        for parts in [result.strategies.map(\.attribution), result.instruments.map(\.attribution)] {
            #expect(parts.reduce(zero) { $0 + $1.profit } == gained)
            #expect(parts.reduce(zero) { $0 + $1.fees } == result.account.feesPaid)
            #expect(parts.reduce(0) { $0 + $1.tradeCount } == result.account.metrics.tradeCount)
            #expect(abs(parts.reduce(0) { $0 + $1.contribution } - result.account.metrics.totalReturn) < 1e-12)
            #expect(abs(parts.reduce(0) { $0 + ($1.riskShare ?? .nan) } - 1) < 1e-9)
            for part in parts { #expect(part.profit == part.realized + part.open - part.fees) }
            for day in 0..<result.account.daily.count {
                let sum = parts.reduce(zero) { $0 + $1.daily.equity(day) - $1.capital }
                #expect(sum == result.account.daily.equity(day) - result.account.initialEquity)
            }
        }
    }

    @Test func profitsFeesAndDrawdownsOfATable() throws {
        // AAA: bought at 100 with 5000, sold at 110. BBB: bought at 50 with 5000, falls to 40, open at 45.
        let rising = series([(100, 100), (100, 100), (100, 110), (110, 110), (110, 110)], instrument: free("AAA"))
        let falling = series([(50, 50), (50, 50), (50, 40), (40, 45), (45, 45)], instrument: free("BBB"))
        var configuration = portfolio(
            [
                try trader(
                    1, "timed", on: "AAA", [("long", "1"), ("flat", "3")], share: 50,
                    catalog: TimedStrategy.catalog),
                try trader(2, "timed", on: "BBB", share: 50, catalog: TimedStrategy.catalog),
            ], catalog: TimedStrategy.catalog)
        configuration.venue.takerFee = .zero
        let result = try PortfolioBacktest.run([rising, falling], configuration)
        let (first, second) = (result.strategies[0].attribution, result.strategies[1].attribution)
        #expect(first.profit.decimalText == "500" && first.realized == first.profit && first.open.isZero)
        #expect(second.profit.decimalText == "-500" && second.open == second.profit && second.realized.isZero)
        #expect(first.maximumDrawdown == 0 && second.maximumDrawdown == 0.2)
        #expect(first.contribution == 0.05 && first.returnOnCapital == 0.1)
        #expect(first.winRate == 1 && second.winRate == 0)
        #expect(first.exposure == 2.0 / 5 && second.exposure == 4.0 / 5)
        #expect(result.account.finalEquity.decimalText == "10000")
        // At the third close: 5500 + 4000.
        #expect(result.account.metrics.maximumDrawdown == 0.05)
    }

    @Test func correlationsAndSharesOfRiskOfColumns() throws {
        let (a, b, c) = ([1.0, -1, 2, -2], [-1.0, 1, -2, 2], [0.1, 0.1, 0.1, 0.1])
        let square = DailyCovariance.correlations([a, b, c])
        #expect(square[0] == [1, -1, nil] && square[2] == [nil, nil, nil])
        // The sum of two equal columns: each carries half; one that stays as it is carries none.
        #expect(DailyCovariance.shares([a, a, c], of: zip(a, c).map { 2 * $0 + $1 }) == [0.5, 0.5, 0])
        // 2a and b: the sum is a, of which 2a is twice and b takes one away.
        #expect(DailyCovariance.shares([a.map { $0 * 2 }, b], of: a) == [2, -1])
        #expect(DailyCovariance.shares([c], of: c) == [nil])
        // By hand: x = 1, 2, 3 and y = 1, 3, 2 have the covariance 1 and the variances 2.
        #expect(DailyCovariance.correlations([[1, 2, 3], [1, 3, 2]])[0][1].map { abs($0 - 0.5) < 1e-15 } == true)
    }

    @Test func theTradesNameTheirStrategyAndSymbol() throws {
        var configuration = try PortfolioOrderTests.mixed()
        configuration.strategies[0].name = "fast, \"A\""
        let result = try PortfolioBacktest.run(PortfolioOrderTests.market, configuration)
        let lines = result.tradesCSV(ExtendedMetrics(result, PortfolioOrderTests.market)).split(separator: "\n")
        #expect(lines.count == result.account.trips.count + 1)
        #expect(lines[0].hasSuffix(",mae,mfe,strategy,symbol"))
        #expect(lines.contains { $0.hasSuffix(",\"fast, \"\"A\"\"\",TEST:AAA") })
        #expect(lines.contains { $0.hasSuffix(",rsi-mean-reversion 2,TEST:BBB") })
    }
}
