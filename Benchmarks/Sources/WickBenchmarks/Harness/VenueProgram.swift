import CBaseline

#if canImport(Glibc)
import Glibc
#endif

/// A `wick venue serve`: an exchange on this machine, in a process of its own.
final class VenueProgram {
    private let process: pid_t
    private let log: String
    /// Where its REST API is.
    let rest: String
    /// Where its streams are.
    let streams: String

    /// Starts one that lists these symbols, and waits until it listens.
    init(_ symbols: [String], in scratch: Scratch) throws {
        log = scratch.directory.file("venue.txt")
        let arguments = [
            try Program.wick(), "venue", "serve", "binance-spot", "--plain", "--port", "0", "--json", "--seed", "7",
            "--instruments", symbols.joined(separator: ","), "--directory", scratch.directory.file("venue"),
        ]
        let spawned = Program.withArguments(arguments) { [log] in baseline_spawn($0, log) }
        guard spawned > 0 else { throw BenchmarkError(description: "'\(arguments[0])' could not be started") }
        process = spawned
        let start = baseline_wall_nanoseconds()
        while !Program.output(log).contains("}") {
            guard baseline_wall_nanoseconds() - start < 60_000_000_000 else {
                VenueProgram.end(spawned)
                throw BenchmarkError(description: "the venue does not listen: \(Program.output(log))")
            }
            usleep(10_000)
        }
        let text = Program.output(log)
        rest = VenueProgram.value("rest", in: text)
        streams = VenueProgram.value("streams", in: text)
    }

    deinit { VenueProgram.end(process) }

    /// Has it misbehave.
    func misbehave(_ fault: String, in scratch: Scratch) throws {
        _ = try Program.run(
            ["curl", "-s", "-X", "POST", "--data", fault, rest + "/stand-in/faults"],
            log: scratch.directory.file("curl.txt"))
    }

    private static func end(_ process: pid_t) {
        kill(process, SIGTERM)
        _ = baseline_wait(process)
    }

    private static func value(_ key: String, in text: String) -> String {
        guard let place = text.firstRange(of: "\"\(key)\":\"") else { return "" }
        return String(text[place.upperBound...].prefix { $0 != "\"" })
    }
}
