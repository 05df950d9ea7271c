import GRDB
public import Market
public import Trading

/// A fill of the store with the instrument it is of.
public struct FillEntry: Sendable, Hashable {
    /// The fill. Its instrument's number is meaningless outside a run: use `instrument`.
    public var record: FillRecord
    /// What it is of.
    public var instrument: Instrument
}

/// A finished round trip of the store with the instrument it is of.
public struct TripEntry: Sendable, Hashable {
    /// The round trip. Its instrument's number is meaningless outside a run: use `instrument`.
    public var trip: RoundTrip
    /// What it is of.
    public var instrument: Instrument
}

extension Store {
    /// The fills of the account, newest first.
    ///
    /// - Throws: `StoreError`.
    public func fills(limit: Int = 500) throws(StoreError) -> [FillEntry] {
        try read { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT * FROM fills ORDER BY time DESC, order_id DESC, trade_id DESC LIMIT ?",
                arguments: [limit])
            return try rows.map { row in
                let instrument = try instrument(row: row["instrument_id"], database)
                return FillEntry(record: try Store.fill(row, instrument), instrument: instrument)
            }
        }
    }

    /// The finished round trips of the account, newest first; of one owner where given.
    ///
    /// - Throws: `StoreError`.
    public func trips(owner: StrategyID? = nil, limit: Int = 500) throws(StoreError) -> [TripEntry] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM trips \(owner == nil ? "WHERE ? IS NULL" : "WHERE owner = ?")
                    ORDER BY closed_at DESC, opened_at DESC, owner LIMIT ?
                    """,
                arguments: [owner?.rawValue, limit])
            return try rows.map { row in
                let instrument = try instrument(row: row["instrument_id"], database)
                return TripEntry(trip: try Store.trip(row, instrument), instrument: instrument)
            }
        }
    }

    /// Stores a fill; one that is there already (the same order and trade) stays as it came first.
    func write(_ record: FillRecord, _ table: InstrumentTable, _ database: Database) throws {
        let fill = record.fill
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO fills (order_id, trade_id, owner, instrument_id, side, time, price, quantity, quote_fee,
                  base_fee, liquidity, purpose)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """)
        try statement.execute(arguments: [
            Int64(bitPattern: record.order.rawValue), Int64(bitPattern: fill.tradeID), record.owner.rawValue,
            table.row(record.instrument), record.side.name, record.time.nanoseconds, fill.price.mantissa,
            fill.quantity.mantissa, fill.quoteFee.decimalText, fill.baseFee.mantissa, fill.liquidity.name,
            record.purpose.name,
        ])
    }

    /// Stores a finished round trip; one that is there already stays.
    func write(_ trip: RoundTrip, _ table: InstrumentTable, _ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO trips (owner, instrument_id, opened_at, closed_at, side, quantity, entry, exit, fees, purpose)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """)
        try statement.execute(arguments: [
            trip.owner.rawValue, table.row(trip.instrument), trip.openedAt.nanoseconds, trip.closedAt.nanoseconds,
            trip.side.name, trip.quantity.mantissa, trip.entryNotional.decimalText, trip.exitNotional.decimalText,
            trip.fees.decimalText, trip.exitPurpose.name,
        ])
    }

    private static func fill(_ row: Row, _ instrument: Instrument) throws -> FillRecord {
        let reader = RowReader(row, of: "fills")
        return FillRecord(
            order: OrderID(rawValue: UInt64(bitPattern: try reader.integer("order_id"))),
            owner: try reader.strategy("owner"), instrument: InstrumentID(0),
            side: try reader.value("side") { Side(name: $0) }, time: try reader.time("time"),
            fill: Fill(
                tradeID: UInt64(bitPattern: try reader.integer("trade_id")), price: try reader.price("price"),
                quantity: try reader.quantity("quantity"),
                quoteFee: try reader.money("quote_fee", instrument.quote),
                baseFee: try reader.quantity("base_fee"),
                liquidity: try reader.value("liquidity") { name in
                    [Liquidity.maker, .taker].first { $0.name == name }
                }),
            purpose: try reader.value("purpose", Column.purpose))
    }

    private static func trip(_ row: Row, _ instrument: Instrument) throws -> RoundTrip {
        let reader = RowReader(row, of: "trips")
        var trip = RoundTrip(
            owner: try reader.strategy("owner"), instrument: InstrumentID(0), quote: instrument.quote)
        trip.side = try reader.value("side") { Side(name: $0) }
        trip.openedAt = try reader.time("opened_at")
        trip.closedAt = try reader.time("closed_at")
        trip.quantity = try reader.quantity("quantity")
        trip.entryNotional = try reader.money("entry", instrument.quote)
        trip.exitNotional = try reader.money("exit", instrument.quote)
        trip.fees = try reader.money("fees", instrument.quote)
        trip.exitPurpose = try reader.value("purpose", Column.purpose)
        return trip
    }
}
