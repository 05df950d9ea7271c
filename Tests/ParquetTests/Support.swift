import Testing

@testable import Parquet

/// A file in memory, named in what tests print.
struct FileBytes: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]

    init(_ name: String, _ bytes: [UInt8]) {
        testDescription = name
        self.bytes = bytes
    }
}

/// The bytes that a text of hexadecimal digits says.
func hex(_ text: String) -> [UInt8] {
    let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

/// A text as a value of a column.
func text(_ value: String) -> ArraySlice<UInt8> { Array(value.utf8)[...] }

/// All values of a column, read a few at a time so that reads end inside pages and runs.
func all(_ file: ParquetFile, _ column: Int, by step: Int = 7) throws -> ColumnValues {
    var cursor = try file.cursor(column)
    var values = try cursor.next(step)
    var marks = values.isPresent ?? Array(repeating: true, count: values.count)
    while true {
        let more = try cursor.next(step)
        if more.count == 0 { break }
        marks += more.isPresent ?? Array(repeating: true, count: more.count)
        values = ColumnValues(joined(values.values, more.values))
    }
    return ColumnValues(values.values, isPresent: marks.contains(false) ? marks : nil)
}

private func joined(_ first: ColumnValues.Values, _ second: ColumnValues.Values) -> ColumnValues.Values {
    var first = first
    first.append(second)
    return first
}

/// The bytes that a text in base 64 says.
func base64(_ text: String) -> [UInt8] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var bytes: [UInt8] = []
    var pending = 0
    var bits = 0
    for digit in text.utf8 {
        guard let value = alphabet.firstIndex(of: digit) else { continue }
        pending = pending << 6 | value
        bits += 6
        if bits >= 8 {
            bits -= 8
            bytes.append(UInt8(pending >> bits & 0xFF))
            pending &= 1 << bits - 1
        }
    }
    return bytes
}

/// SplitMix64: the same numbers on every run.
struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
