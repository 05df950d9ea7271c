import Foundation
import Keys
import Market
import Storage
import Synchronization
import Testing

@testable import Engine
@testable import Venues

/// The audit on a disk that does not answer.
@Suite("The audit of requests")
struct RequestLogTests {
    private let time = Timestamp(iso8601: "2026-11-03T10:00:00Z")!

    private func lines(_ folder: TemporaryDirectory) throws -> [String] {
        try String(contentsOfFile: folder.path + "/requests-2026-11.log", encoding: .utf8).split(separator: "\n").map(
            String.init)
    }

    /// What lines went before, as it was let go.
    private final class Released: Sendable {
        private let names = Mutex<[String]>([])
        var all: [String] { names.withLock { $0 } }

        /// Writes a line and waits for its decision; notes whether what it goes before was let go.
        ///
        /// - Throws: why it was not.
        func write(_ line: String, to log: RequestLog, at time: Timestamp) throws {
            let verdict = Mutex<(any Error)?>(nil)
            let isDecided = DispatchSemaphore(value: 0)
            log.write(line, at: time) { [self] error in
                if error == nil { names.withLock { $0.append(line) } }
                verdict.withLock { $0 = error }
                isDecided.signal()
            }
            isDecided.wait()
            if let error = verdict.withLock({ $0 }) { throw error }
        }
    }

    @Test("lines are written in their order, whoever writes them")
    func order() throws {
        let folder = try TemporaryDirectory()
        let log = RequestLog(directory: folder.path)
        for number in 1...50 { try log.write("line \(number)", at: time) }
        #expect(try lines(folder) == (1...50).map { "line \($0)" })
        #expect(log.problem == nil)
    }

    @Test("what a line goes before is let go once, when the line is in the file")
    func release() throws {
        let folder = try TemporaryDirectory()
        let log = RequestLog(directory: folder.path)
        let path = folder.path + "/requests-2026-11.log"
        let seen = Mutex<[String]>([])
        let isLetGo = DispatchSemaphore(value: 0)
        log.write("an order", at: time) { error in
            let text = try? String(contentsOfFile: path, encoding: .utf8)
            seen.withLock { $0.append(error == nil ? text ?? "no file" : "kept") }
            isLetGo.signal()
        }
        isLetGo.wait()
        try log.write("another", at: time)
        #expect(seen.withLock { $0 } == ["an order\n"])
    }

