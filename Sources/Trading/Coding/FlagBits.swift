import Bytes

/// Which parts of a value follow, and its switches: bits behind each other in one small number.
struct FlagBits {
    private var bits: UInt64
    private var next: UInt64 = 0

    /// No bits yet.
    init() { bits = 0 }

    /// Adds a bit.
    @inline(__always)
    mutating func add(_ bit: Bool) {
        if bit { bits |= 1 << next }
        next += 1
    }

    /// Appends the bits.
    @inline(__always)
    func write(to writer: inout ByteWriter) { writer.unsigned(bits) }

    /// Reads bits, of which none beyond the first `count` may be set.
    @inline(__always)
    init(from reader: inout ByteReader, count: UInt64) throws(MalformedBytes) {
        bits = try reader.unsigned()
        guard bits >> count == 0 else { throw reader.malformed("flags that this version does not know") }
    }

    /// The next bit.
    @inline(__always)
    mutating func take() -> Bool {
        defer { next += 1 }
        return bits & (1 << next) != 0
    }
}
