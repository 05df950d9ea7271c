import Testing

@testable import Parquet

/// What pyarrow, polars and DuckDB write is read to the bit.
@Suite struct PeerFileTests {
    static let files = [
        FileBytes("pyarrow", PeerFiles.pyarrow), FileBytes("pyarrow, second version", PeerFiles.pyarrowV2),
        FileBytes("pyarrow, split", PeerFiles.split), FileBytes("polars", PeerFiles.polars),
        FileBytes("DuckDB", PeerFiles.duckdb),
    ]

    @Test("Every value and type of what others write is read", arguments: files)
    func values(_ peer: FileBytes) throws {
        let file = try ParquetFile(ParquetSource(peer.bytes))
        #expect(file.rowCount == 12)
        let expected = ["timestamp", "price", "decimal", "wide", "gap", "symbol", "yes", "small", "half"]
        #expect(file.columns.map(\.name) == expected)
        #expect(file.columns[0].meaning == .timestamp(.microseconds, isUTC: true))
        #expect(file.columns[2].meaning == .decimal(precision: 18, scale: 8))
        #expect(file.columns[3].meaning == .decimal(precision: 38, scale: 10))
        #expect(file.columns[5].meaning == .text)
        let rows = 0..<12
        let decimals = rows.map { Int64($0) - 300_000_000 }
        for step in [1, 5, 100] {
            #expect(
                try all(file, 0, by: step)
                    == ColumnValues(.integers(rows.map { 1_672_531_200_000_000 + Int64($0) * 60_000_000 })))
            #expect(try all(file, 1, by: step) == ColumnValues(.doubles(rows.map { 100 + Double($0) / 4 })))
            // Eighteen digits lie in eight bytes or in as many as pyarrow thinks right.
            let isWide = file.columns[2].storage != .int64
            #expect(
                try all(file, 2, by: step)
                    == ColumnValues(isWide ? .wide(decimals.map { Int128($0) }) : .integers(decimals)))
            #expect(try all(file, 3, by: step) == ColumnValues(.wide(decimals.map { Int128($0) * 100 })))
            #expect(
                try all(file, 4, by: step)
                    == ColumnValues(
                        .doubles(rows.map { $0 % 3 == 1 ? 0 : Double($0) / 8 }), isPresent: rows.map { $0 % 3 != 1 }))
            #expect(
                try all(file, 5, by: step)
                    == ColumnValues(
                        .bytes(rows.map { text($0 < 7 ? "BTC" : $0 < 11 ? "ETH" : "") }),
                        isPresent: rows.map { $0 < 11 }))
            #expect(try all(file, 6, by: step) == ColumnValues(.booleans(rows.map { $0 % 5 == 0 })))
            #expect(try all(file, 7, by: step) == ColumnValues(.integers(rows.map { Int64($0) })))
            #expect(try all(file, 8, by: step) == ColumnValues(.floats(rows.map { Float($0) / 2 })))
        }
    }

    @Test("An encoding that is not read is named, with what to write instead")
    func delta() throws {
        let file = try ParquetFile(ParquetSource(PeerFiles.duckdbV2))
        let error = #expect(throws: ParquetError.self) { try file.cursor(0) }
        #expect(error?.kind == .unsupported && error?.place == "row group 1, column timestamp")
        #expect(error?.detail.contains("DELTA_BINARY_PACKED is not read") == true)
        #expect(error?.detail.contains("PARQUET_VERSION v1") == true)
        // What needs no such encoding is read all the same.
        #expect(try all(file, 1).count == 12)
    }

    @Test("A codec that is not read is named, with what to write instead")
    func gzip() throws {
        let file = try ParquetFile(ParquetSource(PeerFiles.gzip))
        let error = #expect(throws: ParquetError.self) { try file.cursor(0) }
        #expect(error?.kind == .unsupported)
        #expect(error?.detail.contains("the codec GZIP is not read; write the file with zstd") == true)
    }
}
