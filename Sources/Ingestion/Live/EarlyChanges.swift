import Market
import Venues

/// Changes of a book that one of two overlapping connections brought before the other brought what is between: no updates are
/// missing, they are on their way.
struct EarlyChanges {
    /// For how long, by the venue's time, what is between may be on its way.
    private static let patience: Int64 = 1_000_000_000
    /// After how many ticks it is not waited for any more where nothing moves.
    private static let mostTicks = 2
    /// How many wait at most.
    private static let capacity = 64

    /// What waits, in the order of the updates.
    private var changes: [DepthDiff] = []
    private var ticks = 0

    /// The next of them.
    var first: DepthDiff? { changes.first }

    /// Keeps a change, once.
    mutating func keep(_ change: DepthDiff) {
        let place = changes.firstIndex { $0.firstID >= change.firstID } ?? changes.endIndex
        if place < changes.endIndex, changes[place].lastID == change.lastID { return }
        if changes.isEmpty { ticks = 0 }
        changes.insert(change, at: place)
    }

    mutating func removeFirst() { changes.removeFirst() }

    mutating func removeAll() { changes.removeAll() }

    /// A second has passed.
    mutating func tick() { ticks += 1 }

    /// Whether what is between was waited for long enough, at a time of the venue.
    func isOver(at time: Timestamp) -> Bool {
        guard let first = changes.map(\.time).min() else { return false }
        return ticks >= EarlyChanges.mostTicks || changes.count >= EarlyChanges.capacity
            || time.nanoseconds(since: first) > EarlyChanges.patience
    }
}
