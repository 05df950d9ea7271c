import Bytes
import Testing

@testable import Parquet

/// Blocks of Snappy, made by hand after the format description.
@Suite struct SnappyTests {
    @Test("Literals of every length form are unpacked", arguments: [1, 60, 61, 256, 257, 65_536, 65_537])
    func literals(_ count: Int) throws {
        let text = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var block = ByteWriter()
        block.unsigned(UInt64(count))
        let last = count - 1
        let extra = last < 60 ? 0 : last < 1 << 8 ? 1 : last < 1 << 16 ? 2 : 3
        block.byte(UInt8(extra == 0 ? last : 59 + extra) << 2)
        for index in 0..<extra { block.byte(UInt8(last >> (8 * index) & 0xFF)) }
        block.raw(text)
        #expect(try Snappy.unpacked(block.bytes[...], size: count) == text)
    }

    @Test("Copies of every form are unpacked, overlapping ones too")
    func copies() throws {
        let table: [(block: String, text: String)] = [
            ("03 08 616263", "abc"),
            // One byte of offset: 4…11 bytes from up to 2,047 back.
            ("0b 08 616263 1103", "abcabcabcab"),
            // Two bytes of offset: 1…64 bytes.
            ("08 04 6162 160200", "abababab"),
            // Four bytes of offset.
            ("05 00 61 0f01000000", "aaaaa"),
        ]
        for (block, text) in table {
            #expect(try Snappy.unpacked(hex(block)[...], size: text.utf8.count) == Array(text.utf8))
        }
        #expect(try Snappy.unpacked([0], size: 0) == [])
    }

    @Test(
        "What reaches outside, ends early or is of another size is refused",
        arguments: [
            "03", "03 08 6162", "04 08 616263", "02 08 616263", "06 04 6162 0103", "06 04 6162 0e0000",
            "06 04 6162 0e0300", "06 04 6162 0e02", "05 04 6162 0e0200", "03 fc ffffffff 61", "ff ff ff ff 7f",
        ])
    func refused(_ block: String) {
        let bytes = hex(block)
        #expect(throws: MalformedBytes.self) { try Snappy.unpacked(bytes[...], size: Int(bytes[0])) }
        #expect(throws: MalformedBytes.self) { try Snappy.unpacked([], size: 3) }
    }
}
