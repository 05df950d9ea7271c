import Bytes
import Foundation
import Journal
import Testing
import Trading

@testable import Engine

/// Sessions of the built program, run again by it.
@Suite("wick journal replay", .serialized)
struct JournalReplayTests {
    /// A session of two hours of the market of seed 7, in figures. They are the same in debug and release, whatever the
    /// seed of the hashes.
    private enum Golden {
        static let line = "identical: 192196 events, 110 orders\n"
        static let fills = 73
        static let equity = "9810.5915734553 USDT"
    }

    private func journal(_ run: CrashRun, _ arguments: String...) throws -> Run {
        try run.sandbox.wick(["journal"] + arguments)
    }

    @Test(
        "the golden session has its figures, and replays identical, under either seed of the hashes",
        arguments: [true, false])
    func golden(isDeterministic: Bool) throws {
        let seed = ["SWIFT_DETERMINISTIC_HASHING": "1"]
        let run = try CrashRun(seed: 7, hours: 2)
        let engine = try run.start(crash: nil, isDeterministic ? seed : [:]).finished()
        try #require(engine.status == 0, "\(engine.errors)")
        let end = try run.endState()
        #expect(end.account?.equity.description == Golden.equity)
        #expect(end.fills.count == Golden.fills)
        // The other way round than it ran.
        let replay = try run.sandbox.started(["journal", "replay"], isDeterministic ? [:] : seed).finished()
        #expect(replay.status == 0, "\(replay.output)\(replay.errors)")
        #expect(replay.output == Golden.line)
    }

    @Test("limits that deny orders show which, and what they would have come to")
    func limits() throws {
        let run = try CrashRun(seed: 7, hours: 1)
        try run.finish()
        let file = try run.sandbox.write("risk: {order-notional: 1}", "limits.yaml")
        let whatIf = try journal(run, "replay", "--with", file)
        #expect(whatIf.status == 0, "\(whatIf.errors)")
        #expect(whatIf.output.contains("  was:   buy") && whatIf.output.contains("entry: denied (order-notional"))
        #expect(whatIf.output.contains("as it was: ") && whatIf.output.contains(", 0 denied, equity"))
        #expect(!whatIf.output.contains("decisions that differ: 0\n"))
        #expect(whatIf.output.contains("equity 10000.00 USDT"))
    }

    @Test("another parameter shows the decisions that differ; unknown names are refused with those that there are")
    func parameters() throws {
        let run = try CrashRun(seed: 7, hours: 1)
        try run.finish()
        let changed = try journal(run, "replay", "1", "--param", "fast.fast=3")
        #expect(changed.status == 0, "\(changed.errors)")
        #expect(changed.output.contains("Z fast\n  was:"))
        #expect(!changed.output.contains("decisions that differ: 0\n"))
        let same = try journal(run, "replay", "--param", "fast.fast=2")
        #expect(same.output.contains("decisions that differ: 0\n"))
        let strategy = try journal(run, "replay", "--param", "fats.fast=3")
        #expect(strategy.status == 64)
        #expect(strategy.errors.contains("'fats'") && strategy.errors.contains("fast, trail, dip"))
        let name = try journal(run, "replay", "--param", "fast.fst=3")
        #expect(name.status == 64)
        #expect(name.errors.contains("fst") && name.errors.contains("slow"))
    }

    @Test("each session of a journal that was killed several times is identical from its own beginning")
    func killed() throws {
        let run = try CrashRun(seed: 7, hours: 1)
        for place in ["before-commit:4", "before-release:9", "after-release:5", "before-report:14"] {
            #expect(try run.die(at: place))
            let open = try journal(run, "replay")
            #expect(open.status == 0 && open.output.hasPrefix("identical: "), "\(place): \(open.output)\(open.errors)")
        }
        try run.finish()
        let list = try journal(run, "list", "--json").object()
        let checkpoints = try #require(list["checkpoints"] as? [[String: Any]])
        let begins = checkpoints.filter { $0["begins_session"] as? Bool == true }
        #expect(begins.compactMap { $0["session"] as? Int } == [1, 2, 3, 4, 5])
        #expect(checkpoints.last?["ends_session"] as? Bool == true)
        var orders = 0
        for session in 1...5 {
            let replay = try journal(run, "replay", "\(session)")
            #expect(replay.status == 0, "\(replay.output)")
            let figures = try #require(replay.output.wholeMatch(of: /identical: (\d+) events, (\d+) orders\n/))
            orders += try #require(Int(figures.2))
        }
        let stored = try run.endState().orders.filter { !$0.contains("denied") }.count
        #expect(orders == stored)
        let decision = try #require(checkpoints.first { $0["session"] as? Int == 3 }?["decision"] as? Int)
        #expect(
            try journal(run, "replay", "\(decision)").output == journal(run, "replay", "3").output)
        let none = try journal(run, "replay", "6")
        #expect(none.status == 66 && none.errors.contains("1 to 5"))
    }

    @Test("a fill that was changed in a journal which is whole is told as the first difference, with both sides")
    func rewritten() throws {
        let run = try CrashRun(seed: 7, hours: 1)
        try run.finish()
        let copy = run.sandbox.path("rewritten")
        let changed = try rewrite(run.sandbox.data + "/journal", to: copy)
        #expect(try run.sandbox.wick("journal", "verify", "--journal-dir", copy).status == 0)
        let replay = try run.sandbox.wick("journal", "replay", "--journal-dir", copy)
        #expect(replay.status == 1)
        #expect(replay.output.hasPrefix("different at record \(changed):\n  recorded: fill "))
        #expect(replay.output.contains("\n  replayed: fill "))
    }

    /// Writes a journal anew with the price of its fifth fill changed by a tick: every checksum and the chain are right.
    ///
    /// - Returns: the number of the changed record.
    private func rewrite(_ source: String, to target: String) throws -> UInt64 {
        var options = JournalOptions()
        options.minimumFreeBytes = 0
        let (journal, _) = try Journal.open(directory: target, options: options)
        var market = try JournalReader(directory: source, stream: .market)
        while let record = try market.record() {
            _ = journal.append(
                .market, kind: record.kind, version: record.version, time: record.time, position: record.position,
                correlation: record.correlation
            ) { $0.raw(record.payload) }
        }
        let start = try #require(try JournalCheckpoint.list(in: source).valid.first { $0.bordersSession })
        var decisions = try JournalReader(directory: source, stream: .decisions)
        var fills = 0
        var changed: UInt64 = 0
        while let record = try decisions.record() {
            var payload = record.payload
            if record.kind == JournalKind.fill.rawValue { fills += 1 }
            if record.kind == JournalKind.fill.rawValue, fills == 5 {
                changed = record.sequence
                payload = try raised(record)
            }
            _ = journal.append(
                .decisions, kind: record.kind, version: record.version, time: record.time, position: record.position,
                cause: record.cause, correlation: record.correlation
            ) { $0.raw(payload) }
            if record.sequence == start.decision { try journal.writeCheckpoint(start, body: start.body()) }
        }
        try #require(journal.close())
        return changed
    }

    private func raised(_ record: JournalRecord) throws -> ArraySlice<UInt8> {
        var reader = record.reader
        guard case .record(.fill(var fill)) = try Effect(.fill, from: &reader) else { return record.payload }
        fill.fill.price.mantissa += 1
        var writer = ByteWriter()
        Effect.record(.fill(fill)).writePayload(to: &writer)
        return writer.bytes[...]
    }
}
