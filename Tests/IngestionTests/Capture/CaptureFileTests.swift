import Foundation
import Glibc
import Market
import Testing

@testable import Ingestion

@Suite("Files of captures")
struct CaptureFileTests {
    private static let start = CaptureScript.start

    /// Messages of all sorts of bytes.
    private static let messages: [[UInt8]] = [
        Array("{\"a\":1}".utf8), [], [0x0A], Array("two\nlines\n".utf8), [0, 255, 0x20, 0x0A, 0],
        Array(repeating: 0x78, count: 300_000),
    ]

    private static func time(_ index: Int) -> Timestamp { start.adding(nanoseconds: Int64(index) * 1_000_000) }

    /// A capture of `messages` on connection 1, closed in order.
    private func capture(_ path: String, of messages: [[UInt8]] = messages, partBytes: Int64 = 1 << 30) throws {
        let writer = try CaptureWriter(to: path, partBytes: partBytes)
        writer.begin(CaptureScript.head(next: nil))
        writer.add(.open, 1, at: Self.start)
        for (index, message) in messages.enumerated() {
            writer.add(.text, 1, bytes: message, at: Self.time(index))
            // Parts change where something is flushed.
            if partBytes < 1 << 20 { writer.flush() }
        }
        writer.close()
    }

    private func entries(_ reader: CaptureReader) throws -> [CaptureEntry] {
        var entries: [CaptureEntry] = []
        while let entry = try reader.next() { entries.append(entry) }
        return entries
    }

    @Test("what was captured is read as it came, whatever bytes it is of")
    func roundTrip() throws {
        let folder = TemporaryDirectory()
        let path = folder.path + "/a.wickcap"
        try capture(path)
        let reader = try CaptureReader(path)
        #expect(reader.head == CaptureScript.head(next: nil))
        #expect(reader.begin == Self.start)
        #expect(reader.end == Self.time(Self.messages.count - 1))
        let read = try entries(reader)
        #expect(read.first == CaptureEntry(time: Self.start, kind: .open, number: 1))
        #expect(read.dropFirst().map(\.bytes) == Self.messages)
        #expect(read.dropFirst().map(\.time) == Self.messages.indices.map(Self.time))
        #expect(reader.remark == nil)
    }

