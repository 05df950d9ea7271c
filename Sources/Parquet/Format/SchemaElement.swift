import Bytes

/// A column, as the footer's list of schema elements has it.
enum SchemaElement {
    /// An element as it was read: a leaf, or a group of the elements behind it.
    struct Raw {
        var storage: Int?
        var length: Int?
        var repetition: Int?
        var name: String?
        var children: Int?
        var converted: Int?
        var scale: Int?
        var precision: Int?
        var logical: ParquetColumn.Meaning?
    }

    /// Writes a column of the file.
    static func write(_ column: ParquetColumn, to writer: inout ThriftWriter) {
        writer.int32(1, code(column.storage))
        if case .fixed(let length) = column.storage { writer.int32(2, length) }
        writer.int32(3, column.isOptional ? 1 : 0)
        writer.text(4, column.name)
        // Converted types are what readers before logical ones know; nanoseconds have none.
        switch column.meaning {
        case .text:
            writer.int32(6, 0)
            writer.structure(10) { $0.structure(1) { _ in } }
        case .decimal(let precision, let scale):
            writer.int32(6, 5)
            writer.int32(7, scale)
            writer.int32(8, precision)
            writer.structure(10) { union in
                union.structure(5) { decimal in
                    decimal.int32(1, scale)
                    decimal.int32(2, precision)
                }
            }
        case .timestamp(let unit, let isUTC):
            let place = [.milliseconds: 1, .microseconds: 2, .nanoseconds: 3][unit] ?? 1
            if unit != .nanoseconds { writer.int32(6, place + 8) }
            writer.structure(10) { union in
                union.structure(8) { timestamp in
                    timestamp.bool(1, isUTC)
                    timestamp.structure(2) { $0.structure(place) { _ in } }
                }
            }
        case .number, .date, .other: break
        }
    }

    /// Reads an element; what it lacks or contradicts shows when it becomes a column.
    static func read(_ reader: inout ThriftReader) throws(MalformedBytes) -> Raw {
        var raw = Raw()
        var id = 0
        while let field = try reader.field(after: id) {
            id = field.id
            switch (field.id, field.type) {
            case (1, .int32): raw.storage = try reader.integer()
            case (2, .int32): raw.length = try reader.integer()
            case (3, .int32): raw.repetition = try reader.integer()
            case (4, .binary): raw.name = try reader.text()
            case (5, .int32): raw.children = try reader.integer()
            case (6, .int32): raw.converted = try reader.integer()
            case (7, .int32): raw.scale = try reader.integer()
            case (8, .int32): raw.precision = try reader.integer()
            case (10, .structure): raw.logical = try logical(&reader)
            default: try reader.skip(field.type)
            }
        }
        return raw
    }

    private static func logical(_ reader: inout ThriftReader) throws(MalformedBytes) -> ParquetColumn.Meaning? {
        let names = [
            2: "MAP", 3: "LIST", 4: "ENUM", 7: "TIME", 10: "INTEGER", 11: "UNKNOWN", 12: "JSON", 13: "BSON",
            14: "UUID", 15: "FLOAT16",
        ]
        var meaning: ParquetColumn.Meaning?
        var id = 0
        while let field = try reader.field(after: id) {
            id = field.id
            switch (field.id, field.type) {
            case (1, .structure):
                meaning = .text
                try reader.skip(field.type)
            case (5, .structure):
                let (scale, precision) = try decimal(&reader)
                meaning = .decimal(precision: precision, scale: scale)
            case (6, .structure):
                meaning = .date
                try reader.skip(field.type)
            case (8, .structure): meaning = try timestamp(&reader)
            default:
                // Whole numbers of any width are numbers.
                meaning = id == 10 ? .number : .other(names[id] ?? "type \(id)")
                try reader.skip(field.type)
            }
        }
        return meaning
    }

    private static func decimal(_ reader: inout ThriftReader) throws(MalformedBytes) -> (scale: Int, precision: Int) {
        var (scale, precision) = (0, 0)
        var id = 0
        while let field = try reader.field(after: id) {
            id = field.id
            switch (field.id, field.type) {
            case (1, .int32): scale = try reader.integer()
            case (2, .int32): precision = try reader.integer()
            default: try reader.skip(field.type)
            }
        }
        return (scale, precision)
    }

    private static func timestamp(_ reader: inout ThriftReader) throws(MalformedBytes) -> ParquetColumn.Meaning {
        var isUTC = false
        var unit = ParquetColumn.TimeUnit.milliseconds
        var id = 0
        while let field = try reader.field(after: id) {
            id = field.id
            switch (field.id, field.type) {
            case (1, .yes): isUTC = true
            case (2, .structure):
                var place = 0
                while let choice = try reader.field(after: place) {
                    place = choice.id
                    try reader.skip(choice.type)
                }
                switch place {
                case 1: unit = .milliseconds
                case 2: unit = .microseconds
                case 3: unit = .nanoseconds
                default: return .other("TIMESTAMP of an unknown unit")
                }
            default: try reader.skip(field.type)
            }
        }
        return .timestamp(unit, isUTC: isUTC)
    }

    private static func code(_ storage: ParquetColumn.Storage) -> Int {
        switch storage {
        case .boolean: return 0
        case .int32: return 1
        case .int64: return 2
        case .int96: return 3
        case .float: return 4
        case .double: return 5
        case .bytes: return 6
        case .fixed: return 7
        }
    }
}
