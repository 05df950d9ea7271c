/// The columns of a file, found in the list of schema elements: a tree, depth first, whose leaves are the columns.
struct Schema {
    /// The leaves in the order of the column chunks; `nil` for one inside a group or repeated, which is not read here.
    private(set) var leaves: [ParquetColumn?] = []

    /// The most elements that are taken; no table comes near it.
    static let mostElements = 100_000
    private static let deepest = 64

    /// - Throws: `ParquetError` when the elements are no tree, or one of them is none.
    init(_ elements: [SchemaElement.Raw]) throws(ParquetError) {
        guard let root = elements.first, let children = root.children, children >= 0 else {
            throw ParquetError(.malformed, "schema", "it has no root")
        }
        var index = 1
        for _ in 0..<min(children, elements.count) { try take(elements, &index, depth: 1) }
        guard index == elements.count, children < elements.count else {
            throw ParquetError(.malformed, "schema", "\(elements.count) elements are no tree of \(children) columns")
        }
    }

    private mutating func take(
        _ elements: [SchemaElement.Raw], _ index: inout Int, depth: Int
    ) throws(ParquetError) {
        guard index < elements.count, depth < Schema.deepest else {
            throw ParquetError(.malformed, "schema", "its elements are no tree")
        }
        let element = elements[index]
        index += 1
        if let children = element.children, children > 0 {
            for _ in 0..<min(children, elements.count) { try take(elements, &index, depth: depth + 1) }
            return
        }
        let isFlat = depth == 1 && element.repetition != 2
        leaves.append(isFlat ? try Schema.column(element) : nil)
    }

    private static func column(_ element: SchemaElement.Raw) throws(ParquetError) -> ParquetColumn {
        guard let name = element.name else { throw ParquetError(.malformed, "schema", "a column has no name") }
        let place = "schema, column \(name)"
        guard let repetition = element.repetition, (0...1).contains(repetition) else {
            throw ParquetError(.malformed, place, "it is neither required nor optional")
        }
        let storage: ParquetColumn.Storage
        switch element.storage {
        case 0: storage = .boolean
        case 1: storage = .int32
        case 2: storage = .int64
        case 3: storage = .int96
        case 4: storage = .float
        case 5: storage = .double
        case 6: storage = .bytes
        case 7:
            guard let length = element.length, (1...1 << 20).contains(length) else {
                throw ParquetError(.malformed, place, "a length of \(element.length ?? 0) bytes is none")
            }
            storage = .fixed(length)
        default: throw ParquetError(.malformed, place, "it has no type")
        }
        var meaning = element.logical ?? converted(element)
        if case .decimal(let precision, let scale) = meaning {
            guard precision > 0, (0...precision).contains(scale) else {
                throw ParquetError(.malformed, place, "DECIMAL(\(precision), \(scale)) is none")
            }
            // Beyond 38 digits nothing here can hold it.
            if precision > 38 { meaning = .other("DECIMAL(\(precision), \(scale))") }
        }
        return ParquetColumn(name, storage, meaning, isOptional: repetition == 1)
    }

    /// What the converted type of an older writer says.
    private static func converted(_ element: SchemaElement.Raw) -> ParquetColumn.Meaning {
        switch element.converted {
        case nil, 11, 12, 13, 14, 15, 16, 17, 18: return .number
        case 0: return .text
        case 5: return .decimal(precision: element.precision ?? 0, scale: element.scale ?? 0)
        case 6: return .date
        case 7, 8: return .other("TIME")
        case 9: return .timestamp(.milliseconds, isUTC: true)
        case 10: return .timestamp(.microseconds, isUTC: true)
        case 19: return .other("JSON")
        case let code?: return .other("converted type \(code)")
        }
    }
}
