import Bytes

/// Turns the values of one column of a row group into pages.
struct ChunkWriter {
    /// The bytes of the pages.
    private(set) var bytes: [UInt8] = []
    /// What the footer says of them.
    private(set) var chunk = ColumnChunk()
    private let column: ParquetColumn
    private let packer: ZstdPacker
    private let place: String

    /// How many rows a page has at most.
    static let pageRows = 20_000
    /// How many texts a dictionary holds; a column with more is written plainly.
    static let largestDictionary = 1 << 15

    /// Writes the pages.
    ///
    /// - Parameter offset: where they will lie in the file.
    /// - Throws: `ParquetError` when there is no memory, or a page is larger than the format allows.
    init(
        _ column: ParquetColumn, _ values: ColumnValues, at offset: Int, _ packer: ZstdPacker, _ place: String
    ) throws(ParquetError) {
        self.column = column
        self.packer = packer
        self.place = place
        chunk.codec = Codec.zstd.rawValue
        chunk.valueCount = values.count
        chunk.encodings = [Encoding.plain.rawValue, Encoding.runLength.rawValue]
        chunk.dataOffset = offset
        let dictionary = ChunkWriter.dictionary(values)
        if let dictionary {
            chunk.encodings.append(Encoding.dictionary.rawValue)
            chunk.dictionaryOffset = offset
            try page(.dictionary, ChunkWriter.plain(.bytes(dictionary.texts)), dictionary.texts.count, .plain)
            chunk.dataOffset = offset + bytes.count
        }
        var row = 0
        repeat {
            let rows = row..<min(row + ChunkWriter.pageRows, values.count)
            let marks = values.isPresent.map { Array($0[rows]) }
            var body: [UInt8] = []
            if column.isOptional { body = ChunkWriter.levels(marks, rows.count) }
            if let dictionary {
                body += ChunkWriter.indices(
                    rows.filter { values.isPresent?[$0] ?? true }.map { dictionary.places[$0] }, dictionary.texts.count)
            } else {
                body += ChunkWriter.plain(values.values.slice(rows).dense(marks))
            }
            try page(.data, body, rows.count, dictionary == nil ? .plain : .dictionary)
            row = rows.upperBound
        } while row < values.count
        chunk.size = bytes.count
    }

    private mutating func page(
        _ type: PageType, _ body: [UInt8], _ count: Int, _ encoding: Encoding
    ) throws(ParquetError) {
        guard body.count <= PageHeader.largestBody, let packed = packer.packed(body) else {
            throw ParquetError(.outOfRange, place, "a page of \(body.count) bytes can't be packed")
        }
        let head = PageHeader(
            type, uncompressedSize: body.count, size: packed.count, valueCount: count, encoding
        ).bytes
        bytes += head
        bytes += packed
        chunk.uncompressedSize += head.count + body.count
    }

    /// The definition levels of a page: 1 for a value, 0 for none.
    private static func levels(_ isPresent: [Bool]?, _ count: Int) -> [UInt8] {
        var runs = HybridWriter(width: 1)
        for row in 0..<count { runs.add(isPresent?[row] ?? true ? 1 : 0) }
        let bytes = runs.finish()
        var writer = ByteWriter(capacity: bytes.count + 4)
        writer.fixed(UInt32(bytes.count))
        writer.raw(bytes)
        return writer.bytes
    }

    private static func plain(_ values: ColumnValues.Values) -> [UInt8] {
        var writer = ByteWriter(capacity: values.count * 8)
        switch values {
        case .integers(let values): for value in values { writer.fixed(value) }
        case .doubles(let values): for value in values { writer.double(value) }
        case .bytes(let values):
            for value in values {
                writer.fixed(UInt32(value.count))
                writer.raw(value)
            }
        case .booleans(let values):
            for start in stride(from: 0, to: values.count, by: 8) {
                var byte: UInt8 = 0
                for (bit, value) in values[start..<min(start + 8, values.count)].enumerated() where value {
                    byte |= 1 << UInt8(bit)
                }
                writer.byte(byte)
            }
        case .wide, .floats: preconditionFailure("no column of this type is written")
        }
        return writer.bytes
    }

    /// The different texts in the order in which they come first, and for each row the place of its text.
    ///
    /// - Returns: `nil` for what is no text, or too varied.
    private static func dictionary(_ values: ColumnValues) -> (texts: [ArraySlice<UInt8>], places: [Int])? {
        guard case .bytes(let all) = values.values else { return nil }
        var texts: [ArraySlice<UInt8>] = []
        var known: [ArraySlice<UInt8>: Int] = [:]
        var places: [Int] = []
        places.reserveCapacity(all.count)
        for value in all {
            if let last = places.last, texts[last] == value {
                places.append(last)
                continue
            }
            let place = known[value] ?? texts.count
            if place == texts.count {
                guard texts.count < largestDictionary else { return nil }
                texts.append(value)
                known[value] = place
            }
            places.append(place)
        }
        return (texts, places)
    }

    private static func indices(_ places: [Int], _ count: Int) -> [UInt8] {
        let width = max(1, Int.bitWidth - max(count - 1, 0).leadingZeroBitCount)
        var runs = HybridWriter(width: width)
        for place in places { runs.add(place) }
        return [UInt8(width)] + runs.finish()
    }
}
