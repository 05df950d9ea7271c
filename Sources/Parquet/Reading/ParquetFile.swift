import Bytes

/// A Parquet file that is read: its columns, how many rows it has, what its writer said of it, and cursors over columns.
///
/// Read are flat columns, pages of both versions, the encodings PLAIN, PLAIN_DICTIONARY, RLE_DICTIONARY, RLE and
/// BYTE_STREAM_SPLIT, and the codecs none, Snappy and zstd: what pyarrow, polars, DuckDB and this module write when nothing
/// else is asked of them. Whatever the bytes are, reading ends, with values or with an error that says where; memory is
/// bounded by the sixty-four megabytes that a page may have, for each cursor.
public struct ParquetFile: Sendable {
    /// The columns that can be read, in the order of the schema; nested and repeated ones are left out.
    public let columns: [ParquetColumn]
    /// How many rows there are.
    public let rowCount: Int
    /// What the writer said of the file, in its order.
    public let keyValues: [(key: String, value: String)]

    /// How many bytes there are.
    public var size: Int64 { Int64(source.size) }

    let source: ParquetSource
    let groups: [FileMetadata.RowGroup]
    /// The end of the pages, where the footer begins.
    let footer: Int
    /// The place of each column among the leaves of the schema.
    let leaves: [Int]

    /// The bytes that begin and end a file.
    static let magic = Array("PAR1".utf8)
    /// The largest footer that is taken, in bytes: about eight thousand row groups of a dozen columns.
    static let largestFooter = 16 << 20

    /// Opens a file and reads its footer.
    ///
    /// - Throws: `ParquetError` when it can't be read, is none, or its footer contradicts itself.
    public init(path: String) throws(ParquetError) { try self.init(ParquetSource(path: path)) }

    init(_ source: ParquetSource) throws(ParquetError) {
        self.source = source
        guard source.size >= 12, try source.read(0..<4, "") == ParquetFile.magic else {
            throw ParquetError(.malformed, "", "it is no Parquet file: it does not begin with PAR1")
        }
        let tail = try source.read(source.size - 8..<source.size, "footer")
        guard tail.suffix(4) == ParquetFile.magic[...] else {
            if tail.suffix(4) == Array("PARE".utf8)[...] {
                throw ParquetError(.unsupported, "footer", "it is encrypted; write it without encryption")
            }
            throw ParquetError(
                .malformed, "footer", "it does not end with PAR1: the file was cut, or never written to its end")
        }
        let length = tail.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= source.size - 12, length <= ParquetFile.largestFooter else {
            throw ParquetError(
                .malformed, "footer",
                "a length of \(length) bytes is none in a file of \(source.size), or beyond "
                    + "\(ParquetFile.largestFooter >> 20) MiB")
        }
        footer = source.size - 8 - length
        let metadata = try FileMetadata(source.read(footer..<source.size - 8, "footer")[...])
        leaves = metadata.columns.indices.filter { metadata.columns[$0] != nil }
        columns = metadata.columns.compactMap { $0 }
        rowCount = metadata.rowCount
        keyValues = metadata.keyValues
        groups = metadata.groups
    }

    /// Whether the file begins as Parquet files do; `false` too when it can't be read.
    public static func isParquet(path: String) -> Bool {
        guard let source = try? ParquetSource(path: path), source.size >= 4 else { return false }
        return (try? source.read(0..<4, "")) == ParquetFile.magic
    }

    /// A cursor at the first value of a column.
    ///
    /// - Parameter column: its place in `columns`.
    /// - Throws: `ParquetError` when it uses a codec, an encoding or a type that is not read, or its pages lie outside the
    ///   file.
    public func cursor(_ column: Int) throws(ParquetError) -> ParquetCursor {
        let place = "column \(columns[column].name)"
        if columns[column].storage == .int96 {
            throw ParquetError(.unsupported, place, "INT96 is not read; write timestamps as TIMESTAMP(MICROS)")
        }
        if case .other(let name) = columns[column].meaning {
            throw ParquetError(.unsupported, place, "\(name) is not read")
        }
        for (index, group) in groups.enumerated() {
            let place = "row group \(index + 1), column \(columns[column].name)"
            let chunk = group.chunks[leaves[column]]
            if Codec(rawValue: chunk.codec)?.isRead != true {
                throw ParquetError(
                    .unsupported, place,
                    "the codec \(Codec.name(chunk.codec)) is not read; write the file with zstd (pyarrow, polars and "
                        + "pandas: compression='zstd'; DuckDB: COMPRESSION zstd)")
            }
            if let encoding = chunk.encodings.first(where: { Encoding(rawValue: $0)?.isRead == false && $0 != 4 }) {
                throw ParquetFile.unread(encoding, place)
            }
            guard chunk.otherFile == nil else {
                throw ParquetError(.unsupported, place, "its pages lie in another file")
            }
            guard chunk.valueCount == group.rowCount else {
                throw ParquetError(
                    .malformed, place, "it has \(chunk.valueCount) values, and its row group \(group.rowCount) rows")
            }
            guard let range = chunk.range, range.lowerBound >= 4, range.upperBound <= footer else {
                throw ParquetError(.malformed, place, "its pages lie outside the file")
            }
        }
        return ParquetCursor(self, column)
    }

    static func unread(_ encoding: Int, _ place: String) -> ParquetError {
        ParquetError(
            .unsupported, place,
            "the encoding \(Encoding.name(encoding)) is not read; write the file with plain or dictionary encoding "
                + "(DuckDB: PARQUET_VERSION v1; pyarrow: no column_encoding)")
    }
}
