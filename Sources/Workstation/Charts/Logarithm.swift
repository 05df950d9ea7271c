#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The natural logarithm, for axes only.
func logarithm(_ value: Double) -> Double { log(value) }

/// The inverse of `logarithm`.
func exponential(_ value: Double) -> Double { exp(value) }
