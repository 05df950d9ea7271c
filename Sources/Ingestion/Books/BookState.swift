/// How far a book can be trusted.
public enum BookState: Sendable, Hashable {
    /// No snapshot was taken yet.
    case waitingForSnapshot
    /// It is the venue's book after `lastID`.
    case live
    /// It is not, until a snapshot came.
    case stale(StaleReason)
}

/// Why a book is not the venue's any more.
public enum StaleReason: Sendable, Hashable {
    /// Updates are missing: the next was to begin with at most `expected`, and began with `found`.
    case gap(expected: Int64, found: Int64)
    /// The best bid stayed at or above the best ask.
    case crossed
    /// A message of the book could not be read.
    case damaged
    /// The connection was lost.
    case disconnected
    /// Its top is another than the venue's.
    case disagreed
}

/// What a book made of what it was given, and what it wants of its owner.
public enum BookStep: Sendable, Hashable {
    /// The change is in the book.
    case applied
    /// The change is kept until the snapshot comes.
    case held
    /// It was in the book already, or was not asked for.
    case ignored
    /// The snapshot was taken with all that came since: the book is live.
    case live
    /// A snapshot is to be asked for now, not from before this. It stays wanted (`LocalBook.isSnapshotWanted`) until one
    /// is taken; an owner whose request failed asks again.
    case wantsSnapshot(SnapshotReason)
}

/// Why a snapshot is wanted.
public enum SnapshotReason: Sendable, Hashable {
    /// The stream has begun.
    case begin
    /// The last one was older than the first change that was kept.
    case tooOld
    /// The book is stale.
    case stale(StaleReason)
    /// The book is live, but few levels are left of those that the last snapshot told.
    case thin
}

/// How much a book keeps.
public struct BookLimits: Sendable, Hashable {
    /// The most levels a side; the worst are dropped.
    public var levels = 5_000
    /// The most changes kept while a snapshot is awaited; the oldest are dropped, and a newer snapshot is needed then.
    public var heldChanges = 1_024
    /// The most levels in the changes kept.
    public var heldLevels = 131_072
    /// How many changes in a row may leave the book crossed before it is taken for wrong.
    public var crossedChanges = 3
    /// With fewer known levels in a row on a side whose depth is not known, a new snapshot is wanted.
    public var fewestKnown = 50

    /// The defaults.
    public init() {}
}
