import Foundation
import Journal
import Market
import Testing
import Trading

@Suite("wick journal")
struct JournalCommandTests {
    private let sandbox: Sandbox

    init() throws { sandbox = try Sandbox() }

    private var directory: String { sandbox.path("journal") }
    private var place: [String] { ["--journal-dir", directory] }

    /// A journal of decisions, one a second from 2023 on, and of market batches of two updates.
    private func make(_ count: Int) throws {
        var options = JournalOptions()
        options.segmentBytes = 4_000
        options.compresses = false
        options.minimumFreeBytes = 0
        let (journal, _) = try Journal.open(directory: directory, options: options)
        let start: Int64 = 1_672_531_200
        for index in 0..<count {
            let time = (start + Int64(index)) * 1_000_000_000
            let update = UInt64(2 * index + 1)
            _ = journal.append(
                .market, kind: 6, version: 1, time: time, position: update, correlation: update + 1
            ) { $0.text("market \(index)") }
            _ = journal.append(
                .decisions, kind: index % 10 == 0 ? 35 : 1, version: 1, time: time, position: update + 1,
                cause: UInt64(index)
            ) { $0.text("decision \(index)") }
        }
        let last = UInt64(count)
        try journal.writeCheckpoint(
            JournalCheckpoint(
                decision: last, market: last, position: 2 * last, time: (start + Int64(count)) * 1_000_000_000,
                bordersSession: true), body: [1, 2, 3])
        try #require(journal.close())
    }

    private func journal(_ arguments: String...) throws -> Run { try sandbox.wick(["journal"] + arguments + place) }

