import Foundation
import Market
import Testing
import Trading

@testable import Backtesting

/// The extended figures as they are written out.
@Suite struct ExtendedJSONTests {
    private func object(_ text: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("the keys of before stay as they were, and the new ones stand behind them in their order")
    func order() throws {
        let series = walk(3_000, seed: 4)
        let result = try Backtest.run(series, configuration("macd"))
        let plain = result.json(seconds: 0)
        let text = result.json(seconds: 0, extended: ExtendedMetrics(result, series))
        #expect(text.hasPrefix(plain.dropLast() + ",\"volatility\":"))
        let keys = [
            "volatility", "return_to_volatility", "robust_sharpe", "probabilistic_sharpe", "minimum_track_record_days",
            "omega", "tail_ratio", "skew", "excess_kurtosis", "value_at_risk", "expected_shortfall", "ulcer_index",
            "longest_underwater_days", "underwater_share", "recovery_factor", "recovery_days", "turnover",
            "annual_turnover", "expectancy", "average_win", "average_loss", "payoff_ratio", "longest_win_streak",
            "longest_loss_streak", "mae_mean", "mae_max", "mfe_mean", "mfe_max", "by_side", "by_hour",
            "rolling_sharpe", "monthly_returns", "yearly_returns", "by_regime", "undefined",
        ]
        let places = keys.map { key in text.range(of: ",\"\(key)\":")?.lowerBound }
        #expect(places.allSatisfy { $0 != nil })
        #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
    }

    @Test("every figure that is null has a reason, and no other has one", arguments: [1, 2, 30, 3_000, 60_000])
    func reasons(_ count: Int) throws {
        for (strategy, seed) in [("sma-crossover", UInt64(1)), ("rsi-mean-reversion", 2), ("macd", 3)] {
            let series = walk(count, seed: seed)
            let result = try Backtest.run(series, configuration(strategy))
            let members = try object(result.json(seconds: 0, extended: ExtendedMetrics(result, series)))
            let reasons = try #require(members["undefined"] as? [String: String])
            let null = members.filter { $0.value is NSNull }.map(\.key)
            #expect(Set(null) == Set(reasons.keys), "\(strategy) over \(count)")
            #expect(reasons.values.allSatisfy { !$0.isEmpty })
        }
    }

    @Test("sides, hours and months add up to the whole")
    func sums() throws {
        let series = walk(60_000, seed: 9)
        let result = try Backtest.run(series, configuration("macd"))
        let members = try object(result.json(seconds: 0, extended: ExtendedMetrics(result, series, rollingDays: 20)))
        let sides = try #require(members["by_side"] as? [String: [String: Any]])
        let hours = try #require(members["by_hour"] as? [[String: Any]])
        func trips(_ groups: [[String: Any]]) -> Int { groups.compactMap { $0["trips"] as? Int }.reduce(0, +) }
        #expect(trips(Array(sides.values)) == result.trips.count && trips(hours) == result.trips.count)
        let months = try #require(members["monthly_returns"] as? [[String: Any]])
        let whole = months.compactMap { $0["return"] as? Double }.reduce(1) { $0 * (1 + $1) }
        #expect(isClose(whole, 1 + result.metrics.totalReturn))
        let rolling = try #require(members["rolling_sharpe"] as? [String: Any])
        #expect(rolling["days"] as? Int == 20)
        let values = try #require(rolling["values"] as? [[String: Any]])
        #expect(values.count == result.daily.count - 19)
        #expect(values.last?["date"] as? String == result.daily.day(result.daily.count - 1).date)
    }

    @Test("the returns of days are those that the Sharpe ratio is made of")
    func daily() throws {
        let result = try Backtest.run(walk(20_000, seed: 5), configuration("macd"))
        #expect(DailyReturns(result.daily.returns).sharpe == result.metrics.sharpe)
        #expect(result.daily.equity(result.daily.count - 1) == result.finalEquity)
        #expect(result.daily.day(0).date == result.from.date)
    }
}
