public import Journal
import Trading

/// A decision record, what led to it and what followed from it.
public struct JournalWalk: Sendable {
    /// A record of the walk and how many causes lie between it and the first.
    public struct Step: Sendable {
        /// The record.
        public let entry: JournalEntry
        /// How deep it lies below the first record of the walk.
        public let depth: Int
    }

    /// What led to the record, the first cause first; the record itself; what followed from it.
    public private(set) var steps: [Step] = []
    /// The place of the record itself in `steps`.
    public private(set) var place = 0
    /// What the numbers stand for.
    public private(set) var text: RecordText
    /// How many further records followed.
    public private(set) var omittedCount = 0
    /// A cause that the journal no longer holds, since it was pruned.
    public private(set) var missingCause: UInt64?

    /// Walks from a record; `nil` when the journal does not hold it.
    ///
    /// - Parameter limit: how many records that followed are wanted at most.
    /// - Throws: `JournalError` when the journal can't be read.
    public init?(from sequence: UInt64, directory: String, limit: Int) throws(JournalError) {
        text = RecordText(try JournalNames.read(directory: directory))
        guard let first = try JournalEntry.read(sequence, directory) else { return nil }
        var causes = [first]
        while let cause = causes.last?.record.cause, cause > 0 {
            guard let entry = try JournalEntry.read(cause, directory) else {
                missingCause = cause
                break
            }
            causes.append(entry)
        }
        for (depth, entry) in causes.reversed().enumerated() { add(entry, depth) }
        place = steps.count - 1
        var depths = [sequence: place]
        var reader = try JournalReader(
            directory: directory, stream: .decisions, from: sequence + 1, verifies: false)
        while let record = try reader.record() {
            guard let depth = depths[record.cause] else { continue }
            depths[record.sequence] = depth + 1
            if steps.count - place > limit { omittedCount += 1 } else { add(JournalEntry(record), depth + 1) }
        }
    }

    private mutating func add(_ entry: JournalEntry, _ depth: Int) {
        text.learn(entry.content)
        steps.append(Step(entry: entry, depth: depth))
    }
}

extension JournalEntry {
    /// A decision record by its number; `nil` when the journal does not hold it (any more).
    static func read(_ sequence: UInt64, _ directory: String) throws(JournalError) -> JournalEntry? {
        guard sequence > 0 else { return nil }
        var reader = try JournalReader(directory: directory, stream: .decisions, from: sequence, verifies: false)
        guard let record = try reader.record(), record.sequence == sequence else { return nil }
        return JournalEntry(record)
    }
}
