/// A currency or asset code (`USDT`, `BTC`, `USD`), up to sixteen ASCII letters, digits or `.`, kept inline.
@frozen
public struct Currency: Hashable, Sendable, CustomStringConvertible {
    /// The code's ASCII bytes, the first in the highest byte, zero-padded.
    @usableFromInline
    let packed: UInt128

    /// The currency with this code.
    ///
    /// - Returns: `nil` unless the code has 1…16 characters out of `A–Z a–z 0–9 . _ -`.
    public init?(_ code: some StringProtocol) {
        var packed: UInt128 = 0
        var count = 0
        for byte in code.utf8 {
            let isAllowed =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == 0x2E || byte == 0x5F || byte == 0x2D
            guard isAllowed, count < 16 else { return nil }
            packed = packed << 8 | UInt128(byte)
            count += 1
        }
        guard count > 0 else { return nil }
        self.packed = packed << (8 * UInt128(16 - count))
    }

    /// Tether, the usual quote currency of crypto venues.
    public static let usdt = Currency("USDT")!
    /// The US dollar.
    public static let usd = Currency("USD")!

    /// The code.
    public var code: String {
        var bytes: [UInt8] = []
        for index in 0..<16 {
            let byte = UInt8(truncatingIfNeeded: packed >> (8 * UInt128(15 - index)))
            if byte == 0 { break }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The code.
    public var description: String { code }
}

extension Currency: Codable {
    /// Reads the code from a single string.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let code = try container.decode(String.self)
        guard let currency = Currency(code) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(code)' is not a currency code of 1…16 letters or digits")
        }
        self = currency
    }

    /// Writes the code as a single string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(code)
    }
}
