import GRDB
public import Market
public import Trading

/// Everything an engine needs to go on where the last one stopped, from one consistent view of the store.
public struct Recovery: Sendable {
    /// The instruments of the run: those given, then those that something below is of.
    public var table: InstrumentTable
    /// The strategies that are not removed.
    public var strategies: [StrategyRecord]
    /// The equity peaks of the strategies' own drawdown breakers.
    public var peaks: [StrategyID: Money]
    /// The orders that were open, oldest first.
    public var openOrders: [Order]
    /// All positions, flat ones included: they carry realised results and fees.
    public var positions: [Position]
    /// The account, or `nil` before the first run.
    public var account: Account?
    /// When the account was written last; the epoch before the first time.
    public var accountTime: Timestamp
    /// The number of the next order.
    public var nextOrderID: OrderID
    /// The number of the next strategy.
    public var nextStrategyID: StrategyID
    /// Whether trading was halted.
    public var tradingState: TradingState
    /// The alerts that nobody has acknowledged, newest first.
    public var alerts: [AlertRecord]
    /// What the store's changes are counted from.
    public var mark: ChangeMark
}

extension Store {
    /// Reads everything needed to go on, at one instant of the store.
    ///
    /// - Parameter instruments: the instruments of the run that begins, in the order of their numbers; instruments of
    ///   open positions, orders and strategies are added behind them.
    /// - Throws: `StoreError`.
    public func recover(_ instruments: InstrumentTable) throws(StoreError) -> Recovery {
        try read { database in
            var table = instruments
            let needed = try Int64.fetchAll(
                database,
                sql: """
                    SELECT instrument_id FROM orders WHERE is_closed = 0
                    UNION SELECT instrument_id FROM positions
                    UNION SELECT instrument_id FROM strategies WHERE is_removed = 0 ORDER BY 1
                    """)
            for row in needed where table.id(row: row) == nil {
                table.append(row: row, try instrument(row: row, database))
            }
            func place(_ row: Row) throws -> InstrumentID {
                guard let id = table.id(row: row["instrument_id"]) else {
                    throw StoreError(.corrupt, path: path, detail: "an instrument is missing")
                }
                return id
            }
            let orders = try Row.fetchAll(database, sql: "SELECT * FROM orders WHERE is_closed = 0 ORDER BY id")
            let positions = try Row.fetchAll(database, sql: "SELECT * FROM positions ORDER BY owner, instrument_id")
            let lastOrder = try Int64.fetchOne(database, sql: "SELECT max(id) FROM orders") ?? 0
            let lastStrategy =
                try Int32.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'strategies'") ?? 0
            let accountTime = try Int64.fetchOne(database, sql: "SELECT updated_at FROM account") ?? 0
            var peaks: [StrategyID: Money] = [:]
            for row in try Row.fetchAll(database, sql: "SELECT * FROM strategy_peaks") {
                let reader = RowReader(row, of: "strategy_peaks")
                let currency = try reader.value("currency") { Currency($0) }
                peaks[try reader.strategy("strategy_id")] = try reader.money("peak", currency)
            }
            return Recovery(
                table: table, strategies: try strategies(includingRemoved: false, database), peaks: peaks,
                openOrders: try orders.map { row in
                    let id = try place(row)
                    return try Store.order(row, id, table[id])
                },
                positions: try positions.map { row in
                    let id = try place(row)
                    return try Store.position(row, id, table[id])
                },
                account: try account(database), accountTime: Timestamp(nanoseconds: accountTime),
                nextOrderID: OrderID(rawValue: UInt64(bitPattern: lastOrder) + 1),
                nextStrategyID: StrategyID(rawValue: lastStrategy + 1),
                tradingState: try tradingState(database), alerts: try alerts(.unacknowledged, limit: 1_000, database),
                mark: try mark(database))
        }
    }
}
