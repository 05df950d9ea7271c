import Bytes
import Journal
import Trading

/// The recorded decisions behind a checkpoint, one after the other, without the engine's own notes among them.
///
/// Notes (audits, alerts of the engine, starts and ends of sessions) follow from nothing that is recorded; they are
/// passed over.
final class RecordedTail {
    private let records: JournalRecords
    private var ahead: JournalRecord?
    private var isAtEnd = false
    /// Why reading ended, where it did not end with the last record.
    var error: JournalError? { records.error }

    /// A tail of records in order.
    init(_ records: JournalRecords) { self.records = records }

    /// The next decision, which stays the next.
    func peek() -> JournalRecord? {
        while ahead == nil && !isAtEnd {
            guard let record = records.next() else {
                isAtEnd = true
                return nil
            }
            if JournalKind(rawValue: record.kind)?.isNote != true { ahead = record }
        }
        return ahead
    }

    /// The next decision.
    func next() -> JournalRecord? {
        defer { ahead = nil }
        return peek()
    }
}
