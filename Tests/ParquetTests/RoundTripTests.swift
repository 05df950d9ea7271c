import Testing

@testable import Parquet

/// What is written is read again, the same.
@Suite struct RoundTripTests {
    static let columns: [ParquetColumn] = [
        .timestamp("time", .nanoseconds), .decimal("price", scale: 8), .integer("count", isOptional: true),
        .double("ratio", isOptional: true), .text("name", isOptional: true), .boolean("flag", isOptional: true),
    ]

    /// Rows of every type from a seed; runs and changes of what is missing, texts few or many.
    static func rows(_ count: Int, _ seed: UInt64, distinct: Int = 5) -> [ColumnValues] {
        var random = Random(state: seed)
        var marks: [Bool] = []
        while marks.count < count {
            let run = Int.random(in: 1...30, using: &random)
            marks += Array(repeating: Bool.random(using: &random), count: min(run, count - marks.count))
        }
        func masked<Value>(_ empty: Value, _ next: () -> Value) -> [Value] {
            marks.map { isThere in
                let value = next()
                return isThere ? value : empty
            }
        }
        let limit: Int64 = 999_999_999_999_999_999
        return [
            ColumnValues(.integers((0..<count).map { 1_672_531_200_000_000_000 + Int64($0) * 1_000_000_000 })),
            ColumnValues(.integers((0..<count).map { _ in Int64.random(in: -limit...limit, using: &random) })),
            ColumnValues(
                .integers(masked(0) { Int64.random(in: .min ... .max, using: &random) }), isPresent: marks),
            ColumnValues(
                .doubles(masked(0) { Double.random(in: -1e300...1e300, using: &random) }), isPresent: marks),
            ColumnValues(
                .bytes(masked([]) { text("n\(Int.random(in: 0..<distinct, using: &random))") }), isPresent: marks),
            ColumnValues(.booleans(masked(false) { Bool.random(using: &random) }), isPresent: marks),
        ]
    }

    /// The values with marks only where one is missing, as a reader gives them.
    static func asRead(_ values: ColumnValues) -> ColumnValues {
        values.isPresent?.contains(false) == true ? values : ColumnValues(values.values)
    }

    @Test("Rows of every type come back, whatever their number and the pages they fill", arguments: 0..<12)
    func everyType(_ seed: Int) throws {
        let counts = [0, 1, 7, 8, 9, 63, 1_000, 19_999, 20_000, 20_001, 45_000, 5_000]
        let rows = Self.rows(counts[seed], UInt64(seed), distinct: seed == 10 ? 40_000 : 5)
        var writer = ParquetWriter(Self.columns, keyValues: [("a", "b"), ("c", "")])
        let file = try ParquetFile(ParquetSource(writer.rowGroup(rows) + writer.finish()))
        #expect(file.columns == Self.columns && file.rowCount == counts[seed])
        #expect(file.keyValues.map(\.key) == ["a", "c"] && file.keyValues.map(\.value) == ["b", ""])
        for index in Self.columns.indices where counts[seed] > 0 {
            #expect(try all(file, index, by: 1 + seed * 997) == Self.asRead(rows[index]))
        }
    }

    @Test("Row groups are read one behind the other")
    func rowGroups() throws {
        var writer = ParquetWriter([.integer("n"), .text("s")])
        var bytes: [UInt8] = []
        for group in 0..<20 {
            let numbers = (0..<group).map { Int64(group * 100 + $0) }
            bytes += try writer.rowGroup([
                ColumnValues(.integers(numbers)), ColumnValues(.bytes(numbers.map { text("\($0 / 3)") })),
            ])
        }
        let file = try ParquetFile(ParquetSource(bytes + writer.finish()))
        let expected = (0..<20).flatMap { group in (0..<group).map { Int64(group * 100 + $0) } }
        #expect(file.rowCount == 190)
        #expect(try all(file, 0) == ColumnValues(.integers(expected)))
        #expect(try all(file, 1) == ColumnValues(.bytes(expected.map { text("\($0 / 3)") })))
    }

    @Test("A file without a single row group is a file")
    func empty() throws {
        var writer = ParquetWriter([.integer("n")])
        let file = try ParquetFile(ParquetSource(writer.finish()))
        var cursor = try file.cursor(0)
        #expect(try file.rowCount == 0 && cursor.next(10).count == 0)
    }

    @Test("A decimal of more digits than its column is refused with its row")
    func tooManyDigits() throws {
        var writer = ParquetWriter([.decimal("price", scale: 8)])
        _ = try writer.rowGroup([ColumnValues(.integers([999_999_999_999_999_999, -999_999_999_999_999_999]))])
        let error = #expect(throws: ParquetError.self) {
            try writer.rowGroup([ColumnValues(.integers([1, 1_000_000_000_000_000_000]))])
        }
        #expect(error?.kind == .outOfRange && error?.place == "row 4, column price")
        #expect(error?.detail == "1000000000000000000 has more than the 18 digits of DECIMAL(18, 8)")
    }

    @Test("Bounds leave out NaN, name both zeros and compare texts as bytes")
    func statistics() {
        func eight(_ value: Double) -> [UInt8] { withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
        let zeros = ColumnStatistics(ColumnValues(.doubles([0, .nan, -0.0])))
        #expect(zeros.least == eight(-0.0) && zeros.greatest == eight(0.0) && zeros.missing == 0)
        let nothing = ColumnStatistics(ColumnValues(.doubles([.nan, 1]), isPresent: [true, false]))
        #expect(nothing.least == nil && nothing.greatest == nil && nothing.missing == 1)
        let texts = ColumnStatistics(ColumnValues(.bytes([text("a"), text("é"), text("Z")])))
        #expect(texts.least == Array("Z".utf8) && texts.greatest == Array("é".utf8))
        let long = ColumnStatistics(ColumnValues(.bytes([text(String(repeating: "x", count: 65))])))
        #expect(long.least == nil)
        let numbers = ColumnStatistics(ColumnValues(.integers([5, -1, 7])))
        #expect(numbers.least == Array(repeating: 0xFF, count: 8) && numbers.greatest == [7, 0, 0, 0, 0, 0, 0, 0])
        let flags = ColumnStatistics(ColumnValues(.booleans([true, true])))
        #expect(flags.least == [1] && flags.greatest == [1])
    }
}
