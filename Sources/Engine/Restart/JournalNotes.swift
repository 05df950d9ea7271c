import Bytes
import Journal
import Trading

/// What the engine noted behind a checkpoint that following needs to know before it comes there.
struct JournalNotes {
    /// Strategies that were kept out of steps.
    private(set) var suspensions: [Suspension] = []
    /// The newest session that began; 0 where none did.
    private(set) var session: UInt64 = 0
    /// Damage that somebody answered for, in words.
    private(set) var accepted: [String] = []
    /// Whether anything was decided.
    private(set) var holdsDecisions = false

    /// Reads the decisions of a journal behind one of them.
    ///
    /// - Throws: `EngineError.journal` when they can't be read.
    init(_ journal: Journal, after decision: UInt64) throws(EngineError) {
        let records = try EngineJournal.records(journal, .decisions, after: decision)
        for record in records { take(record) }
        if let error = records.error { throw .journal(error) }
    }

    private mutating func take(_ record: JournalRecord) {
        if record.kind == ReservedKind.override {
            if case .damageAccepted(_, _, let damage) = RecordContent(record) { accepted.append(damage) }
            return
        }
        var reader = record.reader
        switch JournalKind(rawValue: record.kind) {
        case .supervision: if let suspension = try? Suspension(from: &reader) { suspensions.append(suspension) }
        case .sessionStart: if let start = try? SessionStart(from: &reader) { session = max(session, start.number) }
        case .some(let kind) where kind.isNote: break
        default: holdsDecisions = true
        }
    }
}
