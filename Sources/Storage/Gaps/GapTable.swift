import GRDB
import Market

/// A table of stretches that a live market missed: what tells two of an instrument apart that were found together, and how many are
/// kept. Every one of them has the columns `instrument_id`, `found_at`, `state` and `ended_at`.
struct GapTable: Sendable {
    let name: String
    let place: String
    let most: Int
    /// The state that a stretch begins with, and the one that it ends with where the process that asked for it did.
    let states: (open: String, interrupted: String)
}

extension Store {
    /// Stores stretches in one transaction, and lets the oldest of an instrument go beyond what is kept.
    func write<Gap>(
        _ gaps: [Gap], of instrument: (Gap) -> Instrument, into table: GapTable,
        _ put: (Gap, Int64, Database) throws -> Void
    ) throws(StoreError) {
        guard !gaps.isEmpty else { return }
        try write { database in
            var rows: [String: Int64] = [:]
            for gap in gaps {
                let instrument = instrument(gap)
                let row = try rows[instrument.name] ?? declare(instrument, database)
                rows[instrument.name] = row
                try put(gap, row, database)
            }
            for row in rows.values.sorted() {
                try database.execute(
                    sql: """
                        DELETE FROM \(table.name) WHERE instrument_id = ?1 AND (found_at, \(table.place)) NOT IN (
                          SELECT found_at, \(table.place) FROM \(table.name) WHERE instrument_id = ?1
                          ORDER BY found_at DESC, \(table.place) DESC LIMIT ?2)
                        """,
                    arguments: [row, table.most])
            }
        }
    }

    /// Ends the stretches of instruments that are open and were found before a time.
    func interrupt(_ table: GapTable, of instruments: [Instrument], before time: Timestamp) throws(StoreError) {
        try write { database in
            for instrument in instruments {
                guard let row = try self.instrument(venue: instrument.venue, symbol: instrument.symbol, database)?.row
                else { continue }
                try database.execute(
                    sql: """
                        UPDATE \(table.name) SET state = ?, ended_at = ?
                        WHERE instrument_id = ? AND state = ? AND found_at < ?
                        """,
                    arguments: [
                        table.states.interrupted, time.nanoseconds, row, table.states.open, time.nanoseconds,
                    ])
            }
        }
    }
}
