import GRDB
public import Market
public import Trading

/// A position of the store with the instrument it is of.
public struct PositionRecord: Sendable, Hashable {
    /// The position. Its instrument's number is meaningless outside a run: use `instrument`.
    public var position: Position
    /// What it is of.
    public var instrument: Instrument
}

extension Store {
    /// The positions of the account, flat ones only when asked for: they carry realised results and fees.
    ///
    /// - Throws: `StoreError`.
    public func positions(includingFlat: Bool = false) throws(StoreError) -> [PositionRecord] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM positions \(includingFlat ? "" : "WHERE quantity <> 0") ORDER BY owner, instrument_id
                    """)
            return try rows.map { row in
                let instrument = try instrument(row: row["instrument_id"], database)
                return PositionRecord(
                    position: try Store.position(row, InstrumentID(0), instrument), instrument: instrument)
            }
        }
    }

    func write(_ position: Position, _ table: InstrumentTable, _ database: Database) throws {
        let trip = position.trip
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO positions (owner, instrument_id, quantity, cost, realized, fees, opened_at,
                  trip_side, trip_opened_at, trip_closed_at, trip_quantity, trip_entry, trip_exit, trip_fees,
                  trip_purpose, trip_is_open)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            position.owner.rawValue, table.row(position.instrument), position.quantity.mantissa,
            position.cost.decimalText, position.realized.decimalText, position.fees.decimalText,
            position.openedAt.nanoseconds, trip.side.name, trip.openedAt.nanoseconds, trip.closedAt.nanoseconds,
            trip.quantity.mantissa, trip.entryNotional.decimalText, trip.exitNotional.decimalText,
            trip.fees.decimalText, trip.exitPurpose.name, trip.isOpen,
        ])
    }

    static func position(_ row: Row, _ id: InstrumentID, _ instrument: Instrument) throws -> Position {
        let reader = RowReader(row, of: "positions")
        let quote = instrument.quote
        var position = Position(owner: try reader.strategy("owner"), instrument: id, quote: quote)
        position.quantity = try reader.quantity("quantity")
        position.cost = try reader.money("cost", quote)
        position.realized = try reader.money("realized", quote)
        position.fees = try reader.money("fees", quote)
        position.openedAt = try reader.time("opened_at")
        position.trip.side = try reader.value("trip_side") { Side(name: $0) }
        position.trip.openedAt = try reader.time("trip_opened_at")
        position.trip.closedAt = try reader.time("trip_closed_at")
        position.trip.quantity = try reader.quantity("trip_quantity")
        position.trip.entryNotional = try reader.money("trip_entry", quote)
        position.trip.exitNotional = try reader.money("trip_exit", quote)
        position.trip.fees = try reader.money("trip_fees", quote)
        position.trip.exitPurpose = try reader.value("trip_purpose", Column.purpose)
        position.trip.isOpen = try reader.flag("trip_is_open")
        return position
    }
}