    @Test("a file that is there is never overwritten")
    func exclusive() throws {
        let folder = TemporaryDirectory()
        let path = try folder.write("a.wickcap", "mine")
        #expect(throws: IngestionError.self) { try CaptureWriter(to: path) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    }

    @Test("a capture that grows goes on in further files, which are played as one")
    func parts() throws {
        let folder = TemporaryDirectory()
        let path = folder.path + "/a.wickcap"
        try capture(path, partBytes: 1)
        #expect(FileManager.default.fileExists(atPath: folder.path + "/a.2.wickcap"))
        #expect(FileManager.default.fileExists(atPath: folder.path + "/a.6.wickcap"))
        let reader = try CaptureReader(path)
        #expect(reader.end == Self.time(Self.messages.count - 1))
        let read = try entries(reader)
        #expect(read.filter { $0.kind == .text }.map(\.bytes) == Self.messages)
        #expect(read.count { $0.kind == .open } == 1)
        #expect(reader.remark == nil)
    }

    @Test("a later part can be played alone, its connections being open")
    func laterPart() throws {
        let folder = TemporaryDirectory()
        try capture(folder.path + "/a.wickcap", partBytes: 1)
        let reader = try CaptureReader(folder.path + "/a.3.wickcap")
        let read = try entries(reader)
        #expect(read.first?.kind == .open)
        #expect(read.dropFirst().map(\.bytes) == Array(Self.messages[2...]))
    }

    @Test("a part of another capture under the next name is not played")
    func foreignPart() throws {
        let folder = TemporaryDirectory()
        try capture(folder.path + "/a.wickcap")
        let writer = try CaptureWriter(to: folder.path + "/a.2.wickcap")
        var head = CaptureScript.head(next: nil)
        (head.part, head.begin) = (2, head.begin + 1)
        writer.begin(head)
        writer.add(.text, 1, bytes: [0x7B], at: Self.time(900))
        writer.close()
        let read = try entries(try CaptureReader(folder.path + "/a.wickcap"))
        #expect(read.dropFirst().map(\.bytes) == Self.messages)
    }

    @Test("a part that is missing or damaged at its head ends the capture, and that is said", arguments: [2, 3, 6])
    func missingPart(_ number: Int) throws {
        let folder = TemporaryDirectory()
        try capture(folder.path + "/a.wickcap", partBytes: 1)
        let path = folder.path + "/a.\(number).wickcap"
        let whole = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        try FileManager.default.removeItem(atPath: path)
        func remark() throws -> String? {
            let reader = try CaptureReader(folder.path + "/a.wickcap")
            let read = try entries(reader)
            #expect(read.filter { $0.kind == .text }.map(\.bytes) == Array(Self.messages[..<(number - 1)]))
            return reader.remark
        }
        #expect(try remark()?.contains("part \(number), \(path), is missing") == true)
        _ = try folder.write("a.\(number).wickcap", Array(whole.dropFirst(3)))
        #expect(try remark()?.contains("part \(number) can't be played") == true)
        _ = try folder.write("a.\(number).wickcap", whole)
        let reader = try CaptureReader(folder.path + "/a.wickcap")
        #expect(try entries(reader).count { $0.kind == .text } == Self.messages.count && reader.remark == nil)
    }

    @Test("of captures whose marks do not say whether a part follows, the parts behind a missing one tell of it")
    func missingOlderPart() throws {
        let folder = TemporaryDirectory()
        try capture(folder.path + "/a.wickcap", partBytes: 1)
        for name in ["a", "a.2", "a.3", "a.4", "a.5"] {
            let path = folder.path + "/\(name).wickcap"
            var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
            bytes.replaceSubrange(bytes.count - 24..<bytes.count - 16, with: Array("wickend1".utf8))
            _ = try folder.write("\(name).wickcap", bytes)
        }
        func remark() throws -> String? {
            let reader = try CaptureReader(folder.path + "/a.wickcap")
            _ = try entries(reader)
            return reader.remark
        }
        #expect(try remark() == nil)
        try FileManager.default.removeItem(atPath: folder.path + "/a.3.wickcap")
        #expect(try remark()?.contains("is missing") == true)
        try FileManager.default.removeItem(atPath: folder.path + "/a.4.wickcap")
        // Nothing tells of two in a row.
        #expect(try remark() == nil)
    }

    @Test("a file that was cut anywhere is read up to there, and says so")
    func torn() throws {
        let folder = TemporaryDirectory()
        let messages = (0..<40).map {
            Array("{\"message\":\($0),\"x\":\"\(String(repeating: "y", count: $0 * 7))\"}".utf8)
        }
        let path = folder.path + "/a.wickcap"
        let writer = try CaptureWriter(to: path)
        writer.begin(CaptureScript.head(next: nil))
        for (index, message) in messages.enumerated() {
            writer.add(.text, 1, bytes: message, at: Self.time(index))
            if index % 4 == 3 { writer.flush() }
        }
        writer.close()
        let whole = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        var longest = 0
        for count in 0..<whole.count {
            let cut = try folder.write("cut.wickcap", Array(whole[..<count]))
            guard let reader = try? CaptureReader(cut) else {
                #expect(longest == 0, "what could be read once can be read with more of it")
                continue
            }
            let read = try entries(reader).map(\.bytes)
            #expect(read == Array(messages.prefix(read.count)))
            #expect(read.count >= longest)
            #expect(reader.remark != nil)
            longest = max(longest, read.count)
        }
        #expect(longest == messages.count)
    }

    @Test("what was flushed can be read while the capture goes on, as after a kill")
    func unfinished() throws {
        let folder = TemporaryDirectory()
        let path = folder.path + "/a.wickcap"
        let writer = try CaptureWriter(to: path)
        writer.begin(CaptureScript.head(next: nil))
        writer.add(.text, 1, bytes: Array("{}".utf8), at: Self.time(5))
        writer.flush()
        let reader = try CaptureReader(path)
        #expect(reader.end == Self.time(5))
        #expect(try entries(reader).map(\.bytes) == [Array("{}".utf8)])
        #expect(reader.remark?.contains("not ended in order") == true)
        writer.close()
    }

    @Test("a file in which any one byte was changed never gives an entry that is none", arguments: 0..<4)
    func damaged(_ seed: Int) throws {
        let folder = TemporaryDirectory()
        let messages = (0..<40).map { Array("{\"message\":\($0)}".utf8) }
        try capture(folder.path + "/a.wickcap", of: messages)
        let whole = Array(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/a.wickcap")))
        var numbers = SeededNumbers(seed: UInt64(seed + 1))
        // Every fourth byte, each seed from another on.
        for place in stride(from: seed, to: whole.count, by: 4) {
            var bytes = whole
            bytes[place] ^= UInt8(1 + numbers.next() % 255)
            let path = try folder.write("damaged.wickcap", bytes)
            guard let reader = try? CaptureReader(path) else { continue }
            let read = try entries(reader)
            #expect(read.count <= messages.count + 1)
            #expect(read.allSatisfy { Timestamp.plausible.contains($0.time) })
        }
    }

    @Test("a full disk ends the capture in words and keeps nothing from going on")
    func fullDisk() throws {
        let writer = try CaptureWriter(open("/dev/full", O_WRONLY | O_CLOEXEC), "/somewhere/a.wickcap")
        writer.begin(CaptureScript.head(next: nil))
        writer.add(.text, 1, bytes: Array("{}".utf8), at: Self.time(1))
        writer.flush()
        let problem = try #require(writer.progress.problem)
        #expect(problem.contains("/somewhere/a.wickcap: No space left on device"))
        #expect(problem.contains("the capture ends after"))
        let messages = writer.progress.messages
        writer.add(.text, 1, bytes: Array("{}".utf8), at: Self.time(2))
        writer.close()
        #expect(writer.progress.messages == messages)
        #expect(writer.progress.written == 0)
    }

    @Test("a disk on which others need the room ends the capture before it is full")
    func scarce() throws {
        let folder = TemporaryDirectory()
        let writer = try CaptureWriter(to: folder.path + "/a.wickcap", minimumFreeBytes: .max)
        writer.begin(CaptureScript.head(next: nil))
        writer.add(.text, 1, bytes: Array("{}".utf8), at: Self.time(1))
        writer.flush()
        #expect(writer.progress.problem?.contains("which are for others") == true)
        writer.close()
    }

    @Test("messages that memory has no room for are counted, and how many are missing stands in their place")
    func overflow() throws {
        let folder = TemporaryDirectory()
        let path = folder.path + "/a.wickcap"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        let writer = try CaptureWriter(descriptor, path, capacity: 10_000)
        writer.begin(CaptureScript.head(next: nil))
        let large = [UInt8](repeating: 0x78, count: 10_001)
        writer.add(.text, 1, bytes: large, at: Self.time(1))
        writer.add(.text, 1, bytes: large, at: Self.time(2))
        writer.add(.tick, at: Self.time(3))
        writer.close()
        #expect(writer.progress.lost == 2)
        #expect(writer.progress.messages == 0)
        let read = try entries(try CaptureReader(path))
        #expect(read.map(\.kind) == [.lost, .tick])
        #expect(read.first?.number == 2)
    }

    @Test("a capture of a newer form is refused with its number")
    func newer() throws {
        let folder = TemporaryDirectory()
        let path = folder.path + "/a.wickcap"
        let writer = try CaptureWriter(to: path)
        var head = CaptureScript.head(next: nil)
        head.version = 99
        writer.begin(head)
        writer.close()
        let error = #expect(throws: IngestionError.self) { try CaptureReader(path) }
        #expect(error?.detail.contains("form 99") == true)
        #expect(error?.exitCode == 65)
    }

    @Test("a head with numbers that no venue has is refused")
    func hostileHead() throws {
        func mutated(_ change: (inout CaptureHead) -> Void) -> [UInt8] {
            var head = CaptureScript.head(next: nil)
            change(&head)
            return head.bytes
        }
        #expect(CaptureHead.decode(mutated { _ in }).head != nil)
        #expect(CaptureHead.decode(mutated { $0.instruments[0].priceScale = 17 }).head == nil)
        #expect(CaptureHead.decode(mutated { $0.instruments[0].quantityScale = -1 }).head == nil)
        #expect(CaptureHead.decode(mutated { $0.instruments[0].rules.tick = .zero }).head == nil)
        #expect(CaptureHead.decode(mutated { $0.instruments[1] = $0.instruments[0] }).head == nil)
        #expect(CaptureHead.decode(mutated { $0.instruments = [] }).head == nil)
        #expect(CaptureHead.decode(mutated { $0.next = [] }).head == nil)
        #expect(CaptureHead.decode(mutated { $0.next[0] = .max }).head == nil)
        #expect(CaptureHead.decode(mutated { $0.begin = .min }).head == nil)
        #expect(CaptureHead.decode(mutated { $0.part = 0 }).head == nil)
        #expect(CaptureHead.decode(Array("{".utf8)).head == nil)
    }
}
