import GRDB
public import Market

extension Store {
    /// The value kept under `key` (a layout, a theme, a latch), or `nil`.
    ///
    /// - Throws: `StoreError`.
    public func value(for key: String) throws(StoreError) -> String? { try read { try value(for: key, $0) } }

    /// Keeps `value` under `key`; `nil` forgets it. An equal value changes nothing.
    ///
    /// - Throws: `StoreError`.
    public func setValue(_ value: String?, for key: String, at now: Timestamp) throws(StoreError) {
        try write { try setValue(value, for: key, at: now, $0) }
    }

    func value(for key: String, _ database: Database) throws -> String? {
        try String.fetchOne(database, sql: "SELECT value FROM settings WHERE key = ?", arguments: [key])
    }

    func setValue(_ value: String?, for key: String, at now: Timestamp, _ database: Database) throws {
        guard let value else {
            try database.execute(sql: "DELETE FROM settings WHERE key = ?", arguments: [key])
            return
        }
        try database.execute(
            sql: """
                INSERT INTO settings (key, value, updated_at) VALUES (?, ?, ?)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
                WHERE value <> excluded.value
                """,
            arguments: [key, value, now.nanoseconds])
    }
}
