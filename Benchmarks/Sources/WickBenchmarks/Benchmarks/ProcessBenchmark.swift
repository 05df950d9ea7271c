#if canImport(Glibc)
import Glibc
#endif

/// The built `wick`, run as people run it: from the start of the process to its end, or on a terminal of its own.
enum ProcessBenchmark: Benchmark {
    static let name = "process"

    static func run() throws -> [Figure] {
        let wick = try Program.wick()
        // The person's own configuration and data are out of the way.
        let scratch = try Scratch("process")
        defer { scratch.remove() }
        setenv("XDG_CONFIG_HOME", scratch.directory.file("configuration"), 1)
        unsetenv("XDG_DATA_HOME")
        let log = scratch.directory.file("output.txt")
        let bare = try Program.run([wick, "--version"], log: log, times: 10)
        let nothing = try Program.run(["true"], log: log, times: 10)
        var figures = [
            Figure(
                name: "wick --version", value: bare.seconds * 1_000, unit: "ms",
                baseline: Baseline(name: "true", value: nothing.seconds * 1_000))
        ]
        figures += try CommandCosts(wick: wick, scratch: scratch, log: log, bare: bare).figures()
        figures += try WorkstationCosts(wick: wick, scratch: scratch, bare: bare).figures()
        return figures
    }
}
