import FoundationEssentials
import GRDB
public import Market
public import Trading

extension Store {
    /// Registers a strategy and gives it its number.
    ///
    /// - Parameters:
    ///   - strategy: the strategy; its number and revision are ignored.
    ///   - now: when.
    /// - Returns: the strategy as stored.
    /// - Throws: `StoreError` of the kind `conflict` when the name is taken or the instrument's scales differ.
    public func add(_ strategy: StrategyRecord, at now: Timestamp) throws(StoreError) -> StrategyRecord {
        try write { database in
            if try self.strategy(named: strategy.name, database) != nil {
                throw StoreError(
                    .conflict, path: path, detail: "there is already a strategy named '\(strategy.name)'")
            }
            let id = try insert(strategy, number: nil, at: now, database)
            guard let stored = try self.strategy(id, database) else {
                throw StoreError(.failed, path: path, detail: "strategy \(id.rawValue) was not stored")
            }
            return stored
        }
    }

    /// Replaces a strategy's parameters, sizing, protection, limits, instrument, timeframe and name; its status stays.
    ///
    /// - Returns: the strategy as stored.
    /// - Throws: `StoreError` of the kind `notFound` when there is no such number, `conflict` when the name is taken.
    public func change(_ strategy: StrategyRecord, at now: Timestamp) throws(StoreError) -> StrategyRecord {
        try write { database in
            guard let stored = try self.strategy(strategy.id, database), !stored.isRemoved else {
                throw StoreError(.notFound, path: path, detail: "there is no strategy \(strategy.id.rawValue)")
            }
            var changed = strategy
            changed.status = stored.status
            changed.reason = stored.reason
            try update(changed, at: now, database)
            return try self.strategy(strategy.id, database) ?? changed
        }
    }

    /// Sets whether a strategy trades, and why.
    ///
    /// - Returns: the strategy as stored; its revision is unchanged when it had that status already.
    /// - Throws: `StoreError` of the kind `notFound`, naming the strategies there are.
    @discardableResult
    public func setStatus(
        _ status: StrategyStatus, ofStrategyNamed name: String, reason: String = "", at now: Timestamp
    ) throws(StoreError) -> StrategyRecord {
        try write { database in
            var strategy = try existingStrategy(named: name, database)
            if strategy.status == status { return strategy }
            strategy.status = status
            strategy.reason = reason
            try update(strategy, at: now, database)
            return try self.strategy(strategy.id, database) ?? strategy
        }
    }

    /// Marks a strategy as removed. Its number is never used again, its trades remain.
    ///
    /// - Throws: `StoreError` of the kind `notFound`, naming the strategies there are.
    @discardableResult
    public func removeStrategy(named name: String, at now: Timestamp) throws(StoreError) -> StrategyRecord {
        try write { database in
            let strategy = try existingStrategy(named: name, database)
            try remove(strategy.id, at: now, database)
            return try self.strategy(strategy.id, database) ?? strategy
        }
    }

    /// The registered strategies in the order of their numbers.
    ///
    /// - Throws: `StoreError`.
    public func strategies(includingRemoved: Bool = false) throws(StoreError) -> [StrategyRecord] {
        try read { try strategies(includingRemoved: includingRemoved, $0) }
    }

    /// The strategy with this name, or `nil`.
    ///
    /// - Throws: `StoreError`.
    public func strategy(named name: String) throws(StoreError) -> StrategyRecord? {
        try read { try strategy(named: name, $0) }
    }

    func strategies(includingRemoved: Bool, _ database: Database) throws -> [StrategyRecord] {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT * FROM strategies \(includingRemoved ? "" : "WHERE is_removed = 0") ORDER BY id")
        return try rows.map { try strategy($0, database) }
    }

    func strategy(named name: String, _ database: Database) throws -> StrategyRecord? {
        try Row.fetchOne(
            database, sql: "SELECT * FROM strategies WHERE name = ? AND is_removed = 0", arguments: [name]
        ).map { try strategy($0, database) }
    }

    func strategy(_ id: StrategyID, _ database: Database) throws -> StrategyRecord? {
        try Row.fetchOne(database, sql: "SELECT * FROM strategies WHERE id = ?", arguments: [id.rawValue])
            .map { try strategy($0, database) }
    }

    private func existingStrategy(named name: String, _ database: Database) throws -> StrategyRecord {
        if let strategy = try strategy(named: name, database) { return strategy }
        let names = try strategies(includingRemoved: false, database).map(\.name).joined(separator: ", ")
        throw StoreError(
            .notFound, path: path,
            detail: "there is no strategy named '\(name)'; \(names.isEmpty ? "none is registered" : "known: \(names)")")
    }

