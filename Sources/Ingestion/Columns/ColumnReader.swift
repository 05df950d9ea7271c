import Market
import Parquet

/// One column of a Parquet file of candles, some thousand rows at a time, read as prices, quantities or times.
struct ColumnReader {
    let column: ParquetColumn
    /// The decimals that numbers are wanted with.
    var scale = 8
    private var cursor: ParquetCursor
    private var values = ColumnValues(.integers([]))
    private var numbers: [DecimalParser.Outcome] = []

    /// - Throws: `ParquetError`, as `ParquetFile.cursor`.
    init(_ file: ParquetFile, _ place: Int) throws(ParquetError) {
        column = file.columns[place]
        cursor = try file.cursor(place)
    }

    /// Reads the next rows.
    ///
    /// - Parameter asNumbers: whether `number` is asked for them.
    /// - Returns: how many there are, at most `count`; 0 at the end.
    mutating func load(_ count: Int, asNumbers: Bool) throws(ParquetError) -> Int {
        values = try cursor.next(count)
        if asNumbers { numbers = outcomes() }
        return values.count
    }

    /// Whether the column may hold prices and volumes.
    var holdsNumbers: Bool {
        switch (column.meaning, column.storage) {
        case (.number, .boolean), (.number, .fixed), (.number, .int96): return false
        case (.number, _), (.decimal, _), (.text, _): return true
        default: return false
        }
    }

    /// Whether the column may hold times.
    var holdsTimes: Bool {
        switch column.meaning {
        case .timestamp, .date: return column.storage == .int64 || column.storage == .int32
        case .decimal: return false
        default: return holdsNumbers
        }
    }

    /// The number in a row as an integer at `scale`.
    func number(_ row: Int) -> DecimalParser.Outcome { numbers[row] }

    /// The numbers of the rows that were read.
    ///
    /// Integers and decimals stay what they are. A binary floating-point number means the shortest decimal that reads back
    /// as the same one: 0.1 is one tenth, as whoever wrote it meant.
    private func outcomes() -> [DecimalParser.Outcome] {
        let own = if case .decimal(_, let scale) = column.meaning { scale } else { 0 }
        var outcomes: [DecimalParser.Outcome]
        switch values.values {
        case .integers(let all):
            let factor = (0...18).contains(scale - own) ? DecimalText.powerOfTen(scale - own) : 0
            outcomes = all.map { value in
                let (product, overflow) = value.multipliedReportingOverflow(by: factor)
                return factor > 0 && !overflow
                    ? .exact(product) : ColumnReader.rescaled(Int128(value), from: own, to: scale)
            }
        case .wide(let all): outcomes = all.map { ColumnReader.rescaled($0, from: own, to: scale) }
        case .bytes(let all): outcomes = all.map { $0.withUnsafeBytes { DecimalParser.parse($0, scale: scale) } }
        case .doubles(let all): outcomes = all.map { ColumnReader.parsed($0.description, scale: scale) }
        case .floats(let all): outcomes = all.map { ColumnReader.parsed($0.description, scale: scale) }
        case .booleans(let all): outcomes = all.map { _ in .unreadable }
        }
        if let isPresent = values.isPresent {
            for row in outcomes.indices where !isPresent[row] { outcomes[row] = .unreadable }
        }
        return outcomes
    }

    private static func parsed(_ text: String, scale: Int) -> DecimalParser.Outcome {
        var text = text
        return text.withUTF8 { DecimalParser.parse(UnsafeRawBufferPointer($0), scale: scale) }
    }

    /// The instant in a row; `nil` when it is none, or outside `Timestamp.plausible`.
    func time(_ row: Int, _ times: inout TimeParser) -> Timestamp? {
        guard values.isPresent?[row] ?? true else { return nil }
        var time: Timestamp?
        if case .integers(let all) = values.values {
            func instant(_ nanoseconds: Int64) -> Timestamp? {
                let (product, overflow) = all[row].multipliedReportingOverflow(by: nanoseconds)
                return overflow ? nil : Timestamp(nanoseconds: product)
            }
            switch column.meaning {
            case .timestamp(.milliseconds, _): time = instant(1_000_000)
            case .timestamp(.microseconds, _): time = instant(1_000)
            case .timestamp(.nanoseconds, _): time = instant(1)
            case .date: time = instant(86_400_000_000_000)
            default: time = TimeParser.instant(all[row])
            }
        } else {
            var text = self.text(row)
            time = text.withUTF8 { times.parse(UnsafeRawBufferPointer($0)) }
        }
        return time.flatMap { Timestamp.plausible.contains($0) ? $0 : nil }
    }

    /// What stands in a row, for messages.
    func text(_ row: Int) -> String {
        guard values.isPresent?[row] ?? true else { return "null" }
        let own = if case .decimal(_, let scale) = column.meaning { scale } else { 0 }
        switch values.values {
        case .integers(let all): return DecimalText.text(Int128(all[row]), scale: own)
        case .wide(let all): return DecimalText.text(all[row], scale: own)
        case .doubles(let all): return all[row].description
        case .floats(let all): return all[row].description
        case .booleans(let all): return all[row].description
        case .bytes(let all): return String(decoding: all[row].prefix(64), as: UTF8.self)
        }
    }

    private static func rescaled(_ value: Int128, from own: Int, to scale: Int) -> DecimalParser.Outcome {
        func power(_ exponent: Int) -> Int128 { (0..<exponent).reduce(1) { power, _ in power * 10 } }
        if own <= scale {
            let (product, overflow) = value.multipliedReportingOverflow(by: power(scale - own))
            guard !overflow, let mantissa = Int64(exactly: product) else { return .unreadable }
            return .exact(mantissa)
        }
        let divisor = power(own - scale)
        guard let mantissa = Int64(exactly: value.divided(by: divisor, rounding: .halfEven)) else {
            return .unreadable
        }
        return value % divisor == 0 ? .exact(mantissa) : .rounded(mantissa)
    }
}
