import Market
import Simulation
import Storage
import Trading

/// Ten strategies that trade the synthetic market's three instruments all day, every bundled class among them.
enum BusyStrategies {
    /// The configuration of an engine that they can go on trading in: no limit ends the day early, and fees do not eat
    /// the account up.
    static func configuration(history: Int, faults: String = "off") -> String {
        """
        feed:
          history-minutes: \(history)
        account:
          cash: 10000000
          starter-strategies: off
        venue:
          maker-fee-bps: 0
          taker-fee-bps: 1
          faults: \(faults)
        risk:
          drawdown-percent: off
          daily-loss-percent: off
          open-orders: 2000

        """
    }

    /// Their records, none of them stored yet.
    static var records: [StrategyRecord] {
        let rows: [(String, String, Int, String, [String: String], Protection)] = [
            ("ema-btc", "ema-crossover", 0, "1m", ["fast": "2", "slow": "5"], Protection(stopLoss: .percent(1))),
            ("ema-eth", "ema-crossover", 1, "1m", ["fast": "3", "slow": "9"], .none),
            ("sma-sol", "sma-crossover", 2, "1m", ["fast": "3", "slow": "8"], following),
            ("sma-btc", "sma-crossover", 0, "5m", ["fast": "5", "slow": "20"], .none),
            ("rsi-eth", "rsi-mean-reversion", 1, "1m", ["period": "3", "low": "40", "high": "60"], .none),
            ("rsi-sol", "rsi-mean-reversion", 2, "1m", ["period": "5", "low": "35", "high": "65"], bracket),
            ("bands-btc", "bollinger-breakout", 0, "1m", [:], .none),
            ("macd-eth", "macd", 1, "1m", [:], Protection(takeProfit: .percent(1))),
            ("trend-sol", "supertrend", 2, "1m", [:], Protection(trailingStop: .percent(1))),
            ("trend-btc", "supertrend", 0, "5m", [:], .none),
        ]
        let instruments = SyntheticMarket(seed: 1, start: .epoch).instruments
        return rows.compactMap { name, className, instrument, timeframe, parameters, protection in
            Timeframe(timeframe).map {
                StrategyRecord(
                    name: name, className: className, parameters: parameters, instrument: instruments[instrument],
                    timeframe: $0, sizing: .equityShare(.percent(8)), protection: protection, status: .enabled)
            }
        }
    }

    private static let following = Protection(takeProfit: .basisPoints(70), trailingStop: .basisPoints(50))
    private static let bracket = Protection(stopLoss: .basisPoints(50), takeProfit: .basisPoints(80))

    /// Puts them into a data directory.
    static func register(in directory: DataDirectory) throws {
        try directory.create()
        let store = try Store(directory: directory)
        for record in records { _ = try store.add(record, at: Timestamp(seconds: 1_700_000_000)) }
        try store.close()
    }
}
