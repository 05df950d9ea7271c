/// Why a text is not a decimal number of the wanted scale.
public enum DecimalTextError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text is empty or has a character that no decimal number has.
    case malformed(String)
    /// The number has more significant decimals than the scale holds.
    case tooManyDecimals(String, scale: Int)
    /// The number does not fit 64 bits at the scale.
    case outOfRange(String, scale: Int)

    /// What is wrong, with the text as it stood.
    public var description: String {
        switch self {
        case .malformed(let text):
            return "'\(text)' is not a decimal number"
        case .tooManyDecimals(let text, let scale):
            return "'\(text)' has more than \(scale) decimals"
        case .outOfRange(let text, let scale):
            return "'\(text)' is too large for \(scale) decimals"
        }
    }
}

/// Reads and writes decimal numbers as integers at a scale: the number is `mantissa × 10^−scale`.
///
/// No text passes through binary floating point, so `0.1` is exactly one tenth at any scale of one or more.
public enum DecimalText {
    /// Ten to the power `exponent`.
    ///
    /// - Precondition: `0 ≤ exponent ≤ 18`.
    @inlinable @inline(__always)
    public static func powerOfTen(_ exponent: Int) -> Int64 {
        // A switch becomes a table of constants; a list would have to be made first, which every use would have to ask.
        switch exponent {
        case 0: return 1
        case 1: return 10
        case 2: return 100
        case 3: return 1_000
        case 4: return 10_000
        case 5: return 100_000
        case 6: return 1_000_000
        case 7: return 10_000_000
        case 8: return 100_000_000
        case 9: return 1_000_000_000
        case 10: return 10_000_000_000
        case 11: return 100_000_000_000
        case 12: return 1_000_000_000_000
        case 13: return 10_000_000_000_000
        case 14: return 100_000_000_000_000
        case 15: return 1_000_000_000_000_000
        case 16: return 10_000_000_000_000_000
        case 17: return 100_000_000_000_000_000
        case 18: return 1_000_000_000_000_000_000
        default: preconditionFailure("an exponent is from 0 to 18")
        }
    }

    /// The mantissa of `text` at `scale`: an optional sign, digits with an optional point, an optional exponent.
    ///
    /// - Parameters:
    ///   - text: the number; no white space, no digit grouping.
    ///   - scale: decimals of the result, 0…18.
    ///   - rounding: what to do with further non-zero decimals; `nil` refuses them.
    /// - Throws: `DecimalTextError`.
    public static func mantissa(
        _ text: some StringProtocol, scale: Int, rounding: Rounding? = nil
    ) throws(DecimalTextError) -> Int64 {
        var copy = String(text)
        let result = copy.withUTF8 { mantissa(bytes: $0, scale: scale, rounding: rounding) }
        switch result {
        case .success(let mantissa): return mantissa
        case .failure(let error): throw error
        }
    }

    /// The mantissa of the ASCII bytes of a number; see `mantissa(_:scale:rounding:)`. Allocates only for an error.
    public static func mantissa(
        bytes: UnsafeBufferPointer<UInt8>, scale: Int, rounding: Rounding? = nil
    ) -> Result<Int64, DecimalTextError> {
        precondition((0...18).contains(scale), "a scale is 0…18 decimals")
        func text() -> String { String(decoding: bytes, as: UTF8.self) }
        var index = 0
        var isNegative = false
        if index < bytes.count, bytes[index] == 0x2D || bytes[index] == 0x2B {
            isNegative = bytes[index] == 0x2D
            index += 1
        }
        var digits: Int128 = 0
        var digitCount = 0
        var significantCount = 0
        var decimals = 0
        var seenPoint = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte >= 0x30 && byte <= 0x39 {
                digitCount += 1
                // 36 significant digits fit Int128; more than that is no price.
                if digits != 0 || byte != 0x30 { significantCount += 1 }
                if significantCount > 36 { return .failure(.outOfRange(text(), scale: scale)) }
                digits = digits * 10 + Int128(byte &- 0x30)
                if seenPoint { decimals += 1 }
            } else if byte == 0x2E && !seenPoint {
                seenPoint = true
            } else {
                break
            }
            index += 1
        }
        guard digitCount > 0 else { return .failure(.malformed(text())) }
        var exponent = 0
        if index < bytes.count, bytes[index] | 0x20 == 0x65 {
            index += 1
            var isExponentNegative = false
            if index < bytes.count, bytes[index] == 0x2D || bytes[index] == 0x2B {
                isExponentNegative = bytes[index] == 0x2D
                index += 1
            }
            let start = index
            while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39, exponent < 1_000 {
                exponent = exponent * 10 + Int(bytes[index] &- 0x30)
                index += 1
            }
            guard index > start else { return .failure(.malformed(text())) }
            if isExponentNegative { exponent = -exponent }
        }
        guard index == bytes.count else { return .failure(.malformed(text())) }
        if digits == 0 { return .success(0) }
        let shift = scale - decimals + exponent
        var value = isNegative ? -digits : digits
        if shift >= 0 {
            guard significantCount + shift <= 37 else { return .failure(.outOfRange(text(), scale: scale)) }
            for _ in 0..<shift { value *= 10 }
        } else {
            var divisor: Int128 = 1
            for _ in 0..<Swift.min(-shift, 37) { divisor *= 10 }
            if rounding == nil && (value % divisor != 0 || -shift > 37) {
                return .failure(.tooManyDecimals(text(), scale: scale))
            }
            value = value.divided(by: divisor, rounding: rounding ?? .down)
        }
        guard let mantissa = Int64(exactly: value) else { return .failure(.outOfRange(text(), scale: scale)) }
        return .success(mantissa)
    }

    /// The decimal text of `mantissa × 10^−scale`, with at least `minimumDecimals` decimals and no further trailing
    /// zeros.
    public static func text(_ mantissa: Int128, scale: Int, minimumDecimals: Int = 0) -> String {
        var digits = String(mantissa.magnitude)
        if digits.utf8.count <= scale {
            digits = String(repeating: "0", count: scale - digits.utf8.count + 1) + digits
        }
        let whole = digits.dropLast(scale)
        var fraction = digits.suffix(scale)
        while fraction.utf8.count > minimumDecimals, fraction.utf8.last == 0x30 { fraction.removeLast() }
        let missing = minimumDecimals - fraction.utf8.count
        let padding = missing > 0 ? String(repeating: "0", count: missing) : ""
        let sign = mantissa < 0 ? "-" : ""
        if fraction.isEmpty && padding.isEmpty { return sign + whole }
        return sign + whole + "." + fraction + padding
    }
}
