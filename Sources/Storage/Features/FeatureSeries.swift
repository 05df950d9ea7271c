import GRDB
public import Market

/// A stored series of book features: what it is of, how they were computed, and how far it reaches.
public struct FeatureSeries: Sendable, Hashable {
    /// Whose book it is.
    public var instrument: Instrument
    /// How the features were computed.
    public var definition: BookFeature.Definition
    /// The second of the first.
    public var first: Timestamp
    /// The second of the last.
    public var last: Timestamp
    /// How many there are.
    public var count: Int
    /// When the series last changed.
    public var updatedAt: Timestamp
    let row: Int64

    /// For how many seconds between the first and the last there is none.
    public var missing: Int { Int(last.seconds - first.seconds) + 1 - count }
}

extension Store {
    /// Every stored series of book features, by name.
    ///
    /// - Throws: `StoreError`.
    public func featureSeries() throws(StoreError) -> [FeatureSeries] {
        try read { try featureSeries("ORDER BY venue, symbol, levels, band", [], $0) }
    }

    /// The features of an instrument, named in any case, within [from, to), oldest first; empty where none are stored.
    /// Numbers are kept in half precision, a part in two thousand. About ten milliseconds a day.
    ///
    /// - Parameter definition: how they were computed.
    /// - Throws: `StoreError`.
    public func features(
        venue: String, symbol: String, _ definition: BookFeature.Definition = BookFeature.Definition(),
        from: Timestamp? = nil, to: Timestamp? = nil
    ) throws(StoreError) -> [BookFeature] {
        try read { database in
            let all = try featureSeries(
                "WHERE venue = ? AND symbol = ?", [venue.uppercased(), symbol.uppercased()], database)
            guard let series = all.first(where: { $0.definition == definition }) else { return [] }
            var features: [BookFeature] = []
            try forEachBlock(series, from: from, to: to, database) { features += $0 }
            return features
        }
    }

    /// Hands on the features of a series within [from, to), oldest first, in parts, so that memory does not grow with their
    /// number. All are of one moment of the store.
    ///
    /// - Parameters:
    ///   - part: how many features at least are handed on at once, but for the last of them.
    ///   - body: takes the next features; it is not called when there are none.
    /// - Throws: `StoreError`, and what `body` throws.
    public func readFeatures(
        _ series: FeatureSeries, from: Timestamp? = nil, to: Timestamp? = nil, part: Int,
        _ body: ([BookFeature]) throws -> Void
    ) throws {
        // What the hands throw is no trouble of the store and passes as it is.
        var foreign: (any Error)?
        var features: [BookFeature] = []
        func handOn() throws {
            do { try body(features) } catch {
                foreign = error
                throw error
            }
            features.removeAll(keepingCapacity: true)
        }
        do {
            try read { database in
                try forEachBlock(series, from: from, to: to, database) { more in
                    features += more
                    if features.count >= part { try handOn() }
                }
                if !features.isEmpty { try handOn() }
            }
        } catch { throw foreign ?? error }
    }

    /// Calls `body` with the features of each block, those within [from, to).
    private func forEachBlock(
        _ series: FeatureSeries, from: Timestamp?, to: Timestamp?, _ database: Database,
        _ body: ([BookFeature]) throws -> Void
    ) throws {
        // Times far outside what is stored say no more than its ends do.
        let from = max(from ?? series.first, series.first)
        let end = series.last.adding(seconds: 1)
        let to = min(to ?? end, end)
        guard from < to else { return }
        let rows = try Row.fetchCursor(
            database, sql: "SELECT id, data FROM feature_blocks WHERE id BETWEEN ? AND ? ORDER BY id",
            arguments: [
                FeatureBlock.row(series: series.row, block: FeatureBlock.number(of: from)),
                FeatureBlock.row(series: series.row, block: FeatureBlock.number(of: to)),
            ])
        while let row = try rows.next() {
            try body(try block(row).features.filter { $0.time >= from && $0.time < to })
        }
    }

    func featureSeries(
        _ clause: String, _ arguments: StatementArguments, _ database: Database
    ) throws -> [FeatureSeries] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT instruments.*, feature_series.id AS series_id, levels, band, first_time, last_time, feature_count,
                  updated_at
                FROM feature_series JOIN instruments ON instruments.id = feature_series.instrument_id \(clause)
                """,
            arguments: arguments)
        return try rows.map { row in
            let reader = RowReader(row, of: "feature_series")
            return FeatureSeries(
                instrument: try Store.instrument(row),
                definition: BookFeature.Definition(
                    levels: Int(try reader.integer("levels")), band: try reader.number("band")),
                first: try reader.time("first_time"), last: try reader.time("last_time"),
                count: Int(try reader.integer("feature_count")), updatedAt: try reader.time("updated_at"),
                row: try reader.integer("series_id"))
        }
    }

    /// The block of a row with `id` and `data`.
    func block(_ row: Row) throws -> FeatureBlock {
        let id: Int64 = row["id"]
        return try row.withUnsafeData(named: "data") { data in
            try (data ?? .init()).withUnsafeBytes { try FeatureBlock(number: id & 0xFFFF_FFFF, $0) }
        }
    }
}
