#if canImport(Glibc)
import Glibc  // determinism: only for pure functions
#elseif canImport(Musl)
import Musl  // determinism: only for pure functions
#else
import Darwin  // determinism: only for pure functions
#endif

/// Functions of the C library that the formulas need.
enum Function {
    /// e raised to `x`.
    static func exp(_ x: Double) -> Double { _exp(x) }
    /// The natural logarithm.
    static func log(_ x: Double) -> Double { _log(x) }
    /// The logarithm to base 10.
    static func log10(_ x: Double) -> Double { _log10(x) }
    /// `base` raised to `exponent`.
    static func power(_ base: Double, _ exponent: Double) -> Double { _pow(base, exponent) }
    /// The complementary error function.
    static func erfc(_ x: Double) -> Double { _erfc(x) }
}

private func _exp(_ x: Double) -> Double { exp(x) }
private func _log(_ x: Double) -> Double { log(x) }
private func _log10(_ x: Double) -> Double { log10(x) }
private func _pow(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
private func _erfc(_ x: Double) -> Double { erfc(x) }
