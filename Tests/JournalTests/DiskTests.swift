import Glibc
import Synchronization
import Testing

@testable import Journal

@Suite("A journal on a bad disk", .serialized)
struct DiskTests {
    /// Waits for something that another thread does; the bound is far beyond what it takes.
    private func eventually(_ condition: () -> Bool) -> Bool {
        for _ in 0..<4000 {
            if condition() { return true }
            usleep(5000)
        }
        return false
    }

    @Test("many records take one sync of each stream")
    func groupCommit() throws {
        let scratch = Scratch()
        var options = JournalOptions.test
        options.flushMilliseconds = 60_000
        options.syncMilliseconds = 600_000
        let (journal, _) = try Journal.open(directory: scratch.path, options: options)
        for index in 0..<5000 {
            journal.addMarket(UInt64(index + 1)...UInt64(index + 1))
            journal.add([1, 2, 3], position: UInt64(index + 1))
        }
        #expect(journal.durable(.decisions) == 0)
        #expect(journal.settle())
        #expect(journal.durable(.decisions) == 5000)
        #expect(journal.durable(.market) == 5000)
        #expect(journal.syncCount == 2)
        #expect(journal.backlogBytes == 0)
        #expect(journal.close())
    }

    @Test("a full disk is named, nothing is lost, and the journal goes on when there is room")
    func full() throws {
        let scratch = Scratch()
        let files = FaultyFiles()
        let (journal, _) = try Journal.open(directory: scratch.path, options: .test, files: files)
        journal.add([1])
        #expect(journal.settle())
        files.set { call in
            guard case .write(_, let offset, let count) = call else { return .proceed }
            return offset < 1000 ? .short(min(count, 1000 - offset)) : .fail(ENOSPC)
        }
        for index in 2...100 { journal.add([UInt8(index)]) }
        #expect(!journal.waitUntilDurable(decisions: 100, market: 0, milliseconds: 50))
        #expect(journal.problem?.kind == .full)
        #expect(journal.durable(.decisions) == 1)
        #expect(journal.backlogBytes > 0)
        files.set { _ in .proceed }
        #expect(journal.settle())
        #expect(journal.problem == nil)
        #expect(journal.close())
        #expect(try scratch.records().map { $0.payload.first } == (1...100).map { UInt8($0) })
        #expect(try JournalVerifier.verify(directory: scratch.path).fault == nil)
    }

    @Test("killed while the disk is full, a journal opens with what had been on the disk")
    func killedWhileFull() throws {
        let scratch = Scratch()
        let files = FaultyFiles()
        let (journal, _) = try Journal.open(directory: scratch.path, options: .test, files: files)
        journal.add([1])
        #expect(journal.settle())
        files.set { call in
            switch call {
            case .write(_, let offset, let count):
                return offset < 250 ? .short(min(count, 250 - offset)) : .fail(ENOSPC)
            case .truncate: return .fail(EIO)
            default: return .proceed
            }
        }
        for index in 2...100 { journal.add([UInt8(index)]) }
        #expect(eventually { journal.problem?.kind == .full })
        #expect(!journal.close(milliseconds: 10))
        let (again, opening) = try Journal.open(directory: scratch.path, options: .test)
        #expect(opening.decisions.lastSequence == 1)
        #expect(opening.decisions.cut != nil)
        #expect(again.close())
    }

    @Test("after a failed sync everything since the last good one is written anew, into the next segment")
    func failedSync() throws {
        let scratch = Scratch()
        let files = FaultyFiles()
        let (journal, _) = try Journal.open(directory: scratch.path, options: .test, files: files)
        journal.add([1])
        #expect(journal.settle())
        let isFirst = Mutex(true)
        files.set { call in
            guard case .sync(let path) = call, path.contains("decisions") else { return .proceed }
            return isFirst.withLock { first in
                defer { first = false }
                return first ? .fail(EIO) : .proceed
            }
        }
        for index in 2...50 { journal.add([UInt8(index)]) }
        #expect(journal.settle())
        #expect(journal.close())
        let second = try RecordScanner(
            SegmentFile(number: 2, path: scratch.path + "/decisions-0000000002.wj", isCompressed: false),
            files: SystemFiles())
        #expect(second.header.firstSequence == 2)
        #expect(second.header.followsFailedSync)
        #expect(try scratch.records().map { $0.payload.first } == (1...50).map { UInt8($0) })
        #expect(try JournalVerifier.verify(directory: scratch.path).fault == nil)
        let (again, opening) = try Journal.open(directory: scratch.path, options: .test)
        #expect(opening.decisions.lastSequence == 50)
        #expect(again.close())
    }

