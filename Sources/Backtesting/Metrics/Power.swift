#if canImport(Glibc)
import Glibc  // determinism: only for pow, a pure function
#elseif canImport(Musl)
import Musl  // determinism: only for pow, a pure function
#else
import Darwin  // determinism: only for pow, a pure function
#endif

/// `base` raised to `exponent`, by the C library.
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
