import Bytes

/// Reads the values of a page, those that are there, in order.
struct ValueReader {
    private let column: ParquetColumn
    private var form: Form

    private enum Form {
        case plain(ByteReader)
        /// Which bit comes next.
        case bits(ArraySlice<UInt8>, next: Int)
        case runs(HybridReader)
        case dictionary(HybridReader, ColumnValues.Values)
        /// All first bytes, then all second ones: how many values there are, and which comes next.
        case split(ArraySlice<UInt8>, count: Int, next: Int)
    }

    /// A reader of the values in `bytes`.
    ///
    /// - Throws: `MalformedBytes` when the encoding is none for the column, or lacks its dictionary.
    init(
        _ column: ParquetColumn, _ encoding: Encoding, _ bytes: ArraySlice<UInt8>, dictionary: ColumnValues.Values?
    ) throws(MalformedBytes) {
        self.column = column
        switch encoding {
        case .plain where column.storage == .boolean: form = .bits(bytes, next: 0)
        case .plain: form = .plain(ByteReader(bytes))
        case .runLength where column.storage == .boolean:
            var reader = ByteReader(bytes)
            let size = Int(try reader.fixed(UInt32.self))
            form = .runs(HybridReader(try reader.raw(size), width: 1))
        case .dictionary, .plainDictionary:
            guard let dictionary else { throw MalformedBytes("the dictionary is missing", at: 0) }
            guard let width = bytes.first else {
                // A page without a single value has not even a width.
                form = .dictionary(HybridReader(bytes, width: 0), dictionary)
                return
            }
            guard width <= 32 else { throw MalformedBytes("indices of \(width) bits are none", at: 0) }
            form = .dictionary(HybridReader(bytes.dropFirst(), width: Int(width)), dictionary)
        case .byteStreamSplit:
            guard let size = ValueReader.width(column), bytes.count % size == 0 else {
                throw MalformedBytes("\(bytes.count) bytes don't split into \(column.typeName)", at: 0)
            }
            form = .split(bytes, count: bytes.count / size, next: 0)
        default:
            throw MalformedBytes("\(Encoding.name(encoding.rawValue)) is no encoding of \(column.typeName)", at: 0)
        }
    }

    /// The next `count` values.
    mutating func next(_ count: Int) throws(MalformedBytes) -> ColumnValues.Values {
        switch form {
        case .plain(var reader):
            let values = try ValueReader.plain(&reader, column, count)
            form = .plain(reader)
            return values
        case .bits(let bytes, let next):
            guard count <= bytes.count * 8 - next else {
                throw MalformedBytes("the values end too early", at: next / 8)
            }
            form = .bits(bytes, next: next + count)
            return .booleans((next..<next + count).map { bytes[bytes.startIndex + $0 / 8] >> UInt8($0 % 8) & 1 == 1 })
        case .runs(var reader):
            let values = try reader.next(count)
            form = .runs(reader)
            return .booleans(values.map { $0 == 1 })
        case .dictionary(var reader, let dictionary):
            let places = try reader.next(count)
            form = .dictionary(reader, dictionary)
            guard let values = dictionary.gathered(places) else {
                throw MalformedBytes("an index is beyond the \(dictionary.count) values of the dictionary", at: 0)
            }
            return values
        case .split(let bytes, let all, let next):
            guard count <= all - next else { throw MalformedBytes("the values end too early", at: bytes.count) }
            form = .split(bytes, count: all, next: next + count)
            let size = bytes.count / max(all, 1)
            var joined: [UInt8] = []
            joined.reserveCapacity(count * size)
            for index in next..<next + count {
                for part in 0..<size { joined.append(bytes[bytes.startIndex + part * all + index]) }
            }
            var reader = ByteReader(joined)
            return try ValueReader.plain(&reader, column, count)
        }
    }

    /// `count` values one behind the other, not of one bit.
    static func plain(
        _ reader: inout ByteReader, _ column: ParquetColumn, _ count: Int
    ) throws(MalformedBytes) -> ColumnValues.Values {
        func values<Value>(
            _ size: Int, _ next: (inout ByteReader) throws(MalformedBytes) -> Value
        ) throws(MalformedBytes) -> [Value] {
            guard count <= reader.remaining / size else {
                throw MalformedBytes("the values end too early", at: reader.offset)
            }
            var values: [Value] = []
            values.reserveCapacity(count)
            for _ in 0..<count { values.append(try next(&reader)) }
            return values
        }
        let isDecimal = if case .decimal = column.meaning { true } else { false }
        switch column.storage {
        case .int32: return .integers(try words(&reader, count) { Int64(Int32(littleEndian: $0)) })
        case .int64: return .integers(try words(&reader, count) { Int64(littleEndian: $0) })
        case .float: return .floats(try words(&reader, count) { Float(bitPattern: UInt32(littleEndian: $0)) })
        case .double: return .doubles(try words(&reader, count) { Double(bitPattern: UInt64(littleEndian: $0)) })
        case .bytes where isDecimal:
            return .wide(
                try values(4) { reader throws(MalformedBytes) in
                    try integer(try reader.raw(Int(try reader.fixed(UInt32.self))), at: reader.offset)
                })
        case .bytes:
            return .bytes(
                try values(4) { reader throws(MalformedBytes) in
                    try reader.raw(Int(try reader.fixed(UInt32.self)))
                })
        case .fixed(let size) where isDecimal:
            return .wide(
                try values(size) { reader throws(MalformedBytes) in
                    try integer(try reader.raw(size), at: reader.offset)
                })
        case .fixed(let size):
            return .bytes(try values(size) { reader throws(MalformedBytes) in try reader.raw(size) })
        case .boolean, .int96: throw MalformedBytes("PLAIN \(column.typeName) is not read", at: 0)
        }
    }

    /// `count` values that are words of the machine.
    private static func words<Word: BitwiseCopyable, Value>(
        _ reader: inout ByteReader, _ count: Int, _ value: (Word) -> Value
    ) throws(MalformedBytes) -> [Value] {
        let size = MemoryLayout<Word>.size
        guard count <= reader.remaining / size else {
            throw MalformedBytes("the values end too early", at: reader.offset)
        }
        return try reader.raw(count * size).withUnsafeBytes { bytes in
            (0..<count).map { value(bytes.loadUnaligned(fromByteOffset: $0 * size, as: Word.self)) }
        }
    }

    /// The integer that lies in bytes, the highest first.
    private static func integer(_ bytes: ArraySlice<UInt8>, at offset: Int) throws(MalformedBytes) -> Int128 {
        var value: Int128 = (bytes.first ?? 0) & 0x80 == 0 ? 0 : -1
        // What is in front of the last sixteen repeats the sign, or the number is too large.
        for byte in bytes.dropLast(16) where Int128(byte) != value & 0xFF {
            throw MalformedBytes("a decimal has more than 38 digits", at: offset)
        }
        for byte in bytes.suffix(16) { value = value << 8 | Int128(byte) }
        return value
    }

    private static func width(_ column: ParquetColumn) -> Int? {
        switch column.storage {
        case .int32, .float: return 4
        case .int64, .double: return 8
        case .fixed(let size): return size
        case .boolean, .int96, .bytes: return nil
        }
    }
}
