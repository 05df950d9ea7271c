import Market

#if canImport(Glibc)
import Glibc
#endif

/// A simulated week: the whole engine with ten strategies, whose memory must be flat, whose descriptors must not grow, and
/// whose journal must lead to the same decisions once more. `WICK_SOAK_DAYS` sets another length. Runs only when named.
enum SoakBenchmark: Benchmark {
    static let name = "soak"

    /// How fast memory may grow, in bytes a day: a page here and there is no leak, a candle that stays is one.
    private static let slope = 500_000.0

    static func run() throws -> [Figure] {
        let days = getenv("WICK_SOAK_DAYS").flatMap { Int(String(cString: $0)) } ?? 7
        let scratch = try Scratch("soak")
        defer { scratch.remove() }
        let market = BusyMarket(days: max(days, 1))
        try BusyStrategies.register(in: scratch.directory)
        // The charts are full from the beginning: that they fill within two weeks is no leak.
        let program = try EngineProgram(scratch.directory, market.options, history: 20_000)
        let course = try market.watch(program, until: market.to)
        try program.finish()
        tell(course)
        let bytes = try BusyMarket.journalBytes(scratch.directory)
        let proof = try BusyMarket.prove(scratch.directory)
        print(proof.said)
        let figures = [
            Figure(name: "soak: \(days) days at full speed", value: course.seconds, unit: "s"),
            Figure(
                name: "soak: memory, second half", value: course.slope / 1_000, unit: "kB/day", limit: slope / 1_000),
            Figure(name: "soak: most memory", value: course.peak / 1e6, unit: "MB"),
            Figure(
                name: "soak: descriptors opened and kept", value: Double(course.descriptorGrowth), unit: "", limit: 0),
            Figure(name: "soak: journal", value: bytes / 1e6, unit: "MB"),
            Figure(name: "soak: verify", value: proof.verify, unit: "s"),
            Figure(name: "soak: replay, identical", value: proof.replay, unit: "s"),
        ]
        for figure in figures where figure.verdict == "over" {
            for figure in figures { Table.figure(figure) }
            throw BenchmarkError(description: "\(figure.name): \(figure.value) \(figure.unit) is too much")
        }
        return figures
    }

    /// Four lines a day.
    private static func tell(_ course: BusyMarket.Course) {
        var next = 0.25
        for sample in course.samples where sample.days >= next {
            print("day \(next): \(Int(sample.bytes / 1_000)) kB, \(sample.descriptors) descriptors")
            next = (sample.days * 4).rounded(.down) / 4 + 0.25
        }
    }
}
