import Glibc

/// Why the journal can't be relied upon right now. Nothing is lost by it: what is in memory is written when it can be.
public struct JournalProblem: Hashable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    public var kind: Kind
    /// What happened, where, and what to do.
    public var description: String

    /// The kinds of trouble.
    public enum Kind: String, Sendable, Hashable {
        /// The disk takes nothing more.
        case full
        /// Little is left of the disk.
        case lowSpace = "low-space"
        /// The disk or the file system does not let itself be written.
        case inputOutput = "input-output"
        /// A write or sync takes long.
        case stalled
        /// Market records were refused, because too much waits for the disk.
        case refused
    }

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    init(_ failure: FileFailure, _ path: String) {
        if failure.code == ENOSPC || failure.code == EDQUOT {
            self.init(.full, "\(path): the disk is full; make room, the journal goes on by itself")
        } else {
            self.init(.inputOutput, "\(path): \(failure); the journal tries again by itself")
        }
    }
}
