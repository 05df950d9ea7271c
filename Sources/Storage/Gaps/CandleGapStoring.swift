import GRDB
public import Market

extension Store {
    /// How many stretches of an instrument's minutes are kept; beyond that the oldest go.
    public static let mostCandleGaps = 1_000

    /// Stores stretches of minutes that did not come in time, in one transaction; one that is there already is brought up to
    /// date.
    ///
    /// - Throws: `StoreError`; a `conflict` when the instrument is stored with other scales.
    public func write(_ gaps: [CandleGap]) throws(StoreError) {
        try write(gaps, of: \.instrument, into: Store.candleGaps) { try self.put($0, $1, $2) }
    }

    /// The stretches of minutes that did not come in time, by instrument, the oldest first.
    ///
    /// - Throws: `StoreError`.
    public func candleGaps() throws(StoreError) -> [CandleGap] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT instruments.*, from_time, to_time, found_at, state, missing, ended_at
                    FROM candle_gaps JOIN instruments ON instruments.id = candle_gaps.instrument_id
                    ORDER BY venue, symbol, found_at, from_time
                    """)
            return try rows.map(Store.candleGap)
        }
    }

    /// Ends the stretches of instruments that were open when the process that asked for them ended.
    ///
    /// - Parameter time: those that were found before it.
    /// - Throws: `StoreError`.
    public func interruptCandleGaps(of instruments: [Instrument], before time: Timestamp) throws(StoreError) {
        try interrupt(Store.candleGaps, of: instruments, before: time)
    }

    private static let candleGaps = GapTable(
        name: "candle_gaps", place: "from_time", most: mostCandleGaps,
        states: (CandleGap.State.open.rawValue, CandleGap.State.interrupted.rawValue))

    private func put(_ gap: CandleGap, _ instrument: Int64, _ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO candle_gaps (instrument_id, found_at, from_time, to_time, state, missing, ended_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (instrument_id, found_at, from_time) DO UPDATE SET
                  to_time = excluded.to_time, state = excluded.state, missing = excluded.missing, ended_at = excluded.ended_at
                """)
        try statement.execute(arguments: [
            instrument, gap.foundAt.nanoseconds, gap.from.nanoseconds, gap.to.nanoseconds, gap.state.rawValue,
            gap.missing, gap.endedAt?.nanoseconds,
        ])
    }

    private static func candleGap(_ row: Row) throws -> CandleGap {
        let reader = RowReader(row, of: "candle_gaps")
        let (from, to) = (try reader.time("from_time"), try reader.time("to_time"))
        guard from < to else { throw reader.damaged("to_time") }
        var gap = CandleGap(of: try Store.instrument(row), from: from, to: to, foundAt: try reader.time("found_at"))
        gap.state = try reader.value("state", CandleGap.State.init(rawValue:))
        guard let missing = Int(exactly: try reader.integer("missing")), 0...gap.count ~= missing else {
            throw reader.damaged("missing")
        }
        gap.missing = missing
        gap.endedAt = try reader.optionalInteger("ended_at").map(Timestamp.init(nanoseconds:))
        return gap
    }
}