    @Test("what a failed sync left behind does not count, even where it could not be cut off")
    func failedSyncAndTruncate() throws {
        let scratch = Scratch()
        let files = FaultyFiles()
        let (journal, _) = try Journal.open(directory: scratch.path, options: .test, files: files)
        journal.add([1])
        #expect(journal.settle())
        let isFirst = Mutex(true)
        files.set { call in
            if case .truncate = call { return .fail(EIO) }
            guard case .sync(let path) = call, path.contains("decisions") else { return .proceed }
            return isFirst.withLock { first in
                defer { first = false }
                return first ? .fail(EIO) : .proceed
            }
        }
        for index in 2...50 { journal.add([UInt8(index)]) }
        #expect(journal.settle())
        #expect(try scratch.bytes("decisions-0000000001.wj").count > 128 + 85)
        files.set { _ in .proceed }
        #expect(journal.close())
        #expect(try scratch.records().count == 50)
        let result = try JournalVerifier.verify(directory: scratch.path)
        #expect(result.fault == nil)
        #expect(result.decisions.records == 50)
        let (again, opening) = try Journal.open(directory: scratch.path, options: .test)
        #expect(opening.decisions.lastSequence == 50)
        #expect(again.close())
    }

    @Test("a disk that does not answer is named while it does not")
    func stalled() throws {
        let scratch = Scratch()
        let files = FaultyFiles()
        var options = JournalOptions.test
        options.stallMilliseconds = 20
        let (journal, _) = try Journal.open(directory: scratch.path, options: options, files: files)
        #expect(journal.settle())
        let gate = Gate()
        files.set { call in
            if case .sync = call { gate.pass() }
            return .proceed
        }
        gate.close()
        journal.add([1])
        #expect(!journal.waitUntilDurable(decisions: 1, market: 0, milliseconds: 30))
        #expect(eventually { journal.problem?.kind == .stalled })
        gate.open()
        #expect(journal.settle())
        #expect(eventually { journal.problem == nil })
        #expect(journal.close())
    }

    @Test("market records are refused when too much waits, decisions never")
    func refused() throws {
        let scratch = Scratch()
        let files = FaultyFiles()
        var options = JournalOptions.test
        options.memoryBytes = 10_000
        let (journal, _) = try Journal.open(directory: scratch.path, options: options, files: files)
        #expect(journal.settle())
        files.set { call in
            if case .write = call { return .fail(EIO) }
            return .proceed
        }
        var taken: UInt64 = 0
        for index in 1...1000 {
            let sequence = journal.addMarket(UInt64(index)...UInt64(index))
            if sequence == 0 { break }
            taken = sequence
        }
        #expect(taken < 1000)
        #expect(journal.refusedCount == 1)
        for _ in 0..<1000 { #expect(journal.add([1]) > 0) }
        #expect(journal.problem != nil)
        files.set { _ in .proceed }
        #expect(journal.settle())
        #expect(eventually { journal.problem == nil })
        #expect(journal.addMarket(2000...2000) == taken + 1)
        #expect(journal.close())
        #expect(try scratch.records(.market).count == Int(taken) + 1)
    }

    @Test("a disk that is getting full is named before it is")
    func lowSpace() throws {
        let scratch = Scratch()
        let files = FaultyFiles { call in call == .free ? .free(100 << 20) : .proceed }
        var options = JournalOptions.test
        options.minimumFreeBytes = 200 << 20
        options.syncMilliseconds = 10
        let (journal, _) = try Journal.open(directory: scratch.path, options: options, files: files)
        #expect(eventually { journal.problem?.kind == .lowSpace })
        #expect(journal.add([1]) == 1)
        #expect(journal.settle())
        files.set { call in call == .free ? .free(300 << 20) : .proceed }
        #expect(eventually { journal.problem == nil })
        #expect(journal.close())
    }

    @Test("what a killed process handed over is brought onto the disk before it counts as being there")
    func syncAtOpening() throws {
        let scratch = Scratch()
        try scratch.fill(3)
        let synced = Mutex<Set<String>>([])
        let files = FaultyFiles { call in
            if case .sync(let path) = call { synced.withLock { _ = $0.insert(path) } }
            return .proceed
        }
        let (journal, opening) = try Journal.open(directory: scratch.path, options: .test, files: files)
        #expect(opening.decisions.lastSequence == 3)
        #expect(synced.withLock { $0.contains(scratch.path + "/decisions-0000000001.wj") })
        #expect(journal.durable(.decisions) == 3)
        #expect(journal.close())
    }

    @Test("a disk that refuses to confirm what is there keeps the journal closed")
    func refusalAtOpening() throws {
        let scratch = Scratch()
        try scratch.fill(3)
        let files = FaultyFiles { call in
            if case .sync = call { return .fail(EIO) }
            return .proceed
        }
        let error = #expect(throws: JournalError.self) {
            try Journal.open(directory: scratch.path, options: .test, files: files)
        }
        #expect(error?.kind == .inputOutput)
    }

