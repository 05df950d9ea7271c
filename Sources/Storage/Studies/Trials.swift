import GRDB
public import Market

extension Store {
    /// Writes down trials that have ended and takes further ones, in one transaction: no number is ever taken by two
    /// processes at once, and what was taken and not ended is known to be under way.
    ///
    /// - Parameters:
    ///   - ended: trials that this owner took and has ended.
    ///   - range: the numbers that may be taken.
    ///   - limit: how many to take at most.
    ///   - owner: who takes them, one word for each process.
    ///   - isAbandoned: whether a trial that somebody took at a time is to be taken from them.
    /// - Returns: the numbers taken, in order.
    /// - Throws: `StoreError`; nothing is changed then.
    public func exchangeTrials(
        of study: Int64, stage: Int, ended: [TrialRecord], takeFrom range: Range<Int>, limit: Int, owner: String,
        now: Timestamp, isAbandoned: (_ owner: String, _ since: Timestamp) -> Bool
    ) throws(StoreError) -> [Int] {
        try write { database in
            for trial in ended { try Store.write(trial, of: study, owner: owner, database) }
            guard limit > 0, !range.isEmpty else { return [] }
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT number, state, owner, time FROM trials
                    WHERE study_id = ? AND stage = ? AND number >= ? AND number < ? ORDER BY number
                    """,
                arguments: [study, stage, range.lowerBound, range.upperBound])
            var known = rows[...]
            var taken: [Int] = []
            for number in range where taken.count < limit {
                if let row = known.first, Int.fromDatabaseValue(row[0]) == number {
                    known.removeFirst()
                    let reader = RowReader(row, of: "trials")
                    guard try reader.text("state") == Store.running,
                        isAbandoned(try reader.text("owner"), try reader.time("time"))
                    else { continue }
                }
                try database.execute(
                    sql: """
                        INSERT OR REPLACE INTO trials VALUES (?, ?, ?, '\(Store.running)', ?, ?, '', NULL, NULL, '', '')
                        """,
                    arguments: [study, stage, number, owner, now.nanoseconds])
                taken.append(number)
            }
            return taken
        }
    }

    private static let running = "running"

    private static func write(_ trial: TrialRecord, of study: Int64, owner: String, _ database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO trials VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                study, trial.stage, trial.number, trial.state.rawValue, owner, trial.time.nanoseconds,
                trial.parameters, trial.objective, trial.violation, trial.looks, trial.metrics,
            ])
    }

    /// Gives back the trials that an owner took and has not ended.
    ///
    /// - Throws: `StoreError`.
    public func withdrawTrials(of study: Int64, owner: String) throws(StoreError) {
        try write { database in
            try database.execute(
                sql: "DELETE FROM trials WHERE study_id = ? AND owner = ? AND state = '\(Store.running)'",
                arguments: [study, owner])
        }
    }

    /// The trials of a study that have ended, by stage and number.
    ///
    /// - Parameters:
    ///   - stage: only those of a stage.
    ///   - from: only those of this number or higher.
    /// - Throws: `StoreError`.
    public func trials(of study: Int64, stage: Int? = nil, from: Int = 0) throws(StoreError) -> [TrialRecord] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM trials
                    WHERE study_id = ? AND (?2 IS NULL OR stage = ?2) AND number >= ?3 AND state <> '\(Store.running)'
                    ORDER BY stage, number
                    """,
                arguments: [study, stage, from])
            return try rows.map { row in
                let reader = RowReader(row, of: "trials")
                func number(_ column: String) throws -> Double? {
                    (row[column] as DatabaseValue).isNull ? nil : try reader.number(column)
                }
                return TrialRecord(
                    stage: Int(try reader.integer("stage")), number: Int(try reader.integer("number")),
                    state: try reader.value("state", TrialRecord.State.init(rawValue:)), time: try reader.time("time"),
                    parameters: try reader.text("parameters"), objective: try number("objective"),
                    violation: try number("violation"), looks: try reader.text("looks"),
                    metrics: try reader.text("metrics"))
            }
        }
    }

    /// What the ledger holds by strategy class, series and timeframe, in their order. O(trials).
    ///
    /// - Throws: `StoreError`.
    public func trialSummaries() throws(StoreError) -> [TrialSummary] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT class, series, timeframe_seconds, count(DISTINCT studies.id) AS studies,
                      count(*) AS trials, count(DISTINCT data_hash || parameters) AS combinations,
                      max(CASE WHEN state = 'pruned' THEN NULL ELSE json_extract(metrics, '$.sharpe') END) AS sharpe,
                      max(time) AS last_time
                    FROM trials JOIN studies ON studies.id = study_id
                    WHERE state NOT IN ('\(Store.running)', 'invalid')
                    GROUP BY class, series, timeframe_seconds ORDER BY class, series, timeframe_seconds
                    """)
            return try rows.map { row in
                let reader = RowReader(row, of: "trials")
                guard let timeframe = Timeframe(seconds: try reader.integer("timeframe_seconds")) else {
                    throw reader.damaged("timeframe_seconds")
                }
                return TrialSummary(
                    className: try reader.text("class"), series: try reader.text("series"), timeframe: timeframe,
                    studies: Int(try reader.integer("studies")), trials: Int(try reader.integer("trials")),
                    combinations: Int(try reader.integer("combinations")),
                    bestSharpe: Double.fromDatabaseValue(row["sharpe"]), lastTime: try reader.time("last_time"))
            }
        }
    }
}
