import Market

/// Reads the time stamps of rows: seconds, milliseconds, microseconds or nanoseconds since the Unix epoch, told apart by
/// their magnitude, or ISO 8601 in UTC.
struct TimeParser {
    /// The day that was read last as its ten characters, and the nanoseconds at its start: rows mostly share it.
    private var cachedDate: (UInt64, UInt16) = (0, 0)
    private var cachedStart: Int64 = 0

    /// The instant written in `bytes`, or `nil` when it is none or outside `Timestamp.plausible`.
    mutating func parse(_ bytes: UnsafeRawBufferPointer) -> Timestamp? {
        guard let time = number(bytes) ?? dateAndTime(bytes) ?? other(bytes) else { return nil }
        return Timestamp.plausible.contains(time) ? time : nil
    }

    /// The instant of a whole number; its unit is the only one in which it falls between 2009 and 2100.
    static func instant(_ value: Int64) -> Timestamp? {
        let units: [(perSecond: Int64, nanoseconds: Int64)] = [
            (1, 1_000_000_000), (1_000, 1_000_000), (1_000_000, 1_000),
        ]
        for (unitsPerSecond, nanoseconds) in units {
            if value < Timestamp.plausible.upperBound.seconds * unitsPerSecond {
                guard value >= Timestamp.plausible.lowerBound.seconds * unitsPerSecond else { return nil }
                return Timestamp(nanoseconds: value * nanoseconds)
            }
        }
        return Timestamp(nanoseconds: value)
    }

    private func number(_ bytes: UnsafeRawBufferPointer) -> Timestamp? {
        guard bytes.count > 8, bytes.count <= 19 else { return nil }
        var value: Int64 = 0
        for byte in bytes {
            let digit = Int64(byte &- 0x30)
            guard digit <= 9 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(digit)
            if overflow || carry { return nil }
            value = sum
        }
        return TimeParser.instant(value)
    }

    /// `2023-03-24T12:40:00Z` and its like, the day taken from memory when it is the last one's.
    private mutating func dateAndTime(_ bytes: UnsafeRawBufferPointer) -> Timestamp? {
        guard bytes.count >= 16, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[13] == 0x3A else { return nil }
        let date = (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self))
        if date != cachedDate {
            let text = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[..<10]), as: UTF8.self)
            guard let start = Timestamp(iso8601: text), Timestamp.plausible.contains(start) else { return nil }
            cachedDate = date
            cachedStart = start.nanoseconds
        }
        func two(_ index: Int) -> Int64 {
            let tens = bytes[index] &- 0x30
            let ones = bytes[index + 1] &- 0x30
            return tens <= 9 && ones <= 9 ? Int64(tens) * 10 + Int64(ones) : 99
        }
        let hour = two(11)
        let minute = two(14)
        var second: Int64 = 0
        var rest = 16
        if bytes.count >= 19, bytes[16] == 0x3A {
            second = two(17)
            rest = 19
        }
        let isUTC = rest == bytes.count || rest + 1 == bytes.count && (bytes[rest] | 0x20) == 0x7A
        let separator = bytes[10] | 0x20
        guard isUTC, hour < 24, minute < 60, second < 60, separator == 0x74 || separator == 0x20 else { return nil }
        return Timestamp(nanoseconds: cachedStart + (hour * 3_600 + minute * 60 + second) * 1_000_000_000)
    }

    /// The rarer forms: fractions, offsets, `20230324`, numbers with a point or an exponent.
    private func other(_ bytes: UnsafeRawBufferPointer) -> Timestamp? {
        var text = String(decoding: bytes, as: UTF8.self)
        if let time = Timestamp(iso8601: text) { return time }
        if text.hasSuffix(" UTC") {
            text.removeLast(4)
            return Timestamp(iso8601: text)
        }
        let compact = Array(text.utf8)
        if compact.count >= 8, compact.prefix(8).allSatisfy({ (0x30...0x39).contains($0) }),
            compact.count == 8 || compact[8] == 0x20 || compact[8] == 0x54
        {
            let year = text.prefix(4)
            let month = text.dropFirst(4).prefix(2)
            let day = text.dropFirst(6).prefix(2)
            return Timestamp(iso8601: "\(year)-\(month)-\(day)\(text.dropFirst(8))")
        }
        if let whole = try? DecimalText.mantissa(text, scale: 0) { return TimeParser.instant(whole) }
        // Fractions of a second are no whole candle's stamp, but are read so that they can be named.
        if let fraction = try? DecimalText.mantissa(text, scale: 9, rounding: .halfEven) {
            return Timestamp(nanoseconds: fraction)
        }
        return nil
    }
}
