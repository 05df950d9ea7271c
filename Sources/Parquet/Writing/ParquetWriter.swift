import Bytes

/// Makes a Parquet file row group by row group. It does no output: each call returns the bytes that come next, so that
/// memory is bounded by one row group, whatever the file's length.
///
/// Pages are of the first version, PLAIN (texts with a dictionary), and packed with zstd and its checksum, which every
/// reader knows. Each column chunk has the least and the greatest value and how many are missing. The footer comes last:
/// a file without it is none, so it is written under another name and renamed.
///
/// ```swift
/// var writer = ParquetWriter([.timestamp("time", .microseconds), .decimal("price", scale: 8)])
/// try file.write(writer.rowGroup([ColumnValues(.integers(times)), ColumnValues(.integers(prices))]))
/// try file.write(writer.finish())
/// ```
public struct ParquetWriter {
    private let columns: [ParquetColumn]
    private let keyValues: [(key: String, value: String)]
    private let packer = ZstdPacker()
    private var offset = 0
    private var rowCount = 0
    private var groups: [Group] = []

    /// What the footer has to say of a row group.
    private struct Group {
        var rowCount: Int
        var chunks: [(chunk: ColumnChunk, statistics: ColumnStatistics)]
    }

    /// A writer of a file with these columns.
    ///
    /// - Parameters:
    ///   - columns: one at least, made by the static functions of `ParquetColumn`; no two of one name.
    ///   - keyValues: what is said of the file, in this order.
    public init(_ columns: [ParquetColumn], keyValues: [(key: String, value: String)] = []) {
        precondition(!columns.isEmpty, "a file has a column")
        self.columns = columns
        self.keyValues = keyValues
    }

    /// The bytes of further rows.
    ///
    /// - Parameter values: those of each column, in the order of the columns and as many of each.
    /// - Throws: `ParquetError` of the kind `outOfRange` when a decimal has more digits than its column, naming the row of
    ///   the file.
    public mutating func rowGroup(_ values: [ColumnValues]) throws(ParquetError) -> [UInt8] {
        precondition(values.count == columns.count, "values for each column")
        let count = values[0].count
        var bytes = offset == 0 ? ParquetFile.magic : []
        var group = Group(rowCount: count, chunks: [])
        for (column, values) in zip(columns, values) {
            precondition(values.count == count, "as many values in each column")
            precondition(column.isOptional || values.isPresent == nil, "no value of a required column is missing")
            precondition(ParquetWriter.fits(values.values, column), "values of the column's type")
            try check(values, column)
            let place = "row group \(groups.count + 1), column \(column.name)"
            let written = try ChunkWriter(column, values, at: offset + bytes.count, packer, place)
            bytes += written.bytes
            group.chunks.append((written.chunk, ColumnStatistics(values)))
        }
        groups.append(group)
        rowCount += count
        offset += bytes.count
        return bytes
    }

    /// The end of the file.
    public mutating func finish() -> [UInt8] {
        var footer = ThriftWriter()
        footer.int32(1, 2)
        footer.list(2, [nil] + columns.map(Optional.init)) { writer, column in
            if let column {
                SchemaElement.write(column, to: &writer)
            } else {
                writer.text(4, "schema")
                writer.int32(5, columns.count)
            }
        }
        footer.int64(3, rowCount)
        footer.list(4, groups) { writer, group in
            let zipped = zip(columns, group.chunks).map { (column: $0, chunk: $1.chunk, statistics: $1.statistics) }
            writer.list(1, zipped) { $1.chunk.write($1.column, $1.statistics, to: &$0) }
            writer.int64(2, group.chunks.reduce(0) { $0 + $1.chunk.uncompressedSize })
            writer.int64(3, group.rowCount)
        }
        if !keyValues.isEmpty {
            footer.list(5, keyValues) { writer, pair in
                writer.text(1, pair.key)
                writer.text(2, pair.value)
            }
        }
        footer.text(6, "wick")
        // Without the order of each column its bounds mean nothing.
        footer.list(7, columns) { writer, _ in writer.structure(1) { _ in } }
        footer.stop()
        var writer = ByteWriter(capacity: footer.bytes.count + 12)
        if offset == 0 { writer.raw(ParquetFile.magic) }
        writer.raw(footer.bytes)
        writer.fixed(UInt32(footer.bytes.count))
        writer.raw(ParquetFile.magic)
        offset += writer.count
        return writer.bytes
    }

    private func check(_ values: ColumnValues, _ column: ParquetColumn) throws(ParquetError) {
        guard case .decimal(let precision, _) = column.meaning, case .integers(let all) = values.values else { return }
        var limit: UInt64 = 1
        for _ in 0..<precision { limit *= 10 }
        guard let row = all.indices.first(where: { all[$0].magnitude >= limit }) else { return }
        throw ParquetError(
            .outOfRange, "row \(rowCount + row + 1), column \(column.name)",
            "\(all[row]) has more than the \(precision) digits of \(column.typeName)")
    }

    private static func fits(_ values: ColumnValues.Values, _ column: ParquetColumn) -> Bool {
        switch (column.storage, values) {
        case (.boolean, .booleans), (.int64, .integers), (.double, .doubles), (.bytes, .bytes): return true
        default: return false
        }
    }
}
