import Glibc

/// Why a journal can't be opened, read or written: what, where, and what was expected there.
public struct JournalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    public var kind: Kind
    /// The file it is about.
    public var path: String
    /// Where in the file's (uncompressed) bytes, where a place can be named.
    public var offset: Int?
    /// The sequence number of the record it is about, where there is one.
    public var sequence: UInt64?
    /// What was found and what was expected.
    public var detail: String

    /// The kinds of trouble.
    public enum Kind: String, Sendable, Hashable {
        /// The file system refused; the detail says what.
        case inputOutput = "input-output"
        /// A segment's or checkpoint's header is damaged.
        case header
        /// A record ends before its length is over.
        case torn
        /// A record's bytes are not those that were written.
        case checksum
        /// A record does not continue the one before it: it, or the one before, was exchanged or changed.
        case chain
        /// Records are missing.
        case gap = "sequence-gap"
        /// A record stands where a later one belongs: it was moved or doubled.
        case order = "reordered"
        /// A segment is not there.
        case missingSegment = "missing-segment"
        /// The two streams contradict each other, or a checkpoint contradicts the journal.
        case position
        /// Nothing could be written down in time.
        case timeout
    }

    init(_ kind: Kind, _ path: String, offset: Int? = nil, sequence: UInt64? = nil, _ detail: String) {
        self.kind = kind
        self.path = path
        self.offset = offset
        self.sequence = sequence
        self.detail = detail
    }

    init(_ failure: FileFailure, _ path: String) {
        self.init(.inputOutput, path, "\(failure)")
    }

    /// Whether the journal's content is damaged, as opposed to a file system that refused.
    public var isDamage: Bool { kind != .inputOutput && kind != .timeout }

    /// The exit code after `sysexits.h` for a command that ends with this error.
    public var exitCode: Int32 { isDamage ? 65 : kind == .timeout ? 75 : 74 }

    /// The file, the place and what is wrong, in one line.
    public var description: String {
        var text = path
        if let offset { text += ", byte \(offset)" }
        if let sequence { text += ", record \(sequence)" }
        return "\(text): \(detail)"
    }
}
