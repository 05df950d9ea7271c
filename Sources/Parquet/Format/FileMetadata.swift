import Bytes

/// The footer of a file: its columns, where their pages lie, and what the writer said of it.
struct FileMetadata {
    var columns: [ParquetColumn?]
    var rowCount: Int
    var groups: [RowGroup]
    var keyValues: [(key: String, value: String)]

    /// Rows whose columns lie together.
    struct RowGroup {
        var rowCount: Int
        var chunks: [ColumnChunk]
    }

    /// Reads a footer and holds its parts against each other.
    ///
    /// - Throws: `ParquetError` of the kind `malformed`.
    init(_ bytes: ArraySlice<UInt8>) throws(ParquetError) {
        var elements: [SchemaElement.Raw] = []
        (columns, rowCount, groups, keyValues) = ([], -1, [], [])
        do throws(MalformedBytes) {
            var reader = ThriftReader(bytes)
            var id = 0
            while let field = try reader.field(after: id) {
                id = field.id
                switch (field.id, field.type) {
                case (2, .list):
                    let count = try FileMetadata.structures(&reader)
                    guard count <= Schema.mostElements else {
                        throw MalformedBytes("\(count) columns are too many", at: reader.offset)
                    }
                    for _ in 0..<count { elements.append(try SchemaElement.read(&reader)) }
                case (3, .int64): rowCount = try reader.integer()
                case (4, .list):
                    for _ in 0..<(try FileMetadata.structures(&reader)) {
                        groups.append(try FileMetadata.group(&reader))
                    }
                case (5, .list):
                    for _ in 0..<(try FileMetadata.structures(&reader)) {
                        keyValues.append(try FileMetadata.keyValue(&reader))
                    }
                default: try reader.skip(field.type)
                }
            }
        } catch {
            throw ParquetError(.malformed, "footer", error.description)
        }
        columns = try Schema(elements).leaves
        try check()
    }

    private func check() throws(ParquetError) {
        var sum = 0
        for (index, group) in groups.enumerated() {
            let place = "row group \(index + 1)"
            guard group.chunks.count == columns.count else {
                throw ParquetError(
                    .malformed, place, "it has \(group.chunks.count) columns, and the schema \(columns.count)")
            }
            let (total, overflow) = sum.addingReportingOverflow(group.rowCount)
            guard group.rowCount >= 0, !overflow else {
                throw ParquetError(.malformed, place, "\(group.rowCount) rows are none")
            }
            sum = total
        }
        guard rowCount == sum else {
            throw ParquetError(
                .malformed, "footer", "it speaks of \(max(rowCount, 0)) rows, and its row groups of \(sum)")
        }
    }

    private static func structures(_ reader: inout ThriftReader) throws(MalformedBytes) -> Int {
        let (count, type) = try reader.list()
        guard count == 0 || type == .structure else {
            throw MalformedBytes("a list has no structures", at: reader.offset)
        }
        return count
    }

    private static func group(_ reader: inout ThriftReader) throws(MalformedBytes) -> RowGroup {
        var group = RowGroup(rowCount: -1, chunks: [])
        var id = 0
        while let field = try reader.field(after: id) {
            id = field.id
            switch (field.id, field.type) {
            case (1, .list):
                for _ in 0..<(try structures(&reader)) { group.chunks.append(try ColumnChunk.read(&reader)) }
            case (3, .int64): group.rowCount = try reader.integer()
            default: try reader.skip(field.type)
            }
        }
        guard group.rowCount >= 0 else { throw MalformedBytes("a row group has no count of rows", at: reader.offset) }
        return group
    }

    private static func keyValue(_ reader: inout ThriftReader) throws(MalformedBytes) -> (key: String, value: String) {
        var pair = (key: "", value: "")
        var id = 0
        while let field = try reader.field(after: id) {
            id = field.id
            switch (field.id, field.type) {
            case (1, .binary): pair.key = try reader.text()
            case (2, .binary): pair.value = try reader.text()
            default: try reader.skip(field.type)
            }
        }
        return pair
    }
}
