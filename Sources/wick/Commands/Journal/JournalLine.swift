import Engine
import Journal
import Market

/// Records of a journal, a line each.
enum JournalLine {
    /// A record as JSON.
    struct Row {
        var sequence: UInt64
        var time: String
        var position: UInt64
        var cause: UInt64
        var correlation: UInt64
        var kind: String
        var text: String?
        var record: RawJSON?

        init(_ entry: JournalEntry, _ text: RecordText) {
            sequence = entry.sequence
            time = entry.time.description
            position = entry.record.position
            cause = entry.record.cause
            correlation = entry.record.correlation
            kind = entry.kindName
            self.text = entry.content.map { text.line($0) }
            record = entry.json
        }
    }

    /// Prints entries: number, time, cause, kind, text; the date stands above the first of its day.
    ///
    /// - Parameter entries: each with how far its text is moved to the right, and a mark.
    static func print(_ entries: [(entry: JournalEntry, depth: Int, mark: String)], _ text: RecordText) {
        guard !entries.isEmpty else { return }
        let sequence = entries.map { "\($0.entry.sequence)".count }.max() ?? 0
        let cause = max(entries.map { Self.cause($0.entry).count }.max() ?? 0, "cause".count)
        let kind = entries.map { $0.entry.kindName.count }.max() ?? 0
        let margin = entries[0].mark.isEmpty ? "" : "  "
        Output.line(
            margin + padded("record", max(sequence, 6), left: true) + "  " + padded("time", 12) + "  "
                + padded("cause", cause, left: true) + "  " + padded("kind", kind) + "  what")
        var date = ""
        for (entry, depth, mark) in entries {
            if entry.time.date != date {
                date = entry.time.date
                Output.line(margin + date)
            }
            let head =
                (mark.isEmpty ? "" : mark + " ") + padded("\(entry.sequence)", max(sequence, 6), left: true) + "  "
                + padded(time(entry.time), 12) + "  " + padded(Self.cause(entry), cause, left: true) + "  "
                + padded(entry.kindName, kind) + "  " + String(repeating: "  ", count: min(depth, 8))
            Paragraph.print(head, entry.content.map { text.line($0) } ?? "(\(entry.record.payload.count) bytes)")
        }
    }

    /// The time of day to the millisecond.
    static func time(_ time: Timestamp) -> String {
        let millis = time.milliseconds - time.seconds * 1_000
        return time.timeOfDay + "." + String(String(1_000 + millis).dropFirst())
    }

    /// That the journal does not hold something, and where it begins when it was pruned.
    static func absence(_ what: String, _ directory: String) throws -> String {
        let text = "\(what) is not in the journal in \(directory)"
        guard let pruning = try JournalPruning.read(.decisions, in: directory) else { return text }
        return text + "; " + PruningRow(pruning).sentence
    }

    static func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
        let padding = String(repeating: " ", count: max(0, width - text.count))
        return left ? padding + text : text + padding
    }

    private static func cause(_ entry: JournalEntry) -> String {
        entry.record.cause == 0 ? "" : "\(entry.record.cause)"
    }
}
