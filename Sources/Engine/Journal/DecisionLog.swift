import Bytes
import Journal
import Market
import Trading

/// Where an exchange writes what its kernel was told and what it answered.
///
/// In a session that goes on from a journal it begins by following what is recorded: whatever the exchange brings forth
/// must equal the next record, and is not written again. Once the records are used up it appends. A session without a
/// journal (a replay of candles) writes nothing and numbers nothing.
///
/// A log belongs to the engine's thread.
final class DecisionLog {
    /// The journal, where there is one.
    let journal: Journal?
    /// What a thread passes before it writes anything.
    let fence: Fence
    /// How many market updates were taken in.
    private(set) var position: UInt64
    /// The number of the newest decision record.
    private(set) var lastDecision: UInt64
    /// The number of the newest input that follows from nothing recorded and was written in this session.
    private(set) var lastOuterInput: UInt64 = 0
    /// The number of the newest market record.
    private(set) var lastMarket: UInt64
    /// What is recorded and still to be followed.
    private(set) var tail: RecordedTail?
    /// Whether the newest decision was recorded before.
    private(set) var wasRecorded = false
    /// The first difference between what was recorded and what came forth now.
    private(set) var difference: RecordedDifference?

    /// A log that writes nothing.
    convenience init() { self.init(journal: nil, position: 0, lastDecision: 0, lastMarket: 0, tail: nil) }

    /// A log that goes on at a place of a journal, following `tail` first.
    init(
        journal: Journal?, position: UInt64, lastDecision: UInt64, lastMarket: UInt64, tail: RecordedTail?,
        fence: Fence = Fence()
    ) {
        self.fence = fence
        self.journal = journal
        self.position = position
        self.lastDecision = lastDecision
        self.lastMarket = lastMarket
        self.tail = tail
    }

    /// Whether recorded decisions are still followed.
    var isFollowing: Bool { tail != nil }
    /// Why no more can be followed: the first difference, or a record that can't be read.
    var isBroken: Bool { difference != nil || tail?.error != nil }

    /// Writes a decision record, or finds it recorded.
    ///
    /// - Returns: its number; 0 without a journal.
    @discardableResult
    func append(
        _ kind: JournalKind, at time: Timestamp, cause: UInt64 = 0, correlation: UInt64 = 0,
        _ body: (inout ByteWriter) -> Void
    ) -> UInt64 {
        fence.pass()
        wasRecorded = false
        guard let journal else { return 0 }
        if let tail {
            if let record = tail.next() {
                wasRecorded = true
                follow(record, kind, time, cause, correlation, body)
                lastDecision = record.sequence
                return record.sequence
            }
            // What can't be read may be followed by more: nothing is written behind it.
            if tail.error != nil { return 0 }
            self.tail = nil
        }
        lastDecision = journal.append(
            .decisions, kind: kind.rawValue, version: 1, time: time.nanoseconds, position: position, cause: cause,
            correlation: correlation, body)
        if kind.isOuterInput { lastOuterInput = lastDecision }
        return lastDecision
    }

    /// Writes what is no consequence of anything recorded: a note of the engine itself. Never followed.
    @discardableResult
    func note(_ kind: JournalKind, at time: Timestamp, cause: UInt64 = 0, _ body: (inout ByteWriter) -> Void) -> UInt64
    {
        guard let journal else { return 0 }
        lastDecision = journal.append(
            .decisions, kind: kind.rawValue, version: 1, time: time.nanoseconds, position: position, cause: cause,
            correlation: 0, body)
        return lastDecision
    }

    /// Writes a batch of market updates, before any of them acts; the record's time is the end of the stretch.
    ///
    /// - Returns: false when the journal can take no more now.
    func appendMarket(_ batch: MarketBatchWriter, at end: Timestamp) -> Bool {
        fence.pass()
        guard let journal else { return true }
        let sequence = journal.append(
            .market, kind: JournalKind.marketBatch.rawValue, version: 1, time: end.nanoseconds, position: position + 1,
            cause: 0, correlation: position + UInt64(batch.count)
        ) { $0.raw(batch.bytes) }
        guard sequence > 0 else { return false }
        lastMarket = sequence
        return true
    }

    /// Notes that a batch comes from the journal itself.
    func follow(marketRecord sequence: UInt64) { lastMarket = sequence }

    /// Counts a market update that acts now.
    func countUpdate() { position += 1 }

    /// The next recorded decision where it is of a kind and was taken at this place; it stays the next.
    func expected<Value: BinaryCodable>(_ kind: JournalKind, _ type: Value.Type) -> Value? {
        guard let record = tail?.peek(), record.kind == kind.rawValue, record.position == position else { return nil }
        var reader = ByteReader(record.payload)
        return try? reader.value(type)
    }

    /// The next recorded decision, where it is an input that was taken in at this place and follows from nothing else.
    func expectedInput() -> JournalRecord? {
        guard let record = tail?.peek(), record.position == position else { return nil }
        return JournalKind(rawValue: record.kind)?.isOuterInput == true ? record : nil
    }

    /// Ends following where nothing recorded is left.
    func endFollowingIfDone() {
        if let tail, tail.peek() == nil, tail.error == nil { self.tail = nil }
    }

    private func follow(
        _ record: JournalRecord, _ kind: JournalKind, _ time: Timestamp, _ cause: UInt64, _ correlation: UInt64,
        _ body: (inout ByteWriter) -> Void
    ) {
        guard difference == nil else { return }
        var writer = ByteWriter(capacity: record.payload.count)
        body(&writer)
        let isSame =
            record.kind == kind.rawValue && record.time == time.nanoseconds && record.position == position
            && record.cause == cause && record.correlation == correlation && writer.bytes[...] == record.payload
        if !isSame {
            difference = RecordedDifference(
                sequence: record.sequence, time: time, recordedKind: record.kind, kind: kind, recorded: record.payload,
                now: writer.bytes[...], recordedPlace: (record.position, record.cause), place: (position, cause))
        }
    }
}

/// A decision record and what came forth in its place.
struct RecordedDifference: Sendable {
    /// The number of the record.
    var sequence: UInt64
    /// The time of what came forth.
    var time: Timestamp
    /// What the record is.
    var recordedKind: UInt8
    /// What came forth.
    var kind: JournalKind
    /// What the record carries.
    var recorded: ArraySlice<UInt8>
    /// What came forth in its place.
    var now: ArraySlice<UInt8>
    /// The market position and the cause that are recorded.
    var recordedPlace: (position: UInt64, cause: UInt64)
    /// Those of what came forth.
    var place: (position: UInt64, cause: UInt64)
}
