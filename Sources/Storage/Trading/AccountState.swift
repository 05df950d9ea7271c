import GRDB
public import Market
public import Trading

/// A point of the account's equity curve.
public struct EquityRecord: Sendable, Hashable {
    /// When.
    public var time: Timestamp
    /// Cash plus positions at their marks.
    public var equity: Money
    /// Cash.
    public var cash: Money
}

extension Store {
    /// The account as it was stored last, or `nil` before the first time.
    ///
    /// - Throws: `StoreError`.
    public func account() throws(StoreError) -> Account? { try read(account) }

    /// The equity curve from `from` on, oldest first; thinned to about `limit` points when there are more.
    ///
    /// - Throws: `StoreError`.
    public func equity(from: Timestamp = .epoch, limit: Int = 5_000) throws(StoreError) -> [EquityRecord] {
        try read { database in
            guard let account = try account(database) else { return [] }
            let count = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM equity WHERE time >= ?", arguments: [from.nanoseconds])
            let stride = max(1, (count ?? 0) / max(limit, 1))
            // The newest point is always among them: counting starts there.
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT time, equity, cash FROM (
                      SELECT *, row_number() OVER (ORDER BY time DESC) - 1 AS place FROM equity WHERE time >= ?)
                    WHERE place % ? = 0 ORDER BY time
                    """,
                arguments: [from.nanoseconds, stride])
            return try rows.map { row in
                let reader = RowReader(row, of: "equity")
                return EquityRecord(
                    time: try reader.time("time"), equity: try reader.money("equity", account.currency),
                    cash: try reader.money("cash", account.currency))
            }
        }
    }

    /// The trading state as it was stored last; `active` before the first time. The emergency stop outlives a restart.
    ///
    /// - Throws: `StoreError`.
    public func tradingState() throws(StoreError) -> TradingState { try read(tradingState) }

    /// Sets the trading state, as `wick stop` does for an engine that does not run.
    ///
    /// - Throws: `StoreError`.
    public func setTradingState(_ state: TradingState, at now: Timestamp) throws(StoreError) {
        try write { try write(state, at: now, $0) }
    }

    func write(_ account: Account, at now: Timestamp, _ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO account
                  (id, currency, initial, cash, equity, peak, day_start, day, fees, updated_at)
                VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            account.currency.code, account.initialEquity.decimalText, account.cash.decimalText,
            account.equity.decimalText, account.peakEquity.decimalText, account.dayStartEquity.decimalText,
            account.day, account.fees.decimalText, now.nanoseconds,
        ])
    }

    func account(_ database: Database) throws -> Account? {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM account") else { return nil }
        let reader = RowReader(row, of: "account")
        let currency = try reader.value("currency") { Currency($0) }
        var account = Account(cash: try reader.money("initial", currency))
        account.cash = try reader.money("cash", currency)
        account.equity = try reader.money("equity", currency)
        account.peakEquity = try reader.money("peak", currency)
        account.dayStartEquity = try reader.money("day_start", currency)
        account.day = try reader.integer("day")
        account.fees = try reader.money("fees", currency)
        return account
    }

    func write(_ state: TradingState, at now: Timestamp, _ database: Database) throws {
        let text: String
        switch state {
        case .active: text = "active"
        case .reducing(.drawdown): text = "reducing:drawdown"
        case .reducing(.dailyLoss): text = "reducing:daily-loss"
        case .halted: text = "halted"
        }
        try setValue(text, for: "trading.state", at: now, database)
    }

    func tradingState(_ database: Database) throws -> TradingState {
        switch try value(for: "trading.state", database) {
        case nil, "active": return .active
        case "reducing:drawdown": return .reducing(.drawdown)
        case "reducing:daily-loss": return .reducing(.dailyLoss)
        // In doubt, stop opening.
        default: return .halted
        }
    }
}
