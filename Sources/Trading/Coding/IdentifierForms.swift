public import Bytes

extension InstrumentID: BinaryCodable {
    /// Appends the index.
    @inlinable
    public func write(to writer: inout ByteWriter) { writer.unsigned(UInt64(UInt32(bitPattern: rawValue))) }

    /// Reads an index.
    @inlinable
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let index = try reader.unsigned()
        guard index <= UInt64(Int32.max) else { throw reader.malformed("\(index) is no instrument") }
        self.init(rawValue: Int32(index))
    }
}

extension StrategyID: BinaryCodable {
    /// Appends the number.
    @inlinable
    public func write(to writer: inout ByteWriter) { writer.unsigned(UInt64(UInt32(bitPattern: rawValue))) }

    /// Reads a number.
    @inlinable
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let number = try reader.unsigned()
        guard number <= UInt64(Int32.max) else { throw reader.malformed("\(number) is no strategy") }
        self.init(rawValue: Int32(number))
    }
}

extension OrderID: BinaryCodable {
    /// Appends the number.
    @inlinable
    public func write(to writer: inout ByteWriter) { writer.unsigned(rawValue) }

    /// Reads a number.
    @inlinable
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(rawValue: try reader.unsigned())
    }
}

// Direction and status have raw values of other kinds; these numbers are theirs in bytes.

extension Direction: BinaryCodable {
    /// Appends one byte.
    public func write(to writer: inout ByteWriter) { writer.byte(UInt8(bitPattern: rawValue)) }

    /// Reads one byte.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let number = Int8(bitPattern: try reader.byte())
        guard let direction = Direction(rawValue: number) else {
            throw reader.malformed("\(number) is no direction")
        }
        self = direction
    }
}

extension StrategyStatus: BinaryCodable {
    /// Appends one byte.
    public func write(to writer: inout ByteWriter) {
        switch self {
        case .enabled: writer.byte(0)
        case .disabled: writer.byte(1)
        case .halted: writer.byte(2)
        }
    }

    /// Reads one byte.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        switch try reader.byte() {
        case 0: self = .enabled
        case 1: self = .disabled
        case 2: self = .halted
        case let other: throw reader.malformed("\(other) is no status of a strategy")
        }
    }
}
