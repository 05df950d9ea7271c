import GRDB
public import Market
public import Trading

/// An order of the store with the instrument it is of.
public struct OrderRecord: Sendable, Hashable {
    /// The order. Its instrument's number is meaningless outside a run: use `instrument`.
    public var order: Order
    /// What it is of.
    public var instrument: Instrument
}

extension Store {
    /// The orders of the account, newest first.
    ///
    /// - Parameters:
    ///   - openOnly: whether closed ones are left out.
    ///   - limit: how many at most.
    /// - Throws: `StoreError`.
    public func orders(openOnly: Bool = false, limit: Int = 500) throws(StoreError) -> [OrderRecord] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT * FROM orders \(openOnly ? "WHERE is_closed = 0" : "") ORDER BY id DESC LIMIT ?",
                arguments: [limit])
            return try rows.map { row in
                let instrument = try instrument(row: row["instrument_id"], database)
                return OrderRecord(order: try Store.order(row, InstrumentID(0), instrument), instrument: instrument)
            }
        }
    }

    func write(_ order: Order, _ table: InstrumentTable, _ database: Database) throws {
        let request = order.request
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO orders (id, owner, instrument_id, side, type, quantity, spend, limit_price,
                  trigger_price, time_in_force, is_post_only, is_reduce_only, purpose, pair_group, state, is_closed,
                  reason, is_cancel_pending, is_amend_pending, filled, filled_notional, quote_fees, base_fees,
                  decision_price, created_at, updated_at, protection_stop, protection_target, trailing)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            Int64(bitPattern: order.id.rawValue), order.owner.rawValue, table.row(request.instrument),
            request.side.name, request.type.name, request.quantity.mantissa, request.spend?.decimalText,
            request.limitPrice?.mantissa, request.triggerPrice?.mantissa, request.timeInForce.name,
            request.isPostOnly, request.isReduceOnly, request.purpose.name, Int64(bitPattern: request.group),
            order.state.name, order.state.isClosed, Column.reason(order.reason), order.isCancelPending,
            order.isAmendPending, order.filled.mantissa, order.filledNotional.decimalText,
            order.quoteFees.decimalText, order.baseFees.mantissa, order.decisionPrice.mantissa,
            order.createdAt.nanoseconds, order.updatedAt.nanoseconds, request.protection?.stop?.mantissa,
            request.protection?.target?.mantissa, request.trailing,
        ])
    }

    static func order(_ row: Row, _ id: InstrumentID, _ instrument: Instrument) throws -> Order {
        let reader = RowReader(row, of: "orders")
        let quote = instrument.quote
        let protection = EntryProtection(
            stop: try reader.optionalInteger("protection_stop").map(Price.init(mantissa:)),
            target: try reader.optionalInteger("protection_target").map(Price.init(mantissa:)))
        let request = OrderRequest(
            instrument: id, side: try reader.value("side") { Side(name: $0) },
            type: try reader.value("type") { OrderType(name: $0) }, quantity: try reader.quantity("quantity"),
            spend: try reader.optionalMoney("spend", quote),
            limitPrice: try reader.optionalInteger("limit_price").map(Price.init(mantissa:)),
            triggerPrice: try reader.optionalInteger("trigger_price").map(Price.init(mantissa:)),
            trailing: try reader.optionalInteger("trailing").map { Int($0) },
            timeInForce: try reader.value("time_in_force") { TimeInForce(name: $0) },
            isPostOnly: try reader.flag("is_post_only"), isReduceOnly: try reader.flag("is_reduce_only"),
            purpose: try reader.value("purpose", Column.purpose),
            group: UInt64(bitPattern: try reader.integer("pair_group")),
            protection: protection == EntryProtection() ? nil : protection)
        var order = Order(
            id: OrderID(rawValue: UInt64(bitPattern: try reader.integer("id"))), owner: try reader.strategy("owner"),
            request: request, quote: quote, decisionPrice: try reader.price("decision_price"),
            createdAt: try reader.time("created_at"))
        order.state = try reader.value("state", Column.state)
        order.reason = try reader.value("reason", Column.reason)
        order.isCancelPending = try reader.flag("is_cancel_pending")
        order.isAmendPending = try reader.flag("is_amend_pending")
        order.filled = try reader.quantity("filled")
        order.filledNotional = try reader.money("filled_notional", quote)
        order.quoteFees = try reader.money("quote_fees", quote)
        order.baseFees = try reader.quantity("base_fees")
        order.updatedAt = try reader.time("updated_at")
        return order
    }
}
