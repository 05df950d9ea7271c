import GRDB
public import Market
public import Trading

extension Store {
    /// Writes down what a step of the kernel recorded, and the account after it, in one transaction: a process that is
    /// killed leaves either all of it or none, never half a trade.
    ///
    /// Orders and positions replace their former state; fills and round trips that are there already stay. Writing the
    /// same again changes nothing.
    ///
    /// - Parameters:
    ///   - records: the records, in the order the kernel gave them.
    ///   - account: the account after the step; `nil` leaves the stored one.
    ///   - peaks: the equity peaks of the strategies' own drawdown breakers, where they moved.
    ///   - equityPoint: whether the account is a new point of the equity curve too.
    ///   - now: the time of the step.
    ///   - table: the instruments of the run.
    /// - Throws: `StoreError`; nothing is written then, and the same records may be given again.
    public func write(
        _ records: [Trading.Record], account: Account? = nil, peaks: [(strategy: StrategyID, equity: Money)] = [],
        equityPoint: Bool = false, at now: Timestamp, _ table: InstrumentTable
    ) throws(StoreError) {
        guard !records.isEmpty || account != nil || !peaks.isEmpty else { return }
        try write { database in
            for record in records { try write(record, at: now, table, database) }
            for peak in peaks {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO strategy_peaks (strategy_id, currency, peak) VALUES (?, ?, ?)",
                    arguments: [peak.strategy.rawValue, peak.equity.currency.code, peak.equity.decimalText])
            }
            guard let account else { return }
            try write(account, at: now, database)
            if equityPoint { try writeEquityPoint(account, at: now, database) }
        }
    }

    func writeEquityPoint(_ account: Account, at now: Timestamp, _ database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO equity (time, equity, cash) VALUES (?, ?, ?)",
            arguments: [now.nanoseconds, account.equity.decimalText, account.cash.decimalText])
    }

    func write(
        _ record: Trading.Record, at now: Timestamp, _ table: InstrumentTable, _ database: Database
    ) throws {
        switch record {
        case .signal(let signal): try write(signal, table, database)
        case .verdict(let verdict): try write(verdict, database)
        case .order(let order): try write(order, table, database)
        case .fill(let fill): try write(fill, table, database)
        case .position(let position): try write(position, table, database)
        case .trip(let trip): try write(trip, table, database)
        case .strategy(let registration, let reason):
            let strategy = StrategyRecord(registration, instrument: table[registration.instrument], reason: reason)
            if try self.strategy(registration.id, database) == nil {
                try insert(strategy, number: registration.id, at: now, database)
            } else {
                try update(strategy, at: now, database)
            }
        case .strategyRemoved(let id): try remove(id, at: now, database)
        case .tradingState(let state, let time): try write(state, at: time, database)
        case .refusal(let reason): try audit("refused", detail: reason, by: "kernel", at: now, database)
        }
    }
}
