/// One figure of a benchmark.
struct Figure {
    /// What was measured.
    var name: String
    /// The value, in `unit`.
    var value: Double
    /// The unit, `ns/candle`.
    var unit: String
    /// What the value is compared with; the ratio to it is printed. Without one it is compared with its limit.
    var baseline: Baseline? = nil
    /// The most it may be; `nil` where no limit is set.
    var limit: Double? = nil
    /// What it should come to.
    var aim: Double? = nil

    /// The value in multiples of what it is compared with; `nil` when there is nothing to compare with, or nothing of it.
    var ratio: Double? {
        guard let base = baseline?.value ?? limit, base > 0 else { return nil }
        return value / base
    }

    /// What `ratio` is a multiple of.
    var against: String { ratio == nil ? "–" : baseline?.name ?? "target" }

    /// `ok`, `over`, or a dash where there is no limit.
    var verdict: String { limit.map { value <= $0 ? "ok" : "over" } ?? "–" }
}

/// Something plainer that does the same, or as much of it as nobody can do without.
struct Baseline {
    /// What it is, in a word or three.
    var name: String
    /// Its value, in the unit of the figure.
    var value: Double

    /// The plain C loop of CBaseline.
    static func c(_ value: Double) -> Baseline { Baseline(name: "C loop", value: value) }
}

/// A benchmark: one file each, listed in `WickBenchmarks.swift`.
protocol Benchmark: SendableMetatype {
    /// The name that selects it on the command line.
    static var name: String { get }

    /// Measures.
    ///
    /// - Throws: when what is to be measured does not work or gives a wrong result.
    static func run() throws -> [Figure]
}

/// What went wrong in a benchmark.
struct BenchmarkError: Error, CustomStringConvertible {
    var description: String
}
