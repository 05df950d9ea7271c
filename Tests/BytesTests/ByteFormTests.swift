import Testing

@testable import Bytes

@Suite("Bytes")
struct ByteFormTests {
    private func read<Value>(_ bytes: [UInt8], _ body: (inout ByteReader) throws(MalformedBytes) -> Value) -> Value? {
        var reader = ByteReader(bytes)
        return try? body(&reader)
    }

    @Test("a number of variable length takes seven bits a byte, the lowest first")
    func lengthOfNumbers() {
        var writer = ByteWriter()
        writer.unsigned(300)
        #expect(writer.bytes == [0xAC, 0x02])
    }

    @Test("a negative number near zero takes one byte")
    func zigzag() {
        var writer = ByteWriter()
        writer.signed(-1)
        writer.signed(63)
        #expect(writer.bytes == [0x01, 0x7E])
    }

    @Test("every number comes back", arguments: [Int64.min, .min + 1, -129, -128, -1, 0, 1, 127, 128, .max - 1, .max])
    func numbersComeBack(number: Int64) throws {
        var writer = ByteWriter()
        writer.signed(number)
        writer.unsigned(UInt64(bitPattern: number))
        writer.fixed(number)
        var reader = ByteReader(writer.bytes)
        #expect(try reader.signed() == number)
        #expect(try reader.unsigned() == UInt64(bitPattern: number))
        #expect(try reader.fixed(Int64.self) == number)
        #expect(reader.isAtEnd)
    }

    @Test("a floating-point number comes back bit by bit, NaN and negative zero too")
    func doublesComeBack() throws {
        for number in [0.1, -0.0, Double.nan, .infinity, .leastNonzeroMagnitude] {
            var writer = ByteWriter()
            writer.double(number)
            var reader = ByteReader(writer.bytes)
            #expect(try reader.double().bitPattern == number.bitPattern)
        }
    }

    @Test("text, blocks, arrays and missing values come back")
    func compoundsComeBack() throws {
        var writer = ByteWriter()
        writer.text("₿ → €")
        writer.block([1, 2, 3] as [UInt8])
        writer.array([1, -2, 3] as [Int64])
        writer.optional(Int64?.none)
        writer.optional(Int64?.some(7))
        var reader = ByteReader(writer.bytes)
        #expect(try reader.text() == "₿ → €")
        #expect(try Array(reader.block()) == [1, 2, 3])
        #expect(try reader.array(Int64.self) == [1, -2, 3])
        #expect(try reader.optional(Int64.self) == nil)
        #expect(try reader.optional(Int64.self) == 7)
    }

    @Test("a count beyond the bytes that are left is refused before any memory is taken")
    func hugeCount() {
        var writer = ByteWriter()
        writer.unsigned(.max)
        #expect(read(writer.bytes) { reader throws(MalformedBytes) in try reader.array(Int64.self) } == nil)
        #expect(read(writer.bytes) { reader throws(MalformedBytes) in try reader.text() } == nil)
    }

    @Test("a number of more than 64 bits is refused")
    func overlongNumber() {
        let bytes = [UInt8](repeating: 0xFF, count: 9) + [0x02]
        #expect(read(bytes) { reader throws(MalformedBytes) in try reader.unsigned() } == nil)
    }

    @Test("bytes cut anywhere are refused, never read past their end")
    func cutBytes() {
        var writer = ByteWriter()
        writer.text("journal")
        writer.signed(-1_000_000)
        writer.double(1.5)
        for length in 0..<writer.count {
            let isWhole = read(Array(writer.bytes.prefix(length))) { reader throws(MalformedBytes) in
                _ = try reader.text()
                _ = try reader.signed()
                _ = try reader.double()
                return true
            }
            #expect(isWhole == nil)
        }
    }
}
