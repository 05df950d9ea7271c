import Market
import Storage
import Trading

/// The strategies that a store without any begins with, so that a new user sees something live within minutes.
enum StarterStrategies {
    /// The starters for the instruments of a session, as far as the catalogue has their classes.
    static func records(_ instruments: [Instrument], _ catalog: StrategyCatalog) -> [StrategyRecord] {
        var records: [StrategyRecord] = []
        func add(
            _ name: String, _ className: String, on index: Int, _ timeframe: String, parameters: [String: String],
            share: Int, _ protection: Protection, _ status: StrategyStatus
        ) {
            guard let timeframe = Timeframe(timeframe), catalog.strategyClass(named: className) != nil,
                !instruments.isEmpty
            else { return }
            let instrument = instruments[min(index, instruments.count - 1)]
            records.append(
                StrategyRecord(
                    name: name, className: className, parameters: parameters, instrument: instrument,
                    timeframe: timeframe, sizing: .equityShare(.percent(share)), capitalShare: .percent(share),
                    protection: protection, limits: StrategyLimits(maximumDrawdown: .percent(20)), status: status,
                    reason: status == .enabled ? "a strategy to begin with" : "rests until it is enabled"))
        }
        add(
            "sma-cross", "sma-crossover", on: 0, "1m", parameters: ["fast": "5", "slow": "20"], share: 25,
            Protection(stopLoss: .percent(2)), .enabled)
        add(
            "rsi-dip", "rsi-mean-reversion", on: 1, "1m", parameters: ["period": "14", "low": "35", "high": "65"],
            share: 20, Protection(stopLoss: .basisPoints(100), takeProfit: .basisPoints(150)), .enabled)
        add(
            "trend", "supertrend", on: 2, "5m", parameters: [:], share: 20, Protection(trailingStop: .percent(2)),
            .disabled)
        return records
    }
}
