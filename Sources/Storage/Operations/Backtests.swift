import FoundationEssentials
import GRDB
public import Market

/// A backtest as the store keeps it. What is asked and what came out are the caller's own JSON; the curves are the
/// caller's own bytes.
public struct BacktestRecord: Sendable, Hashable, Identifiable {
    /// Its number; 0 for one that was not stored yet.
    public var id: Int64
    /// When it ended.
    public var createdAt: Timestamp
    /// The strategy class.
    public var className: String
    /// The series, `BINANCE:BTCUSDT`.
    public var series: String
    /// The candles it saw.
    public var timeframe: Timeframe
    /// What was asked, as JSON.
    public var request: String
    /// The figures that came out, as JSON.
    public var result: String

    /// A backtest that is to be stored.
    public init(
        createdAt: Timestamp, className: String, series: String, timeframe: Timeframe, request: String, result: String
    ) {
        id = 0
        self.createdAt = createdAt
        self.className = className
        self.series = series
        self.timeframe = timeframe
        self.request = request
        self.result = result
    }
}

extension Store {
    /// Keeps a backtest.
    ///
    /// - Parameters:
    ///   - backtest: what was asked and what came out; its number is ignored.
    ///   - equity: the equity curve.
    ///   - trades: the round trips.
    /// - Returns: its number.
    /// - Throws: `StoreError`.
    public func keep(_ backtest: BacktestRecord, equity: [UInt8], trades: [UInt8]) throws(StoreError) -> Int64 {
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO backtests
                      (created_at, class, series, timeframe_seconds, request, result, equity, trades)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    backtest.createdAt.nanoseconds, backtest.className, backtest.series, backtest.timeframe.seconds,
                    backtest.request, backtest.result, Data(equity), Data(trades),
                ])
            return database.lastInsertedRowID
        }
    }

    /// The kept backtests without their curves, newest first.
    ///
    /// - Throws: `StoreError`.
    public func backtests(limit: Int = 200) throws(StoreError) -> [BacktestRecord] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT id, created_at, class, series, timeframe_seconds, request, result FROM backtests
                    ORDER BY id DESC LIMIT ?
                    """,
                arguments: [limit])
            return try rows.map { row in
                let reader = RowReader(row, of: "backtests")
                guard let timeframe = Timeframe(seconds: try reader.integer("timeframe_seconds")) else {
                    throw reader.damaged("timeframe_seconds")
                }
                var backtest = BacktestRecord(
                    createdAt: try reader.time("created_at"), className: try reader.text("class"),
                    series: try reader.text("series"), timeframe: timeframe, request: try reader.text("request"),
                    result: try reader.text("result"))
                backtest.id = try reader.integer("id")
                return backtest
            }
        }
    }

    /// The curves of a kept backtest, or `nil` when there is none of that number.
    ///
    /// - Throws: `StoreError`.
    public func backtestCurves(_ id: Int64) throws(StoreError) -> (equity: [UInt8], trades: [UInt8])? {
        try read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT equity, trades FROM backtests WHERE id = ?", arguments: [id])
            guard let row else { return nil }
            guard let equity = Data.fromDatabaseValue(row[0]), let trades = Data.fromDatabaseValue(row[1]) else {
                throw StoreError(.corrupt, path: path, detail: "backtest \(id) has no curves")
            }
            return ([UInt8](equity), [UInt8](trades))
        }
    }
}
