import Foundation
import Journal
import Testing

/// A bit of the journal of a real session flips; the built program meets it.
@Suite("A damaged journal stops the engine until somebody answers for it", .serialized)
struct DamagedJournalTests {
    private static let reason = "the disk was replaced"

    /// A session of an hour whose decisions have a wrong bit in their middle.
    private func damaged() throws -> (run: CrashRun, file: String) {
        let run = try CrashRun(seed: 7, hours: 1)
        try run.finish()
        let journal = run.sandbox.data + "/journal"
        let segment = try #require(try JournalSegment.list(.decisions, in: journal).last)
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: segment.path))
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64(segment.bytes / 2))
        let byte = try #require(try handle.read(upToCount: 1)?.first)
        try handle.seek(toOffset: UInt64(segment.bytes / 2))
        try handle.write(contentsOf: [byte ^ 1])
        return (run, URL(fileURLWithPath: segment.path).lastPathComponent)
    }

    @Test("refused with file, byte and record; accepted with a reason, it goes on with a journal that is whole")
    func acceptance() throws {
        let (run, file) = try damaged()
        let before = try run.endState()
        let refused = try run.start().finished()
        #expect(refused.status == 65)
        #expect(refused.errors.contains(file) && refused.errors.contains("byte ") && refused.errors.contains("record "))
        #expect(refused.errors.contains("--accept-journal-damage"))
        #expect(try run.sandbox.wick("journal", "verify").status == 65)
        let accepted = try run.start(options: ["--accept-journal-damage", DamagedJournalTests.reason]).finished()
        #expect(accepted.status == 0, "\(accepted.errors)")
        #expect(accepted.errors.contains("the journal was damaged, and that was accepted"))
        let after = try run.endState()
        #expect(after.account?.cash == before.account?.cash)
        #expect(after.fills.count == before.fills.count)
        let verified = try run.sandbox.wick("journal", "verify")
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
        let shown = try run.sandbox.wick("journal", "show", "--kind", "damage-accepted")
        #expect(shown.output.contains(DamagedJournalTests.reason) && shown.output.contains("command line"))
        let next = try run.start().finished()
        #expect(next.status == 0, "\(next.errors)")
    }

    @Test(
        "a reason that says nothing, or a replay, is a mistake of usage",
        arguments: [
            ["engine", "--accept-journal-damage", " "],
            ["engine", "--accept-journal-damage", "because", "--replay", "BINANCE:BTCUSDT"],
        ])
    func usage(arguments: [String]) throws {
        let run = try Sandbox().wick(arguments)
        #expect(run.status == 64)
        #expect(run.errors.contains("--accept-journal-damage: "))
    }
}
