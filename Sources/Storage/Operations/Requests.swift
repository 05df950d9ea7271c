import GRDB
public import Market

/// Something a command asks of the engine that runs beside it.
public struct RequestRecord: Sendable, Hashable, Identifiable {
    /// Its number.
    public var id: Int64
    /// When it was made.
    public var createdAt: Timestamp
    /// Who made it.
    public var origin: String
    /// What is asked, `order place`.
    public var kind: String
    /// The particulars, as the kind wants them.
    public var payload: String
}

extension Store {
    /// Puts a request before the running engine.
    ///
    /// - Returns: its number, for `answer(to:)`.
    /// - Throws: `StoreError`.
    public func request(
        _ kind: String, payload: String, by origin: String, at now: Timestamp
    ) throws(StoreError) -> Int64 {
        try write { database in
            try database.execute(
                sql: "INSERT INTO requests (created_at, origin, kind, payload) VALUES (?, ?, ?, ?)",
                arguments: [now.nanoseconds, origin, kind, payload])
            return database.lastInsertedRowID
        }
    }

    /// The requests that wait for the engine, oldest first.
    ///
    /// - Throws: `StoreError`.
    public func openRequests() throws(StoreError) -> [RequestRecord] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM requests WHERE is_answered = 0 ORDER BY id").map {
                let reader = RowReader($0, of: "requests")
                return RequestRecord(
                    id: try reader.integer("id"), createdAt: try reader.time("created_at"),
                    origin: try reader.text("origin"), kind: try reader.text("kind"),
                    payload: try reader.text("payload"))
            }
        }
    }

    /// Answers a request, once: a later answer to the same changes nothing.
    ///
    /// - Returns: whether it was open until now.
    /// - Throws: `StoreError`.
    @discardableResult
    public func answer(_ id: Int64, _ answer: String, at now: Timestamp) throws(StoreError) -> Bool {
        try write { database in
            try database.execute(
                sql: "UPDATE requests SET is_answered = 1, answer = ?, answered_at = ? WHERE id = ? AND is_answered = 0",
                arguments: [answer, now.nanoseconds, id])
            return database.changesCount > 0
        }
    }

    /// The answer to a request, or `nil` while there is none.
    ///
    /// - Throws: `StoreError`.
    public func answer(to id: Int64) throws(StoreError) -> String? {
        try read { database in
            try String.fetchOne(
                database, sql: "SELECT answer FROM requests WHERE id = ? AND is_answered = 1", arguments: [id])
        }
    }
}
