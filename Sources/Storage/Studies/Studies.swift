import GRDB
import Market

extension Store {
    /// Keeps a study, or finds the one of that name.
    ///
    /// - Returns: the study as it is stored, and whether it is new. One that was there may be of another definition:
    ///   compare before adding trials.
    /// - Throws: `StoreError`.
    public func open(_ study: StudyRecord) throws(StoreError) -> (study: StudyRecord, isNew: Bool) {
        try write { database in
            if !study.name.isEmpty, let known = try Store.study(named: study.name, database) { return (known, false) }
            var study = study
            let last = try Int64.fetchOne(database, sql: "SELECT max(id) FROM studies") ?? 0
            var suffix = last + 1
            while study.name.isEmpty {
                let name = "\(study.kind)-\(suffix)"
                if try Store.study(named: name, database) == nil { study.name = name }
                suffix += 1
            }
            try database.execute(
                sql: """
                    INSERT INTO studies
                      (name, kind, created_at, class, series, timeframe_seconds, first_open, last_close, data_hash,
                       seed, space, definition)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    study.name, study.kind, study.createdAt.nanoseconds, study.className, study.series,
                    study.timeframe.seconds, study.firstOpen.nanoseconds, study.lastClose.nanoseconds, study.dataHash,
                    String(study.seed), study.space, study.definition,
                ])
            study.id = database.lastInsertedRowID
            return (study, true)
        }
    }

    /// The study of a name, or `nil`.
    ///
    /// - Throws: `StoreError`.
    public func study(named name: String) throws(StoreError) -> StudyRecord? {
        try read { try Store.study(named: name, $0) }
    }

    /// The studies, newest first.
    ///
    /// - Throws: `StoreError`.
    public func studies() throws(StoreError) -> [StudyRecord] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM studies ORDER BY id DESC").map(Store.study)
        }
    }

    private static func study(named name: String, _ database: Database) throws -> StudyRecord? {
        try Row.fetchOne(database, sql: "SELECT * FROM studies WHERE name = ?", arguments: [name]).map(study)
    }

    private static func study(_ row: Row) throws -> StudyRecord {
        let reader = RowReader(row, of: "studies")
        guard let timeframe = Timeframe(seconds: try reader.integer("timeframe_seconds")) else {
            throw reader.damaged("timeframe_seconds")
        }
        guard let seed = UInt64(try reader.text("seed")) else { throw reader.damaged("seed") }
        var study = StudyRecord(
            name: try reader.text("name"), kind: try reader.text("kind"), createdAt: try reader.time("created_at"),
            className: try reader.text("class"), series: try reader.text("series"), timeframe: timeframe,
            firstOpen: try reader.time("first_open"), lastClose: try reader.time("last_close"),
            dataHash: try reader.text("data_hash"), seed: seed, space: try reader.text("space"),
            definition: try reader.text("definition"))
        study.id = try reader.integer("id")
        return study
    }
}
