import Market

/// One side of the order book and how its levels are ordered.
///
/// What the exchange publishes: absolute quantities by price, zero for a level that is gone.
struct LevelChange: Sendable, Hashable {
    var side: Side
    var level: BookLevel
}

/// The published order book of one symbol with its update ids.
///
/// Every change of a level has an id of its own, one above the last: a snapshot carries the last id that went into it,
/// a difference the first and the last of the changes it gathers. So a client that follows the venue's recipe has the
/// very book that is here.
struct LiveBook: Sendable {
    /// The id of the last change.
    private(set) var updateID: Int64
    /// Bids, highest price first.
    private(set) var bids: [BookLevel] = []
    /// Asks, lowest price first.
    private(set) var asks: [BookLevel] = []

    /// An empty book whose first change is numbered `updateID + 1`.
    init(updateID: Int64) { self.updateID = updateID }

    /// Replaces the book, and gives what changed, bids before asks, best first. O(levels).
    mutating func publish(bids newBids: [BookLevel], asks newAsks: [BookLevel]) -> [LevelChange] {
        var changes: [LevelChange] = []
        LiveBook.compare(bids, newBids, .buy, into: &changes)
        LiveBook.compare(asks, newAsks, .sell, into: &changes)
        bids = newBids
        asks = newAsks
        updateID += Int64(changes.count)
        return changes
    }

    /// Walks two sides of one order at once.
    private static func compare(
        _ old: [BookLevel], _ new: [BookLevel], _ side: Side, into changes: inout [LevelChange]
    ) {
        var before = 0
        var after = 0
        while before < old.count || after < new.count {
            let isGone: Bool
            if after == new.count {
                isGone = true
            } else if before == old.count {
                isGone = false
            } else if old[before].price == new[after].price {
                if old[before].quantity != new[after].quantity {
                    changes.append(LevelChange(side: side, level: new[after]))
                }
                before += 1
                after += 1
                continue
            } else {
                isGone = (old[before].price > new[after].price) == (side == .buy)
            }
            if isGone {
                changes.append(LevelChange(side: side, level: BookLevel(price: old[before].price, quantity: .zero)))
                before += 1
            } else {
                changes.append(LevelChange(side: side, level: new[after]))
                after += 1
            }
        }
    }
}

/// What changed of a book since the last time that somebody looked: one event of a `@depth` stream.
struct DepthUpdate: Sendable, Hashable {
    /// The id of the first change in it.
    var first: Int64
    /// The id of the last change in it.
    var last: Int64
    var bids: [BookLevel]
    var asks: [BookLevel]
}

/// Gathers the changes of a book between two events of one speed.
struct DepthGathering: Sendable {
    private var bids: [Price: Quantity] = [:]
    private var asks: [Price: Quantity] = [:]
    private var last: Int64

    /// A gathering that begins after the change `updateID`.
    init(after updateID: Int64) { last = updateID }

    mutating func take(_ changes: [LevelChange]) {
        for change in changes {
            switch change.side {
            case .buy: bids[change.level.price] = change.level.quantity
            case .sell: asks[change.level.price] = change.level.quantity
            }
        }
    }

    /// The event of everything since the last one, or `nil` when nothing changed. O(changes × log changes).
    mutating func flush(upTo updateID: Int64) -> DepthUpdate? {
        guard updateID > last else { return nil }
        let update = DepthUpdate(
            first: last + 1, last: updateID,
            bids: bids.map { BookLevel(price: $0.key, quantity: $0.value) }.sorted { $0.price > $1.price },
            asks: asks.map { BookLevel(price: $0.key, quantity: $0.value) }.sorted { $0.price < $1.price })
        bids.removeAll(keepingCapacity: true)
        asks.removeAll(keepingCapacity: true)
        last = updateID
        return update
    }
}
