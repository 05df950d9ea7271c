import GRDB
public import Market
public import Trading

/// Something that the store keeps of what happened, in the order it happened.
public enum ProjectedRow: Sendable {
    /// What the kernel wrote down at an instant.
    case record(Trading.Record, at: Timestamp)
    /// The account; as a new point of the equity curve too where it is one.
    case account(Account, isEquityPoint: Bool, at: Timestamp)
    /// An alert.
    case alert(Alert)
    /// Alerts, by their numbers, that a person has seen to.
    case acknowledge([Int64], by: String)
    /// An alert that a person put aside.
    case shelve(Int64, until: Timestamp, by: String)
    /// Who did what, to what.
    case audit(action: String, subject: String, detail: String, by: String, at: Timestamp)
    /// A kept value.
    case value(String?, key: String, at: Timestamp)
}

extension Store {
    /// The number of the last journal record that the store has taken in; 0 before the first.
    ///
    /// - Throws: `StoreError`.
    public func projected() throws(StoreError) -> UInt64 {
        try read { database in
            let place = try Int64.fetchOne(
                database, sql: "SELECT sequence FROM projection WHERE stream = 'decisions'")
            return UInt64(clamping: place ?? 0)
        }
    }

    /// Takes in what happened and notes how far the journal is taken in, in one transaction: after a crash either all of
    /// it is there or none, and nothing is taken in twice.
    ///
    /// - Parameters:
    ///   - rows: the rows, in the order they happened.
    ///   - place: the number of the last journal record among them; `nil` where there is no journal.
    ///   - table: the instruments of the run.
    /// - Returns: the numbers of the alerts among the rows, in their order.
    /// - Throws: `StoreError`; nothing is written then, and the same rows may be given again.
    @discardableResult
    public func project(
        _ rows: [ProjectedRow], upTo place: UInt64?, _ table: InstrumentTable
    ) throws(StoreError) -> [Int64] {
        try write { database in
            var numbers: [Int64] = []
            for row in rows {
                if let number = try take(row, table, database) { numbers.append(number) }
            }
            if let place {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO projection (stream, sequence) VALUES ('decisions', ?)",
                    arguments: [Int64(clamping: place)])
            }
            return numbers
        }
    }

    private func take(_ row: ProjectedRow, _ table: InstrumentTable, _ database: Database) throws -> Int64? {
        switch row {
        case .record(let record, let time): try write(record, at: time, table, database)
        case .account(let account, let isEquityPoint, let time):
            try write(account, at: time, database)
            if isEquityPoint { try writeEquityPoint(account, at: time, database) }
        case .alert(let alert): return try raise(alert, table, database).id
        case .acknowledge(let numbers, let origin): try acknowledgeAlerts(numbers, by: origin, database)
        case .shelve(let number, let until, let origin):
            try shelveAlert(number, until: until, by: origin, database)
        case .audit(let action, let subject, let detail, let origin, let time):
            try audit(action, subject: subject, detail: detail, by: origin, at: time, database)
        case .value(let value, let key, let time): try setValue(value, for: key, at: time, database)
        }
        return nil
    }
}
