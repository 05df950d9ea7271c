import Bytes

/// Reads the hybrid of run lengths and bit-packed groups that levels and dictionary indices are put down in.
///
/// A run may stand for two thousand million values, so values are given as they are asked for, never all at once.
struct HybridReader {
    private var reader: ByteReader
    private let width: Int
    private var runLeft = 0
    private var runValue = 0
    private var packedLeft = 0
    private var pending: UInt64 = 0
    private var pendingBits = 0

    /// - Parameter width: how many bits a value has, 0…32.
    init(_ bytes: ArraySlice<UInt8>, width: Int) {
        reader = ByteReader(bytes)
        self.width = width
    }

    /// The next `count` values.
    mutating func next(_ count: Int) throws(MalformedBytes) -> [Int] {
        var values: [Int] = []
        values.reserveCapacity(count)
        while values.count < count {
            if runLeft > 0 {
                let taken = min(runLeft, count - values.count)
                values.append(contentsOf: repeatElement(runValue, count: taken))
                runLeft -= taken
            } else if packedLeft > 0 {
                values.append(try packed())
                packedLeft -= 1
            } else {
                try startRun()
            }
        }
        return values
    }

    private mutating func startRun() throws(MalformedBytes) {
        let head = try reader.unsigned()
        guard head >> 1 > 0, head >> 1 <= UInt64(Int32.max) else {
            throw MalformedBytes("a run of \(head >> 1) values is none", at: reader.offset)
        }
        if head & 1 == 0 {
            runLeft = Int(head >> 1)
            runValue = 0
            for index in 0..<(width + 7) / 8 { runValue |= Int(try reader.byte()) << (8 * index) }
            guard width == 0 ? runValue == 0 : runValue < 1 << width else {
                throw MalformedBytes("\(runValue) has more than \(width) bits", at: reader.offset)
            }
        } else {
            packedLeft = Int(head >> 1) * 8
            // Each group begins on a whole byte.
            (pending, pendingBits) = (0, 0)
        }
    }

    private mutating func packed() throws(MalformedBytes) -> Int {
        while pendingBits < width {
            pending |= UInt64(try reader.byte()) << UInt64(pendingBits)
            pendingBits += 8
        }
        let value = Int(pending & (1 << UInt64(width) - 1))
        pending >>= UInt64(width)
        pendingBits -= width
        return value
    }
}

/// Writes the hybrid as run lengths alone, which is legal, and shortest where values stay the same for long.
struct HybridWriter {
    private var writer = ByteWriter()
    private let width: Int
    private var value = 0
    private var count = 0

    /// - Parameter width: how many bits a value has, 0…32.
    init(width: Int) { self.width = width }

    mutating func add(_ next: Int) {
        if next != value { flush() }
        value = next
        count += 1
    }

    /// What was added.
    mutating func finish() -> [UInt8] {
        flush()
        return writer.bytes
    }

    private mutating func flush() {
        guard count > 0 else { return }
        writer.unsigned(UInt64(count) << 1)
        for index in 0..<(width + 7) / 8 { writer.byte(UInt8(truncatingIfNeeded: value >> (8 * index))) }
        count = 0
    }
}
