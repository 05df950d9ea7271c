import Bytes

/// Reads structures in Thrift's compact protocol. Whatever the bytes are, reading ends, and no count asks for more memory
/// than there are bytes.
struct ThriftReader {
    private var reader: ByteReader
    /// How deep structures may lie in each other; the format's own go to six.
    private static let deepest = 24

    init(_ bytes: ArraySlice<UInt8>) { reader = ByteReader(bytes) }

    /// How many bytes were read.
    var offset: Int { reader.offset }

    /// The head of a field; its value is read or skipped next.
    struct Field {
        var id: Int
        var type: ThriftType
    }

    /// The next field of a structure, or `nil` at its end.
    ///
    /// - Parameter last: the number of the field before it, 0 at the start.
    mutating func field(after last: Int) throws(MalformedBytes) -> Field? {
        let head = try reader.byte()
        if head == 0 { return nil }
        let type = try type(head & 0x0F)
        let delta = Int(head >> 4)
        if delta > 0 { return Field(id: last + delta, type: type) }
        let id = try reader.signed()
        guard Int64(Int16.min)...Int64(Int16.max) ~= id else {
            throw MalformedBytes("a field has the number \(id)", at: offset)
        }
        return Field(id: Int(id), type: type)
    }

    /// An integer of any width.
    mutating func integer() throws(MalformedBytes) -> Int { Int(try reader.signed()) }

    /// Bytes behind their length.
    mutating func binary() throws(MalformedBytes) -> ArraySlice<UInt8> { try reader.block() }

    /// UTF-8 text behind its length.
    mutating func text() throws(MalformedBytes) -> String { try reader.text() }

    /// The head of a list: how many elements of which type follow; each takes a byte at least.
    mutating func list() throws(MalformedBytes) -> (count: Int, type: ThriftType) {
        let head = try reader.byte()
        let type = try type(head & 0x0F)
        let short = Int(head >> 4)
        let count = short < 15 ? short : try reader.count()
        guard count <= reader.remaining else {
            throw MalformedBytes("a list of \(count) is longer than the bytes that are left", at: offset)
        }
        return (count, type)
    }

    /// Passes over the value of a field.
    mutating func skip(_ type: ThriftType, depth: Int = 0) throws(MalformedBytes) {
        guard depth < ThriftReader.deepest else { throw MalformedBytes("structures lie too deep", at: offset) }
        switch type {
        case .yes, .no: break
        case .int8: _ = try reader.byte()
        case .int16, .int32, .int64: _ = try reader.signed()
        case .double: _ = try reader.raw(8)
        case .binary: _ = try reader.block()
        case .list, .set:
            let (count, element) = try list()
            for _ in 0..<count { try skipElement(element, depth + 1) }
        case .map:
            let count = try reader.count()
            guard count > 0 else { return }
            let types = try reader.byte()
            let (key, value) = (try self.type(types >> 4), try self.type(types & 0x0F))
            for _ in 0..<count {
                try skipElement(key, depth + 1)
                try skipElement(value, depth + 1)
            }
        case .structure:
            var id = 0
            while let field = try field(after: id) {
                id = field.id
                try skip(field.type, depth: depth + 1)
            }
        }
    }

    /// In lists a boolean is a byte of its own.
    private mutating func skipElement(_ type: ThriftType, _ depth: Int) throws(MalformedBytes) {
        switch type {
        case .yes, .no: _ = try reader.byte()
        default: try skip(type, depth: depth)
        }
    }

    private func type(_ code: UInt8) throws(MalformedBytes) -> ThriftType {
        guard let type = ThriftType(rawValue: code) else {
            throw MalformedBytes("\(code) is no type of a field", at: offset)
        }
        return type
    }
}
