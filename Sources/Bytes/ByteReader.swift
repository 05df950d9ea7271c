/// Reads values from a run of bytes in the form of `ByteWriter`. Whatever the bytes are, reading ends: nothing is
/// trusted that was not checked against what is left.
public struct ByteReader: Sendable {
    @usableFromInline let bytes: ArraySlice<UInt8>
    @usableFromInline var place: Int

    /// A reader at the start of `bytes`.
    @inlinable
    public init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex
    }

    /// A reader at the start of `bytes`.
    @inlinable
    public init(_ bytes: [UInt8]) { self.init(bytes[...]) }

    /// How many bytes are left.
    @inlinable
    public var remaining: Int { bytes.endIndex - place }

    /// Whether everything was read.
    @inlinable
    public var isAtEnd: Bool { place == bytes.endIndex }

    /// How many bytes were read.
    @inlinable
    public var offset: Int { place - bytes.startIndex }

    /// One byte.
    @inlinable
    public mutating func byte() throws(MalformedBytes) -> UInt8 {
        guard place < bytes.endIndex else { throw MalformedBytes("the bytes end too early", at: offset) }
        defer { place += 1 }
        return bytes[place]
    }

    /// An integer of its full width.
    @inlinable
    public mutating func fixed<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type = Value.self)
        throws(MalformedBytes) -> Value
    {
        let size = MemoryLayout<Value>.size
        guard remaining >= size else { throw MalformedBytes("the bytes end too early", at: offset) }
        let start = place - bytes.startIndex
        let value = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: start, as: Value.self) }
        place += size
        return Value(littleEndian: value)
    }

    /// A number of 0 and up.
    @inlinable
    public mutating func unsigned() throws(MalformedBytes) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            // The tenth byte carries the topmost bit alone.
            guard shift < 63 || next <= 1 else { throw MalformedBytes("a number has more than 64 bits", at: offset) }
            value |= UInt64(next & 0x7F) << shift
            if next & 0x80 == 0 { return value }
            shift += 7
        }
    }

    /// A number of either sign.
    @inlinable
    public mutating func signed() throws(MalformedBytes) -> Int64 {
        let value = try unsigned()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// A count of things of at least `minimumSize` bytes each, so that no count asks for more than what is there.
    @inlinable
    public mutating func count(minimumSize: Int = 1) throws(MalformedBytes) -> Int {
        let value = try unsigned()
        guard value <= UInt64(remaining / max(minimumSize, 1)) else {
            throw MalformedBytes("a count of \(value) is more than the bytes that are left", at: offset)
        }
        return Int(value)
    }

    /// An index or a number that counts nothing that follows.
    @inlinable
    public mutating func number() throws(MalformedBytes) -> Int {
        let value = try unsigned()
        guard value <= UInt64(Int.max) else { throw MalformedBytes("\(value) is out of range", at: offset) }
        return Int(value)
    }

    /// A floating-point number, bit by bit.
    @inlinable
    public mutating func double() throws(MalformedBytes) -> Double { Double(bitPattern: try fixed()) }

    /// Yes or no.
    @inlinable
    public mutating func bool() throws(MalformedBytes) -> Bool {
        switch try byte() {
        case 0: return false
        case 1: return true
        case let other: throw MalformedBytes("\(other) is neither yes nor no", at: offset)
        }
    }

    /// UTF-8 text.
    @inlinable
    public mutating func text() throws(MalformedBytes) -> String {
        let block = try block()
        guard let text = String(validating: block, as: UTF8.self) else {
            throw MalformedBytes("a text is no UTF-8", at: offset)
        }
        return text
    }

    /// Bytes behind their length.
    @inlinable
    public mutating func block() throws(MalformedBytes) -> ArraySlice<UInt8> {
        let count = try count()
        defer { place += count }
        return bytes[place..<place + count]
    }

    /// `count` bytes as they are.
    @inlinable
    public mutating func raw(_ count: Int) throws(MalformedBytes) -> ArraySlice<UInt8> {
        guard count >= 0, remaining >= count else { throw MalformedBytes("the bytes end too early", at: offset) }
        defer { place += count }
        return bytes[place..<place + count]
    }

    /// A value that knows its form.
    @inlinable
    public mutating func value<Value: BinaryCodable>(_ type: Value.Type = Value.self) throws(MalformedBytes) -> Value {
        try Value(from: &self)
    }

    /// A value, or `nil` where there was none.
    @inlinable
    public mutating func optional<Value: BinaryCodable>(
        _ type: Value.Type = Value.self
    ) throws(MalformedBytes) -> Value? {
        try bool() ? try Value(from: &self) : nil
    }

    /// Values behind their count.
    @inlinable
    public mutating func array<Value: BinaryCodable>(_ type: Value.Type = Value.self) throws(MalformedBytes) -> [Value]
    {
        let count = try count()
        var values: [Value] = []
        // No more than what may well be there: an element takes more memory than its bytes.
        values.reserveCapacity(min(count, 1_024))
        for _ in 0..<count { values.append(try Value(from: &self)) }
        return values
    }

    /// An enumeration by its raw value.
    @inlinable
    public mutating func raw<Value: RawRepresentable>(
        _ type: Value.Type = Value.self
    ) throws(MalformedBytes) -> Value where Value.RawValue == UInt8 {
        let number = try byte()
        guard let value = Value(rawValue: number) else {
            throw MalformedBytes("\(number) is no \(Value.self)", at: offset)
        }
        return value
    }
}
