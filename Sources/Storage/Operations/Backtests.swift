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
    /// What it was made from, as JSON; empty for one of an earlier release.
    public var origin: String

    /// A backtest that is to be stored.
    public init(
        createdAt: Timestamp, className: String, series: String, timeframe: Timeframe, request: String, result: String,
        origin: String = ""
    ) {
        id = 0
        self.createdAt = createdAt
        self.className = className
        self.series = series
        self.timeframe = timeframe
        self.request = request
        self.result = result
        self.origin = origin
    }
}

/// The curves of a backtest as the store keeps them: bytes of the caller's own form.
public struct BacktestCurves: Sendable, Hashable {
    /// The equity curve.
    public var equity: [UInt8]
    /// The round trips.
    public var trades: [UInt8]
    /// The marks day by day; empty for one of an earlier release.
    public var days: [UInt8]
}

extension Store {
    /// Keeps a backtest.
    ///
    /// - Parameters:
    ///   - backtest: what was asked and what came out; its number is ignored.
    ///   - equity: the equity curve.
    ///   - trades: the round trips.
    ///   - days: the marks day by day.
    /// - Returns: its number.
    /// - Throws: `StoreError`.
    public func keep(
        _ backtest: BacktestRecord, equity: [UInt8], trades: [UInt8], days: [UInt8] = []
    ) throws(StoreError) -> Int64 {
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO backtests
                      (created_at, class, series, timeframe_seconds, request, result, origin, equity, trades, days)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    backtest.createdAt.nanoseconds, backtest.className, backtest.series, backtest.timeframe.seconds,
                    backtest.request, backtest.result, backtest.origin, Data(equity), Data(trades), Data(days),
                ])
            return database.lastInsertedRowID
        }
    }

    /// The kept backtests without their curves, newest first.
    ///
    /// - Throws: `StoreError`.
    public func backtests(limit: Int = 200) throws(StoreError) -> [BacktestRecord] {
        try backtests("ORDER BY id DESC LIMIT ?", Int64(limit))
    }

    /// The kept backtest of a number without its curves; `nil` when there is none.
    ///
    /// - Throws: `StoreError`.
    public func backtest(_ id: Int64) throws(StoreError) -> BacktestRecord? {
        try backtests("WHERE id = ?", id).first
    }

    private func backtests(_ which: String, _ argument: Int64) throws(StoreError) -> [BacktestRecord] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT id, created_at, class, series, timeframe_seconds, request, result, origin FROM backtests
                    \(which)
                    """,
                arguments: [argument])
            return try rows.map { row in
                let reader = RowReader(row, of: "backtests")
                guard let timeframe = Timeframe(seconds: try reader.integer("timeframe_seconds")) else {
                    throw reader.damaged("timeframe_seconds")
                }
                var backtest = BacktestRecord(
                    createdAt: try reader.time("created_at"), className: try reader.text("class"),
                    series: try reader.text("series"), timeframe: timeframe, request: try reader.text("request"),
                    result: try reader.text("result"), origin: try reader.text("origin"))
                backtest.id = try reader.integer("id")
                return backtest
            }
        }
    }

    /// The curves of a kept backtest, or `nil` when there is none of that number.
    ///
    /// - Throws: `StoreError`.
    public func backtestCurves(_ id: Int64) throws(StoreError) -> BacktestCurves? {
        try read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT equity, trades, days FROM backtests WHERE id = ?", arguments: [id])
            guard let row else { return nil }
            guard let equity = Data.fromDatabaseValue(row[0]), let trades = Data.fromDatabaseValue(row[1]),
                let days = Data.fromDatabaseValue(row[2])
            else {
                throw StoreError(.corrupt, path: path, detail: "backtest \(id) has no curves")
            }
            return BacktestCurves(equity: [UInt8](equity), trades: [UInt8](trades), days: [UInt8](days))
        }
    }
}
