import Bytes

/// The head of a page.
struct PageHeader {
    var type: PageType
    /// Of the body, as it is when unpacked.
    var uncompressedSize: Int
    /// Of the body, as it lies in the file.
    var size: Int
    /// Including those that are missing.
    var valueCount = 0
    var encoding = Encoding.plain.rawValue
    /// The encoding of the definition levels of a page of the first version.
    var levelEncoding = Encoding.runLength.rawValue
    /// Of a page of the second version, whose levels are not compressed.
    var definitionSize = 0
    /// Of a page of the second version.
    var repetitionSize = 0
    /// Whether the values of a page of the second version are compressed.
    var isCompressed = true

    /// The largest body that is unpacked, in bytes: writers make pages of a megabyte or so.
    static let largestBody = 64 << 20
    /// The largest dictionary that is unpacked: short texts take some times more memory than bytes of the file.
    static let largestDictionary = 16 << 20

    /// The head of a data or dictionary page as it is written here.
    init(_ type: PageType, uncompressedSize: Int, size: Int, valueCount: Int, _ encoding: Encoding) {
        self.type = type
        self.uncompressedSize = uncompressedSize
        self.size = size
        self.valueCount = valueCount
        self.encoding = encoding.rawValue
    }

    /// The bytes of a head of a dictionary or a data page of the first version.
    var bytes: [UInt8] {
        var writer = ThriftWriter()
        writer.int32(1, type.rawValue)
        writer.int32(2, uncompressedSize)
        writer.int32(3, size)
        writer.structure(type == .dictionary ? 7 : 5) { page in
            page.int32(1, valueCount)
            page.int32(2, encoding)
            if type == .data {
                page.int32(3, Encoding.runLength.rawValue)
                page.int32(4, Encoding.runLength.rawValue)
            }
        }
        writer.stop()
        return writer.bytes
    }

    /// Reads a head and checks what can be checked without the body.
    init(_ reader: inout ThriftReader) throws(MalformedBytes) {
        var (kind, unpacked, packed) = (-1, -1, -1)
        self.init(.index, uncompressedSize: 0, size: 0, valueCount: 0, .plain)
        var described: PageType?
        var id = 0
        while let field = try reader.field(after: id) {
            id = field.id
            switch (field.id, field.type) {
            case (1, .int32): kind = try reader.integer()
            case (2, .int32): unpacked = try reader.integer()
            case (3, .int32): packed = try reader.integer()
            case (5, .structure):
                described = .data
                try readData(&reader)
            case (7, .structure):
                described = .dictionary
                try readData(&reader)
            case (8, .structure):
                described = .dataV2
                try readDataV2(&reader)
            default: try reader.skip(field.type)
            }
        }
        guard let type = PageType(rawValue: kind), type == .index || described == type else {
            throw MalformedBytes("a page head does not say what its page is", at: reader.offset)
        }
        guard (0...PageHeader.largestBody).contains(unpacked), (0...PageHeader.largestBody).contains(packed) else {
            throw MalformedBytes(
                "a page of \(unpacked) bytes, \(packed) packed, is none, or beyond \(PageHeader.largestBody >> 20) MiB",
                at: reader.offset)
        }
        guard type != .dictionary || unpacked <= PageHeader.largestDictionary else {
            throw MalformedBytes(
                "a dictionary of \(unpacked) bytes is beyond \(PageHeader.largestDictionary >> 20) MiB",
                at: reader.offset)
        }
        let levels = definitionSize.addingReportingOverflow(repetitionSize)
        guard valueCount >= 0, definitionSize >= 0, repetitionSize >= 0, !levels.overflow,
            levels.partialValue <= min(packed, unpacked)
        else { throw MalformedBytes("a page head has impossible counts", at: reader.offset) }
        (self.type, uncompressedSize, size) = (type, unpacked, packed)
    }

    private mutating func readData(_ reader: inout ThriftReader) throws(MalformedBytes) {
        var id = 0
        while let field = try reader.field(after: id) {
            id = field.id
            switch (field.id, field.type) {
            case (1, .int32): valueCount = try reader.integer()
            case (2, .int32): encoding = try reader.integer()
            case (3, .int32): levelEncoding = try reader.integer()
            default: try reader.skip(field.type)
            }
        }
    }

    private mutating func readDataV2(_ reader: inout ThriftReader) throws(MalformedBytes) {
        var id = 0
        while let field = try reader.field(after: id) {
            id = field.id
            switch (field.id, field.type) {
            case (1, .int32): valueCount = try reader.integer()
            case (4, .int32): encoding = try reader.integer()
            case (5, .int32): definitionSize = try reader.integer()
            case (6, .int32): repetitionSize = try reader.integer()
            case (7, .yes): isCompressed = true
            case (7, .no): isCompressed = false
            default: try reader.skip(field.type)
            }
        }
    }
}
