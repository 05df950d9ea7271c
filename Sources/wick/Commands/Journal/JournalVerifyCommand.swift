import ArgumentParser
import Engine
import Journal

/// `wick journal verify`
struct JournalVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check every byte of the journal, and name the first fault.",
        discussion: """
            Checksums find what broke, the chain of digests finds what was changed on purpose: a record that was \
            rewritten, exchanged, taken out or put in. Ends with 65 when there is a fault. A record that a running \
            engine is just writing, or that a killed one left, is none.

            Example: wick journal verify --json
            """)

    @OptionGroup var place: JournalPlaceOptions
    @OptionGroup var print: PrintOptions

    private struct Report {
        var directory: String
        var whole: Bool
        var streams: [StreamRow]
        var damagedCheckpoints: [JournalFaultRow]
        var bytes: Int
        var seconds: Double
    }

    private struct StreamRow {
        var stream: String
        var segments: Int
        var records: UInt64
        var bytes: Int
        var firstSequence: UInt64
        var lastSequence: UInt64
        var lastHash: String
        var pruned: PruningRow?
        var tornTail: JournalFaultRow?
        var fault: JournalFaultRow?

        init(_ figures: JournalVerification.Stream) {
            stream = figures.stream.description
            segments = figures.segments
            records = figures.records
            bytes = figures.bytes
            firstSequence = figures.firstSequence
            lastSequence = figures.lastSequence
            lastHash = figures.lastHash.description
            pruned = figures.pruning.map(PruningRow.init)
            tornTail = figures.tornTail.map(JournalFaultRow.init)
            fault = figures.fault.map(JournalFaultRow.init)
        }
    }

    func run() throws {
        let directory = try place.directory()
        let start = ContinuousClock.now
        let result = try JournalVerifier.verify(directory: directory)
        let taken = (ContinuousClock.now - start).components
        let seconds = Double(taken.seconds) + Double(taken.attoseconds) / 1e18
        let report = Report(
            directory: directory, whole: result.fault == nil,
            streams: [StreamRow(result.decisions), StreamRow(result.market)],
            damagedCheckpoints: result.damagedCheckpoints.map(JournalFaultRow.init), bytes: result.bytes,
            seconds: seconds)
        if print.isJSON { JSON.print(report) } else { show(report, result) }
        if result.fault != nil { throw CommandFailure(.data) }
    }

    private func show(_ report: Report, _ result: JournalVerification) {
        var table = Table(
            .text("stream"), .number("segments"), .number("records"), .number("first"), .number("last"),
            .number("size"), .text("last digest"))
        for row in report.streams {
            table.add(
                row.stream, "\(row.segments)", "\(row.records)", "\(row.firstSequence)", "\(row.lastSequence)",
                Figures.bytes(UInt64(row.bytes)), String(row.lastHash.prefix(16)))
        }
        table.print(whenEmpty: "")
        let speed = report.seconds > 0 ? Double(report.bytes) / 1e6 / report.seconds : 0
        Output.line("\(Figures.decimal(report.seconds, 2)) s, \(Figures.decimal(speed, 0)) MB/s")
        for row in report.streams.compactMap(\.pruned) { Output.line(row.sentence) }
        for row in report.streams.compactMap(\.tornTail) {
            Output.line("not complete, no fault: record \(row.sequence ?? 0) at the end of \(Table.plain(row.file))")
        }
        for error in result.damagedCheckpoints { Output.line("a checkpoint can't be used: \(Table.plain("\(error)"))") }
        guard let fault = result.fault else { return Output.line("whole: every record is what was written") }
        Output.line("fault (\(fault.kind.rawValue)): \(Table.plain("\(fault)"))")
        Output.line(fault.kind.meaning)
    }
}

extension JournalError.Kind {
    /// What it may mean that a journal has such a fault.
    var meaning: String {
        switch self {
        case .chain, .order, .gap:
            return "the bytes are in order and the chain is not: somebody changed the journal after it was written"
        case .missingSegment:
            return "no pruning is recorded that took it: somebody removed a file, or it was not copied"
        case .checksum, .torn, .header:
            return "the disk failed, or somebody changed the file"
        case .position: return "one part of the journal knows of more than the other holds: records were taken away"
        case .inputOutput, .timeout: return "the disk does not answer"
        }
    }
}