    @Test("a file that is moved away while it is written to goes on as another, and so does a removed one")
    func moved() throws {
        let folder = try TemporaryDirectory()
        let log = RequestLog(directory: folder.path)
        let path = folder.path + "/requests-2026-11.log"
        try log.write("a", at: time)
        try log.write("b", at: time)
        #expect(rename(path, path + ".old") == 0)
        try log.write("c", at: time)
        #expect(try String(contentsOfFile: path + ".old", encoding: .utf8) == "a\nb\n")
        #expect(try lines(folder) == ["c"])
        #expect(unlink(path) == 0)
        try log.write("d", at: time)
        #expect(try lines(folder) == ["d"])
        // A link in its place is not followed.
        #expect(unlink(path) == 0 && symlink(path + ".old", path) == 0)
        let time = time
        #expect(throws: RequestLog.Problem.self) {
            try RequestLog.$opening.withValue(OpeningGate()) { try log.write("e", at: time) }
        }
        #expect(unlink(path) == 0)
        try log.write("f", at: time)
        #expect(try lines(folder) == ["f"])
    }

    @Test("each month has a file of its own, also in turns")
    func months() throws {
        let folder = try TemporaryDirectory()
        let log = RequestLog(directory: folder.path)
        let next = try #require(Timestamp(iso8601: "2026-12-01T00:00:00Z"))
        try log.write("a", at: time)
        try log.write("b", at: next)
        try log.write("c", at: time)
        #expect(try lines(folder) == ["a", "c"])
        #expect(try String(contentsOfFile: folder.path + "/requests-2026-12.log", encoding: .utf8) == "b\n")
    }

    @Test("a disk that hangs keeps what opens from leaving and lets the rest out, and nothing of the rest is lost")
    func hanging() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/requests-2026-11.log"
        // A pipe that nobody reads takes its opener as a dead disk does.
        #expect(mkfifo(path, 0o600) == 0)
        let log = RequestLog(directory: folder.path, stallMilliseconds: 50)
        let released = Released()
        let time = time
        @Sendable func write(_ line: String) throws { try released.write(line, to: log, at: time) }
        try write("a cancel")
        #expect(log.problem?.contains("took no line within 50 ms") == true)
        #expect(throws: RequestLog.Problem.self) {
            try RequestLog.$opening.withValue(OpeningGate()) { try write("an entry") }
        }
        try write("an exit")
        let reader = open(path, O_RDONLY)
        defer { close(reader) }
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while !text.contains("an exit") {
            let count = read(reader, &buffer, buffer.count)
            if count > 0 { text += String(decoding: buffer[..<count], as: UTF8.self) } else { usleep(1_000) }
        }
        #expect(text.split(separator: "\n") == ["a cancel", "an exit"])
        // Each once, although the lines came to the disk afterwards.
        #expect(released.all == ["a cancel", "an exit"])
    }

    @Test("what opens and waited while an emergency stop came does not leave, and says so; what closes does")
    func stopped() throws {
        let folder = try TemporaryDirectory()
        let log = RequestLog(directory: folder.path)
        let time = time
        let gate = OpeningGate()
        let released = Released()
        gate.close(at: 1)
        #expect(throws: RequestHeld.self) {
            try RequestLog.$opening.withValue(gate) { try released.write("an entry", to: log, at: time) }
        }
        try released.write("an exit", to: log, at: time)
        #expect(released.all == ["an exit"])
        #expect(try lines(folder) == ["an exit"])
    }

    @Test("an emergency stop while the line of what opens is being written keeps it from leaving")
    func stoppedUnderWay() {
        let gate = OpeningGate()
        let released = Mutex<[String]>([])
        func ticket(_ line: String, opening gate: OpeningGate?) -> AuditTicket {
            AuditTicket(line, path: "", opening: gate) { error in
                released.withLock { $0.append(error is RequestHeld ? "\(line) held" : line) }
            }
        }
        let (entry, exit) = (ticket("an entry", opening: gate), ticket("an exit", opening: nil))
        for ticket in [entry, exit] { #expect(ticket.begin()) }
        gate.close(at: 1)
        for ticket in [entry, exit] { ticket.end(nil) }
        #expect(released.withLock { $0 } == ["an entry held", "an exit"])
    }

    @Test("what becomes of a request that has left is written down after an emergency stop, too")
    func answered() async throws {
        let folder = try TemporaryDirectory()
        let log = RequestLog(directory: folder.path)
        let gate = OpeningGate()
        let audit = SpotAudit(log)
        func entry(_ phase: SpotAuditEntry.Phase) -> SpotAuditEntry {
            SpotAuditEntry(
                phase: phase, number: 7, time: time, environment: .testnet, keyName: "own", maskedKey: "abcd…",
                request: "POST /api/v3/order", parameters: "symbol=BTCUSDT")
        }
        await RequestLog.$opening.withValue(gate) {
            for phase in [SpotAuditEntry.Phase.leaving, .ended("confirmed")] {
                await withCheckedContinuation { continuation in
                    audit.write(entry(phase)) { _ in continuation.resume() }
                }
                gate.close(at: 1)
            }
        }
        #expect(try lines(folder).map { $0.hasSuffix(": leaving") || $0.hasSuffix(": confirmed") } == [true, true])
    }

    @Test("several lines that a disk does not take in time are decided, each once")
    func several() throws {
        let folder = try TemporaryDirectory()
        #expect(mkfifo(folder.path + "/requests-2026-11.log", 0o600) == 0)
        let log = RequestLog(directory: folder.path, stallMilliseconds: 50)
        let decided = Mutex<[String]>([])
        let isDecided = DispatchSemaphore(value: 0)
        for number in 1...20 {
            log.write("cancel \(number)", at: time) { error in
                decided.withLock { $0.append(error == nil ? "cancel \(number)" : "kept") }
                isDecided.signal()
            }
        }
        for _ in 1...20 { #expect(isDecided.wait(timeout: .now() + 10) == .success) }
        #expect(decided.withLock { $0 }.sorted() == (1...20).map { "cancel \($0)" }.sorted())
        let reader = open(folder.path + "/requests-2026-11.log", O_RDONLY)
        defer { close(reader) }
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while !text.contains("cancel 20") {
            let count = read(reader, &buffer, buffer.count)
            if count > 0 { text += String(decoding: buffer[..<count], as: UTF8.self) } else { usleep(1_000) }
        }
        #expect(text.split(separator: "\n").map(String.init) == (1...20).map { "cancel \($0)" })
        #expect(decided.withLock { $0.count } == 20)
    }

    @Test("what opens and is half-way to a disk that hangs is denied in the line after it")
    func halfWay() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/requests-2026-11.log"
        #expect(mkfifo(path, 0o600) == 0)
        let log = RequestLog(directory: folder.path, stallMilliseconds: 50)
        let time = time
        let released = Released()
        #expect(throws: RequestLog.Problem.self) {
            try RequestLog.$opening.withValue(OpeningGate()) { try released.write("an entry", to: log, at: time) }
        }
        try log.write("a cancel", at: time)
        let reader = open(path, O_RDONLY)
        defer { close(reader) }
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while !text.contains("a cancel") {
            let count = read(reader, &buffer, buffer.count)
            if count > 0 { text += String(decoding: buffer[..<count], as: UTF8.self) } else { usleep(1_000) }
        }
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.first == "an entry" && lines.last == "a cancel")
        #expect(lines.contains { $0.hasPrefix("not sent") && $0.hasSuffix("an entry") })
        #expect(released.all.isEmpty)
    }
}
