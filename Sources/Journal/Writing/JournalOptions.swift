/// How a journal is written.
public struct JournalOptions: Sendable {
    /// A segment is closed before it grows beyond this.
    public var segmentBytes = 64 << 20
    /// Room is reserved on the disk in steps of this.
    public var reserveBytes = 4 << 20
    /// Below this much free room the journal reports a problem, while it can still write.
    public var minimumFreeBytes: UInt64 = 256 << 20
    /// What may wait in memory for the disk. Beyond it market records are refused (`append` returns 0): what is not
    /// written down must not reach the kernel. Decisions are never refused; without market data there come few.
    public var memoryBytes = 64 << 20
    /// Without anybody waiting, records are handed to the file system this often…
    public var flushMilliseconds: Int32 = 25
    /// …and brought onto the disk this often.
    public var syncMilliseconds: Int32 = 1000
    /// A write or sync that takes longer than this is reported as a problem.
    public var stallMilliseconds: Int32 = 500
    /// After a refusal of the disk it is tried again after this long; later twice as long, up to a second.
    public var retryMilliseconds: Int32 = 50
    /// Whether closed segments are compressed.
    public var compresses = true
    /// Damage is accepted, in somebody's name; `nil` refuses it.
    public var override: JournalOverride?
    /// Called where a process may die: for tests that make it die there.
    public var crashPoint: (@Sendable (JournalBoundary) -> Void)?

    /// The defaults.
    public init() {}
}

/// Somebody's word that a damaged journal is to be opened all the same. The damaged remainder is moved aside, never
/// removed, and the word is written into the journal.
public struct JournalOverride: Hashable, Sendable {
    /// Who says so.
    public var origin: String
    /// Why.
    public var reason: String

    /// A name and a reason.
    public init(origin: String, reason: String) {
        self.origin = origin
        self.reason = reason
    }
}

/// The places at which a process may die and has to come back from.
public enum JournalBoundary: String, Sendable, CaseIterable {
    /// The record is about to be taken into memory.
    case beforeAppend = "before-append"
    /// Market records were handed to the file system, decisions not.
    case afterMarketWrite = "after-market-write"
    /// Everything was handed to the file system, and decisions are not yet on the disk.
    case afterWrite = "after-write"
    /// Everything is on the disk, and nobody knows yet.
    case afterSync = "after-sync"
    /// A segment is full and still the last.
    case rotationBegins = "rotation-begins"
    /// The full segment was cut to its length.
    case rotationClosed = "rotation-closed"
    /// The next segment exists under another name.
    case rotationPrepared = "rotation-prepared"
    /// The next segment exists.
    case rotationDone = "rotation-done"
    /// A closed segment's compressed form exists under another name.
    case compressionPrepared = "compression-prepared"
    /// A closed segment exists in both forms.
    case compressionDone = "compression-done"
    /// A checkpoint is about to be written.
    case checkpointBegins = "checkpoint-begins"
    /// A checkpoint exists under another name.
    case checkpointPrepared = "checkpoint-prepared"
    /// A checkpoint exists, older ones too.
    case checkpointDone = "checkpoint-done"
}
