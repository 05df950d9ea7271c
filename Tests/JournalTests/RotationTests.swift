import Glibc
import Synchronization
import Testing

@testable import Journal

@Suite("Segments of a journal", .serialized)
struct RotationTests {
    private var small: JournalOptions {
        var options = JournalOptions.test
        options.segmentBytes = 2000
        return options
    }

    private func payload(_ index: Int) -> [UInt8] { [UInt8](repeating: UInt8(index & 0xFF), count: 50) }

    private func isWhole(_ scratch: Scratch, _ count: Int) throws -> Bool {
        let records = try scratch.records()
        return records.count == count
            && records.enumerated().allSatisfy { Array($0.element.payload) == payload($0.offset) }
    }

    @Test("closed segments are compressed, and read as if they were not")
    func compression() throws {
        let scratch = Scratch()
        var options = small
        options.compresses = true
        let (journal, _) = try Journal.open(directory: scratch.path, options: options)
        for index in 0..<200 { journal.add(payload(index), time: Int64(index)) }
        #expect(journal.settle())
        for _ in 0..<2000 where scratch.names.filter({ $0.hasSuffix(".wj") && $0.hasPrefix("decisions") }).count > 1 {
            usleep(5000)
        }
        #expect(journal.close())
        let names = scratch.names.filter { $0.hasPrefix("decisions") }
        #expect(names.count > 5)
        #expect(names.dropLast().allSatisfy { $0.hasSuffix(".wj.zst") })
        #expect(try isWhole(scratch, 200))
        let result = try JournalVerifier.verify(directory: scratch.path)
        #expect(result.fault == nil)
        #expect(result.decisions.records == 200)
        let (again, opening) = try Journal.open(directory: scratch.path, options: options)
        #expect(opening.decisions.lastSequence == 200)
        #expect(again.close())
    }

    @Test("a compressed segment that was changed is found")
    func damagedCompression() throws {
        let scratch = Scratch()
        var options = small
        options.compresses = true
        let (journal, _) = try Journal.open(directory: scratch.path, options: options)
        for index in 0..<100 { journal.add(payload(index)) }
        #expect(journal.settle())
        let name = "decisions-0000000001.wj.zst"
        for _ in 0..<2000 where !scratch.names.contains(name) || scratch.names.contains("decisions-0000000001.wj") {
            usleep(5000)
        }
        #expect(journal.close())
        let bytes = try scratch.bytes(name)
        for index in stride(from: 0, to: bytes.count, by: 7) {
            var damaged = bytes
            damaged[index] ^= 0x10
            try scratch.write(damaged, to: name)
            #expect(try JournalVerifier.verify(directory: scratch.path).fault != nil, "byte \(index)")
        }
        try scratch.write(Array(bytes.dropLast(5)), to: name)
        #expect(try JournalVerifier.verify(directory: scratch.path).fault != nil)
    }

    /// Every place of a rotation or compression at which the process may die: what it leaves is copied there and opened.
    @Test(
        "killed anywhere during rotation or compression, a journal opens with everything that had been on the disk",
        arguments: [
            JournalBoundary.rotationBegins, .rotationClosed, .rotationPrepared, .rotationDone, .compressionPrepared,
            .compressionDone, .afterWrite, .afterMarketWrite, .afterSync,
        ])
    func killed(at boundary: JournalBoundary) throws {
        let scratch = Scratch()
        let remains = Scratch()
        let copied = Mutex<UInt64?>(nil)
        let durable = Atomic<UInt64>(0)
        let source = scratch.path
        let target = remains.path
        let state = Holder(durable)
        var options = small
        options.compresses = true
        options.crashPoint = { place in
            guard place == boundary, state.value.load(ordering: .relaxed) > 50 else { return }
            copied.withLock { copied in
                guard copied == nil else { return }
                copied = state.value.load(ordering: .relaxed)
                // A file may go, and another come, while the directory is copied, for another thread compresses: what
                // was there at one instant is what a copy found whole.
                var isWhole = false
                while !isWhole {
                    isWhole = true
                    for name in (try? SystemFiles().names(in: target)) ?? [] { unlink(target + "/" + name) }
                    for name in (try? SystemFiles().names(in: source)) ?? [] {
                        guard let bytes = try? SystemFiles().contents(of: source + "/" + name) else {
                            isWhole = false
                            continue
                        }
                        let file = Glibc.open(target + "/" + name, O_RDWR | O_CREAT, 0o600)
                        try? SystemFiles().writeAll(file, bytes, at: 0)
                        close(file)
                    }
                }
            }
        }
        let (journal, _) = try Journal.open(directory: scratch.path, options: options)
        var index = 0
        while copied.withLock({ $0 }) == nil, index < 5000 {
            journal.add(payload(index))
            index += 1
            if index % 10 == 0 {
                #expect(journal.settle())
                state.value.store(journal.durable(.decisions), ordering: .relaxed)
            }
        }
        #expect(journal.close())
        let known = try #require(copied.withLock { $0 })
        let (again, opening) = try Journal.open(directory: remains.path, options: small)
        #expect(opening.decisions.lastSequence >= known)
        #expect(opening.decisions.lastSequence <= UInt64(index))
        #expect(again.close())
        #expect(try isWhole(remains, Int(opening.decisions.lastSequence)))
        #expect(try JournalVerifier.verify(directory: remains.path).fault == nil)
        #expect(!remains.names.contains { $0.hasSuffix(".tmp") })
    }

    @Test("room is reserved ahead and given back at the end")
    func reservation() throws {
        let scratch = Scratch()
        var options = JournalOptions.test
        options.reserveBytes = 1 << 20
        let (journal, _) = try Journal.open(directory: scratch.path, options: options)
        journal.add([1])
        #expect(journal.settle())
        let size = try scratch.bytes("decisions-0000000001.wj").count
        #expect(size == 1 << 20 || size == 128 + 85)
        #expect(try scratch.records().count == 1)
        #expect(journal.close())
        #expect(try scratch.bytes("decisions-0000000001.wj").count == 128 + 85)
    }

    @Test("a record larger than a segment has one for itself")
    func largeRecord() throws {
        let scratch = Scratch()
        try scratch.fill(5, options: small) { [UInt8](repeating: UInt8($0), count: 5000) }
        #expect(try scratch.records().map(\.payload.count) == [5000, 5000, 5000, 5000, 5000])
        #expect(try JournalVerifier.verify(directory: scratch.path).fault == nil)
    }

    @Test("a failure to make the next segment is tried again")
    func failedRotation() throws {
        let scratch = Scratch()
        let files = FaultyFiles()
        let (journal, _) = try Journal.open(directory: scratch.path, options: small, files: files)
        #expect(journal.settle())
        let left = Mutex(6)
        files.set { call in
            let isHit: Bool
            switch call {
            case .open(let path), .rename(let path): isHit = path.contains("decisions-0000000002")
            default: isHit = false
            }
            guard isHit else { return .proceed }
            return left.withLock { left in
                left -= 1
                return left > 0 && left % 2 == 0 ? .fail(EIO) : .proceed
            }
        }
        for index in 0..<100 { journal.add(payload(index)) }
        #expect(journal.settle())
        #expect(journal.close())
        #expect(try isWhole(scratch, 100))
    }
}

/// Lets a closure hold an atomic.
final class Holder: Sendable {
    let value: Atomic<UInt64>
    init(_ value: consuming Atomic<UInt64>) { self.value = value }
}
