/// Appends values to a growing run of bytes: the one binary form that journal, checkpoints and the attach socket share.
///
/// Fixed-width integers are little-endian. Variable-length integers are LEB128 (seven bits a byte, the lowest first, as
/// in DWARF and protobuf); signed ones are zigzag-coded first, so that small magnitudes stay short. A `Double` is its
/// bit pattern, so that what is read is what was written, NaN included.
public struct ByteWriter: Sendable {
    @usableFromInline var storage: [UInt8]

    /// What was written so far.
    @inlinable
    public var bytes: [UInt8] { storage }

    /// An empty writer with room for `capacity` bytes.
    @inlinable
    public init(capacity: Int = 0) {
        storage = []
        storage.reserveCapacity(capacity)
    }

    /// How many bytes were written.
    @inlinable
    public var count: Int { storage.count }

    /// Forgets everything but the memory.
    @inlinable
    public mutating func removeAll() { storage.removeAll(keepingCapacity: true) }

    /// One byte.
    @inlinable
    public mutating func byte(_ value: UInt8) { storage.append(value) }

    /// An integer of its full width.
    @inlinable
    public mutating func fixed<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { storage.append(contentsOf: $0) }
    }

    /// A number of 0 and up, short when it is small: one byte below 128, ten at most.
    @inlinable
    public mutating func unsigned(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            storage.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        storage.append(UInt8(truncatingIfNeeded: rest))
    }

    /// A number of either sign, short when its magnitude is small.
    @inlinable
    public mutating func signed(_ value: Int64) { unsigned(UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

    /// A count or an index.
    @inlinable
    public mutating func count(_ value: Int) { unsigned(UInt64(value)) }

    /// A floating-point number, bit by bit.
    @inlinable
    public mutating func double(_ value: Double) { fixed(value.bitPattern) }

    /// Yes or no.
    @inlinable
    public mutating func bool(_ value: Bool) { storage.append(value ? 1 : 0) }

    /// UTF-8 text behind its length.
    @inlinable
    public mutating func text(_ value: String) {
        var value = value
        value.withUTF8 { utf8 in
            unsigned(UInt64(utf8.count))
            storage.append(contentsOf: utf8)
        }
    }

    /// Bytes behind their length.
    @inlinable
    public mutating func block(_ value: some Collection<UInt8>) {
        unsigned(UInt64(value.count))
        storage.append(contentsOf: value)
    }

    /// Bytes as they are.
    @inlinable
    public mutating func raw(_ value: some Sequence<UInt8>) { storage.append(contentsOf: value) }

    /// A value that knows its form.
    @inlinable
    public mutating func value(_ value: some BinaryCodable) { value.write(to: &self) }

    /// A value, or that there is none.
    @inlinable
    public mutating func optional(_ value: (some BinaryCodable)?) {
        bool(value != nil)
        if let value { value.write(to: &self) }
    }

    /// Values behind their count.
    @inlinable
    public mutating func array(_ values: some Collection<some BinaryCodable>) {
        unsigned(UInt64(values.count))
        for value in values { value.write(to: &self) }
    }

    /// The raw value of an enumeration.
    @inlinable
    public mutating func raw<Value: RawRepresentable>(_ value: Value) where Value.RawValue == UInt8 {
        storage.append(value.rawValue)
    }
}
