#if canImport(Glibc)
import Glibc  // determinism: only for exp, log, erfc and pow, pure functions
#elseif canImport(Musl)
import Musl  // determinism: only for exp, log, erfc and pow, pure functions
#else
import Darwin  // determinism: only for exp, log, erfc and pow, pure functions
#endif

/// The functions of the C library that the module needs; all of them pure.
enum Functions {
    @inline(__always)
    static func exponential(_ x: Double) -> Double { exp(x) }

    @inline(__always)
    static func logarithm(_ x: Double) -> Double { log(x) }

    static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

    static func cosine(_ x: Double) -> Double { cos(x) }

    /// The mass of a standard normal variable in [a, b], a ≤ b, exact in both tails.
    @inline(__always)
    static func normalMass(_ a: Double, _ b: Double) -> Double {
        let scale = 0.707_106_781_186_547_5
        // What lies on one side is a difference of that side's small tails, not of two numbers near 1.
        if a > 0 { return 0.5 * (erfc(a * scale) - erfc(b * scale)) }
        if b < 0 { return 0.5 * (erfc(-b * scale) - erfc(-a * scale)) }
        return 1 - 0.5 * (erfc(-a * scale) + erfc(b * scale))
    }
}
