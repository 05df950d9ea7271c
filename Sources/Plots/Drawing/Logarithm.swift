#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Places on a logarithmic axis.
enum Logarithm {
    /// Where a value lies between the ends of a range, by factors.
    static func share(_ value: Double, _ range: ClosedRange<Double>) -> Double {
        log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
    }
}
