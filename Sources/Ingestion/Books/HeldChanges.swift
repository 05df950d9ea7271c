import Market
import Venues

/// Changes of a book that wait for a snapshot: each continues the one before.
struct HeldChanges: Sendable {
    /// A change without its levels.
    struct Entry: Sendable {
        var firstID: Int64
        var lastID: Int64
        var time: Timestamp
        var bids: Range<Int>
        var asks: Range<Int>
    }

    private(set) var entries: [Entry] = []
    private(set) var levels: [BookLevel] = []
    private let limits: BookLimits

    init(_ limits: BookLimits) { self.limits = limits }

    var firstID: Int64? { entries.first?.firstID }

    /// Keeps a change. One that does not continue what is kept begins anew: a snapshot would have to be newer anyway.
    ///
    /// - Returns: whether it was kept; one that is behind what is kept is not.
    mutating func keep(_ diff: borrowing DepthDiff) -> Bool {
        if let last = entries.last {
            if diff.lastID <= last.lastID { return false }
            if diff.firstID > last.lastID + 1 { removeAll() }
        }
        let start = levels.count
        levels.append(contentsOf: diff.bids)
        let middle = levels.count
        levels.append(contentsOf: diff.asks)
        entries.append(
            Entry(
                firstID: diff.firstID, lastID: diff.lastID, time: diff.time, bids: start..<middle,
                asks: middle..<levels.count))
        while entries.count > limits.heldChanges || levels.count > limits.heldLevels { dropOldest() }
        return true
    }

    /// Drops the older half, so that the cost is spread.
    private mutating func dropOldest() {
        let count = (entries.count + 1) / 2
        let dropped = entries[count - 1].asks.upperBound
        entries.removeFirst(count)
        levels.removeFirst(dropped)
        for index in entries.indices {
            let (bids, asks) = (entries[index].bids, entries[index].asks)
            entries[index].bids = bids.lowerBound - dropped..<bids.upperBound - dropped
            entries[index].asks = asks.lowerBound - dropped..<asks.upperBound - dropped
        }
    }

    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        levels.removeAll(keepingCapacity: true)
    }
}
