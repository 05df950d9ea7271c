import FoundationEssentials
import GRDB
public import Market

extension Store {
    /// Stores features of one book in one transaction; those of seconds that have some already take their place.
    ///
    /// A block of eleven minutes is rewritten for whatever changes in it, so that features are best handed in by the
    /// minute.
    ///
    /// - Parameters:
    ///   - features: at whole seconds after the epoch, strictly increasing, their numbers finite.
    ///   - instrument: whose book it is; made known to the store where it is not.
    ///   - definition: how they were computed.
    ///   - now: what `FeatureSeries.updatedAt` becomes.
    /// - Returns: how many were new.
    /// - Throws: `StoreError`; a `conflict` when the instrument is stored with other scales.
    @discardableResult
    public func write(
        _ features: [BookFeature], of instrument: Instrument,
        _ definition: BookFeature.Definition = BookFeature.Definition(), at now: Timestamp
    ) throws(StoreError) -> Int {
        guard let first = features.first, let last = features.last else { return 0 }
        precondition(
            features.allSatisfy {
                $0.time >= .epoch && $0.time == Timestamp(seconds: $0.time.seconds) && (-1...1).contains($0.imbalance)
                    && $0.spreadBps.isFinite && $0.spreadBps >= 0 && ($0.depthRatio ?? 0).isFinite
                    && ($0.depthRatio ?? 0) >= 0
            } && zip(features, features.dropFirst()).allSatisfy { $0.time < $1.time },
            "finite features at whole seconds are stored, oldest first")
        return try write { database in
            let instrumentRow = try declare(instrument, database)
            let series = try featureRow(instrumentRow, definition, first: first.time, database)
            var inserted = 0
            var rest = features[...]
            while let next = rest.first {
                let number = FeatureBlock.number(of: next.time)
                let part = rest.prefix { FeatureBlock.number(of: $0.time) == number }
                rest = rest.dropFirst(part.count)
                inserted += try merge(part, number, series, database)
            }
            try database.execute(
                sql: """
                    UPDATE feature_series SET first_time = min(first_time, ?), last_time = max(last_time, ?),
                      feature_count = feature_count + ?, updated_at = ? WHERE id = ?
                    """,
                arguments: [first.time.nanoseconds, last.time.nanoseconds, inserted, now.nanoseconds, series])
            return inserted
        }
    }

    /// Forgets features before `limit`, by whole blocks of eleven minutes.
    ///
    /// - Returns: how many went.
    /// - Throws: `StoreError`.
    @discardableResult
    public func pruneFeatures(before limit: Timestamp) throws(StoreError) -> Int {
        try write { database in
            var gone = 0
            for series in try featureSeries("", [], database) where series.first < limit {
                let end = FeatureBlock.row(series: series.row, block: FeatureBlock.number(of: limit))
                let begin = FeatureBlock.row(series: series.row, block: 0)
                let condition = "FROM feature_blocks WHERE id >= ? AND id < ?"
                let rows = try Row.fetchCursor(database, sql: "SELECT id, data \(condition)", arguments: [begin, end])
                var count = 0
                while let row = try rows.next() { count += try block(row).count }
                guard count > 0 else { continue }
                try database.execute(sql: "DELETE \(condition)", arguments: [begin, end])
                gone += count
                try shrink(series, by: count, database)
            }
            return gone
        }
    }

    /// Has a series begin with the first block that is left; without any it goes.
    private func shrink(_ series: FeatureSeries, by count: Int, _ database: Database) throws {
        let next = try Row.fetchOne(
            database, sql: "SELECT id, data FROM feature_blocks WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 1",
            arguments: [
                FeatureBlock.row(series: series.row, block: 0),
                FeatureBlock.row(series: series.row, block: 0xFFFF_FFFF),
            ])
        guard let next, let first = try block(next).features.first else {
            return try database.execute(sql: "DELETE FROM feature_series WHERE id = ?", arguments: [series.row])
        }
        try database.execute(
            sql: "UPDATE feature_series SET first_time = ?, feature_count = feature_count - ? WHERE id = ?",
            arguments: [first.time.nanoseconds, count, series.row])
    }

    private func featureRow(
        _ instrument: Int64, _ definition: BookFeature.Definition, first: Timestamp, _ database: Database
    ) throws -> Int64 {
        try database.execute(
            sql: """
                INSERT INTO feature_series
                  (instrument_id, levels, band, first_time, last_time, feature_count, updated_at)
                VALUES (?, ?, ?, ?, ?, 0, 0) ON CONFLICT DO NOTHING
                """,
            arguments: [instrument, definition.levels, definition.band, first.nanoseconds, first.nanoseconds])
        let row = try Int64.fetchOne(
            database, sql: "SELECT id FROM feature_series WHERE instrument_id = ? AND levels = ? AND band = ?",
            arguments: [instrument, definition.levels, definition.band])
        return row ?? database.lastInsertedRowID
    }

    private func merge(
        _ features: ArraySlice<BookFeature>, _ number: Int64, _ series: Int64, _ database: Database
    ) throws -> Int {
        let row = FeatureBlock.row(series: series, block: number)
        let stored = try Row.fetchOne(
            database, sql: "SELECT id, data FROM feature_blocks WHERE id = ?", arguments: [row])
        var block = try stored.map { try self.block($0) } ?? FeatureBlock(number: number)
        var inserted = 0
        for feature in features where block.put(feature) { inserted += 1 }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO feature_blocks (id, data) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data
                """)
        try statement.execute(arguments: [row, Data(block.bytes)])
        return inserted
    }
}
