import Bytes
import Glibc

/// Where a stream begins since its oldest segments were removed on purpose. Without it, a segment that is not there is
/// damage.
public struct JournalPruning: Hashable, Sendable {
    /// The stream.
    public let stream: JournalStream
    /// The oldest segment that was kept.
    public let firstSegment: UInt64
    /// The oldest record that was kept.
    public let firstSequence: UInt64
    /// The digest that it continues.
    public let startHash: JournalHash
    /// When, by the clock, in nanoseconds since the epoch.
    public let prunedAt: Int64
    /// Records whose time lies before this were to go.
    public let olderThan: Int64

    private static let magic: UInt64 = 0x454E_5552_504B_4957
    private static let version: UInt8 = 1

    init(_ header: SegmentHeader, prunedAt: Int64, olderThan: Int64) {
        stream = header.stream
        firstSegment = header.number
        firstSequence = header.firstSequence
        startHash = header.startHash
        self.prunedAt = prunedAt
        self.olderThan = olderThan
    }

    static func path(_ stream: JournalStream, in directory: String) -> String { "\(directory)/\(stream).pruned" }

    /// What was recorded of a stream's pruning; `nil` where it was never pruned.
    ///
    /// - Throws: `JournalError` when the file is damaged.
    public static func read(
        _ stream: JournalStream, in directory: String, files: any JournalFiles = SystemFiles()
    ) throws(JournalError) -> JournalPruning? {
        let path = path(stream, in: directory)
        let bytes: [UInt8]
        do throws(FileFailure) { bytes = try files.contents(of: path) } catch {
            if error.code == ENOENT { return nil }
            throw JournalError(error, path)
        }
        do throws(MalformedBytes) { return try JournalPruning(bytes, stream: stream) } catch {
            throw JournalError(
                .header, path, offset: error.offset, "the record of the pruning is damaged: \(error.reason)")
        }
    }

    private init(_ bytes: [UInt8], stream: JournalStream) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        guard try reader.fixed(UInt64.self) == Self.magic, try reader.byte() == Self.version else {
            throw MalformedBytes("it does not begin as one", at: 0)
        }
        guard try reader.byte() == stream.rawValue else { throw MalformedBytes("it is that of another stream", at: 9) }
        self.stream = stream
        firstSegment = try reader.fixed()
        firstSequence = try reader.fixed()
        let hash = try reader.raw(JournalHash.size)
        startHash = hash.withUnsafeBytes { JournalHash($0) }
        prunedAt = try reader.fixed()
        olderThan = try reader.fixed()
        let sum = bytes.prefix(reader.offset).withUnsafeBytes { checksum($0) }
        guard try reader.fixed(UInt32.self) == sum, reader.isAtEnd else {
            throw MalformedBytes("its checksum is wrong", at: reader.offset)
        }
    }

    func write(in directory: String, files: any JournalFiles) throws(JournalError) {
        var writer = ByteWriter(capacity: 96)
        writer.fixed(Self.magic)
        writer.byte(Self.version)
        writer.byte(stream.rawValue)
        writer.fixed(firstSegment)
        writer.fixed(firstSequence)
        startHash.withBytes { writer.raw($0) }
        writer.fixed(prunedAt)
        writer.fixed(olderThan)
        writer.fixed(writer.bytes.withUnsafeBytes { checksum($0) })
        let path = Self.path(stream, in: directory)
        do throws(FileFailure) { try files.replace(path, with: writer.bytes, in: directory) } catch {
            throw JournalError(error, path)
        }
    }
}
