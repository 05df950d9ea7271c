import Backtesting
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Storage

/// Keeps backtests in the store and reads them back.
enum BacktestHistory {
    /// Keeps a result. That it can't be kept spoils nothing: it is said, and the result is printed all the same.
    ///
    /// - Returns: its number, or `nil` when it could not be kept.
    static func keep(_ result: BacktestResult, json: String, _ text: BacktestText, _ data: DataOptions) -> Int64? {
        do {
            let record = BacktestRecord(
                createdAt: Environment.now, className: result.strategy, series: result.instrument.name,
                timeframe: result.timeframe, request: "{}", result: json)
            return try data.store().keep(
                record, equity: [], trades: Array(result.tradesCSV.utf8))
        } catch {
            Output.error("wick: the result is not kept: \(CommandFailure(reason: error)?.description ?? "\(error)")")
            return nil
        }
    }
}
