import GRDB
import Market
import Trading

/// How values stand in columns, and back.
enum Column {
    /// The amount written by `Money.decimalText`.
    ///
    /// - Returns: `nil` unless the text is a decimal number of at most 38 digits, sixteen of them behind the point.
    static func money(_ text: String, _ currency: Currency) -> Money? {
        var units: Int128 = 0
        var decimals = -1
        var digits = 0
        var isNegative = false
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case 0x2D where index == 0: isNegative = true
            case 0x2E where decimals < 0: decimals = 0
            case 0x30...0x39:
                let (product, overflow) = units.multipliedReportingOverflow(by: 10)
                let (sum, carry) = product.addingReportingOverflow(Int128(byte - 0x30))
                if overflow || carry { return nil }
                units = sum
                digits += 1
                if decimals >= 0 { decimals += 1 }
            default: return nil
            }
        }
        guard digits > 0, decimals <= Money.scale else { return nil }
        for _ in max(decimals, 0)..<Money.scale {
            let (product, overflow) = units.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            units = product
        }
        return Money(units: isNegative ? -units : units, currency)
    }

    static let purposes: [OrderPurpose] = [
        .entry, .exit, .stopLoss, .takeProfit, .trailingStop, .manual, .close, .reconciliation,
        .liquidation,
    ]

    static func purpose(_ name: String) -> OrderPurpose? { purposes.first { $0.name == name } }
    static func state(_ name: String) -> OrderState? { OrderState.allCases.first { $0.name == name } }
    static func reason(_ reason: OrderReason) -> String { String(describing: reason) }
    static func reason(_ name: String) -> OrderReason? {
        OrderReason.allCases.first { String(describing: $0) == name }
    }
    static func direction(_ name: String) -> Direction? { [Direction.long, .flat, .short].first { $0.name == name } }
}

/// A row read column by column, with an error that names the column where something is not what it must be.
struct RowReader {
    let row: Row
    let table: String

    init(_ row: Row, of table: String) {
        self.row = row
        self.table = table
    }

    func damaged(_ column: String) -> StoreError {
        let value = (row[column] as DatabaseValue?)?.description ?? "nothing"
        return StoreError(.corrupt, path: table, detail: "column \(column) holds \(value)")
    }

    func integer(_ column: String) throws -> Int64 {
        guard let value = Int64.fromDatabaseValue(row[column]) else { throw damaged(column) }
        return value
    }

    func optionalInteger(_ column: String) throws -> Int64? {
        (row[column] as DatabaseValue).isNull ? nil : try integer(column)
    }

    func number(_ column: String) throws -> Double {
        guard let value = Double.fromDatabaseValue(row[column]) else { throw damaged(column) }
        return value
    }

    func text(_ column: String) throws -> String {
        guard let value = String.fromDatabaseValue(row[column]) else { throw damaged(column) }
        return value
    }

    func time(_ column: String) throws -> Timestamp { Timestamp(nanoseconds: try integer(column)) }
    func price(_ column: String) throws -> Price { Price(mantissa: try integer(column)) }
    func quantity(_ column: String) throws -> Quantity { Quantity(mantissa: try integer(column)) }
    func flag(_ column: String) throws -> Bool { try integer(column) != 0 }
    func optionalRatio(_ column: String) throws -> Ratio? { try optionalInteger(column).map(Ratio.init(units:)) }
    func strategy(_ column: String) throws -> StrategyID {
        guard let value = Int32(exactly: try integer(column)) else { throw damaged(column) }
        return StrategyID(rawValue: value)
    }

    func money(_ column: String, _ currency: Currency) throws -> Money {
        guard let value = Column.money(try text(column), currency) else { throw damaged(column) }
        return value
    }

    func optionalMoney(_ column: String, _ currency: Currency) throws -> Money? {
        (row[column] as DatabaseValue).isNull ? nil : try money(column, currency)
    }

    /// The value that `parse` makes of a text column.
    func value<Value>(_ column: String, _ parse: (String) -> Value?) throws -> Value {
        guard let value = parse(try text(column)) else { throw damaged(column) }
        return value
    }
}
