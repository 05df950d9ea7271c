import FoundationEssentials
import GRDB
public import Market
public import Trading

/// A signal of the store with the instrument it is of.
public struct SignalEntry: Sendable, Hashable {
    /// The signal. Its instrument's number is meaningless outside a run: use `instrument`.
    public var record: SignalRecord
    /// What it is of.
    public var instrument: Instrument
}

extension Store {
    /// The signals of all strategies or of one, newest first.
    ///
    /// - Throws: `StoreError`.
    public func signals(of strategy: StrategyID? = nil, limit: Int = 500) throws(StoreError) -> [SignalEntry] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM signals \(strategy == nil ? "WHERE ? IS NULL" : "WHERE strategy_id = ?")
                    ORDER BY time DESC, strategy_id LIMIT ?
                    """,
                arguments: [strategy?.rawValue, limit])
            return try rows.map { row in
                let instrument = try instrument(row: row["instrument_id"], database)
                return SignalEntry(record: try Store.signal(row), instrument: instrument)
            }
        }
    }

    func write(_ record: SignalRecord, _ table: InstrumentTable, _ database: Database) throws {
        let signal = record.signal
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO signals (strategy_id, time, instrument_id, price, direction, strength,
                  confidence, rule, explanation, outcome)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            record.strategy.rawValue, record.time.nanoseconds, table.row(record.instrument), record.price.mantissa,
            signal.direction.name, Store.finite(signal.strength), Store.finite(signal.confidence), signal.rule,
            try Store.json(signal.values.map { NamedValue($0.name, Store.finite($0.value)) }), record.outcome,
        ])
    }

    func write(_ verdict: Verdict, _ database: Database) throws {
        let outcomes = verdict.outcomes.map(StoredOutcome.init)
        let statement = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO verdicts (order_id, time, is_allowed, text, outcomes) VALUES (?, ?, ?, ?, ?)")
        try statement.execute(arguments: [
            Int64(bitPattern: verdict.order.rawValue), verdict.time.nanoseconds, verdict.isAllowed, verdict.text,
            try Store.json(outcomes),
        ])
    }

    private static func signal(_ row: Row) throws -> SignalRecord {
        let reader = RowReader(row, of: "signals")
        return SignalRecord(
            strategy: try reader.strategy("strategy_id"), instrument: InstrumentID(0),
            time: try reader.time("time"), price: try reader.price("price"),
            signal: Signal(
                try reader.value("direction", Column.direction), strength: try reader.number("strength"),
                confidence: try reader.number("confidence"), rule: try reader.text("rule"),
                values: try reader.value("explanation") {
                    try? JSONDecoder().decode([NamedValue].self, from: Data($0.utf8))
                }),
            outcome: try reader.text("outcome"))
    }

    /// JSON has no infinities, and SQLite stores what is not a number as NULL.
    private static func finite(_ value: Double) -> Double { value.isFinite ? value : 0 }

    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// A check's outcome as it is kept: numbers as decimal text in their unit.
private struct StoredOutcome: Encodable {
    let check: String
    let passed: Bool
    let value: String
    let limit: String
    let unit: String

    init(_ outcome: CheckOutcome) {
        check = outcome.check.name
        passed = outcome.isPassed
        let scale: Int
        switch outcome.unit {
        case .count: (unit, scale) = ("count", 0)
        case .money: (unit, scale) = ("money", Money.scale)
        case .ratio: (unit, scale) = ("share", Ratio.scale)
        case .price(let decimals): (unit, scale) = ("price", decimals)
        case .quantity(let decimals): (unit, scale) = ("quantity", decimals)
        case .seconds: (unit, scale) = ("seconds", 0)
        }
        value = DecimalText.text(outcome.value, scale: scale)
        limit = DecimalText.text(outcome.limit, scale: scale)
    }
}
