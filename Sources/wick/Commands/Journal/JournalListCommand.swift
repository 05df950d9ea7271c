import ArgumentParser
import Journal
import Market

/// `wick journal list`
struct JournalListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the journal's segments and checkpoints, with their times and sizes.",
        discussion: "A checkpoint that begins a session is where a replay of the session begins.\n\n"
            + "Example: wick journal list --stream decisions")

    @Option(help: ArgumentHelp("Only this stream: decisions or market.", valueName: "stream"))
    var stream: String?
    @OptionGroup var place: JournalPlaceOptions
    @OptionGroup var print: PrintOptions

    private struct Report {
        var directory: String
        var segments: [SegmentRow]
        var checkpoints: [CheckpointRow]
        var pruned: [PruningRow]
        var damagedCheckpoints: [JournalFaultRow]
    }

    private struct SegmentRow {
        var stream: String
        var number: UInt64
        var file: String
        var compressed: Bool
        var bytes: Int
        var firstSequence: UInt64
        var records: UInt64
        var from: String?
        var to: String?
        var createdAt: String

        init(_ segment: JournalSegment) {
            stream = segment.stream.description
            number = segment.number
            file = segment.path
            compressed = segment.isCompressed
            bytes = segment.bytes
            firstSequence = segment.firstSequence
            records = segment.records
            from = segment.firstTime.map { Timestamp(nanoseconds: $0).description }
            to = segment.lastTime.map { Timestamp(nanoseconds: $0).description }
            createdAt = Timestamp(nanoseconds: segment.createdAt).description
        }
    }

    private struct CheckpointRow {
        var decision: UInt64
        var market: UInt64
        var time: String
        var bytes: Int
        var beginsSession: Bool
        var session: UInt64?
        var endsSession: Bool
        var file: String

        init(_ checkpoint: JournalCheckpoint, _ place: SessionStarts.Place?) {
            session = place?.number
            endsSession = place?.isEnd ?? false
            decision = checkpoint.decision
            market = checkpoint.market
            time = Timestamp(nanoseconds: checkpoint.time).description
            bytes = checkpoint.bytes
            beginsSession = checkpoint.bordersSession && !endsSession
            file = checkpoint.path
        }
    }

    func run() throws {
        var problems: [String] = []
        let only = JournalStream.option(stream, &problems)
        guard problems.isEmpty else { throw CommandFailure(usage: problems) }
        let directory = try place.directory()
        let streams = JournalStream.allCases.filter { only == nil || only == $0 }
        let list = try JournalCheckpoint.list(in: directory)
        // What is damaged is for verify to tell.
        let sessions = (try? SessionStarts(directory).places) ?? []
        let report = Report(
            directory: directory,
            segments: try streams.flatMap { try JournalSegment.list($0, in: directory).map(SegmentRow.init) },
            checkpoints: list.valid.map { checkpoint in
                CheckpointRow(checkpoint, sessions.first { $0.checkpoint.path == checkpoint.path })
            },
            pruned: try streams.compactMap { try JournalPruning.read($0, in: directory).map(PruningRow.init) },
            damagedCheckpoints: list.damaged.map(JournalFaultRow.init))
        if print.isJSON { return JSON.print(report) }
        show(report)
    }

    private func show(_ report: Report) {
        var segments = Table(
            .text("stream"), .number("segment"), .number("first record"), .number("records"), .text("from"),
            .text("to"), .number("size"), .text("form"))
        for row in report.segments {
            segments.add(
                row.stream, "\(row.number)", "\(row.firstSequence)", "\(row.records)", row.from ?? "–", row.to ?? "–",
                Figures.bytes(UInt64(row.bytes)), row.compressed ? "zstd" : "plain")
        }
        segments.print(whenEmpty: "the journal in \(report.directory) is empty")
        for row in report.pruned { Output.line("\n\(row.sentence)") }
        if !report.checkpoints.isEmpty {
            Output.line("")
            var checkpoints = Table(
                .text("checkpoint after"), .number("decision"), .number("market"), .number("size"), .text("session"))
            for row in report.checkpoints {
                checkpoints.add(
                    row.time, "\(row.decision)", "\(row.market)", Figures.bytes(UInt64(row.bytes)),
                    row.session.map { "\($0) \(row.endsSession ? "ends" : "begins")" } ?? "")
            }
            checkpoints.print(whenEmpty: "")
        }
        for row in report.damagedCheckpoints { Output.line("\nnot usable: \(Table.plain(row.file)): \(row.detail)") }
    }
}

/// Where a stream begins since it was pruned, as it is printed.
struct PruningRow {
    var stream: String
    var firstSegment: UInt64
    var firstSequence: UInt64
    var prunedAt: String
    var olderThan: String

    init(_ pruning: JournalPruning) {
        stream = pruning.stream.description
        firstSegment = pruning.firstSegment
        firstSequence = pruning.firstSequence
        prunedAt = Timestamp(nanoseconds: pruning.prunedAt).description
        olderThan = Timestamp(nanoseconds: pruning.olderThan).description
    }

    var sentence: String {
        "\(stream) begins with record \(firstSequence): what was older than \(olderThan) was pruned on \(prunedAt)"
    }
}
