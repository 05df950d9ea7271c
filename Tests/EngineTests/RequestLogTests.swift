import Foundation
import Market
import Storage
import Synchronization
import Testing
import Venues

@testable import Engine

/// The audit on a disk that does not answer.
@Suite("The audit of requests")
struct RequestLogTests {
    private let time = Timestamp(iso8601: "2026-11-03T10:00:00Z")!

    private func lines(_ folder: TemporaryDirectory) throws -> [String] {
        try String(contentsOfFile: folder.path + "/requests-2026-11.log", encoding: .utf8).split(separator: "\n").map(
            String.init)
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
        try log.write("an order", at: time) {
            let text = try? String(contentsOfFile: path, encoding: .utf8)
            seen.withLock { $0.append(text ?? "no file") }
        }
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
        let released = Mutex<[String]>([])
        @Sendable func write(_ line: String) throws {
            try log.write(line, at: time) { released.withLock { $0.append(line) } }
        }
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
        #expect(released.withLock { $0 } == ["a cancel", "an exit"])
    }

    @Test("what opens and waited while an emergency stop came does not leave, and says so; what closes does")
    func stopped() throws {
        let folder = try TemporaryDirectory()
        let log = RequestLog(directory: folder.path)
        let time = time
        let gate = OpeningGate()
        let released = Mutex<[String]>([])
        gate.close(at: 1)
        #expect(throws: RequestHeld.self) {
            try RequestLog.$opening.withValue(gate) {
                try log.write("an entry", at: time) { released.withLock { $0.append("an entry") } }
            }
        }
        try log.write("an exit", at: time) { released.withLock { $0.append("an exit") } }
        #expect(released.withLock { $0 } == ["an exit"])
        #expect(try lines(folder) == ["an exit"])
    }

    @Test("an emergency stop while the line of what opens is being written keeps it from leaving")
    func stoppedUnderWay() {
        let gate = OpeningGate()
        let released = Mutex<[String]>([])
        let entry = AuditTicket("an entry", path: "", opening: gate) { released.withLock { $0.append("an entry") } }
        let exit = AuditTicket("an exit", path: "") { released.withLock { $0.append("an exit") } }
        for ticket in [entry, exit] { #expect(ticket.begin()) }
        gate.close(at: 1)
        for ticket in [entry, exit] { ticket.end(nil) }
        #expect(released.withLock { $0 } == ["an exit"])
        #expect(entry.isHeld && !exit.isHeld)
    }

    @Test("what opens and is half-way to a disk that hangs is denied in the line after it")
    func halfWay() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/requests-2026-11.log"
        #expect(mkfifo(path, 0o600) == 0)
        let log = RequestLog(directory: folder.path, stallMilliseconds: 50)
        let time = time
        let hasLeft = Mutex(false)
        #expect(throws: RequestLog.Problem.self) {
            try RequestLog.$opening.withValue(OpeningGate()) {
                try log.write("an entry", at: time) { hasLeft.withLock { $0 = true } }
            }
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
        #expect(!hasLeft.withLock { $0 })
    }
}
