import Market
import Testing

@Suite struct DecimalTextTests {
    @Test(arguments: [
        ("0", 8, 0), ("1", 2, 100), ("0.1", 8, 10_000_000), ("-0.1", 1, -1), ("+7.25", 2, 725), (".5", 1, 5),
        ("5.", 1, 50), ("1e-5", 8, 1_000), ("1.5E3", 0, 1_500), ("0.30000000", 1, 3), ("000123.4", 1, 1_234),
        ("16541.77", 8, 1_654_177_000_000), ("92233720368.54775807", 8, Int64.max),
    ])
    func `a decimal becomes its exact mantissa`(text: String, scale: Int, mantissa: Int64) throws {
        #expect(try DecimalText.mantissa(text, scale: scale) == mantissa)
    }

    @Test(arguments: ["", " 1", "1 ", "1,5", "0x10", "nan", "inf", "--1", "1.2.3", "e5", "1e", "١", "1_000"])
    func `what is not a number is refused`(text: String) {
        #expect(throws: DecimalTextError.malformed(text)) { try DecimalText.mantissa(text, scale: 8) }
    }

    @Test func `further decimals are refused unless a rounding is named`() throws {
        #expect(throws: DecimalTextError.tooManyDecimals("0.125", scale: 2)) {
            try DecimalText.mantissa("0.125", scale: 2)
        }
        #expect(try DecimalText.mantissa("0.125", scale: 2, rounding: .halfEven) == 12)
        #expect(try DecimalText.mantissa("0.135", scale: 2, rounding: .halfEven) == 14)
        #expect(try DecimalText.mantissa("-0.125", scale: 2, rounding: .floor) == -13)
        #expect(try DecimalText.mantissa("-0.125", scale: 2, rounding: .down) == -12)
        #expect(try DecimalText.mantissa("0.30000000000000004", scale: 8, rounding: .halfEven) == 30_000_000)
    }

    @Test(arguments: ["92233720368.54775808", "1e30", "99999999999999999999999999999999999999999"])
    func `what does not fit is refused`(text: String) {
        #expect(throws: DecimalTextError.outOfRange(text, scale: 8)) { try DecimalText.mantissa(text, scale: 8) }
    }

    @Test(arguments: [
        (Int128(0), 8, 2, "0.00"), (Int128(1_654_177_000_000), 8, 2, "16541.77"), (Int128(-5), 3, 0, "-0.005"),
        (Int128(1_000), 3, 0, "1"), (Int128(123), 0, 2, "123.00"), (Int128(120), 2, 1, "1.2"),
    ])
    func `a mantissa is written exactly`(mantissa: Int128, scale: Int, minimum: Int, text: String) {
        #expect(DecimalText.text(mantissa, scale: scale, minimumDecimals: minimum) == text)
    }

    @Test func `text and mantissa are inverse`() throws {
        var state: UInt64 = 7
        for _ in 0..<2_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let mantissa = Int64(bitPattern: state) >> Int64(state % 40)
            let scale = Int(state >> 32) % 19
            let text = DecimalText.text(Int128(mantissa), scale: scale)
            #expect(try DecimalText.mantissa(text, scale: scale) == mantissa)
        }
    }
}
