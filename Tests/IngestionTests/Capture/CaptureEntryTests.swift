import Market
import Testing

@testable import Ingestion

@Suite("Entries of a capture")
struct CaptureEntryTests {
    private static let time = Timestamp(nanoseconds: 1_723_161_254_123_456_789)

    private static func form(_ entry: CaptureEntry) -> [UInt8] {
        var bytes: [UInt8] = []
        entry.bytes.withUnsafeBytes {
            CaptureEntry.append(entry.kind, entry.number, entry.arguments, $0, at: entry.time, to: &bytes)
        }
        return bytes
    }

    @Test("an entry is a line that can be read by eye, and its bytes")
    func form() {
        let entry = CaptureEntry(time: Self.time, kind: .text, number: 2, bytes: Array("{\"a\":1}".utf8))
        #expect(String(decoding: Self.form(entry), as: UTF8.self) == "1723161254123456789 text 2 7\n{\"a\":1}\n")
    }

    @Test("every kind of entry says the same when it is read", arguments: CaptureEntry.Kind.allCases)
    func kinds(_ kind: CaptureEntry.Kind) throws {
        let arguments = (0..<kind.argumentCount).map { 1_000 + Int64($0) }
        let entry = CaptureEntry(time: Self.time, kind: kind, number: 7, arguments: arguments)
        let line = Self.form(entry).prefix { $0 != 0x0A }
        let read = try #require(Array(line).withUnsafeBytes { CaptureEntry.head($0) })
        #expect(read.entry == entry)
        #expect(read.count == 0)
    }

    @Test(
        "a line that no writer makes is none",
        arguments: [
            "", " ", "text", "1723161254123456789 text 1", "1723161254123456789 word 1 2", "x text 1 2",
            "1723161254123456789 text -1 2", "1723161254123456789 text 1 -2", "1723161254123456789 text 1 99999999999",
            "1723161254123456789 text 1 2 3", "1723161254123456789 book 1 2", "1723161254123456789 minutes 1 2 3",
            "9223372036854775807 text 1 2", "-9223372036854775808 tick 0 0", "1723161254123456789  text 1 2",
            "1723161254123456789 minutes 1 2 9223372036854775807 9223372036854775807",
            "1723161254123456789 noMinutes 0 0 1 2",
        ])
    func refused(_ line: String) {
        #expect(Array(line.utf8).withUnsafeBytes { CaptureEntry.head($0) } == nil)
    }

    @Test("a book keeps every level to its last digit")
    func book() throws {
        let instrument = BookSamples.bitcoin
        let book = DepthSnapshotSample.book
        let bytes = book.captured(of: instrument)
        let read = try bytes.withUnsafeBytes { try DepthSnapshotSample.decode($0, limit: 5, of: instrument) }
        #expect(read == book)
    }

    @Test("minutes keep every number to its last digit")
    func minutes() throws {
        let candles = (0..<3).map { index in
            Candle(
                openTime: Timestamp(seconds: 1_723_161_240 + 60 * Int64(index)),
                open: Price(mantissa: 5_012_345_678_901),
                high: Price(mantissa: 5_012_345_678_903), low: Price(mantissa: 1), close: Price(mantissa: 7),
                volume: Quantity(mantissa: 3))
        }
        let bytes = CapturedMinutes.bytes(candles, of: BookSamples.bitcoin)
        #expect(CapturedMinutes.candles(bytes, of: BookSamples.bitcoin) == candles)
        #expect(
            CapturedMinutes.candles(CapturedMinutes.bytes([], of: BookSamples.bitcoin), of: BookSamples.bitcoin) == [])
    }

    @Test(
        "minutes that contradict themselves are none",
        arguments: [
            "", "[", "{}", "[[1723161240000]]", #"[[1723161240000,"1","1","1","1"]]"#,
            #"[[1723161240001,"1","1","1","1","1"]]"#, #"[[9223372036854775807,"1","1","1","1","1"]]"#,
            #"[[1723161240000,"2","1","1","1","1"]]"#, #"[[1723161240000,"1e1","1","1","1","1"]]"#,
            #"[[1723161240000,"1","1","1","1","1"],[1723161240000,"1","1","1","1","1"]]"#,
        ])
    func refusedMinutes(_ text: String) {
        #expect(CapturedMinutes.candles(Array(text.utf8), of: BookSamples.bitcoin) == nil)
    }
}
