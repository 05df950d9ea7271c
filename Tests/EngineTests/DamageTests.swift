import Glibc
import Journal
import Market
import Storage
import Testing
import Trading

@testable import Engine

@Suite("A journal that can't be followed")
struct DamageTests {
    private func configure(_ configuration: inout EngineConfiguration) {
        configuration.limits = RiskLimits(maximumOpenOrders: 30)
    }

    private func accept(_ configuration: inout EngineConfiguration) {
        configure(&configuration)
        configuration.journal.override = JournalOverride(origin: "test", reason: "the disk was replaced")
    }

    /// A directory in which an engine traded for an hour; the database has everything.
    private func traded() throws -> (folder: TemporaryDirectory, time: Timestamp, account: Account, next: OrderID) {
        let folder = try TemporaryDirectory()
        let rig = try JournalRig(in: folder, configure)
        rig.pass(seconds: 3_600)
        rig.core.endSession()
        rig.write()
        try #require(!rig.core.kernel.positions.isEmpty)
        let result = (folder, rig.time, rig.core.kernel.account, rig.core.kernel.nextOrderID)
        rig.abandon()
        return result
    }

    /// Changes one bit of a record in the middle of a stream.
    private func damage(_ folder: TemporaryDirectory, _ stream: JournalStream = .decisions) throws {
        let path = folder.path + "/journal/\(stream)-0000000001.wj"
        let file = open(path, O_RDWR)
        defer { close(file) }
        let segment = try #require(
            try JournalSegment.list(stream, in: folder.path + "/journal").first { $0.number == 1 })
        let place = off_t(segment.bytes / 2)
        var byte: UInt8 = 0
        try #require(pread(file, &byte, 1, place) == 1)
        byte ^= 1
        try #require(pwrite(file, &byte, 1, place) == 1)
    }

    private func refusal(_ folder: TemporaryDirectory, at time: Timestamp) -> String? {
        do {
            let rig = try JournalRig(in: folder, at: time, configure)
            rig.abandon()
            return nil
        } catch {
            return (error as? EngineError)?.description
        }
    }

    @Test(
        "without a word for it the engine does not start, and says what can be done",
        arguments: [
            JournalStream.decisions, .market,
        ])
    func refused(stream: JournalStream) throws {
        let (folder, time, _, _) = try traded()
        try damage(folder, stream)
        let text = try #require(refusal(folder, at: time))
        #expect(text.contains("\(stream)-0000000001.wj"))
        #expect(text.contains("--accept-journal-damage"))
        #expect(refusal(folder, at: time) == text)
    }

    @Test("accepted, the engine goes on from what the database holds, and its journal is whole again")
    func accepted() throws {
        let (folder, time, account, next) = try traded()
        try damage(folder)
        let journal = folder.path + "/journal"
        let former = InstanceFile.read(directory: journal)
        let rig = try JournalRig(in: folder, at: time, accept)
        #expect(rig.build.damage != nil)
        #expect(rig.core.kernel.account.cash == account.cash)
        #expect(rig.core.kernel.account.fees == account.fees)
        #expect(rig.core.kernel.nextOrderID >= next)
        #expect(InstanceFile.read(directory: journal) != former)
        let orders = try rig.stores.account.orders(limit: 10_000).count
        rig.pass(seconds: 3_600)
        rig.write()
        // Rows are stored although their numbers begin below those that the database had come to.
        #expect(try rig.stores.account.orders(limit: 10_000).count > orders)
        let copy = try rig.crashImage()
        let resumed = try JournalRig(in: copy, at: rig.time, configure)
        #expect(resumed.build.damage == nil)
        #expect(resumed.state == rig.state)
        resumed.abandon()
        rig.abandon()
        #expect(try JournalVerifier.verify(directory: journal).fault == nil)
    }

    @Test(
        "killed right after it was accepted, the next start goes on from the database, too",
        arguments: [
            JournalStream.decisions, .market,
        ])
    func killedAfterAcceptance(stream: JournalStream) throws {
        let (folder, time, account, _) = try traded()
        try damage(folder, stream)
        var configuration = EngineConfiguration(directory: folder.directory)
        accept(&configuration)
        let opened = try EngineJournal.open(configuration)
        #expect(!opened.opening.accepted.isEmpty)
        opened.journal.close(milliseconds: 5_000)
        let rig = try JournalRig(in: folder, at: time, configure)
        #expect(rig.build.damage != nil)
        #expect(rig.core.kernel.account.cash == account.cash)
        rig.abandon()
    }

    @Test("a journal without a checkpoint is refused, and accepted in somebody's name")
    func withoutCheckpoint() throws {
        let (folder, time, account, _) = try traded()
        for checkpoint in try JournalCheckpoint.list(in: folder.path + "/journal").valid { unlink(checkpoint.path) }
        #expect(refusal(folder, at: time)?.contains("no usable checkpoint") == true)
        let rig = try JournalRig(in: folder, at: time, accept)
        #expect(rig.build.damage?.contains("no usable checkpoint") == true)
        #expect(rig.core.kernel.account.cash == account.cash)
        rig.abandon()
        #expect(refusal(folder, at: time) == nil)
    }

    @Test("an older copy of a journal is refused: the database knows of more")
    func olderCopy() throws {
        let folder = try TemporaryDirectory()
        let rig = try JournalRig(in: folder, configure)
        rig.pass(seconds: 1_800)
        let copy = try rig.crashImage()
        rig.pass(seconds: 1_800)
        rig.write()
        let account = rig.core.kernel.account
        let time = rig.time
        rig.abandon()
        try #require(rename(folder.path + "/journal", copy.path + "/newer") == 0)
        try #require(rename(copy.path + "/journal", folder.path + "/journal") == 0)
        #expect(refusal(folder, at: time)?.contains("older copy") == true)
        let accepted = try JournalRig(in: folder, at: time, accept)
        #expect(accepted.core.kernel.account.cash == account.cash)
        accepted.abandon()
    }

    @Test("a journal that was moved aside begins anew, and the database takes in what comes")
    func movedAside() throws {
        let (folder, time, account, _) = try traded()
        try #require(rename(folder.path + "/journal", folder.path + "/journal.old") == 0)
        let rig = try JournalRig(in: folder, at: time, configure)
        #expect(rig.core.kernel.account.cash == account.cash)
        // Killed before the database took anything in: its place is the new journal's already.
        #expect(try rig.stores.account.projected() == 0)
        rig.pass(seconds: 3_600)
        rig.write()
        let place = try rig.stores.account.projected()
        #expect(place > 0 && place <= rig.journal.last(.decisions))
        rig.abandon()
    }

    @Test("the word is not needed for a sound journal, and changes nothing")
    func needless() throws {
        let (folder, time, _, _) = try traded()
        let plain = try JournalRig(in: folder, at: time, configure)
        let state = plain.state
        plain.abandon()
        let rig = try JournalRig(in: folder, at: time, accept)
        #expect(rig.build.damage == nil)
        #expect(rig.state == state)
        rig.abandon()
    }
}
