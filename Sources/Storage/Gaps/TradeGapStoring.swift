import GRDB
public import Market

extension Store {
    /// How many stretches of an instrument are kept; beyond that the oldest go.
    public static let mostTradeGaps = 1_000

    /// Stores stretches of trades that were not heard, in one transaction; one that is there already is brought up to date.
    ///
    /// - Throws: `StoreError`; a `conflict` when the instrument is stored with other scales.
    public func write(_ gaps: [TradeGap]) throws(StoreError) {
        try write(gaps, of: \.instrument, into: Store.tradeGaps) { try self.put($0, $1, $2) }
    }

    /// The stretches of trades that were not heard, by instrument, the oldest first.
    ///
    /// - Throws: `StoreError`.
    public func tradeGaps() throws(StoreError) -> [TradeGap] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT instruments.*, first_trade, last_trade, from_time, to_time, found_at, state, missing, ended_at
                    FROM trade_gaps JOIN instruments ON instruments.id = trade_gaps.instrument_id
                    ORDER BY venue, symbol, found_at, first_trade
                    """)
            return try rows.map(Store.tradeGap)
        }
    }

    /// Ends the stretches of instruments that were open when the process that asked for them ended.
    ///
    /// - Parameter time: those that were found before it.
    /// - Throws: `StoreError`.
    public func interruptTradeGaps(of instruments: [Instrument], before time: Timestamp) throws(StoreError) {
        try interrupt(Store.tradeGaps, of: instruments, before: time)
    }

    private static let tradeGaps = GapTable(
        name: "trade_gaps", place: "first_trade", most: mostTradeGaps,
        states: (TradeGap.State.open.rawValue, TradeGap.State.interrupted.rawValue))

    private func put(_ gap: TradeGap, _ instrument: Int64, _ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO trade_gaps
                  (instrument_id, found_at, first_trade, last_trade, from_time, to_time, state, missing, ended_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (instrument_id, found_at, first_trade) DO UPDATE SET
                  state = excluded.state, missing = excluded.missing, ended_at = excluded.ended_at
                """)
        try statement.execute(arguments: [
            instrument, gap.foundAt.nanoseconds, Int64(clamping: gap.firstTrade), Int64(clamping: gap.lastTrade),
            gap.from.nanoseconds, gap.to.nanoseconds, gap.state.rawValue, Int64(clamping: gap.missing),
            gap.endedAt?.nanoseconds,
        ])
    }

    private static func tradeGap(_ row: Row) throws -> TradeGap {
        let reader = RowReader(row, of: "trade_gaps")
        func number(_ column: String) throws -> UInt64 {
            guard let value = UInt64(exactly: try reader.integer(column)) else { throw reader.damaged(column) }
            return value
        }
        let (first, last) = (try number("first_trade"), try number("last_trade"))
        guard first <= last else { throw reader.damaged("last_trade") }
        var gap = TradeGap(
            of: try Store.instrument(row), first...last, from: try reader.time("from_time"),
            to: try reader.time("to_time"), foundAt: try reader.time("found_at"), missing: try number("missing"))
        gap.state = try reader.value("state", TradeGap.State.init(rawValue:))
        gap.endedAt = try reader.optionalInteger("ended_at").map(Timestamp.init(nanoseconds:))
        return gap
    }
}
