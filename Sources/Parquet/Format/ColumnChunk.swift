import Bytes

/// Where the pages of one column of a row group lie, and what is in them.
struct ColumnChunk: Sendable, Hashable {
    var codec = Codec.none.rawValue
    var encodings: [Int] = []
    /// Including those that are missing.
    var valueCount = 0
    /// With page headers.
    var uncompressedSize = 0
    /// With page headers.
    var size = 0
    /// The first data page.
    var dataOffset = 0
    /// The dictionary page, where there is one.
    var dictionaryOffset: Int?
    /// The file that the pages lie in, when it is another.
    var otherFile: String?

    /// The bytes of the chunk in the file.
    ///
    /// - Returns: `nil` when they are none.
    var range: Range<Int>? {
        let start = dictionaryOffset.map { $0 > 0 ? min($0, dataOffset) : dataOffset } ?? dataOffset
        let (end, overflow) = start.addingReportingOverflow(size)
        return !overflow && start >= 0 && size >= 0 ? start..<end : nil
    }

    /// Writes the chunk with what is known of its values.
    func write(_ column: ParquetColumn, _ statistics: ColumnStatistics, to writer: inout ThriftWriter) {
        writer.int64(2, 0)
        writer.structure(3) { metadata in
            let types: [ParquetColumn.Storage: Int] = [.boolean: 0, .int64: 2, .double: 5, .bytes: 6]
            metadata.int32(1, types[column.storage] ?? 6)
            metadata.list(2, int32: encodings)
            metadata.list(3, texts: [column.name])
            metadata.int32(4, codec)
            metadata.int64(5, valueCount)
            metadata.int64(6, uncompressedSize)
            metadata.int64(7, size)
            metadata.int64(9, dataOffset)
            if let dictionaryOffset { metadata.int64(11, dictionaryOffset) }
            metadata.structure(12) { statistics.write(to: &$0) }
        }
    }

    /// Reads a chunk.
    static func read(_ reader: inout ThriftReader) throws(MalformedBytes) -> ColumnChunk {
        var chunk: ColumnChunk?
        var otherFile: String?
        var id = 0
        while let field = try reader.field(after: id) {
            id = field.id
            switch (field.id, field.type) {
            case (1, .binary): otherFile = try reader.text()
            case (3, .structure): chunk = try metadata(&reader)
            default: try reader.skip(field.type)
            }
        }
        guard var chunk else { throw MalformedBytes("a column chunk says nothing of its pages", at: reader.offset) }
        chunk.otherFile = otherFile
        return chunk
    }

    private static func metadata(_ reader: inout ThriftReader) throws(MalformedBytes) -> ColumnChunk {
        var chunk = ColumnChunk()
        var required: Set<Int> = [4, 5, 7, 9]
        var id = 0
        while let field = try reader.field(after: id) {
            id = field.id
            required.remove(field.id)
            switch (field.id, field.type) {
            case (2, .list):
                let (count, type) = try reader.list()
                guard type == .int32 else { throw MalformedBytes("encodings are no numbers", at: reader.offset) }
                chunk.encodings = []
                for _ in 0..<count { chunk.encodings.append(try reader.integer()) }
            case (4, .int32): chunk.codec = try reader.integer()
            case (5, .int64): chunk.valueCount = try reader.integer()
            case (6, .int64): chunk.uncompressedSize = try reader.integer()
            case (7, .int64): chunk.size = try reader.integer()
            case (9, .int64): chunk.dataOffset = try reader.integer()
            case (11, .int64): chunk.dictionaryOffset = try reader.integer()
            default: try reader.skip(field.type)
            }
        }
        guard required.isEmpty else {
            throw MalformedBytes("a column chunk lacks its codec, count, size or offset", at: reader.offset)
        }
        return chunk
    }
}
