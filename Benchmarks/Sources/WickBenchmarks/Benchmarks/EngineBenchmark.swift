import Engine
import Journal
import Market
import Storage

/// What the journal costs the engine's thread, and how long an event takes until its effect is ready to leave: a busy
/// stretch of the synthetic market through journal, kernel, simulated venue and projection.
enum EngineBenchmark: Benchmark {
    static let name = "engine"

    private static let from = Timestamp(seconds: 1_714_953_600)
    private static let hours: Int64 = 6
    private static let runs = 3

    /// The best of some runs over one stretch.
    private struct Best {
        var nanoseconds = Double.infinity
        var latencies: [Int64] = []
        var updateCount = 0
        var orderCount: UInt64 = 0
        var marketBytes = 0
        var decisionBytes = 0

        /// From an event to its effect, in microseconds.
        func latency(_ share: Double) -> Double {
            Double(latencies[Int(Double(latencies.count - 1) * share)]) / 1_000
        }
    }

    static func run() throws -> [Figure] {
        let off = try rehearse(writesJournal: false)
        let on = try rehearse(writesJournal: true)
        guard on.updateCount == off.updateCount, on.orderCount == off.orderCount,
            on.orderCount > 100
        else {
            throw BenchmarkError(
                description:
                    "with the journal \(on.orderCount) orders were made, without \(off.orderCount)")
        }
        let updates = Double(on.updateCount)
        let days = Double(hours) / 24
        func latency(_ what: String, _ share: Double) -> Figure {
            Figure(
                name: "engine: event to effect, \(what)", value: on.latency(share), unit: "µs",
                baseline: Baseline(name: "journal off", value: off.latency(share)), limit: 5)
        }
        let bare = Baseline(name: "journal off", value: off.nanoseconds)
        return [
            Figure(name: "engine: a market update, journal off", value: off.nanoseconds, unit: "ns/update"),
            Figure(
                name: "engine: a market update, journal on", value: on.nanoseconds, unit: "ns/update", baseline: bare,
                limit: off.nanoseconds * 2),
            latency("median", 0.5),
            latency("99 of 100", 0.99),
            Figure(
                name: "journal: bytes an update of the feed", value: Double(on.marketBytes) / updates,
                unit: "bytes", baseline: Baseline(name: "allowed", value: 12), limit: 12),
            Figure(
                name: "journal: market of a day, three instruments", value: Double(on.marketBytes) / days / 1e6,
                unit: "MB"),
            Figure(
                name: "journal: decisions of a busy day", value: Double(on.decisionBytes) / days / 1e6, unit: "MB"),
        ]
    }

    private static func rehearse(writesJournal: Bool) throws -> Best {
        var best = Best()
        for run in 0..<runs {
            let scratch = try Scratch("engine-\(run)")
            defer { scratch.remove() }
            let rehearsal = try EngineRehearsal(
                directory: scratch.directory, seed: 1, from: from, to: from.adding(seconds: hours * 3_600),
                strategies: BusyStrategies.records, writesJournal: writesJournal)
            let figures = try rehearsal.run()
            rehearsal.end()
            guard figures.updateCount > 0, !figures.decisionNanoseconds.isEmpty else {
                throw BenchmarkError(description: "nothing was traded")
            }
            best.nanoseconds = min(
                best.nanoseconds, Double(figures.processorNanoseconds) / Double(figures.updateCount))
            // Whatever else runs on the machine can only make the tail longer.
            let isFirst = best.latencies.isEmpty
            if isFirst || tail(figures.decisionNanoseconds) < tail(best.latencies) {
                best.latencies = figures.decisionNanoseconds
            }
            best.updateCount = figures.updateCount
            best.orderCount = figures.orderCount
            guard writesJournal else { continue }
            let journal = scratch.directory.file("journal")
            best.marketBytes = try JournalSegment.list(.market, in: journal).reduce(0) { $0 + $1.bytes }
            best.decisionBytes = try JournalSegment.list(.decisions, in: journal).reduce(0) { $0 + $1.bytes }
        }
        return best
    }

    private static func tail(_ sorted: [Int64]) -> Int64 { sorted[(sorted.count - 1) * 99 / 100] }
}
