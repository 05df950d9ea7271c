import Testing

@testable import Journal

@Suite("Checkpoints of a journal")
struct CheckpointTests {
    private func checkpoint(_ journal: Journal, _ body: [UInt8], bordersSession: Bool = false) throws
        -> JournalCheckpoint
    {
        try journal.writeCheckpoint(
            JournalCheckpoint(
                decision: journal.last(.decisions), market: journal.last(.market), position: 5, time: 77,
                bordersSession: bordersSession), body: body)
    }

    @Test("a checkpoint is read back with what it was taken after")
    func roundTrip() throws {
        let scratch = Scratch()
        let (journal, _) = try Journal.open(directory: scratch.path, options: .test)
        #expect(try JournalCheckpoint.newest(in: scratch.path) == nil)
        journal.add([1])
        journal.addMarket(1...5)
        let written = try checkpoint(journal, Array(0...255), bordersSession: true)
        journal.add([2])
        #expect(journal.close())
        let loaded = try #require(try JournalCheckpoint.newest(in: scratch.path))
        #expect(loaded.checkpoint == written)
        #expect(loaded.checkpoint.decision == 1)
        #expect(loaded.checkpoint.market == 1)
        #expect(loaded.checkpoint.position == 5)
        #expect(loaded.checkpoint.time == 77)
        #expect(loaded.checkpoint.bordersSession)
        #expect(loaded.checkpoint.decisionHash == (try scratch.records().first?.hash))
        #expect(loaded.body == Array(0...255))
        #expect(loaded.passedOver.isEmpty)
    }

    @Test("where the newest can't be used the one before is taken, and that is said")
    func fallback() throws {
        let scratch = Scratch()
        let (journal, _) = try Journal.open(directory: scratch.path, options: .test)
        journal.add([1])
        _ = try checkpoint(journal, [1, 1, 1])
        journal.add([2])
        let newest = try checkpoint(journal, [2, 2, 2])
        #expect(journal.close())
        let name = String(newest.path.split(separator: "/").last ?? "")
        let bytes = try scratch.bytes(name)
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 4
            try scratch.write(damaged, to: name)
            let loaded = try JournalCheckpoint.newest(in: scratch.path)
            #expect(loaded?.body == [1, 1, 1], "byte \(index)")
            #expect(loaded?.passedOver.map(\.path) == [newest.path])
        }
        for size in 0..<bytes.count {
            try scratch.write(Array(bytes[..<size]), to: name)
            #expect(try JournalCheckpoint.newest(in: scratch.path)?.body == [1, 1, 1], "\(size) bytes")
        }
        #expect(try JournalVerifier.verify(directory: scratch.path).damagedCheckpoints.count == 1)
    }

    @Test("a checkpoint of another journal is not taken")
    func foreign() throws {
        let scratch = Scratch()
        let other = Scratch()
        for (place, payload) in [(scratch, UInt8(1)), (other, 2)] {
            let (journal, _) = try Journal.open(directory: place.path, options: .test)
            journal.add([payload])
            _ = try checkpoint(journal, [payload])
            #expect(journal.close())
        }
        let name = try #require(other.names.first { $0.hasPrefix("checkpoint") })
        try scratch.write(try other.bytes(name), to: name)
        #expect(try JournalCheckpoint.newest(in: scratch.path) == nil)
    }

    @Test("a journal that lost records which a checkpoint knows is not opened")
    func lostRecords() throws {
        let scratch = Scratch()
        let (journal, _) = try Journal.open(directory: scratch.path, options: .test)
        for index in 1...3 { journal.add([UInt8(index)]) }
        _ = try checkpoint(journal, [3])
        #expect(journal.close())
        let name = "decisions-0000000001.wj"
        try scratch.write(Array(try scratch.bytes(name).dropLast(85)), to: name)
        let error = #expect(throws: JournalError.self) { try Journal.open(directory: scratch.path, options: .test) }
        #expect(error?.kind == .position)
        var options = JournalOptions.test
        options.override = JournalOverride(origin: "trader", reason: "known")
        let (again, opening) = try Journal.open(directory: scratch.path, options: options)
        #expect(opening.accepted.count == 1)
        #expect(again.close())
        #expect(try JournalCheckpoint.newest(in: scratch.path) == nil)
    }

    @Test("the newest three stay, and those that a session began with")
    func retention() throws {
        let scratch = Scratch()
        let (journal, _) = try Journal.open(directory: scratch.path, options: .test)
        for index in 1...10 {
            journal.add([UInt8(index)])
            _ = try checkpoint(journal, [UInt8(index)], bordersSession: index == 2 || index == 6)
        }
        #expect(try journal.checkpoints().valid.map(\.decision) == [2, 6, 8, 9, 10])
        #expect(journal.close())
    }

    @Test("what a process left half-written is no checkpoint and goes when the journal is opened")
    func halfWritten() throws {
        let scratch = Scratch()
        let (journal, _) = try Journal.open(directory: scratch.path, options: .test)
        journal.add([1])
        _ = try checkpoint(journal, [1])
        #expect(journal.close())
        try scratch.write([1, 2, 3], to: "checkpoint-0000000002-0000000000.wc.tmp")
        #expect(try JournalCheckpoint.newest(in: scratch.path)?.body == [1])
        let (again, _) = try Journal.open(directory: scratch.path, options: .test)
        #expect(again.close())
        #expect(!scratch.names.contains { $0.hasSuffix(".tmp") })
    }
}
