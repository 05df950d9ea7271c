public import Market
public import Venues

/// A venue's order book, kept by a snapshot and the changes since.
///
/// It does what the venue prescribes: changes are kept until a snapshot came that is not older than the first of them;
/// those that are in the snapshot are dropped; the next must begin at or before the update that follows, and so must
/// every other, or updates are missing and all begins anew. There is no checksum: a book that stays crossed is taken for
/// wrong. It does no I/O and knows no clock: what it wants is what its methods return.
///
/// ```swift
/// switch book.apply(decoder.depth) {
/// case .wantsSnapshot: owner.askForSnapshot()
/// default: break
/// }
/// ```
///
/// A change costs O(levels in it × log of the levels kept).
public struct LocalBook: Sendable {
    /// How far it can be trusted.
    public private(set) var state = BookState.waitingForSnapshot
    /// The last update in it.
    public private(set) var lastID: Int64 = 0
    /// When the venue sent the last change in it, or gave the snapshot.
    public private(set) var time = Timestamp.epoch
    /// Whether a snapshot is to be asked for, or was and has not come.
    public private(set) var isSnapshotWanted = false
    /// What it keeps at most.
    public let limits: BookLimits

    private(set) var bids: BookSide
    private(set) var asks: BookSide
    private var held: HeldChanges
    /// The last update of any change that came over this connection, kept or not.
    private var lastSeen: Int64 = -1
    /// How many changes in a row left it crossed.
    private var crossedChanges = 0
    /// With fewer known levels in a row a new snapshot is wanted: never so many that the next would be thin at once.
    private var enough = 0

    /// An empty book that waits for its stream.
    public init(_ limits: BookLimits = BookLimits()) {
        self.limits = limits
        bids = BookSide(.buy, limit: limits.levels)
        asks = BookSide(.sell, limit: limits.levels)
        held = HeldChanges(limits)
    }

    /// The stream of changes is subscribed: what comes from now on is complete. A book in which nothing moves may have no
    /// change for long, so that the snapshot is not to wait for one.
    public mutating func streamBegan() -> BookStep {
        if isSnapshotWanted || state == .live { return .ignored }
        isSnapshotWanted = true
        return .wantsSnapshot(reason)
    }

    /// Why a snapshot is wanted in a state that is not live.
    private var reason: SnapshotReason {
        if case .stale(let reason) = state { return .stale(reason) }
        return .begin
    }

    /// Takes the next change of the stream.
    public mutating func apply(_ diff: borrowing DepthDiff) -> BookStep {
        defer { lastSeen = max(lastSeen, diff.lastID) }
        guard state == .live else {
            guard held.keep(diff) else { return .ignored }
            if isSnapshotWanted { return .held }
            isSnapshotWanted = true
            return .wantsSnapshot(reason)
        }
        if diff.lastID <= lastID { return .ignored }
        // A book that wants a deeper snapshot goes on meanwhile.
        if isSnapshotWanted { _ = held.keep(diff) }
        if diff.firstID > lastID + 1 {
            let step = becomeStale(.gap(expected: lastID + 1, found: diff.firstID))
            _ = held.keep(diff)
            return step
        }
        for level in diff.bids { bids.set(level) }
        for level in diff.asks { asks.set(level) }
        lastID = diff.lastID
        time = diff.time
        return judged(.applied)
    }

    /// Takes a snapshot that was asked for.
    ///
    /// - Parameter time: when it came, for a book in which nothing has moved since.
    public mutating func apply(_ snapshot: borrowing DepthSnapshot, at time: Timestamp) -> BookStep {
        guard isSnapshotWanted else { return .ignored }
        // What is in none of snapshot and kept changes would be missing. (A first change that begins right behind the
        // snapshot continues it.)
        if snapshot.lastID < lastSeen, (held.firstID ?? .max) > snapshot.lastID + 1 { return .wantsSnapshot(.tooOld) }
        bids.replace(snapshot.bids, isWhole: snapshot.bids.count < snapshot.limit)
        asks.replace(snapshot.asks, isWhole: snapshot.asks.count < snapshot.limit)
        enough = min(limits.fewestKnown, snapshot.limit / 2)
        lastID = snapshot.lastID
        self.time = time
        for change in held.entries where change.lastID > lastID {
            for level in held.levels[change.bids] { bids.set(level) }
            for level in held.levels[change.asks] { asks.set(level) }
            lastID = change.lastID
            self.time = change.time
        }
        held.removeAll()
        isSnapshotWanted = false
        state = .live
        crossedChanges = 0
        return judged(.live)
    }

    /// Something made it wrong that it could not see itself: a damaged message, a top that is not the venue's, a lost
    /// connection. After a lost connection nothing is wanted before the stream begins again.
    public mutating func markStale(_ reason: StaleReason) -> BookStep {
        guard reason != .disconnected else {
            held.removeAll()
            lastSeen = -1
            isSnapshotWanted = false
            if state != .waitingForSnapshot { state = .stale(reason) }
            return .ignored
        }
        // Before the first snapshot, what is missing shows in the numbers of what follows.
        return state == .live ? becomeStale(reason) : .ignored
    }

    private mutating func becomeStale(_ reason: StaleReason) -> BookStep {
        state = .stale(reason)
        held.removeAll()
        crossedChanges = 0
        isSnapshotWanted = true
        return .wantsSnapshot(.stale(reason))
    }

    /// Looks at the book after a change.
    @inline(__always)
    private mutating func judged(_ step: BookStep) -> BookStep {
        crossedChanges = isCrossed ? crossedChanges + 1 : 0
        if crossedChanges >= limits.crossedChanges { return becomeStale(.crossed) }
        if !isSnapshotWanted, !bids.knows(enough) || !asks.knows(enough) {
            isSnapshotWanted = true
            return .wantsSnapshot(.thin)
        }
        return step
    }
}
