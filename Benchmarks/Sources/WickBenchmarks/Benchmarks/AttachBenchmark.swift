import CBaseline
import Engine

#if canImport(Glibc)
import Glibc
#endif

/// What one watcher of a running engine costs: bytes over the socket, and CPU time of the engine.
enum AttachBenchmark: Benchmark {
    static let name = "attach"

    static func run() throws -> [Figure] {
        let scratch = try Scratch("attach")
        defer { scratch.remove() }
        try BusyStrategies.register(in: scratch.directory)
        let program = try EngineProgram(scratch.directory, [])
        defer { program.kill() }
        try program.ready()
        sleep(3)
        let alone = use(of: program, seconds: 8)
        let before = bytesRead
        let watcher = try RemoteEngine(dataDirectory: scratch.directory.path, wish: .watch, place: "bench")
        defer { watcher.close() }
        let first = bytesRead - before
        sleep(1)
        let start = bytesRead
        let generation = watcher.snapshot.generation
        let time = baseline_wall_nanoseconds()
        let watched = use(of: program, seconds: 8)
        let seconds = Double(baseline_wall_nanoseconds() - time) / 1e9
        let snapshots = Double(watcher.snapshot.generation - generation) / seconds
        guard snapshots > 0, watcher.link.lostSeconds == nil else {
            throw BenchmarkError(description: "the watcher saw nothing in \(seconds) seconds")
        }
        return [
            Figure(name: "attach: first snapshot", value: first / 1_000, unit: "kB"),
            Figure(
                name: "attach: one watcher", value: (bytesRead - start) / seconds / 1_000, unit: "kB/s",
                baseline: Baseline(name: "first snapshot", value: first / 1_000 * snapshots)),
            Figure(name: "attach: snapshots published", value: snapshots, unit: "1/s"),
            Figure(
                name: "attach: CPU of the engine, one watcher", value: watched * 100, unit: "%",
                baseline: Baseline(name: "no watcher", value: alone * 100)),
        ]
    }

    /// The share of a core that an engine uses over so many seconds.
    private static func use(of program: EngineProgram, seconds: UInt32) -> Double {
        let cpu = program.cpuSeconds
        let start = baseline_wall_nanoseconds()
        sleep(seconds)
        return (program.cpuSeconds - cpu) / (Double(baseline_wall_nanoseconds() - start) / 1e9)
    }

    /// What this process has read so far: nothing else does while a watcher is looked at.
    private static var bytesRead: Double {
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = baseline_read_file("/proc/self/io", &bytes, bytes.count)
        let line = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: "\n").first ?? ""
        return line.split(separator: " ").last.flatMap { Double($0) } ?? 0
    }
}
