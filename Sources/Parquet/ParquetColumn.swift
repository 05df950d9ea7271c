/// A column of a Parquet file: its name, how its values lie on the disk and what they mean.
public struct ParquetColumn: Sendable, Hashable {
    /// The name in the schema.
    public var name: String
    /// How values lie on the disk.
    public var storage: Storage
    /// What values mean.
    public var meaning: Meaning
    /// Whether values may be missing.
    public var isOptional: Bool

    /// The physical types of the format.
    public enum Storage: Sendable, Hashable {
        /// One bit.
        case boolean
        /// 32 bits, signed.
        case int32
        /// 64 bits, signed.
        case int64
        /// 96 bits, the time stamps of old writers.
        case int96
        /// IEEE 754, 32 bits.
        case float
        /// IEEE 754, 64 bits.
        case double
        /// Bytes behind their length.
        case bytes
        /// This many bytes.
        case fixed(Int)
    }

    /// What a timestamp counts since 1970-01-01T00:00:00.
    public enum TimeUnit: Sendable, Hashable {
        /// 10⁻³ s
        case milliseconds
        /// 10⁻⁶ s
        case microseconds
        /// 10⁻⁹ s
        case nanoseconds
    }

    /// The logical types of the format that matter here.
    public enum Meaning: Sendable, Hashable {
        /// The number itself, or bytes of which nothing is said.
        case number
        /// UTF-8.
        case text
        /// Days since 1970-01-01.
        case date
        /// The integer × 10^−scale.
        case decimal(precision: Int, scale: Int)
        /// An instant in UTC, or a reading of a clock somewhere.
        case timestamp(TimeUnit, isUTC: Bool)
        /// Something else, by its name.
        case other(String)
    }

    init(_ name: String, _ storage: Storage, _ meaning: Meaning, isOptional: Bool) {
        self.name = name
        self.storage = storage
        self.meaning = meaning
        self.isOptional = isOptional
    }

    /// A column of yes and no.
    public static func boolean(_ name: String, isOptional: Bool = false) -> ParquetColumn {
        ParquetColumn(name, .boolean, .number, isOptional: isOptional)
    }

    /// A column of whole numbers of 64 bits.
    public static func integer(_ name: String, isOptional: Bool = false) -> ParquetColumn {
        ParquetColumn(name, .int64, .number, isOptional: isOptional)
    }

    /// A column of floating-point numbers.
    public static func double(_ name: String, isOptional: Bool = false) -> ParquetColumn {
        ParquetColumn(name, .double, .number, isOptional: isOptional)
    }

    /// A column of UTF-8 text.
    public static func text(_ name: String, isOptional: Bool = false) -> ParquetColumn {
        ParquetColumn(name, .bytes, .text, isOptional: isOptional)
    }

    /// A column of decimals kept as integers of 64 bits: the number is `integer × 10^−scale`, of 18 digits at most.
    ///
    /// - Precondition: `0 ≤ scale ≤ 18`.
    public static func decimal(_ name: String, scale: Int, isOptional: Bool = false) -> ParquetColumn {
        precondition((0...18).contains(scale), "a decimal of 18 digits has 0…18 of them behind the point")
        return ParquetColumn(name, .int64, .decimal(precision: 18, scale: scale), isOptional: isOptional)
    }

    /// A column of instants in UTC, kept as a count of `unit` since the Unix epoch.
    public static func timestamp(_ name: String, _ unit: TimeUnit, isOptional: Bool = false) -> ParquetColumn {
        ParquetColumn(name, .int64, .timestamp(unit, isUTC: true), isOptional: isOptional)
    }

    /// The type in the words of the format, for messages.
    public var typeName: String {
        switch meaning {
        case .text: return "STRING"
        case .date: return "DATE"
        case .decimal(let precision, let scale): return "DECIMAL(\(precision), \(scale))"
        case .timestamp: return "TIMESTAMP"
        case .other(let name): return name
        case .number: break
        }
        switch storage {
        case .boolean: return "BOOLEAN"
        case .int32: return "INT32"
        case .int64: return "INT64"
        case .int96: return "INT96"
        case .float: return "FLOAT"
        case .double: return "DOUBLE"
        case .bytes: return "BYTE_ARRAY"
        case .fixed(let length): return "FIXED_LEN_BYTE_ARRAY(\(length))"
        }
    }
}
