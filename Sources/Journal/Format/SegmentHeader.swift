/// The 128 bytes that a segment begins with.
struct SegmentHeader: Hashable, Sendable {
    static let size = 128
    static let magic = Array("WICKJRNL".utf8)
    static let version: UInt16 = 1

    var stream: JournalStream
    /// Whether the segment before it may hold bytes behind what this one continues: its last sync failed, and what was
    /// not known to be on the disk was written anew, here.
    var followsFailedSync = false
    var number: UInt64
    var firstSequence: UInt64
    /// The digest that the first record continues.
    var startHash: JournalHash
    /// When the segment was made, by the clock, in nanoseconds since the epoch.
    var createdAt: Int64
    /// The time of the last record before the segment; 0 where there is none.
    var formerTime: Int64
    /// The number of the last market update before the segment, as far as the stream tells.
    var formerPosition: UInt64

    var bytes: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.size)
        bytes.withUnsafeMutableBytes { target in
            target.copyBytes(from: Self.magic)
            target.set(Self.version, at: 8)
            target[10] = stream.rawValue
            target[11] = followsFailedSync ? 1 : 0
            target.set(number, at: 16)
            target.set(firstSequence, at: 24)
            target.set(createdAt, at: 32)
            target.set(formerTime, at: 40)
            target.set(formerPosition, at: 48)
            startHash.withBytes { UnsafeMutableRawBufferPointer(rebasing: target[56..<88]).copyMemory(from: $0) }
            target.set(checksum(UnsafeRawBufferPointer(rebasing: target[..<124])), at: 124)
        }
        return bytes
    }

    init(
        stream: JournalStream, number: UInt64, firstSequence: UInt64, startHash: JournalHash, createdAt: Int64,
        formerTime: Int64 = 0, formerPosition: UInt64 = 0, followsFailedSync: Bool = false
    ) {
        self.stream = stream
        self.number = number
        self.firstSequence = firstSequence
        self.startHash = startHash
        self.createdAt = createdAt
        self.formerTime = formerTime
        self.formerPosition = formerPosition
        self.followsFailedSync = followsFailedSync
    }

    /// Reads a header.
    ///
    /// - Throws: `MalformedHeader`, in words.
    init(_ bytes: [UInt8]) throws(MalformedHeader) {
        self = try bytes.withUnsafeBytes { raw in
            Result { () throws(MalformedHeader) in try SegmentHeader(raw) }
        }.get()
    }

    private init(_ bytes: UnsafeRawBufferPointer) throws(MalformedHeader) {
        guard bytes.count >= Self.size else {
            throw MalformedHeader("the file has \(bytes.count) bytes, a segment's header has \(Self.size)")
        }
        guard bytes[..<8].elementsEqual(Self.magic) else {
            throw MalformedHeader("the file does not begin as a segment of a journal")
        }
        let sum: UInt32 = bytes.number(124)
        guard sum == checksum(UnsafeRawBufferPointer(rebasing: bytes[..<124])) else {
            throw MalformedHeader("the header's checksum is wrong")
        }
        let version: UInt16 = bytes.number(8)
        guard version == Self.version else {
            throw MalformedHeader("the segment's form is \(version), this program knows \(Self.version)")
        }
        guard let stream = JournalStream(rawValue: bytes[10]) else {
            throw MalformedHeader("the header names stream \(bytes[10]), which there is not")
        }
        self.init(
            stream: stream, number: bytes.number(16), firstSequence: bytes.number(24),
            startHash: JournalHash(UnsafeRawBufferPointer(rebasing: bytes[56..<88])), createdAt: bytes.number(32),
            formerTime: bytes.number(40), formerPosition: bytes.number(48), followsFailedSync: bytes[11] & 1 == 1)
    }
}

/// Why bytes are no header.
struct MalformedHeader: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}
