import Engine
import Journal
import Trading

/// The sessions of a journal, each with the checkpoint that it began with.
struct SessionStarts {
    /// A checkpoint that a session began or ended with.
    struct Place {
        var checkpoint: JournalCheckpoint
        /// How the session began; `nil` where one ended.
        var start: RecordedSession.Start?
    }

    /// Every such checkpoint, oldest first.
    let places: [Place]
    private let directory: String

    /// The sessions of the journal in a directory, told by the record before each checkpoint.
    ///
    /// - Throws: `JournalError` when the journal is damaged there.
    init(_ directory: String) throws {
        self.directory = directory
        places = try JournalCheckpoint.list(in: directory).valid.filter(\.beginsSession).map { checkpoint in
            Place(checkpoint: checkpoint, start: try SessionStarts.start(before: checkpoint, directory))
        }
    }

    private static func start(
        before checkpoint: JournalCheckpoint, _ directory: String
    ) throws -> RecordedSession.Start? {
        guard checkpoint.decision > 0 else { return nil }
        var reader = try JournalReader(directory: directory, stream: .decisions, from: checkpoint.decision)
        guard let record = try reader.record(), record.sequence == checkpoint.decision else { return nil }
        return RecordedSession.start(JournalKind(rawValue: record.kind), record.payload)
    }

    /// The place of a session in the list: that of this number, or the one that began after this decision record; the
    /// last one without.
    ///
    /// - Throws: `CommandFailure` with those that there are.
    func index(_ session: UInt64?) throws -> Int {
        if let session {
            if let place = places.lastIndex(where: { $0.start?.number == session }) { return place }
            if let place = places.lastIndex(where: { $0.checkpoint.decision == session }) { return place }
        } else if let last = places.lastIndex(where: { $0.start != nil }) {
            return last
        }
        throw CommandFailure(
            .noInput,
            session == nil || places.isEmpty
                ? "\(directory): there is no session yet; an engine begins one when it starts"
                : "\(directory): there is no session \(session ?? 0), and none that began after record \(session ?? 0); "
                    + "there are \(known)")
    }

    /// The numbers of the sessions, those that follow one another as a range.
    private var known: String {
        var ranges: [ClosedRange<UInt64>] = []
        for number in places.compactMap({ $0.start?.number }) {
            if let last = ranges.last, last.upperBound + 1 == number {
                ranges[ranges.count - 1] = last.lowerBound...number
            } else {
                ranges.append(number...number)
            }
        }
        let texts = ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)" }
        return texts.isEmpty ? "none" : texts.joined(separator: ", ")
    }
}
