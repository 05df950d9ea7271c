import Bytes

/// The least and the greatest value of a column chunk and how many are missing, by which readers pass over row groups.
struct ColumnStatistics: Equatable {
    /// How many values are missing.
    var missing: Int
    /// In PLAIN form, without a length; `nil` when there is none.
    var least: [UInt8]?
    /// In PLAIN form, without a length; `nil` when there is none.
    var greatest: [UInt8]?

    /// The longest text that is kept as a bound.
    private static let longestText = 64

    /// The statistics of values.
    ///
    /// NaN is not counted, and a zero gets the sign that makes the bound hold for both zeros, as the format wants it.
    init(_ values: ColumnValues) {
        missing = values.isPresent?.count { !$0 } ?? 0
        func plain(_ bits: UInt64) -> [UInt8] { withUnsafeBytes(of: bits.littleEndian) { Array($0) } }
        switch values.values.dense(values.isPresent) {
        case .integers(let all):
            least = all.min().map { plain(UInt64(bitPattern: $0)) }
            greatest = all.max().map { plain(UInt64(bitPattern: $0)) }
        case .doubles(let all):
            let numbers = all.lazy.filter { !$0.isNaN }
            least = numbers.min().map { plain(($0 == 0 ? -0.0 : $0).bitPattern) }
            greatest = numbers.max().map { plain(($0 == 0 ? 0.0 : $0).bitPattern) }
        case .booleans(let all):
            guard !all.isEmpty else { return }
            least = [all.contains(false) ? 0 : 1]
            greatest = [all.contains(true) ? 1 : 0]
        case .bytes(let all):
            let bounds = (
                all.min { $0.lexicographicallyPrecedes($1) }, all.max { $0.lexicographicallyPrecedes($1) }
            )
            guard let first = bounds.0, let last = bounds.1,
                max(first.count, last.count) <= ColumnStatistics.longestText
            else { return }
            (least, greatest) = (Array(first), Array(last))
        case .wide, .floats: break
        }
    }

    func write(to writer: inout ThriftWriter) {
        writer.int64(3, missing)
        if let greatest { writer.binary(5, greatest) }
        if let least { writer.binary(6, least) }
    }
}
