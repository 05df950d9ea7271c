import FoundationEssentials
import GRDB
public import Market

/// What happens to a candle whose open time is taken by one with other numbers.
public enum CandleConflictPolicy: Sendable, Hashable {
    /// The stored one stays, and the conflict is reported.
    case keepsStored
    /// The new one takes its place, as a revision does.
    case replaces
}

/// What came of writing candles.
public struct CandleMerge: Sendable, Hashable {
    /// How many were missing and are stored now.
    public var inserted = 0
    /// How many were stored already with the same numbers.
    public var unchanged = 0
    /// How many took the place of others.
    public var replaced = 0
    /// Those that were not stored because others stand in their place.
    public var conflicts: [Conflict] = []

    /// A candle that was not stored.
    public struct Conflict: Sendable, Hashable {
        /// Its place in what was given.
        public var index: Int
        /// The candle that is stored.
        public var stored: Candle
    }

    /// Nothing written yet.
    public init() {}
}

extension Store {
    /// The largest volume of a candle, so that the sum of a day of such minutes still fits 64 bits.
    public static let largestVolume = Quantity(mantissa: .max / 1_440)

    /// Stores candles of one series in one transaction: all of them or, when it throws, none.
    ///
    /// Cheap for a single candle of a live feed (one page is rewritten), fast for many. Writing the same again changes
    /// nothing.
    ///
    /// - Parameters:
    ///   - candles: open times on whole intervals of `timeframe`, strictly increasing; volumes up to `largestVolume`.
    ///   - instrument: what they are of; made known to the store where it is not.
    ///   - now: what `SeriesRecord.updatedAt` becomes.
    /// - Throws: `StoreError`; a `conflict` when the instrument is stored with other scales.
    @discardableResult
    public func write(
        _ candles: [Candle], of instrument: Instrument, _ timeframe: Timeframe,
        conflicts policy: CandleConflictPolicy = .replaces, at now: Timestamp
    ) throws(StoreError) -> CandleMerge {
        guard let first = candles.first, let last = candles.last else { return CandleMerge() }
        precondition(
            candles.allSatisfy {
                $0.openTime.nanoseconds % timeframe.nanoseconds == 0 && $0.isConsistent
                    && $0.volume <= Store.largestVolume
            },
            "consistent candles on whole intervals are stored")
        return try write { database in
            let instrumentRow = try declare(instrument, database)
            let series = try seriesRow(instrumentRow, timeframe, first: first.openTime, database)
            var merge = CandleMerge()
            var index = 0
            while index < candles.count {
                try mergeBlock(candles, from: &index, series, timeframe, policy, &merge, database)
            }
            if merge.inserted > 0 || merge.replaced > 0 {
                try database.execute(
                    sql: """
                        UPDATE series SET first_open = min(first_open, ?), last_open = max(last_open, ?),
                          candle_count = candle_count + ?, updated_at = ? WHERE id = ?
                        """,
                    arguments: [
                        first.openTime.nanoseconds, last.openTime.nanoseconds, merge.inserted, now.nanoseconds, series,
                    ])
            }
            return merge
        }
    }

    private func seriesRow(
        _ instrument: Int64, _ timeframe: Timeframe, first: Timestamp, _ database: Database
    ) throws -> Int64 {
        try database.execute(
            sql: """
                INSERT INTO series
                  (instrument_id, timeframe_seconds, first_open, last_open, candle_count, updated_at)
                VALUES (?, ?, ?, ?, 0, 0) ON CONFLICT DO NOTHING
                """,
            arguments: [instrument, timeframe.seconds, first.nanoseconds, first.nanoseconds])
        let row = try Int64.fetchOne(
            database, sql: "SELECT id FROM series WHERE instrument_id = ? AND timeframe_seconds = ?",
            arguments: [instrument, timeframe.seconds])
        return row ?? database.lastInsertedRowID
    }

    /// Merges the candles from `index` on that fall into one block.
    private func mergeBlock(
        _ candles: [Candle], from index: inout Int, _ series: Int64, _ timeframe: Timeframe,
        _ policy: CandleConflictPolicy, _ merge: inout CandleMerge, _ database: Database
    ) throws {
        let number = CandleBlock.number(of: candles[index].openTime, timeframe)
        let row = CandleBlock.row(series: series, block: number)
        var block = CandleBlock(number: number, timeframe)
        let stored = try database.cachedStatement(sql: "SELECT data FROM candle_blocks WHERE id = ?")
        let cursor = try Row.fetchCursor(stored, arguments: [row])
        while let stored = try cursor.next() {
            try stored.withUnsafeData(atIndex: 0) { data in
                try (data ?? .init()).withUnsafeBytes { try block.load($0) }
            }
        }
        var hasChanged = false
        while index < candles.count, CandleBlock.number(of: candles[index].openTime, timeframe) == number {
            switch block.put(candles[index], replaces: policy == .replaces) {
            case .inserted:
                merge.inserted += 1
                hasChanged = true
            case .unchanged:
                merge.unchanged += 1
            case .differs where policy == .replaces:
                merge.replaced += 1
                hasChanged = true
            case .differs(let other):
                merge.conflicts.append(CandleMerge.Conflict(index: index, stored: other))
            }
            index += 1
        }
        guard hasChanged else { return }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO candle_blocks (id, data) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data
                """)
        try statement.execute(arguments: [row, Data(block.bytes)])
    }
}
