import Bytes

/// Unpacks raw blocks of Snappy, the codec that pyarrow and DuckDB take when none is named.
///
/// A block is its unpacked length, then literals and copies of what was unpacked before; the two lowest bits of a tag tell
/// which (format description of google/snappy).
enum Snappy {
    /// The bytes of a block.
    ///
    /// - Parameter size: how many there have to be.
    /// - Throws: `MalformedBytes` when it is no block of that size.
    static func unpacked(_ block: ArraySlice<UInt8>, size: Int) throws(MalformedBytes) -> [UInt8] {
        var reader = ByteReader(block)
        let length = try reader.number()
        guard length == size else {
            throw MalformedBytes("\(length) unpacked bytes, and \(size) were announced", at: reader.offset)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        while !reader.isAtEnd {
            let tag = Int(try reader.byte())
            let room = size - bytes.count
            if tag & 3 == 0 {
                var length = tag >> 2
                if length >= 60 { length = try integer(&reader, bytes: length - 59) }
                guard length < room else { throw MalformedBytes("a literal is too long", at: reader.offset) }
                bytes.append(contentsOf: try reader.raw(length + 1))
                continue
            }
            let length: Int
            let offset: Int
            switch tag & 3 {
            case 1:
                length = tag >> 2 & 7 + 4
                offset = (tag >> 5) << 8 | Int(try reader.byte())
            case 2:
                length = tag >> 2 + 1
                offset = try integer(&reader, bytes: 2)
            default:
                length = tag >> 2 + 1
                offset = try integer(&reader, bytes: 4)
            }
            guard offset > 0, offset <= bytes.count, length <= room else {
                throw MalformedBytes("a copy reaches outside", at: reader.offset)
            }
            // Byte by byte: a copy may overlap what it writes.
            let start = bytes.count - offset
            for index in start..<start + length { bytes.append(bytes[index]) }
        }
        guard bytes.count == size else {
            throw MalformedBytes("\(bytes.count) bytes, and \(size) were announced", at: reader.offset)
        }
        return bytes
    }

    private static func integer(_ reader: inout ByteReader, bytes: Int) throws(MalformedBytes) -> Int {
        var value = 0
        for index in 0..<bytes { value |= Int(try reader.byte()) << (8 * index) }
        return value
    }
}
