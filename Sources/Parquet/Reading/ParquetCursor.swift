import Bytes

/// Walks over the values of one column from the first row of a file to the last, page by page.
public struct ParquetCursor: Sendable {
    private let file: ParquetFile
    private let column: ParquetColumn
    private let leaf: Int
    /// The row group that is read, from 0; −1 before the first.
    private var group = -1
    private var pageNumber = 0
    /// The bytes of the column chunk that were not read yet.
    private var left = 0..<0
    /// The values of the column chunk that are in no page that was opened.
    private var unopened = 0
    private var dictionary: ColumnValues.Values?
    private var page: DataPage?

    init(_ file: ParquetFile, _ column: Int) {
        self.file = file
        self.column = file.columns[column]
        leaf = file.leaves[column]
    }

    /// The next values, `count` of them or as many as are left; none at the end.
    ///
    /// - Throws: `ParquetError`, saying where, when the bytes are damaged or use what is not read.
    public mutating func next(_ count: Int) throws(ParquetError) -> ColumnValues {
        var values: ColumnValues.Values?
        var isPresent: [Bool] = []
        var isAllPresent = true
        while isPresent.count < count, try openPage() {
            let part: ColumnValues
            do throws(MalformedBytes) {
                part = try page!.next(count - isPresent.count)
            } catch {
                throw ParquetError(.malformed, place, error.reason)
            }
            if let marks = part.isPresent {
                isPresent += marks
                isAllPresent = false
            } else {
                isPresent.append(contentsOf: repeatElement(true, count: part.count))
            }
            if values == nil { values = part.values } else { values?.append(part.values) }
        }
        return ColumnValues(values ?? .integers([]), isPresent: isAllPresent ? nil : isPresent)
    }

    private var place: String { "row group \(group + 1), column \(column.name), page \(pageNumber)" }

    /// Sees to it that there is a page with values left; `false` at the end of the file.
    private mutating func openPage() throws(ParquetError) -> Bool {
        while (page?.left ?? 0) == 0 {
            page = nil
            if unopened > 0 {
                try readPage()
            } else {
                guard group + 1 < file.groups.count else { return false }
                group += 1
                pageNumber = 0
                dictionary = nil
                let chunk = file.groups[group].chunks[leaf]
                left = chunk.range ?? 0..<0
                unopened = chunk.valueCount
            }
        }
        return true
    }

    private mutating func readPage() throws(ParquetError) {
        pageNumber += 1
        let (head, size) = try readHead()
        let start = left.lowerBound + size
        guard head.size <= left.upperBound - start else {
            throw ParquetError(.malformed, place, "it reaches beyond its column")
        }
        let body = try file.source.read(start..<start + head.size, place)
        left = start + head.size..<left.upperBound
        do throws(MalformedBytes) {
            switch head.type {
            case .index: return
            case .dictionary:
                guard dictionary == nil else { throw MalformedBytes("a second dictionary", at: 0) }
                var reader = ByteReader(try unpacked(body[...], head.uncompressedSize))
                guard column.storage != .boolean else { throw MalformedBytes("a dictionary of BOOLEAN", at: 0) }
                dictionary = try ValueReader.plain(&reader, column, head.valueCount)
            case .data, .dataV2:
                guard head.valueCount <= unopened else {
                    throw MalformedBytes("\(head.valueCount) values, and \(unopened) are left of its column", at: 0)
                }
                guard let encoding = Encoding(rawValue: head.encoding), encoding.isRead else {
                    throw MalformedBytes("the encoding \(Encoding.name(head.encoding)) is not read", at: 0)
                }
                page =
                    head.type == .data
                    ? try dataPage(head, encoding, body[...]) : try dataPageV2(head, encoding, body[...])
                unopened -= head.valueCount
            }
        } catch {
            throw ParquetError(.malformed, place, error.reason)
        }
    }

    /// The head of the next page and how many bytes it takes. How many these are shows only in reading.
    private func readHead() throws(ParquetError) -> (PageHeader, Int) {
        var window = 1 << 10
        while true {
            let range = left.lowerBound..<min(left.upperBound, left.lowerBound + window)
            let bytes = try file.source.read(range, place)
            var reader = ThriftReader(bytes[...])
            do throws(MalformedBytes) {
                let head = try PageHeader(&reader)
                return (head, reader.offset)
            } catch {
                // Statistics of long texts make heads long; beyond a mebibyte it is none.
                guard range.upperBound < left.upperBound, window < 1 << 20 else {
                    throw ParquetError(.malformed, place, error.reason)
                }
                window *= 8
            }
        }
    }

    private func unpacked(_ bytes: ArraySlice<UInt8>, _ size: Int) throws(MalformedBytes) -> ArraySlice<UInt8> {
        switch Codec(rawValue: file.groups[group].chunks[leaf].codec) {
        case .snappy: return try Snappy.unpacked(bytes, size: size)[...]
        case .zstd: return try Zstd.unpacked(bytes, size: size)[...]
        default:
            guard bytes.count == size else { throw MalformedBytes("\(bytes.count) bytes, not \(size)", at: 0) }
            return bytes
        }
    }

    private func dataPage(
        _ head: PageHeader, _ encoding: Encoding, _ body: ArraySlice<UInt8>
    ) throws(MalformedBytes) -> DataPage {
        var reader = ByteReader(try unpacked(body, head.uncompressedSize))
        var levels: HybridReader?
        if column.isOptional {
            guard head.levelEncoding == Encoding.runLength.rawValue else {
                throw MalformedBytes("levels in \(Encoding.name(head.levelEncoding)) are not read", at: 0)
            }
            levels = HybridReader(try reader.raw(Int(try reader.fixed(UInt32.self))), width: 1)
        }
        let values = try ValueReader(column, encoding, try reader.raw(reader.remaining), dictionary: dictionary)
        return DataPage(left: head.valueCount, levels: levels, values: values)
    }

    private func dataPageV2(
        _ head: PageHeader, _ encoding: Encoding, _ body: ArraySlice<UInt8>
    ) throws(MalformedBytes) -> DataPage {
        var reader = ByteReader(body)
        guard head.repetitionSize == 0 else { throw MalformedBytes("a flat column has repetition levels", at: 0) }
        let levels = try reader.raw(head.definitionSize)
        let packed = try reader.raw(reader.remaining)
        let size = head.uncompressedSize - head.definitionSize
        let bytes = head.isCompressed && !packed.isEmpty ? try unpacked(packed, size) : packed
        let values = try ValueReader(column, encoding, bytes, dictionary: dictionary)
        return DataPage(
            left: head.valueCount, levels: column.isOptional ? HybridReader(levels, width: 1) : nil, values: values)
    }
}

/// A data page whose values are given as they are asked for.
struct DataPage {
    /// How many values were not given yet.
    private(set) var left: Int
    private var levels: HybridReader?
    private var values: ValueReader

    init(left: Int, levels: HybridReader?, values: ValueReader) {
        self.left = left
        self.levels = levels
        self.values = values
    }

    /// The next values, `count` of them or as many as are left.
    mutating func next(_ count: Int) throws(MalformedBytes) -> ColumnValues {
        let count = min(count, left)
        left -= count
        let isPresent = try levels?.next(count).map { $0 == 1 }
        guard let isPresent, isPresent.contains(false) else { return ColumnValues(try values.next(count)) }
        let there = isPresent.count { $0 }
        return ColumnValues(try values.next(there).spread(isPresent), isPresent: isPresent)
    }
}