    /// Stores a new strategy, with a number of its own or, when the kernel gave it one, with that.
    @discardableResult
    func insert(
        _ strategy: StrategyRecord, number: StrategyID?, at now: Timestamp, _ database: Database
    ) throws -> StrategyID {
        let instrument = try declare(strategy.instrument, database)
        try database.execute(
            sql: """
                INSERT INTO strategies (id, name, class, parameters, instrument_id, timeframe_seconds, sizing,
                  capital_share, stop_loss, take_profit, trailing_stop, limit_notional, limit_share, limit_drawdown,
                  status, reason, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [number?.rawValue] + (try values(strategy, instrument)) + [now.nanoseconds, now.nanoseconds])
        return StrategyID(rawValue: Int32(truncatingIfNeeded: database.lastInsertedRowID))
    }

    /// Replaces a stored strategy; nothing happens when it would stay the same.
    func update(_ strategy: StrategyRecord, at now: Timestamp, _ database: Database) throws {
        let instrument = try declare(strategy.instrument, database)
        let columns = [
            "name", "class", "parameters", "instrument_id", "timeframe_seconds", "sizing", "capital_share",
            "stop_loss", "take_profit", "trailing_stop", "limit_notional", "limit_share", "limit_drawdown", "status",
            "reason",
        ]
        let assignments = columns.map { "\($0) = ?" }.joined(separator: ", ")
        let differences = columns.map { "\($0) IS NOT ?" }.joined(separator: " OR ")
        let values = try values(strategy, instrument)
        try database.execute(
            sql: """
                UPDATE strategies SET \(assignments), revision = revision + 1, updated_at = ?
                WHERE id = ? AND (\(differences))
                """,
            arguments: values + [now.nanoseconds, strategy.id.rawValue] + values)
    }

    func remove(_ id: StrategyID, at now: Timestamp, _ database: Database) throws {
        try database.execute(
            sql: """
                UPDATE strategies SET is_removed = 1, status = 'disabled', revision = revision + 1, updated_at = ?
                WHERE id = ? AND is_removed = 0
                """,
            arguments: [now.nanoseconds, id.rawValue])
    }

    private func values(_ strategy: StrategyRecord, _ instrument: Int64) throws -> StatementArguments {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let parameters = String(decoding: try encoder.encode(strategy.parameters), as: UTF8.self)
        return [
            strategy.name, strategy.className, parameters, instrument, strategy.timeframe.seconds,
            strategy.sizing.text(strategy.instrument), strategy.capitalShare.units,
            strategy.protection.stopLoss?.units, strategy.protection.takeProfit?.units,
            strategy.protection.trailingStop?.units, strategy.limits.maximumPositionNotional?.decimalText,
            strategy.limits.maximumShare?.units, strategy.limits.maximumDrawdown?.units, strategy.status.rawValue,
            strategy.reason,
        ]
    }

    private func strategy(_ row: Row, _ database: Database) throws -> StrategyRecord {
        let reader = RowReader(row, of: "strategies")
        let instrument = try instrument(row: try reader.integer("instrument_id"), database)
        guard let timeframe = Timeframe(seconds: try reader.integer("timeframe_seconds")) else {
            throw reader.damaged("timeframe_seconds")
        }
        var strategy = StrategyRecord(
            name: try reader.text("name"), className: try reader.text("class"),
            parameters: try reader.value("parameters") {
                try? JSONDecoder().decode([String: String].self, from: Data($0.utf8))
            },
            instrument: instrument, timeframe: timeframe,
            sizing: try reader.value("sizing") { Sizing(text: $0, instrument) },
            capitalShare: Ratio(units: try reader.integer("capital_share")),
            protection: Protection(
                stopLoss: try reader.optionalRatio("stop_loss"), takeProfit: try reader.optionalRatio("take_profit"),
                trailingStop: try reader.optionalRatio("trailing_stop")),
            limits: StrategyLimits(
                maximumPositionNotional: try reader.optionalMoney("limit_notional", instrument.quote),
                maximumShare: try reader.optionalRatio("limit_share"),
                maximumDrawdown: try reader.optionalRatio("limit_drawdown")),
            status: try reader.value("status", StrategyStatus.init(rawValue:)), reason: try reader.text("reason"))
        strategy.id = try reader.strategy("id")
        strategy.revision = try reader.integer("revision")
        strategy.createdAt = try reader.time("created_at")
        strategy.updatedAt = try reader.time("updated_at")
        strategy.isRemoved = try reader.flag("is_removed")
        return strategy
    }
}
