public import Bytes

// The binary forms of the numbers. Every form here is kept for years; see `BinaryCodable`.

extension Timestamp: BinaryCodable {
    /// Appends eight bytes: an instant of today is longer at variable length.
    @inlinable
    public func write(to writer: inout ByteWriter) { writer.fixed(nanoseconds) }
    /// Reads eight bytes.
    @inlinable
    public init(from reader: inout ByteReader) throws(MalformedBytes) { self.init(nanoseconds: try reader.fixed()) }
}

extension Price: BinaryCodable {
    /// Appends the mantissa at variable length.
    @inlinable
    public func write(to writer: inout ByteWriter) { writer.signed(mantissa) }
    /// Reads a mantissa.
    @inlinable
    public init(from reader: inout ByteReader) throws(MalformedBytes) { self.init(mantissa: try reader.signed()) }
}

extension Quantity: BinaryCodable {
    /// Appends the mantissa at variable length.
    @inlinable
    public func write(to writer: inout ByteWriter) { writer.signed(mantissa) }
    /// Reads a mantissa.
    @inlinable
    public init(from reader: inout ByteReader) throws(MalformedBytes) { self.init(mantissa: try reader.signed()) }
}

extension Ratio: BinaryCodable {
    /// Appends the units at variable length.
    @inlinable
    public func write(to writer: inout ByteWriter) { writer.signed(units) }
    /// Reads units.
    @inlinable
    public init(from reader: inout ByteReader) throws(MalformedBytes) { self.init(units: try reader.signed()) }
}

extension Money: BinaryCodable {
    /// Appends the units at variable length and the currency.
    @inlinable
    public func write(to writer: inout ByteWriter) {
        writer.wide(units)
        currency.write(to: &writer)
    }
    /// Reads units and a currency.
    @inlinable
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let units = try reader.wide()
        self.init(units: units, try Currency(from: &reader))
    }
}

extension Timeframe: BinaryCodable {
    /// Appends the seconds.
    public func write(to writer: inout ByteWriter) { writer.unsigned(UInt64(seconds)) }
    /// Reads seconds that a timeframe has.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let seconds = try reader.unsigned()
        guard let timeframe = Timeframe(seconds: Int64(clamping: seconds)) else {
            throw reader.malformed("\(seconds) seconds are no timeframe")
        }
        self = timeframe
    }
}

extension Side: BinaryCodable {
    /// Appends one byte: 0 for a buy, 1 for a sale.
    @inlinable
    public func write(to writer: inout ByteWriter) { writer.byte(rawValue) }
    /// Reads one byte.
    @inlinable
    public init(from reader: inout ByteReader) throws(MalformedBytes) { self = try reader.raw() }
}
