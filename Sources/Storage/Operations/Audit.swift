import GRDB
public import Market

/// One line of the audit: who did what, to what, when.
public struct AuditRecord: Sendable, Hashable, Identifiable {
    /// Its number.
    public var id: Int64
    /// When.
    public var time: Timestamp
    /// Who: `keyboard`, `command line`, `signal`, a strategy's name.
    public var origin: String
    /// What: `strategy disable`, `order place`, `emergency stop`.
    public var action: String
    /// To what: a strategy's name, an order's number.
    public var subject: String
    /// The particulars and the outcome.
    public var detail: String
}

extension Store {
    /// Writes down a command.
    ///
    /// - Throws: `StoreError`.
    public func audit(
        _ action: String, subject: String = "", detail: String = "", by origin: String, at now: Timestamp
    ) throws(StoreError) {
        try write { try audit(action, subject: subject, detail: detail, by: origin, at: now, $0) }
    }

    func audit(
        _ action: String, subject: String = "", detail: String, by origin: String, at now: Timestamp,
        _ database: Database
    ) throws {
        try database.execute(
            sql: "INSERT INTO audit (time, origin, action, subject, detail) VALUES (?, ?, ?, ?, ?)",
            arguments: [now.nanoseconds, origin, action, subject, detail])
    }

    /// The audit, newest first.
    ///
    /// - Throws: `StoreError`.
    public func auditTrail(limit: Int = 500) throws(StoreError) -> [AuditRecord] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM audit ORDER BY id DESC LIMIT ?", arguments: [limit]).map {
                let reader = RowReader($0, of: "audit")
                return AuditRecord(
                    id: try reader.integer("id"), time: try reader.time("time"), origin: try reader.text("origin"),
                    action: try reader.text("action"), subject: try reader.text("subject"),
                    detail: try reader.text("detail"))
            }
        }
    }
}
