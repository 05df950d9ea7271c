public import Journal
public import Market
import Trading

/// A record of a journal with what it says.
public struct JournalEntry: Sendable {
    /// The record.
    public let record: JournalRecord
    /// What it says; `nil` where this program does not know its form.
    public let content: RecordContent?

    /// An entry of a record.
    public init(_ record: JournalRecord) {
        self.record = record
        content = RecordContent(record)
    }

    /// Its number.
    public var sequence: UInt64 { record.sequence }
    /// The event's time.
    public var time: Timestamp { Timestamp(nanoseconds: record.time) }
    /// The name of its kind; a number for one that this program does not know.
    public var kindName: String { record.kindName }
}

extension JournalRecord {
    /// The name of the journal's own kind, by which somebody answered for damage.
    private static let damageAccepted = "damage-accepted"
    /// The names of all kinds that this program knows.
    public static let kindNames = JournalKind.allCases.map(\.name) + [damageAccepted]

    /// The name of its kind; a number for one that this program does not know.
    public var kindName: String {
        if kind == ReservedKind.override { return JournalRecord.damageAccepted }
        return JournalKind(rawValue: kind)?.name ?? "kind-\(kind)"
    }
}
