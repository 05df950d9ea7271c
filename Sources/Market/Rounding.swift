/// The direction in which an inexact result is brought onto a grid. Every division on a money path names one.
public enum Rounding: Sendable, Hashable {
    /// Toward zero.
    case down
    /// Away from zero.
    case up
    /// Toward negative infinity.
    case floor
    /// Toward positive infinity.
    case ceiling
    /// To the nearest, a tie to the even neighbour.
    case halfEven
}

extension Int128 {
    /// The value as a binary floating-point number, within one unit in its last place.
    ///
    /// Two 64-bit halves are converted: the library's generic conversion costs some 150 ns.
    @inlinable
    public var approximation: Double {
        if let small = Int64(exactly: self) { return Double(small) }
        let high = Double(Int64(truncatingIfNeeded: self >> 64))
        return high * 18_446_744_073_709_551_616 + Double(UInt64(truncatingIfNeeded: self))
    }

    /// The quotient by a positive divisor, rounded in the named direction.
    ///
    /// - Precondition: `divisor > 0`.
    @inlinable
    public func divided(by divisor: Int128, rounding: Rounding) -> Int128 {
        precondition(divisor > 0, "a divisor must be positive")
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        if remainder == 0 { return quotient }
        let isNegative = self < 0
        switch rounding {
        case .down: return quotient
        case .up: return isNegative ? quotient - 1 : quotient + 1
        case .floor: return isNegative ? quotient - 1 : quotient
        case .ceiling: return isNegative ? quotient : quotient + 1
        case .halfEven:
            let twice = remainder.magnitude &* 2
            let half = divisor.magnitude
            if twice < half { return quotient }
            if twice == half && quotient & 1 == 0 { return quotient }
            return isNegative ? quotient - 1 : quotient + 1
        }
    }

    /// The nearest multiple of `step` in the named direction.
    ///
    /// - Precondition: `step > 0`.
    @inlinable
    public func rounded(toMultipleOf step: Int128, _ rounding: Rounding) -> Int128 {
        divided(by: step, rounding: rounding) * step
    }
}

extension Int64 {
    /// The nearest multiple of `step` in the named direction.
    ///
    /// - Precondition: `step > 0`, and the result fits 64 bits.
    @inlinable
    public func rounded(toMultipleOf step: Int64, _ rounding: Rounding) -> Int64 {
        if step == 1 { return self }
        return Int64(Int128(self).rounded(toMultipleOf: Int128(step), rounding))
    }
}
