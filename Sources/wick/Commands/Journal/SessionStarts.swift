import Engine
import Journal

/// The sessions of a journal, each with the checkpoint that it began with.
struct SessionStarts {
    /// A checkpoint that a session began or ended with.
    struct Place {
        var checkpoint: JournalCheckpoint
        /// The number of the session; `nil` where this release can't read it.
        var number: UInt64?
        /// Whether the session ended with it.
        var isEnd: Bool
    }

    /// Every such checkpoint, oldest first.
    let places: [Place]
    private let directory: String

    /// The sessions of the journal in a directory.
    ///
    /// - Throws: `JournalError` when a checkpoint can't be read.
    init(_ directory: String) throws {
        self.directory = directory
        var places: [Place] = []
        for checkpoint in try JournalCheckpoint.list(in: directory).valid where checkpoint.bordersSession {
            let number = try? RecordedSession.number(checkpoint.body())
            // One that ends in order writes a second one of its number.
            places.append(
                Place(checkpoint: checkpoint, number: number, isEnd: number != nil && places.last?.number == number))
        }
        self.places = places
    }

    /// The place of a session in the list: that of this number, or the one that began after this decision record; the
    /// last one without.
    ///
    /// - Throws: `CommandFailure` with those that there are.
    func index(_ session: UInt64?) throws -> Int {
        if let session {
            if let place = places.firstIndex(where: { $0.number == session }) { return place }
            if let place = places.lastIndex(where: { $0.checkpoint.decision == session }) { return place }
        } else if let last = places.lastIndex(where: { !$0.isEnd }) {
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
        for number in places.filter({ !$0.isEnd }).compactMap(\.number) {
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
