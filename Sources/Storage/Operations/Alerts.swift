import GRDB
public import Market
public import Trading

/// An alert of the store: equal ones that nobody has acknowledged are one, with a counter.
public struct AlertRecord: Sendable, Hashable, Identifiable {
    /// Its number.
    public var id: Int64
    /// The alert, as it arose last. Its instrument's number is meaningless outside the run that raised it: `instrument`
    /// names it.
    public var alert: Alert
    /// The instrument it is about, `BINANCE:BTCUSDT`.
    public var instrument: String?
    /// When it arose first.
    public var firstTime: Timestamp
    /// How often it arose.
    public var count: Int
    /// Whether somebody has seen to it.
    public var status: AlertStatus
}

/// Whether somebody has seen to an alert.
public enum AlertStatus: Sendable, Hashable {
    /// Nobody has.
    case unacknowledged
    /// Somebody has.
    case acknowledged
    /// It is out of sight until then.
    case shelved(until: Timestamp)
}

/// Which alerts are asked for.
public enum AlertFilter: Sendable, Hashable {
    /// Those that nobody has acknowledged, shelved ones among them.
    case unacknowledged
    /// All.
    case all
}

extension Store {
    /// Stores an alert, or counts it up when an equal one (the same kind about the same instrument, strategy and order)
    /// is not acknowledged yet.
    ///
    /// - Returns: the alert as stored.
    /// - Throws: `StoreError`.
    @discardableResult
    public func raise(_ alert: Alert, _ table: InstrumentTable?) throws(StoreError) -> AlertRecord {
        try write { try raise(alert, table, $0) }
    }

    func raise(_ alert: Alert, _ table: InstrumentTable?, _ database: Database) throws -> AlertRecord {
        let instrument = alert.instrument.flatMap { table?.row($0) }
        let about: StatementArguments = [
            alert.kind, instrument, alert.strategy?.rawValue,
            alert.order.map { Int64(bitPattern: $0.rawValue) },
        ]
        let standing = try Int64.fetchOne(
            database,
            sql: """
                SELECT id FROM alerts WHERE state <> 'acknowledged' AND kind = ? AND instrument_id IS ?
                  AND strategy_id IS ? AND order_id IS ?
                """,
            arguments: about)
        let id: Int64
        if let standing {
            id = standing
            try database.execute(
                sql: """
                    UPDATE alerts SET text = ?, priority = max(priority, ?), last_time = ?, count = count + 1
                    WHERE id = ?
                    """,
                arguments: [alert.text, alert.priority.rawValue, alert.time.nanoseconds, id])
        } else {
            try database.execute(
                sql: """
                    INSERT INTO alerts (kind, instrument_id, strategy_id, order_id, priority, text, first_time,
                      last_time, count, state)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 'unacknowledged')
                    """,
                arguments: about + [
                    alert.priority.rawValue, alert.text, alert.time.nanoseconds, alert.time.nanoseconds,
                ])
            id = database.lastInsertedRowID
        }
        guard let stored = try alerts("WHERE alerts.id = ?", [id], database).first else {
            throw StoreError(.failed, path: path, detail: "alert \(id) was not stored")
        }
        return stored
    }

    /// The alerts, newest first.
    ///
    /// - Throws: `StoreError`.
    public func alerts(_ filter: AlertFilter = .all, limit: Int = 500) throws(StoreError) -> [AlertRecord] {
        try read { try alerts(filter, limit: limit, $0) }
    }

    /// Acknowledges alerts by their numbers; all that are not acknowledged when `nil`.
    ///
    /// - Returns: how many changed.
    /// - Throws: `StoreError`.
    @discardableResult
    public func acknowledgeAlerts(_ ids: [Int64]?, by origin: String) throws(StoreError) -> Int {
        try write { try acknowledgeAlerts(ids, by: origin, $0) }
    }

    @discardableResult
    func acknowledgeAlerts(_ ids: [Int64]?, by origin: String, _ database: Database) throws -> Int {
        var count = 0
        if let ids {
            for id in ids {
                try database.execute(
                    sql: """
                        UPDATE alerts SET state = 'acknowledged', shelved_until = NULL, changed_by = ?
                        WHERE id = ? AND state <> 'acknowledged'
                        """,
                    arguments: [origin, id])
                count += database.changesCount
            }
        } else {
            try database.execute(
                sql: """
                    UPDATE alerts SET state = 'acknowledged', shelved_until = NULL, changed_by = ?
                    WHERE state <> 'acknowledged'
                    """,
                arguments: [origin])
            count = database.changesCount
        }
        return count
    }

    /// Puts an alert out of sight until `until`; it then stands unacknowledged again.
    ///
    /// - Returns: whether there is such an alert that is not acknowledged.
    /// - Throws: `StoreError`.
    @discardableResult
    public func shelveAlert(_ id: Int64, until: Timestamp, by origin: String) throws(StoreError) -> Bool {
        try write { try shelveAlert(id, until: until, by: origin, $0) }
    }

    @discardableResult
    func shelveAlert(_ id: Int64, until: Timestamp, by origin: String, _ database: Database) throws -> Bool {
        try database.execute(
            sql: """
                UPDATE alerts SET state = 'shelved', shelved_until = ?, changed_by = ?
                WHERE id = ? AND state <> 'acknowledged'
                """,
            arguments: [until.nanoseconds, origin, id])
        return database.changesCount > 0
    }

    func alerts(_ filter: AlertFilter, limit: Int, _ database: Database) throws -> [AlertRecord] {
        let clause = filter == .all ? "" : "WHERE state <> 'acknowledged'"
        return try alerts("\(clause) ORDER BY last_time DESC, alerts.id DESC LIMIT ?", [limit], database)
    }

    private func alerts(
        _ clause: String, _ arguments: StatementArguments, _ database: Database
    ) throws -> [AlertRecord] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT alerts.*, venue || ':' || symbol AS instrument FROM alerts
                LEFT JOIN instruments ON instruments.id = alerts.instrument_id \(clause)
                """,
            arguments: arguments)
        return try rows.map { row in
            let reader = RowReader(row, of: "alerts")
            guard let priority = AlertPriority(rawValue: UInt8(clamping: try reader.integer("priority"))) else {
                throw reader.damaged("priority")
            }
            let status: AlertStatus
            switch try reader.text("state") {
            case "unacknowledged": status = .unacknowledged
            case "acknowledged": status = .acknowledged
            case "shelved": status = .shelved(until: try reader.time("shelved_until"))
            default: throw reader.damaged("state")
            }
            let strategy: StrategyID? = try reader.optionalInteger("strategy_id").map {
                StrategyID(rawValue: Int32(truncatingIfNeeded: $0))
            }
            return AlertRecord(
                id: try reader.integer("id"),
                alert: Alert(
                    time: try reader.time("last_time"), priority: priority, kind: try reader.text("kind"),
                    text: try reader.text("text"), strategy: strategy,
                    order: try reader.optionalInteger("order_id").map { OrderID(rawValue: UInt64(bitPattern: $0)) }),
                instrument: row["instrument"], firstTime: try reader.time("first_time"),
                count: Int(try reader.integer("count")), status: status)
        }
    }
}
