extension ByteWriter {
    /// A number of 128 bits and either sign; the same bytes as `signed` where 64 bits hold it.
    @inlinable
    public mutating func wide(_ value: Int128) {
        if let narrow = Int64(exactly: value) { return signed(narrow) }
        var rest = UInt128(bitPattern: (value << 1) ^ (value >> 127))
        while rest >= 0x80 {
            byte(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        byte(UInt8(truncatingIfNeeded: rest))
    }

    /// A number near one that the reader knows already, short when the two are close.
    @inlinable
    public mutating func signed(_ value: Int64, near base: Int64) { signed(value &- base) }
}

extension ByteReader {
    /// A number of 128 bits and either sign.
    @inlinable
    public mutating func wide() throws(MalformedBytes) -> Int128 {
        var value: UInt128 = 0
        var shift: UInt128 = 0
        while true {
            let next = try byte()
            // The nineteenth byte carries the two topmost bits alone.
            guard shift < 126 || next <= 3 else { throw MalformedBytes("a number has more than 128 bits", at: offset) }
            value |= UInt128(next & 0x7F) << shift
            if next & 0x80 == 0 { break }
            shift += 7
        }
        return Int128(bitPattern: value >> 1) ^ -Int128(bitPattern: value & 1)
    }

    /// A number near one that is known already.
    @inlinable
    public mutating func signed(near base: Int64) throws(MalformedBytes) -> Int64 { base &+ (try signed()) }

    /// A number that a shorter integer must hold.
    @inlinable
    public mutating func signed<Value: FixedWidthInteger & SignedInteger>(
        as type: Value.Type
    ) throws(MalformedBytes) -> Value {
        let number = try signed()
        guard let value = Value(exactly: number) else { throw MalformedBytes("\(number) is out of range", at: offset) }
        return value
    }

    /// A number of 0 and up that a shorter integer must hold.
    @inlinable
    public mutating func unsigned<Value: FixedWidthInteger & UnsignedInteger>(
        as type: Value.Type
    ) throws(MalformedBytes) -> Value {
        let number = try unsigned()
        guard let value = Value(exactly: number) else { throw MalformedBytes("\(number) is out of range", at: offset) }
        return value
    }

    /// Says that what was just read can't be.
    public func malformed(_ reason: String) -> MalformedBytes { MalformedBytes(reason, at: offset) }

    /// Sees to it that nothing is left.
    public func expectEnd() throws(MalformedBytes) {
        guard isAtEnd else { throw malformed("\(remaining) bytes are left over") }
    }
}
