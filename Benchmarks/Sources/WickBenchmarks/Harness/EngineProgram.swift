import CBaseline
import Engine
import Market
import Storage

#if canImport(Glibc)
import Glibc
#endif

/// A `wick engine` on a data directory, watched from outside.
final class EngineProgram {
    /// What it says once it is open for business.
    private static let readyWords = "runs on"

    let process: pid_t
    private let start = baseline_wall_nanoseconds()
    private let directory: DataDirectory
    private let log: String
    private var end: baseline_end?

    /// Starts one.
    ///
    /// - Parameters:
    ///   - market: options that say which market.
    ///   - history: the minutes that its charts begin with.
    ///   - faults: how its venue misbehaves, as `venue: faults` has it.
    init(_ directory: DataDirectory, _ market: [String], history: Int = 2_880, faults: String = "off") throws {
        self.directory = directory
        log = directory.file("output.txt")
        // Another one's words must not be taken for this one's.
        unlink(log)
        let configuration = directory.file("wick.yaml")
        try Program.write(BusyStrategies.configuration(history: history, faults: faults), configuration)
        let arguments =
            [try Program.wick(), "engine", "--data-dir", directory.path, "--config", configuration] + market
        let spawned = Program.withArguments(arguments) { [log] in baseline_spawn($0, log) }
        guard spawned > 0 else { throw BenchmarkError(description: "'\(arguments[0])' could not be started") }
        process = spawned
    }

    /// Starts one on a venue's market, with a configuration of its own.
    init(following configuration: String, _ directory: DataDirectory) throws {
        self.directory = directory
        log = directory.file("output.txt")
        unlink(log)
        let file = directory.file("wick.yaml")
        try Program.write(configuration, file)
        let arguments = [try Program.wick(), "engine", "--data-dir", directory.path, "--config", file]
        let spawned = Program.withArguments(arguments) { [log] in baseline_spawn($0, log) }
        guard spawned > 0 else { throw BenchmarkError(description: "'\(arguments[0])' could not be started") }
        process = spawned
    }

    deinit { kill() }

    /// Seconds since before it was started.
    var seconds: Double { Double(baseline_wall_nanoseconds() - start) / 1e9 }
    /// Whether it has ended.
    var hasEnded: Bool { end != nil || baseline_has_ended(process) != 0 }
    /// What it has said.
    var output: String { Program.output(log) }
    /// Memory that is resident now, in bytes.
    func residentBytes() throws -> Double { try Program.residentBytes(of: process) }
    /// Open descriptors.
    var descriptors: Int { Int(baseline_process_descriptors(process)) }
    /// CPU time so far, in seconds.
    var cpuSeconds: Double { Double(baseline_process_nanoseconds(process)) / 1e9 }

    /// Waits until it is open for business.
    ///
    /// - Returns: the seconds since its start.
    @discardableResult
    func ready(atMost limit: Double = 60) throws -> Double {
        while !output.contains(EngineProgram.readyWords) {
            guard !hasEnded, seconds < limit else {
                throw BenchmarkError(description: "the engine did not open for business: \(output)")
            }
            usleep(1_000)
        }
        return seconds
    }

    /// A connection to its control socket.
    func client() throws -> EngineClient { try EngineClient(dataDirectory: directory.path, timeoutSeconds: 30) }

    /// Where its market is; `nil` when it can't be asked any more.
    func marketTime(_ client: EngineClient) -> Timestamp? {
        (try? client.status()).flatMap { Timestamp(iso8601: $0.time) }
    }

    /// Ends it as nothing else does.
    func kill() {
        guard end == nil else { return }
        Glibc.kill(process, SIGKILL)
        end = baseline_wait(process)
    }

    /// Tells it to end, and waits for that.
    func stop() throws {
        Glibc.kill(process, SIGTERM)
        try finish()
    }

    /// Waits until it has ended by itself.
    func finish() throws {
        guard end == nil else { return }
        let end = baseline_wait(process)
        self.end = end
        guard end.status == 0 else {
            throw BenchmarkError(description: "the engine ended with \(end.status): \(output)")
        }
    }
}
