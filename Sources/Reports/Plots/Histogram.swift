import Plots

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How often returns had which size.
struct Histogram {
    var low: Double
    var width: Double
    var counts: [Int]
    var mean: Double
    var deviation: Double

    /// Bins of the width of Freedman and Diaconis (1981), 2 · interquartile range ÷ ∛n, between 8 and 80 of them, with a
    /// border at 0; what lies beyond eight deviations is in the outermost. `nil` when the values don't differ, or there are
    /// fewer than 5.
    init?(_ values: [Double]) {
        guard values.count >= 5 else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(values.count - 1)).squareRoot()
        guard deviation > abs(mean) * 1e-12 else { return nil }
        self.mean = mean
        self.deviation = deviation
        let sorted = values.sorted()
        let least = max(sorted[0], mean - 8 * deviation)
        let most = min(sorted[sorted.count - 1], mean + 8 * deviation)
        let spread = sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]
        let wanted = 2 * spread / cbrt(Double(values.count))
        let span = most - least
        width = min(max(wanted, span / 80), span / 8)
        let first = (least / width).rounded(.down)
        let last = (most / width).rounded(.down)
        low = first * width
        counts = Array(repeating: 0, count: Int(last - first) + 1)
        for value in values {
            let place = min(max((value / width).rounded(.down) - first, 0), last - first)
            counts[Int(place)] += 1
        }
    }

    /// What a normal distribution of the same mean and deviation would have in bins of this width.
    var normal: [PlotPoint] {
        let high = low + Double(counts.count) * width
        let scale = Double(counts.reduce(0, +)) * width / (deviation * (2 * Double.pi).squareRoot())
        return (0...160).map { step in
            let x = low + (high - low) * Double(step) / 160
            let z = (x - mean) / deviation
            return PlotPoint(x, scale * exp(-z * z / 2))
        }
    }
}
