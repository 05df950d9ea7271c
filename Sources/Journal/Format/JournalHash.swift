import CJournal

/// A SHA-256 digest: the link from a record to the one before it.
public struct JournalHash: Hashable, Sendable, CustomStringConvertible {
    static let size = 32

    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// What the very first record of a stream continues: all zeros.
    public static let none = JournalHash()

    private init() {}

    /// The digest that lies at the start of `bytes`.
    init(_ bytes: UnsafeRawBufferPointer) {
        withUnsafeMutableBytes(of: &words) {
            $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<Self.size]))
        }
    }

    /// The digest of three runs of bytes, one after the other.
    init(of first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer, _ third: UnsafeRawBufferPointer) {
        withUnsafeMutableBytes(of: &words) {
            cjournal_sha256(
                first.baseAddress, first.count, second.baseAddress, second.count, third.baseAddress, third.count,
                $0.baseAddress)
        }
    }

    /// The 32 bytes.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeBytes(of: words) { body($0) }
    }

    /// Whether two digests are the same.
    public static func == (one: JournalHash, other: JournalHash) -> Bool { one.words == other.words }

    /// Feeds the digest.
    public func hash(into hasher: inout Hasher) { withBytes { hasher.combine(bytes: $0) } }

    /// 64 hexadecimal digits.
    public var description: String {
        withBytes { bytes in
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }
}

/// CRC-32C of a run of bytes.
func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 { cjournal_crc32c(0, bytes.baseAddress, bytes.count) }
