/// Texts with escapes, and decimals that are written as texts.
extension JSONCursor {
    /// A string with its escapes resolved, or `nil` when there is none. At most `limit` bytes of it are kept.
    mutating func text(limit: Int = 1_024) -> String? {
        guard take(0x22) else { return nil }
        var kept: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case 0x22:
                index += 1
                return JSONCursor.string(kept, isCut: kept.count > limit, limit)
            case 0x5C:
                guard let scalar = escape() else { return nil }
                if kept.count <= limit { kept += UTF8.encode(scalar)! }
            case 0..<0x20: return nil
            default:
                if kept.count <= limit { kept.append(byte) }
                index += 1
            }
        }
        return nil
    }

    private static func string(_ bytes: [UInt8], isCut: Bool, _ limit: Int) -> String? {
        if !isCut { return String(validating: bytes, as: UTF8.self) }
        return String(decoding: bytes.prefix(limit), as: UTF8.self) + "…"
    }

    /// Steps over an escape, from its backslash; the character it stands for, or `nil` when it stands for none.
    mutating func escape() -> Unicode.Scalar? {
        guard index + 1 < bytes.count else { return nil }
        let letter = bytes[index + 1]
        index += 2
        switch letter {
        case 0x22, 0x5C, 0x2F: return Unicode.Scalar(letter)
        case 0x62: return "\u{8}"
        case 0x66: return "\u{C}"
        case 0x6E: return "\n"
        case 0x72: return "\r"
        case 0x74: return "\t"
        case 0x75: break
        default: return nil
        }
        guard let unit = hexadecimal() else { return nil }
        if let scalar = Unicode.Scalar(unit) { return scalar }
        // The first half of a character beyond 16 bits: the other half follows as an escape of its own.
        guard unit < 0xDC00, index + 1 < bytes.count, bytes[index] == 0x5C, bytes[index + 1] == 0x75 else { return nil }
        index += 2
        guard let low = hexadecimal(), (0xDC00...0xDFFF).contains(low) else { return nil }
        return Unicode.Scalar(0x1_0000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    }

    private mutating func hexadecimal() -> UInt32? {
        guard index + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46, 0x61...0x66: value = value << 4 | UInt32(byte & 0xDF - 0x41 + 10)
            default: return nil
            }
        }
        index += 4
        return value
    }

    static func isUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil
    }

    /// A decimal within quotes (`"0.50000000"`), as the integer that it is at a scale; `nil` for anything else, for
    /// further decimals that are not zero, and for what does not fit. It has no sign and no exponent.
    @inline(__always)
    mutating func decimal<Number: FixedWidthInteger>(scale: Int, as type: Number.Type = Int64.self) -> Number? {
        guard take(0x22) else { return nil }
        var value: Number = 0
        let start = index
        while index < bytes.count, case let digit = bytes[index] &- 0x30, digit <= 9 {
            guard JSONCursor.append(digit, to: &value) else { return nil }
            index += 1
        }
        guard index > start, index < bytes.count else { return nil }
        var missing = scale
        if bytes[index] == 0x2E {
            index += 1
            let start = index
            while index < bytes.count, case let digit = bytes[index] &- 0x30, digit <= 9 {
                if missing > 0 {
                    guard JSONCursor.append(digit, to: &value) else { return nil }
                    missing -= 1
                } else if digit != 0 {
                    return nil
                }
                index += 1
            }
            guard index > start else { return nil }
        }
        guard index < bytes.count, bytes[index] == 0x22 else { return nil }
        index += 1
        while missing > 0 {
            guard JSONCursor.append(0, to: &value) else { return nil }
            missing -= 1
        }
        return value
    }

    @inline(__always)
    private static func append<Number: FixedWidthInteger>(_ digit: UInt8, to value: inout Number) -> Bool {
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(Number(truncatingIfNeeded: digit))
        value = sum
        return !overflow && !carry
    }
}
