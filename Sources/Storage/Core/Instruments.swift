import GRDB
public import Market
public import Trading

/// The instruments of a run in the order of the kernel's `InstrumentID`s, tied to their rows in the store.
public struct InstrumentTable: Sendable {
    /// The instruments; the place is the `InstrumentID`.
    public private(set) var instruments: [Instrument]
    private(set) var rows: [Int64]

    init(_ entries: [(row: Int64, instrument: Instrument)]) {
        instruments = entries.map(\.instrument)
        rows = entries.map(\.row)
    }

    /// The instrument with this identifier.
    public subscript(_ id: InstrumentID) -> Instrument { instruments[id.index] }

    /// The identifier of the instrument of this venue and symbol, or `nil`. O(instruments).
    public func id(venue: String, symbol: String) -> InstrumentID? {
        instruments.firstIndex { $0.venue == venue && $0.symbol == symbol }.map(InstrumentID.init)
    }

    func row(_ id: InstrumentID) -> Int64 { rows[id.index] }

    func id(row: Int64) -> InstrumentID? { rows.firstIndex(of: row).map(InstrumentID.init) }

    mutating func append(row: Int64, _ instrument: Instrument) {
        rows.append(row)
        instruments.append(instrument)
    }
}

extension Store {
    /// Makes instruments known to the store and gives them numbers for a run, in the order given.
    ///
    /// An instrument that is there already gets the names and rules given now.
    /// - Throws: `StoreError` of the kind `conflict` when one is stored with other scales: its prices would change their
    ///   meaning.
    public func declare(_ instruments: [Instrument]) throws(StoreError) -> InstrumentTable {
        try write { database in
            InstrumentTable(try instruments.map { (try declare($0, database), $0) })
        }
    }

    /// Every instrument of the store, by name.
    ///
    /// - Throws: `StoreError`.
    public func instruments() throws(StoreError) -> [Instrument] {
        try read { try Row.fetchAll($0, sql: "SELECT * FROM instruments ORDER BY venue, symbol").map(Store.instrument) }
    }

    /// The instrument of this venue and symbol, named in any case, or `nil`.
    ///
    /// - Throws: `StoreError`.
    public func instrument(venue: String, symbol: String) throws(StoreError) -> Instrument? {
        try read { try self.instrument(venue: venue, symbol: symbol, $0)?.instrument }
    }

    func instrument(
        venue: String, symbol: String, _ database: Database
    ) throws -> (row: Int64, instrument: Instrument)? {
        let row = try Row.fetchOne(
            database, sql: "SELECT * FROM instruments WHERE venue = ? AND symbol = ?",
            arguments: [venue.uppercased(), symbol.uppercased()])
        guard let row else { return nil }
        return (row["id"], try Store.instrument(row))
    }

    func instrument(row id: Int64, _ database: Database) throws -> Instrument {
        let row = try Row.fetchOne(database, sql: "SELECT * FROM instruments WHERE id = ?", arguments: [id])
        guard let row else { throw StoreError(.corrupt, path: path, detail: "there is no instrument \(id)") }
        return try Store.instrument(row)
    }

    /// Stores one instrument and gives its row.
    func declare(_ instrument: Instrument, _ database: Database) throws -> Int64 {
        if let (row, stored) = try self.instrument(venue: instrument.venue, symbol: instrument.symbol, database) {
            if stored == instrument { return row }
            guard stored.priceScale == instrument.priceScale, stored.quantityScale == instrument.quantityScale else {
                throw StoreError(
                    .conflict, path: path,
                    detail: "\(instrument.name) is stored with \(stored.priceScale) decimals of price and "
                        + "\(stored.quantityScale) of quantity, not \(instrument.priceScale) and "
                        + "\(instrument.quantityScale)")
            }
        }
        let rules = instrument.rules
        try database.execute(
            sql: """
                INSERT INTO instruments (venue, symbol, kind, base, quote, price_scale, quantity_scale, tick,
                  quantity_step, market_quantity_step, minimum_quantity, maximum_quantity, minimum_notional, price_band,
                  maximum_market_quantity)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (venue, symbol) DO UPDATE SET kind = excluded.kind, base = excluded.base,
                  quote = excluded.quote, tick = excluded.tick, quantity_step = excluded.quantity_step,
                  market_quantity_step = excluded.market_quantity_step, minimum_quantity = excluded.minimum_quantity,
                  maximum_quantity = excluded.maximum_quantity, minimum_notional = excluded.minimum_notional,
                  price_band = excluded.price_band, maximum_market_quantity = excluded.maximum_market_quantity
                """,
            arguments: [
                instrument.venue, instrument.symbol, instrument.kind.rawValue, instrument.base.code,
                instrument.quote.code, instrument.priceScale, instrument.quantityScale, rules.tick.mantissa,
                rules.quantityStep.mantissa, rules.marketQuantityStep.mantissa, rules.minimumQuantity.mantissa,
                rules.maximumQuantity.mantissa, rules.minimumNotional, rules.priceBand.units,
                rules.maximumMarketQuantity.mantissa,
            ])
        let row = try Int64.fetchOne(
            database, sql: "SELECT id FROM instruments WHERE venue = ? AND symbol = ?",
            arguments: [instrument.venue, instrument.symbol])
        return row ?? database.lastInsertedRowID
    }

    static func instrument(_ row: Row) throws -> Instrument {
        let reader = RowReader(row, of: "instruments")
        let priceScale = Int(try reader.integer("price_scale"))
        let quantityScale = Int(try reader.integer("quantity_scale"))
        let tick = try reader.price("tick")
        let step = try reader.quantity("quantity_step")
        // What the initialisers trap on, a damaged file must not bring about.
        guard (0...16).contains(priceScale), (0...16 - priceScale).contains(quantityScale) else {
            throw reader.damaged("price_scale")
        }
        guard tick.mantissa > 0, step.mantissa > 0 else { throw reader.damaged("tick") }
        return Instrument(
            venue: try reader.text("venue"), symbol: try reader.text("symbol"),
            kind: try reader.value("kind", InstrumentKind.init(rawValue:)),
            base: try reader.value("base") { Currency($0) }, quote: try reader.value("quote") { Currency($0) },
            priceScale: priceScale, quantityScale: quantityScale,
            rules: InstrumentRules(
                tick: tick, quantityStep: step, marketQuantityStep: try reader.quantity("market_quantity_step"),
                minimumQuantity: try reader.quantity("minimum_quantity"),
                maximumQuantity: try reader.quantity("maximum_quantity"),
                maximumMarketQuantity: try reader.quantity("maximum_market_quantity"),
                minimumNotional: try reader.integer("minimum_notional"),
                priceBand: Ratio(units: try reader.integer("price_band"))))
    }
}
