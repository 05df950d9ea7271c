import GRDB
public import Market

/// A stored series: what it is of and how far it reaches.
public struct SeriesRecord: Sendable, Hashable {
    /// What the candles are of.
    public var instrument: Instrument
    /// Their length.
    public var timeframe: Timeframe
    /// The open time of the first.
    public var firstOpen: Timestamp
    /// The open time of the last.
    public var lastOpen: Timestamp
    /// How many there are.
    public var count: Int
    /// When the series last changed.
    public var updatedAt: Timestamp
    let row: Int64

    /// The close time of the last candle.
    public var end: Timestamp { lastOpen.adding(nanoseconds: timeframe.nanoseconds) }

    /// How many candles are missing between the first and the last.
    public var missing: Int { Int(end.nanoseconds(since: firstOpen) / timeframe.nanoseconds) - count }
}

extension Store {
    /// Every stored series, by name, shortest timeframe first.
    ///
    /// - Throws: `StoreError`.
    public func series() throws(StoreError) -> [SeriesRecord] {
        try read { try series($0, "ORDER BY venue, symbol, timeframe_seconds", []) }
    }

    /// The stored series of one instrument, named in any case, shortest timeframe first.
    ///
    /// - Throws: `StoreError`.
    public func series(venue: String, symbol: String) throws(StoreError) -> [SeriesRecord] {
        try read { try series(venue: venue, symbol: symbol, $0) }
    }

    func series(venue: String, symbol: String, _ database: Database) throws -> [SeriesRecord] {
        try series(
            database, "WHERE venue = ? AND symbol = ? ORDER BY timeframe_seconds",
            [venue.uppercased(), symbol.uppercased()])
    }

    private func series(
        _ database: Database, _ clause: String, _ arguments: StatementArguments
    ) throws -> [SeriesRecord] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT instruments.*, series.id AS series_id, timeframe_seconds, first_open, last_open, candle_count,
                  updated_at
                FROM series JOIN instruments ON instruments.id = series.instrument_id \(clause)
                """,
            arguments: arguments)
        return try rows.map { row in
            let reader = RowReader(row, of: "series")
            guard let timeframe = Timeframe(seconds: try reader.integer("timeframe_seconds")) else {
                throw reader.damaged("timeframe_seconds")
            }
            return SeriesRecord(
                instrument: try Store.instrument(row), timeframe: timeframe,
                firstOpen: try reader.time("first_open"), lastOpen: try reader.time("last_open"),
                count: Int(try reader.integer("candle_count")), updatedAt: try reader.time("updated_at"),
                row: try reader.integer("series_id"))
        }
    }

    /// The stretches in which candles of a stored series are missing, between `from` and `to` where given and never
    /// outside the first and last candle. O(candles), about ten milliseconds a year of minutes.
    ///
    /// - Throws: `StoreError`.
    public func gaps(
        _ series: SeriesRecord, from: Timestamp? = nil, to: Timestamp? = nil
    ) throws(StoreError) -> [Gap] {
        let step = series.timeframe.nanoseconds
        let first = max(series.firstOpen, from ?? series.firstOpen)
        let last = min(series.lastOpen, to.map { $0.adding(nanoseconds: -step) } ?? series.lastOpen)
        var gaps: [Gap] = []
        var expected = first
        try read { database in
            try forEachCandle(series.row, series.timeframe, from: first, through: last, database) { candle in
                if candle.openTime > expected { gaps.append(Gap(from: expected, to: candle.openTime)) }
                expected = candle.openTime.adding(nanoseconds: step)
            }
        }
        let end = last.adding(nanoseconds: step)
        if expected < end { gaps.append(Gap(from: expected, to: end)) }
        return gaps
    }
}