    @Test("ended while it compresses, a journal leaves the plain segment")
    func endedWhileCompressing() throws {
        let scratch = Scratch()
        let gate = Gate()
        var options = JournalOptions.test
        options.segmentBytes = 1000
        options.compresses = true
        options.crashPoint = { if $0 == .compressionPrepared { gate.pass() } }
        gate.close()
        let (journal, _) = try Journal.open(directory: scratch.path, options: options)
        for index in 0..<50 { journal.add([UInt8](repeating: UInt8(index), count: 50)) }
        #expect(journal.settle())
        #expect(eventually { scratch.names.contains("decisions-0000000001.wj.zst.tmp") })
        #expect(journal.close(milliseconds: 50))
        #expect(try scratch.records().count == 50)
        gate.open()
        #expect(eventually { !scratch.names.contains { $0.hasSuffix(".tmp") } })
        #expect(try scratch.records().count == 50)
    }

    @Test(
        "a small file system that is really full stops the journal, and room on it lets it go on",
        .enabled(if: SmallDisk.isPossible, "mounting a file system takes root and the right to"))
    func smallDisk() throws {
        let scratch = Scratch()
        let disk = try SmallDisk(at: scratch.path + "/disk", kilobytes: 256)
        defer { disk.remove() }
        try disk.fill(kilobytes: 160, name: "ballast")
        let (journal, _) = try Journal.open(directory: disk.path + "/journal", options: .test)
        for index in 0..<100 { journal.add([UInt8](repeating: UInt8(index), count: 2000)) }
        #expect(eventually { journal.problem?.kind == .full })
        #expect(journal.durable(.decisions) < 100)
        // 200 kB of records need the ballast's room.
        try SystemFiles().remove(disk.path + "/ballast")
        #expect(journal.settle())
        #expect(journal.problem == nil)
        #expect(journal.close())
        let verification = try JournalVerifier.verify(directory: disk.path + "/journal")
        #expect(verification.fault == nil)
        #expect(verification.decisions.records == 100)
    }

    @Test(
        "a journal on a file system that is mounted read-only is refused with its path, and can still be verified",
        .enabled(if: SmallDisk.isPossible, "mounting a file system takes root and the right to"))
    func readOnlyMount() throws {
        let scratch = Scratch()
        let disk = try SmallDisk(at: scratch.path + "/disk", kilobytes: 512)
        defer { disk.remove() }
        let directory = disk.path + "/journal"
        let (journal, _) = try Journal.open(directory: directory, options: .test)
        for index in 0..<10 { journal.add([UInt8(index)]) }
        #expect(journal.settle())
        #expect(journal.close())
        try disk.becomeReadOnly()
        let error = #expect(throws: JournalError.self) { try Journal.open(directory: directory, options: .test) }
        #expect(error.map { "\($0)".contains(directory) && "\($0)".contains("Read-only file system") } == true)
        let verification = try JournalVerifier.verify(directory: directory)
        #expect(verification.fault == nil && verification.decisions.records == 10)
    }
}
