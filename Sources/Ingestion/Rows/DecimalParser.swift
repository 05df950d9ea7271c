import Market

/// Reads decimal numbers of rows as integers at a scale, without binary floating point.
enum DecimalParser {
    /// What a field holds.
    enum Outcome {
        /// A number that fits the scale exactly.
        case exact(Int64)
        /// A number with further decimals, rounded half to even.
        case rounded(Int64)
        /// No number, or one that doesn't fit.
        case unreadable
    }

    /// The number written in `bytes` at `scale`.
    @inline(__always)
    static func parse(_ bytes: UnsafeRawBufferPointer, scale: Int) -> Outcome {
        // Eighteen digits can't overflow; longer, signed or scientific numbers take the general way.
        guard bytes.count <= 19 else { return general(bytes, scale) }
        var value: Int64 = 0
        var digits = 0
        var point = -1
        for index in 0..<bytes.count {
            let digit = bytes[index] &- 0x30
            if digit <= 9 {
                value = value &* 10 &+ Int64(digit)
                digits += 1
            } else if bytes[index] == 0x2E, point < 0 {
                point = index
            } else {
                return general(bytes, scale)
            }
        }
        let decimals = point < 0 ? 0 : bytes.count - point - 1
        guard digits > 0, digits <= 18, decimals <= scale else { return general(bytes, scale) }
        let (product, overflow) = value.multipliedReportingOverflow(by: DecimalText.powerOfTen(scale - decimals))
        return overflow ? .unreadable : .exact(product)
    }

    private static func general(_ bytes: UnsafeRawBufferPointer, _ scale: Int) -> Outcome {
        let bytes = bytes.bindMemory(to: UInt8.self)
        switch DecimalText.mantissa(bytes: bytes, scale: scale) {
        case .success(let value): return .exact(value)
        case .failure(.tooManyDecimals):
            guard case .success(let value) = DecimalText.mantissa(bytes: bytes, scale: scale, rounding: .halfEven)
            else { return .unreadable }
            return .rounded(value)
        case .failure: return .unreadable
        }
    }
}
