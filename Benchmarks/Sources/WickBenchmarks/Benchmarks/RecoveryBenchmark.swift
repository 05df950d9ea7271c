import Engine
import Journal
import Market

#if canImport(Glibc)
import Glibc
#endif

/// How long an engine takes to come back after it was killed near the end of a busy day, with ten strategies on three
/// instruments; and that day itself, which is run again in the end.
enum RecoveryBenchmark: Benchmark {
    static let name = "recovery"

    /// As many as lie between two checkpoints.
    private static let updates: UInt64 = 100_000

    static func run() throws -> [Figure] {
        let scratch = try Scratch("recovery")
        defer { scratch.remove() }
        let market = BusyMarket(days: 1)
        try BusyStrategies.register(in: scratch.directory)
        let day = try EngineProgram(scratch.directory, market.options)
        let course = try market.watch(day, until: market.to.adding(seconds: -1_200))
        day.kill()
        let fresh = try restart(scratch, market)
        // The same with the last checkpoints gone, so that as much is to follow as may lie between two, or more.
        var left = try JournalCheckpoint.list(in: scratch.directory.file("journal")).valid
        guard let end = left.last?.position, left.count > 2 else {
            throw BenchmarkError(description: "a day left \(left.count) checkpoints")
        }
        while left.count > 1, let last = left.last, last.position + updates > end {
            unlink(last.path)
            left.removeLast()
        }
        let worst = try restart(scratch, market)
        guard worst.updates >= Double(updates) else {
            throw BenchmarkError(description: "the restart followed \(worst.updates) market updates")
        }
        let last = try EngineProgram(scratch.directory, market.options)
        _ = try market.watch(last, until: market.to)
        try last.finish()
        let proof = try BusyMarket.prove(scratch.directory)
        return [
            Figure(name: "engine: start after a kill late in a busy day", value: fresh.seconds, unit: "s", limit: 2),
            Figure(name: "… having followed", value: fresh.updates, unit: "updates"),
            Figure(name: "engine: the same without its last checkpoints", value: worst.seconds, unit: "s", limit: 2),
            Figure(name: "… having followed", value: worst.updates, unit: "updates"),
            Figure(
                name: "engine: a busy day at full speed", value: course.seconds, unit: "s",
                baseline: Baseline(name: "a day", value: 86_400)),
            Figure(name: "engine: most memory in a busy day", value: course.peak / 1e6, unit: "MB", limit: 150),
            Figure(
                name: "engine: descriptors it opened and kept", value: Double(course.descriptorGrowth), unit: "",
                limit: 0),
            Figure(
                name: "engine: that day replayed, identical", value: proof.replay, unit: "s",
                baseline: Baseline(name: "the day", value: course.seconds)),
        ]
    }

    /// Seconds until the engine is open for business, after which it is killed at once, and how many market updates it
    /// followed until then.
    private static func restart(
        _ scratch: Scratch, _ market: BusyMarket
    ) throws -> (seconds: Double, updates: Double) {
        func newest() throws -> UInt64 {
            try JournalCheckpoint.list(in: scratch.directory.file("journal")).valid.last?.position ?? 0
        }
        let before = try newest()
        let program = try EngineProgram(scratch.directory, market.options)
        let seconds = try program.ready()
        program.kill()
        // The checkpoint that begins the session is at the end of what was followed.
        guard
            let begun = try JournalCheckpoint.list(in: scratch.directory.file("journal")).valid
                .last(where: \.bordersSession)
        else { throw BenchmarkError(description: "the restart began no session") }
        return (seconds, Double(begun.position) - Double(before))
    }
}
