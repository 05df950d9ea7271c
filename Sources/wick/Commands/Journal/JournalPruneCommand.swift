import ArgumentParser
import Engine
import Journal
import Market
import Settings

/// `wick journal prune`
struct JournalPruneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Remove the journal's oldest segments, on record.",
        discussion: """
            Whole closed segments go, and where the stream then begins is recorded first, so that 'wick journal verify' \
            knows it from tampering. Without --older-than each stream is kept as long as the configuration says.

            Examples:
              wick journal prune --dry-run
              wick journal prune --stream market --older-than 30d
            """)

    @Option(
        name: .customLong("older-than"),
        help: ArgumentHelp("An age, 36h 30d 8w 5y, or a time, 2023-01-01.", valueName: "age"))
    var olderThan: String?
    @Option(help: ArgumentHelp("Only this stream: decisions or market.", valueName: "stream"))
    var stream: String?
    @Flag(name: .customLong("dry-run"), help: "Only say what would be removed.") var isTrial = false
    @OptionGroup var place: JournalPlaceOptions
    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var print: PrintOptions

    private struct Row {
        var stream: String
        var olderThan: String?
        var segments: Int
        var records: UInt64
        var bytes: Int
        var firstSequence: UInt64?
        var dryRun: Bool
    }

    func run() throws {
        var problems: [String] = []
        let only = JournalStream.option(stream, &problems)
        let now = EngineClock.wall.now()
        let given = olderThan.flatMap { Age.bound($0, now: now) }
        if let olderThan, given == nil {
            problems.append(
                "--older-than: '\(Table.plain(olderThan))' is neither an age such as 30d (h, d, w, y) nor a time such as "
                    + "2023-01-01")
        }
        guard problems.isEmpty else { throw CommandFailure(usage: problems) }
        let settings = try configuration.settings().journal
        let directory = try place.directory()
        var rows: [Row] = []
        for stream in JournalStream.allCases where only == nil || only == stream {
            let days = stream == .decisions ? settings.decisionDays : settings.marketDays
            guard let bound = given ?? days.map({ now.adding(seconds: -Int64($0) * 86_400) }) else { continue }
            let result = try JournalPruner.prune(
                directory: directory, stream: stream, olderThan: bound.nanoseconds, isTrial: isTrial)
            rows.append(
                Row(
                    stream: stream.description, olderThan: bound.description, segments: result.segments,
                    records: result.records, bytes: result.bytes, firstSequence: result.pruning?.firstSequence,
                    dryRun: isTrial))
        }
        if print.isJSON { return JSON.print(rows) }
        if rows.isEmpty { Output.line("the configuration keeps the journal for ever; --older-than names an age") }
        for row in rows {
            let verb = isTrial ? "would be removed" : "removed"
            let figures =
                row.segments == 0
                ? "nothing to remove"
                : "\(row.segments) segments, \(row.records) records, \(Figures.bytes(UInt64(row.bytes))) \(verb)"
            Output.line("\(row.stream), older than \(row.olderThan ?? ""): \(figures)")
        }
    }
}

/// An age as people write it.
enum Age {
    /// The instant that an age lies before `now`, or a time means; `nil` for a text that is neither.
    static func bound(_ text: String, now: Timestamp) -> Timestamp? {
        if let time = Timestamp(iso8601: text) { return time }
        let seconds: [Character: Int64] = ["h": 3_600, "d": 86_400, "w": 604_800, "y": 31_557_600]
        guard let unit = text.last, let factor = seconds[unit], let count = Int64(text.dropLast()),
            (1...100_000).contains(count), count * factor < now.seconds
        else { return nil }
        return now.adding(seconds: -count * factor)
    }
}
