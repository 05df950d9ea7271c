/// A value with a binary form of its own, written out field by field.
///
/// The form is a promise: records are kept for years. A type that gains a field writes a new version of the record that
/// carries it (see `docs/journal.md`); it never changes what older bytes mean.
public protocol BinaryCodable {
    /// Appends the value.
    func write(to writer: inout ByteWriter)

    /// Reads a value.
    ///
    /// - Throws: `MalformedBytes` when the bytes are none; how much was read then is not defined.
    init(from reader: inout ByteReader) throws(MalformedBytes)
}

/// Why bytes could not be read as a value.
public struct MalformedBytes: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, in words.
    public let reason: String
    /// Where, in bytes from where the reader began.
    public let offset: Int

    /// A reason and its place.
    public init(_ reason: String, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// The reason with its place.
    public var description: String { "\(reason) (byte \(offset))" }
}

extension UInt64: BinaryCodable {
    /// Appends the number at variable length.
    public func write(to writer: inout ByteWriter) { writer.unsigned(self) }
    /// Reads a number of variable length.
    public init(from reader: inout ByteReader) throws(MalformedBytes) { self = try reader.unsigned() }
}

extension Int64: BinaryCodable {
    /// Appends the number at variable length.
    public func write(to writer: inout ByteWriter) { writer.signed(self) }
    /// Reads a number of variable length.
    public init(from reader: inout ByteReader) throws(MalformedBytes) { self = try reader.signed() }
}

extension Int: BinaryCodable {
    /// Appends the number at variable length.
    public func write(to writer: inout ByteWriter) { writer.signed(Int64(self)) }
    /// Reads a number of variable length.
    public init(from reader: inout ByteReader) throws(MalformedBytes) { self = Int(try reader.signed()) }
}

extension Double: BinaryCodable {
    /// Appends the bits.
    public func write(to writer: inout ByteWriter) { writer.double(self) }
    /// Reads the bits.
    public init(from reader: inout ByteReader) throws(MalformedBytes) { self = try reader.double() }
}

extension Bool: BinaryCodable {
    /// Appends one byte.
    public func write(to writer: inout ByteWriter) { writer.bool(self) }
    /// Reads one byte.
    public init(from reader: inout ByteReader) throws(MalformedBytes) { self = try reader.bool() }
}

extension String: BinaryCodable {
    /// Appends the text behind its length.
    public func write(to writer: inout ByteWriter) { writer.text(self) }
    /// Reads a text.
    public init(from reader: inout ByteReader) throws(MalformedBytes) { self = try reader.text() }
}
