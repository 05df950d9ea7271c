/// A running sum as an unevaluated pair of doubles, some 106 bits wide.
///
/// Every addition splits its rounding error off without loss (Knuth's two-sum) and collects the errors in `low`.
/// As long as the last bit of the smallest value and the first bit of the sum are less than about 100 binary places
/// apart (prices of one instrument span under 60), `high + low` is the exact sum, whatever was added and taken
/// away in between: nothing drifts.
@frozen
@usableFromInline
struct ExactSum: Sendable {
    @usableFromInline var high = 0.0
    @usableFromInline var low = 0.0

    @inlinable
    init() {}

    /// The sum rounded to a double.
    @inlinable
    @inline(__always)
    var value: Double { high + low }

    @inlinable
    @inline(__always)
    mutating func add(_ value: Double) {
        let sum = high + value
        let part = sum - high
        low += (high - (sum - part)) + (value - part)
        high = sum
    }

    /// Adds `entering - leaving` without rounding the difference.
    @inlinable
    @inline(__always)
    mutating func replace(_ leaving: Double, by entering: Double) {
        let change = entering - leaving
        let part = change - entering
        let changeError = (entering - (change - part)) - (leaving + part)
        let sum = high + change
        let sumPart = sum - high
        low += ((high - (sum - sumPart)) + (change - sumPart)) + changeError
        high = sum
    }

    /// Moves what `low` has gathered into `high` as far as it goes there, without changing the sum.
    @inlinable
    @inline(__always)
    mutating func normalize() {
        let total = high + low
        let part = total - high
        low = (high - (total - part)) + (low - part)
        high = total
    }

    /// The sum divided by `divisor`, correctly rounded: a trial quotient is corrected by the exact remainder.
    ///
    /// A window of equal values therefore has exactly that value as its mean, whatever its length. `divisor` is a
    /// whole number up to 2^26 and `reciprocal` is `1 / divisor`, kept by the caller because divisions are slow.
    @inlinable
    @inline(__always)
    func divided(by divisor: Double, reciprocal: Double) -> Double {
        let trial = high * reciprocal
        return trial + remainder(of: trial, times: divisor) / divisor
    }

    /// What is left of the sum after `quotient * divisor`, for a quotient within a few units of the last place of the
    /// true one.
    @inlinable
    @inline(__always)
    func remainder(of quotient: Double, times divisor: Double) -> Double {
        // Cutting the quotient into 26 and 27 bits makes both products with the divisor exact.
        let head = Double(bitPattern: quotient.bitPattern & 0xFFFF_FFFF_F800_0000)
        return ((high - head * divisor) - (quotient - head) * divisor) + low
    }

    /// The sum divided by another, which must not be 0: as `divided(by:reciprocal:)`, for any divisor.
    @inlinable
    @inline(__always)
    func divided(by other: ExactSum) -> Double {
        let divisor = other.value
        let trial = value / divisor
        let (product, error) = exactProduct(trial, other.high)
        let remainder = ((high - product) - error) + (low - trial * other.low)
        return trial + remainder / divisor
    }
}

/// The product of two doubles and its rounding error, together exact (Dekker's product after Veltkamp's split, so
/// that machines with and without fused multiply-add agree to the last bit).
@inlinable
@inline(__always)
func exactProduct(_ a: Double, _ b: Double) -> (product: Double, error: Double) {
    let product = a * b
    let splitA = 134_217_729.0 * a
    let highA = splitA - (splitA - a)
    let lowA = a - highA
    let splitB = 134_217_729.0 * b
    let highB = splitB - (splitB - b)
    let lowB = b - highB
    return (product, ((highA * highB - product) + highA * lowB + lowA * highB) + lowA * lowB)
}