    private func object(_ run: Run) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    }

    @Test("list shows segments and checkpoints")
    func list() throws {
        try make(100)
        let report = try object(journal("list", "--json"))
        let segments = try #require(report["segments"] as? [[String: Any]])
        let decisions = segments.filter { $0["stream"] as? String == "decisions" }
        #expect(decisions.count > 1)
        #expect(decisions.compactMap { $0["records"] as? Int }.reduce(0, +) == 100)
        #expect(decisions[0]["from"] as? String == "2023-01-01T00:00:00Z")
        let checkpoints = try #require(report["checkpoints"] as? [[String: Any]])
        #expect(checkpoints.map { $0["decision"] as? Int } == [100])
        #expect(checkpoints[0]["begins_session"] as? Bool == true)
        let text = try journal("list", "--stream", "market")
        #expect(text.status == 0)
        #expect(text.output.contains("market") && !text.output.contains("decisions"))
    }

    @Test("verify finds a whole journal whole")
    func whole() throws {
        try make(100)
        let run = try journal("verify", "--json")
        #expect(run.status == 0)
        let report = try object(run)
        #expect(report["whole"] as? Bool == true)
        let streams = try #require(report["streams"] as? [[String: Any]])
        #expect(streams.map { $0["records"] as? Int } == [100, 100])
        #expect(try journal("verify").output.contains("whole"))
    }

    @Test("verify names the first record that was changed, and ends with 65")
    func changed() throws {
        try make(100)
        let path = directory + "/decisions-0000000002.wj"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[300] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        let run = try journal("verify", "--json")
        #expect(run.status == 65)
        let report = try object(run)
        let streams = try #require(report["streams"] as? [[String: Any]])
        let fault = try #require(streams[0]["fault"] as? [String: Any])
        #expect(fault["kind"] as? String == "checksum")
        #expect(fault["file"] as? String == path)
        let known = try #require(streams[0]["last_sequence"] as? Int)
        #expect(fault["sequence"] as? Int == known + 1)
        let text = try journal("verify")
        #expect(text.status == 65)
        #expect(text.output.contains("fault (checksum)"))
        #expect(text.output.contains("record \(known + 1)"))
    }

    @Test("verify tells a removed segment from a pruned one")
    func removedOrPruned() throws {
        try make(100)
        let trial = try journal("prune", "--older-than", "2023-01-01T00:01", "--dry-run")
        #expect(trial.status == 0 && trial.output.contains("would be removed"))
        #expect(try journal("verify", "--json").output.contains("\"pruned\":null"))
        let run = try sandbox.wick(
            ["journal", "prune", "--stream", "decisions", "--older-than", "2023-01-01T00:01", "--json"] + place)
        #expect(run.status == 0)
        let row = try #require(try run.array().first)
        let first = try #require(row["first_sequence"] as? Int)
        #expect(first > 1 && first <= 61)
        let verified = try journal("verify")
        #expect(verified.status == 0)
        #expect(verified.output.contains("decisions begins with record \(first)"))
        try FileManager.default.removeItem(atPath: directory + "/market-0000000001.wj")
        let broken = try journal("verify")
        #expect(broken.status == 65)
        #expect(broken.output.contains("missing-segment"))
    }

    @Test("without an age a stream is kept as long as the configuration says")
    func configuredRetention() throws {
        try make(100)
        let file = try sandbox.write("journal: {decision-days: off, market-days: 1}", "w.yaml")
        let rows = try sandbox.wick(["journal", "prune", "--config", file, "--json"] + place).array()
        #expect(rows.map { $0["stream"] as? String } == ["market"])
        #expect((rows.first?["segments"] as? Int ?? 0) > 0)
    }

    @Test("export writes a line for every record that was asked for")
    func export() throws {
        try make(100)
        let run = try journal("export", "--kind", "fill")
        #expect(run.status == 0)
        let lines = try run.output.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(lines.count == 10)
        #expect(lines.map { $0["sequence"] as? Int } == Array(stride(from: 1, through: 91, by: 10)))
        #expect(lines[1]["kind"] as? String == "fill")
        #expect(lines[1]["cause"] as? Int == 10)
        #expect(lines[1]["time"] as? String == "2023-01-01T00:00:10Z")
        let file = sandbox.path("out.jsonl")
        let span = try journal(
            "export", "--stream", "market", "--since", "2023-01-01T00:00:20Z", "--until", "2023-01-01T00:00:30Z",
            "--output", file)
        #expect(span.status == 0)
        #expect(try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").count == 10)
    }

    @Test("export tells what a record carries, and gives the bytes of one that it can't read")
    func decoded() throws {
        var options = JournalOptions()
        options.minimumFreeBytes = 0
        let (journal, _) = try Journal.open(directory: directory, options: options)
        let time = Timestamp(seconds: 1_672_531_200)
        _ = journal.append(
            .decisions, kind: JournalKind.timer.rawValue, version: 1, time: time.nanoseconds, position: 0
        ) { $0.value(time) }
        // An engine writes the command alone: the record has the time.
        _ = journal.append(
            .decisions, kind: JournalKind.command.rawValue, version: 1, time: time.nanoseconds, position: 0
        ) { $0.value(Command.cancelAll(InstrumentID(2))) }
        let refusal = Effect.record(.refusal("no such order"))
        _ = journal.append(
            .decisions, kind: refusal.journalKind.rawValue, version: 1, time: time.nanoseconds, position: 0
        ) { refusal.writePayload(to: &$0) }
        _ = journal.append(.decisions, kind: 33, version: 1, time: time.nanoseconds, position: 0) { $0.byte(0xAB) }
        try #require(journal.close())
        let lines = try self.journal("export").output.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[0].contains(#""record":{"timer":"2023-01-01T00:00:00Z"},"payload":null"#))
        #expect(lines[1].contains(#"{"cancel_all":2}"#))
        #expect(lines[2].contains(#""record":{"record":{"refusal":"no such order"}}"#))
        #expect(lines[3].contains(#""record":null,"payload":"ab""#))
        let raw = try self.journal("export", "--raw", "--kind", "refusal").output
        #expect(raw.contains(#""payload":"0d6e6f"#))
    }

    @Test("wrong options are all named, and a journal that is not there ends with 66")
    func mistakes() throws {
        let run = try journal("export", "--stream", "both", "--kind", "nonsense", "--since", "yesterday")
        #expect(run.status == 64)
        #expect(run.errors.contains("--stream") && run.errors.contains("--kind") && run.errors.contains("--since"))
        for command in ["list", "show", "verify", "prune", "export"] { #expect(try journal(command).status == 66) }
    }
}
