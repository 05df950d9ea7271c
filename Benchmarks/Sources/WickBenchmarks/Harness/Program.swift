import CBaseline

#if canImport(Glibc)
import Glibc
#endif

/// Programs run from start to end, and what that took.
enum Program {
    /// What a run took.
    struct Cost {
        /// From before the start to after the end, in seconds.
        var seconds: Double
        /// CPU time of all its threads, in seconds.
        var cpuSeconds: Double
        /// The most memory that was resident, in bytes.
        var peakBytes: Double
    }

    /// Runs a program with its output thrown into a file.
    ///
    /// - Throws: when it does not end with 0.
    static func run(_ arguments: [String], log: String) throws -> Cost {
        let start = baseline_wall_nanoseconds()
        let process = withArguments(arguments) { baseline_spawn($0, log) }
        guard process > 0 else { throw BenchmarkError(description: "'\(arguments[0])' could not be started") }
        let end = baseline_wait(process)
        let seconds = Double(baseline_wall_nanoseconds() - start) / 1e9
        guard end.status == 0 else {
            throw BenchmarkError(
                description: "'\(arguments.joined(separator: " "))' ended with \(end.status): \(output(log))")
        }
        return Cost(
            seconds: seconds, cpuSeconds: Double(end.cpu_nanoseconds) / 1e9, peakBytes: Double(end.peak_bytes))
    }

    /// The shortest times and the largest memory of several runs; `before` is called ahead of each, outside the time.
    static func run(
        _ arguments: [String], log: String, times: Int, before: () throws -> Void = {}
    ) throws -> Cost {
        var best = Cost(seconds: .infinity, cpuSeconds: .infinity, peakBytes: 0)
        for _ in 0..<times {
            try before()
            let cost = try run(arguments, log: log)
            best.seconds = min(best.seconds, cost.seconds)
            best.cpuSeconds = min(best.cpuSeconds, cost.cpuSeconds)
            best.peakBytes = max(best.peakBytes, cost.peakBytes)
        }
        return best
    }

    /// Whether a program is found through PATH.
    static func isThere(_ name: String) -> Bool {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        return path.split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
    }

    /// Calls `body` with the arguments as C wants them.
    static func withArguments<Result>(
        _ arguments: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
    }

    /// The beginning of what a run has written.
    static func output(_ log: String) -> String {
        var bytes = [UInt8](repeating: 0, count: 800)
        let count = baseline_read_file(log, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
