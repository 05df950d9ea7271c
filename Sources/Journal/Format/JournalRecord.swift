public import Bytes

/// One record of a journal, as it is read.
public struct JournalRecord: Sendable {
    /// Its number within the stream, from 1, without gaps.
    public let sequence: UInt64
    /// The event's time in nanoseconds since the epoch.
    public let time: Int64
    /// Market updates taken in before it; in the market stream the number of the first update of the batch.
    public let position: UInt64
    /// The sequence number of the decision record that led to this one; 0 where nothing did.
    public let cause: UInt64
    /// The sequence number of the record that began the chain; in the market stream the number of the last update of
    /// the batch.
    public let correlation: UInt64
    /// What it tells of; the values are the caller's, from `ReservedKind.firstReserved` on the journal's own.
    public let kind: UInt8
    /// The version of the payload's form.
    public let version: UInt8
    /// Whether everything before it was known to be on the disk when it was written.
    public let isAfterSync: Bool
    /// The digest that chains it to the one before.
    public let hash: JournalHash
    /// What the caller wrote.
    public let payload: ArraySlice<UInt8>

    /// A reader at the start of the payload.
    public var reader: ByteReader { ByteReader(payload) }
}

/// Kinds of records that the journal itself writes. All others are the caller's to name.
public enum ReservedKind {
    /// Kinds from here on are the journal's own.
    public static let firstReserved: UInt8 = 0xF0
    /// Damage was accepted: who said so, and what was moved aside.
    public static let override: UInt8 = 0xF0
}

/// Where the fields of a record lie; see `docs/journal.md`.
enum RecordLayout {
    static let length = 4
    static let sequence = 8
    static let time = 16
    static let position = 24
    static let cause = 32
    static let correlation = 40
    static let kind = 48
    static let version = 49
    static let flags = 50
    static let zero = 51
    static let hash = 52
    static let payload = 84

    static let afterSync: UInt8 = 1
    /// No payload is longer, so that a damaged length asks for no memory that is not there.
    static let maximumPayload = 1 << 26

    /// Computes digest and checksum of a record whose other fields are there.
    static func seal(_ record: UnsafeMutableRawBufferPointer, after former: JournalHash) {
        let digest = digest(UnsafeRawBufferPointer(record), after: former)
        digest.withBytes { UnsafeMutableRawBufferPointer(rebasing: record[hash..<payload]).copyMemory(from: $0) }
        let sum = checksum(UnsafeRawBufferPointer(rebasing: record[length...]))
        record.storeBytes(of: sum.littleEndian, as: UInt32.self)
    }

    /// The digest that a record must carry.
    static func digest(_ record: UnsafeRawBufferPointer, after former: JournalHash) -> JournalHash {
        former.withBytes {
            JournalHash(
                of: $0, UnsafeRawBufferPointer(rebasing: record[length..<hash]),
                UnsafeRawBufferPointer(rebasing: record[payload...]))
        }
    }

    static func hasValidChecksum(_ record: UnsafeRawBufferPointer) -> Bool {
        record.loadUnaligned(as: UInt32.self).littleEndian
            == checksum(UnsafeRawBufferPointer(rebasing: record[length...]))
    }
}

extension UnsafeRawBufferPointer {
    func number<Value: FixedWidthInteger>(_ offset: Int, as type: Value.Type = Value.self) -> Value {
        Value(littleEndian: loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
}

extension UnsafeMutableRawBufferPointer {
    func set<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
    }
}
