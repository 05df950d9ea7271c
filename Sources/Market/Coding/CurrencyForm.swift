public import Bytes

extension Currency: BinaryCodable {
    /// Currencies of one byte; a new one takes the next number, and none ever changes.
    @usableFromInline static let numbered: [Currency] = [.usdt, .usd]

    @usableFromInline static let usdtNumber: UInt8 = 0x80

    /// Appends one byte for the usual ones, otherwise the code behind its length.
    @inlinable
    public func write(to writer: inout ByteWriter) {
        if self == .usdt { return writer.byte(Currency.usdtNumber) }
        writeAny(to: &writer)
    }

    @usableFromInline
    func writeAny(to writer: inout ByteWriter) {
        if let number = Currency.numbered.firstIndex(of: self) {
            return writer.byte(Currency.usdtNumber + UInt8(number))
        }
        writer.text(code)
    }

    /// Reads a currency.
    @inlinable
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let first = try reader.byte()
        if first == Currency.usdtNumber {
            self = .usdt
            return
        }
        self = try Currency.read(first, &reader)
    }

    @usableFromInline
    static func read(_ first: UInt8, _ reader: inout ByteReader) throws(MalformedBytes) -> Currency {
        if first >= usdtNumber {
            let number = Int(first - usdtNumber)
            guard number < numbered.count else { throw reader.malformed("there is no currency numbered \(number)") }
            return numbered[number]
        }
        let code = String(decoding: try reader.raw(Int(first)), as: UTF8.self)
        guard let currency = Currency(code) else { throw reader.malformed("'\(code)' is no currency code") }
        return currency
    }
}
