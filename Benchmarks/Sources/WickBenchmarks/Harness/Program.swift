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

    /// Memory of a process that is resident now, in bytes.
    static func residentBytes(of process: pid_t) throws -> Double {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = baseline_read_file("/proc/\(process)/statm", &bytes, bytes.count)
        let fields = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else {
            throw BenchmarkError(description: "/proc says nothing of the memory of process \(process)")
        }
        return Double(pages * sysconf(Int32(_SC_PAGESIZE)))
    }

    /// The built `wick`.
    ///
    /// - Throws: when there is none.
    static func wick() throws -> String {
        let wick = getenv("WICK_BINARY").map { String(cString: $0) } ?? ".build/release/wick"
        guard access(wick, X_OK) == 0 else {
            throw BenchmarkError(
                description: "there is no '\(wick)'; 'make build' builds it, WICK_BINARY names another")
        }
        return wick
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

    /// Writes a file.
    static func write(_ text: String, _ path: String) throws {
        let bytes = Array(text.utf8)
        guard baseline_write_file(path, bytes, bytes.count) == 0 else {
            throw BenchmarkError(description: "can't write \(path)")
        }
    }

    /// The beginning of what a run has written.
    static func output(_ log: String) -> String {
        var bytes = [UInt8](repeating: 0, count: 800)
        let count = baseline_read_file(log, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
