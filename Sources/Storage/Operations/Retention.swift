import GRDB
public import Market

extension Store {
    /// Forgets what is older than `limit` and can't matter for trading any more: equity points, signals, verdicts,
    /// acknowledged alerts, audit lines. Candles, orders, fills, round trips and backtests stay.
    ///
    /// - Returns: how many rows went.
    /// - Throws: `StoreError`.
    @discardableResult
    public func prune(before limit: Timestamp) throws(StoreError) -> Int {
        try write { database in
            var count = 0
            for clause in [
                "equity WHERE time < ?",
                "signals WHERE time < ?",
                "verdicts WHERE time < ?",
                "alerts WHERE state = 'acknowledged' AND last_time < ?",
                "audit WHERE time < ?",
            ] {
                try database.execute(sql: "DELETE FROM \(clause)", arguments: [limit.nanoseconds])
                count += database.changesCount
            }
            return count
        }
    }
}
