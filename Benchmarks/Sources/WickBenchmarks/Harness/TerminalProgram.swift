import CBaseline

#if canImport(Glibc)
import Glibc
#endif

/// A program on a terminal of its own, its output read as it comes.
final class TerminalProgram {
    private let process: pid_t
    private let terminal: Int32
    private let start: Int64
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    /// Everything it has written.
    private(set) var output: [UInt8] = []

    init(_ arguments: [String], columns: Int, rows: Int) throws {
        var end: Int32 = -1
        start = baseline_wall_nanoseconds()
        process = Program.withArguments(arguments) {
            baseline_spawn_on_terminal($0, Int32(columns), Int32(rows), &end)
        }
        terminal = end
        guard process > 0 else { throw BenchmarkError(description: "no terminal could be opened") }
    }

    /// Seconds since before it was started.
    var seconds: Double { Double(baseline_wall_nanoseconds() - start) / 1e9 }

    /// Takes what it writes for so long.
    func read(seconds length: Double) throws {
        let end = seconds + length
        while seconds < end { try take(until: end) }
    }

    /// Takes what it writes until `text` was among it.
    ///
    /// - Returns: the seconds since its start.
    func read(until text: String, atMost limit: Double = 10) throws -> Double {
        let wanted = Array(text.utf8)
        var searched = 0
        while true {
            let time = seconds
            if TerminalProgram.contains(wanted, output, from: searched) { return time }
            searched = max(0, output.count - wanted.count)
            guard time < limit else {
                throw BenchmarkError(description: "the screen did not show '\(text)' within \(limit) seconds")
            }
            try take(until: limit)
        }
    }

    /// CPU time of all its threads so far, in seconds.
    func cpuSeconds() throws -> Double {
        let nanoseconds = baseline_process_nanoseconds(process)
        guard nanoseconds >= 0 else { throw BenchmarkError(description: "the program is gone") }
        return Double(nanoseconds) / 1e9
    }

    /// Memory that is resident now, in bytes.
    func residentBytes() throws -> Double { try Program.residentBytes(of: process) }

    /// Tells it to end and waits for that.
    @discardableResult
    func end() -> Int32 {
        kill(process, SIGTERM)
        // What it writes at its end must find a reader, or it waits.
        while baseline_read(terminal, &buffer, buffer.count, 5_000_000_000) > 0 {}
        kill(process, SIGKILL)
        close(terminal)
        return baseline_wait(process).status
    }

    private func take(until end: Double) throws {
        let rest = Int64((end - seconds) * 1e9)
        let count = baseline_read(terminal, &buffer, buffer.count, rest)
        guard count >= 0 else {
            let said = String(decoding: output.suffix(400), as: UTF8.self)
            throw BenchmarkError(description: "the program ended early: \(said)")
        }
        output += buffer[0..<count]
    }

    private static func contains(_ wanted: [UInt8], _ bytes: [UInt8], from: Int) -> Bool {
        guard bytes.count - wanted.count >= from else { return false }
        return (from...(bytes.count - wanted.count)).contains { start in
            wanted.indices.allSatisfy { bytes[start + $0] == wanted[$0] }
        }
    }
}
