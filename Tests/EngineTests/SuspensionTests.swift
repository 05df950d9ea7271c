import Bytes
import Glibc
import Journal
import Market
import Storage
import Testing
import Trading

@testable import Engine

@Suite("A strategy that is kept out of a step")
struct SuspensionTests {
    private func configure(_ configuration: inout EngineConfiguration) { configuration.registersStarters = false }

    /// An account with one strategy that trades often.
    private func folder() throws -> TemporaryDirectory {
        let folder = try TemporaryDirectory()
        let rig = try JournalRig(in: folder, configure)
        let solana = try #require(try rig.stores.account.instruments().first { $0.symbol == "SOLUSDT" })
        _ = try rig.stores.account.add(
            StrategyRecord(
                name: "fast", className: "ema-crossover", parameters: ["fast": "2", "slow": "5"], instrument: solana,
                timeframe: .oneMinute, sizing: .equityShare(.percent(30)), status: .enabled), at: monday)
        rig.abandon()
        return folder
    }

    private func decisions(_ path: String) throws -> [JournalRecord] {
        var reader = try JournalReader(directory: path, stream: .decisions)
        var records: [JournalRecord] = []
        while let record = try reader.record() { records.append(record) }
        return records
    }

    /// Writes a journal anew up to a decision record, as a process leaves it that ends in that record's step.
    private func cut(_ source: String, to target: String, after last: UInt64) throws {
        var options = JournalOptions()
        options.minimumFreeBytes = 0
        options.compresses = false
        let (journal, _) = try Journal.open(directory: target, options: options)
        var market = try JournalReader(directory: source, stream: .market)
        while let record = try market.record() {
            _ = journal.append(
                .market, kind: record.kind, version: record.version, time: record.time, position: record.position,
                correlation: record.correlation
            ) { $0.raw(record.payload) }
        }
        let checkpoints = try JournalCheckpoint.list(in: source).valid
        for record in try decisions(source) where record.sequence <= last {
            _ = journal.append(
                .decisions, kind: record.kind, version: record.version, time: record.time, position: record.position,
                cause: record.cause, correlation: record.correlation
            ) { $0.raw(record.payload) }
            for checkpoint in checkpoints where checkpoint.decision == record.sequence {
                try journal.writeCheckpoint(checkpoint, body: checkpoint.body())
            }
        }
        try #require(journal.close())
    }

    @Test("it is written down right behind the step's own record, also where that is the last that there is")
    func isWrittenDown() throws {
        let begun = try folder()
        let whole = try JournalRig(in: begun, configure)
        whole.pass(seconds: 1_200)
        let image = try whole.crashImage()
        let end = whole.time
        whole.abandon()
        let records = try decisions(image.path + "/journal")
        let signal = try #require(records.first { $0.kind == JournalKind.signal.rawValue })
        let candle = signal.cause
        let copy = try folder()
        #expect(rename(copy.path + "/journal", copy.path + "/before") == 0)
        try cut(image.path + "/journal", to: copy.path + "/journal", after: candle)
        let suspension = Suspension(input: candle, strategy: StrategyID(rawValue: 1), reason: "it did not come back")
        let rig = try JournalRig(in: copy, at: end, suspensions: [suspension], configure)
        let resumed = try rig.crashImage()
        rig.abandon()
        let behind = try decisions(resumed.path + "/journal").filter { $0.sequence > candle }
        let note = try #require(behind.first)
        #expect(note.kind == JournalKind.supervision.rawValue && note.cause == candle)
        var reader = note.reader
        #expect(try Suspension(from: &reader) == suspension)
        #expect(!behind.contains { $0.kind == JournalKind.signal.rawValue && $0.cause == candle })
        let command = try #require(behind.first { $0.kind == JournalKind.command.rawValue })
        reader = command.reader
        guard case .haltStrategy(let strategy, _) = try reader.value(Command.self) else {
            Issue.record("the first command is another")
            return
        }
        #expect(strategy == suspension.strategy)
    }
}
