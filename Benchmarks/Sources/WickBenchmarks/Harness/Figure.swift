/// One figure of a benchmark.
struct Figure {
    /// What was measured.
    var name: String
    /// The value, in `unit`.
    var value: Double
    /// The unit, `ns/candle`.
    var unit: String
    /// The same by the plain C loop; the ratio to it is printed.
    var baseline: Double? = nil
    /// The most it may be; `nil` where no limit is set.
    var limit: Double? = nil
    /// What it should come to.
    var aim: Double? = nil

    var ratio: Double? { baseline.flatMap { $0 > 0 ? value / $0 : nil } }

    /// `aim met`, `ok`, `MISSED`, or a dash where there is no limit.
    var verdict: String {
        guard let limit else { return "–" }
        if value > limit { return "MISSED" }
        return aim.map { value <= $0 } == true ? "aim met" : "ok"
    }
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
