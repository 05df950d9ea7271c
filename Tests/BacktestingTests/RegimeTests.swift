import Foundation
import Market
import Testing

@testable import Backtesting

@Suite("Regimes know nothing but the days before")
struct RegimeTests {
    /// Closes that rise for 60 days, move sideways for 60, and fall for 60, a little noise in all.
    private var closes: [Double] {
        var price = 100.0
        return (0..<180).map { day in
            let drift = day < 60 ? 0.01 : day < 120 ? 0 : -0.01
            let noise = Double((day * 7_919) % 101 - 50) / 10_000
            price *= 1 + drift + noise
            return price
        }
    }

    @Test("a rising market is up, a falling one down, and the first days are unknown")
    func trends() {
        let regimes = Regimes(open: 100, closes: closes)
        #expect(regimes.trends.prefix(30).allSatisfy { $0 == nil })
        #expect(regimes.trends[31...60].allSatisfy { $0 == .up })
        #expect(regimes.trends[151..<180].allSatisfy { $0 == .down })
        #expect(regimes.trends[92...118].contains(.sideways))
    }

    @Test("cut off at any day, the days before have the regimes they had")
    func causal() {
        var walk = (0..<400).map { day -> Double in
            let noise = Double((day * 31 + 7) % 13)
            return 100 + 20 * sin(Double(day) / 17) + noise
        }
        let whole = Regimes(open: 100, closes: walk)
        for cut in [1, 30, 31, 90, 91, 150, 399] {
            let part = Regimes(open: 100, closes: Array(walk.prefix(cut)))
            #expect(part.trends == Array(whole.trends.prefix(cut)))
            #expect(part.volatilities == Array(whole.volatilities.prefix(cut)))
        }
        // Nor does a day know its own close.
        walk[200] = 1_000
        let other = Regimes(open: 100, closes: walk)
        #expect(other.trends[...200] == whole.trends[...200])
        #expect(other.volatilities[...200] == whole.volatilities[...200])
        #expect(other.volatilities[201] == .turbulent)
    }

    @Test("volatility is ranked among the values before it, from the 90th day on")
    func volatility() {
        // Quiet days, then wild ones, then quiet ones again.
        let moves = (0..<240).map { day -> Double in
            let size = day >= 120 && day < 160 ? 0.05 : 0.005
            return day % 2 == 0 ? size : -size
        }
        var price = 100.0
        let closes = moves.map { move -> Double in
            price *= 1 + move
            return price
        }
        let regimes = Regimes(open: 100, closes: closes)
        #expect(regimes.volatilities.prefix(90).allSatisfy { $0 == nil })
        #expect(regimes.volatilities[90] != nil)
        #expect(regimes.volatilities[121...160].allSatisfy { $0 == .turbulent })
    }

    @Test("a market that never moves is sideways and normal")
    func constant() {
        let regimes = Regimes(open: 100, closes: Array(repeating: 100, count: 120))
        #expect(regimes.trends[30...].allSatisfy { $0 == .sideways })
        #expect(regimes.volatilities[90...].allSatisfy { $0 == .normal })
    }

    @Test("days, returns and round trips of the regimes add up to the whole")
    func sums() throws {
        let series = walk(60 * 24 * 130, seed: 5)
        // One that keeps some of its money: of a lost account there are no figures.
        let result = try Backtest.run(series, configuration("sma-crossover"))
        var undefined = UndefinedFigures()
        let regimes = try #require(RegimeFigures.figures(result, series, &undefined))
        for rows in [regimes.trend, regimes.volatility] {
            #expect(rows.reduce(0) { $0 + $1.days } == result.daily.count)
            #expect(rows.reduce(0) { $0 + $1.trips.count } == result.trips.count)
            let whole = rows.reduce(1) { $0 * (1 + ($1.totalReturn ?? 0)) } - 1
            #expect(isClose(whole, result.daily.returns.reduce(1) { $0 * (1 + $1) } - 1, 1e-6))
            #expect(rows.allSatisfy { (0...1).contains($0.exposure) })
        }
        #expect(regimes.volatility.last?.name == "unknown" && regimes.volatility.last?.days == 90)
    }

    @Test("a run too short for any says so")
    func short() throws {
        let series = walk(3_000, seed: 5)
        let result = try Backtest.run(series, configuration("macd"))
        let extended = ExtendedMetrics(result, series)
        #expect(extended.regimes == nil)
        #expect(extended.undefined.reasons.contains { $0.key == "by_regime" })
    }

    @Test("days without a candle keep the close of the day before")
    func closesOfDays() {
        var series = walk(60 * 24 * 3, seed: 1)
        let first = series.candles[0].openTime.day
        series.candles.removeAll { $0.openTime.day == first + 1 }
        let closes = DailyCloses(series, from: first, count: 3).values
        #expect(closes[1] == closes[0] && closes[2] != closes[1])
    }
}
