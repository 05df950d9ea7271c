public import Market

/// What is read from a book. Of one that is not live there is nothing to be read: who shows it keeps what was copied
/// last, and marks it.
extension LocalBook {
    /// Whether the best bid is at or above the best ask. It may be so for a moment; nothing is read from it meanwhile.
    @inlinable
    public var isCrossed: Bool {
        guard let bid = bestBid, let ask = bestAsk else { return false }
        return bid.price >= ask.price
    }

    /// The best level of the bid side as kept, whatever the state.
    public var bestBid: BookLevel? { bids.best }

    /// The best level of the ask side as kept, whatever the state.
    public var bestAsk: BookLevel? { asks.best }

    /// Whether it can be read: it is live and not crossed, and the price has not left what the last snapshot told.
    public var isReadable: Bool { state == .live && !isCrossed && bids.knows(1) && asks.knows(1) }

    /// The best bid and ask; `nil` when it can't be read or a side is empty.
    public var quote: Quote? {
        guard isReadable, let bid = bestBid, let ask = bestAsk else { return nil }
        return Quote(time: time, bid: bid.price, ask: ask.price, bidSize: bid.quantity, askSize: ask.quantity)
    }

    /// Copies the best levels of each side, as far as every level is known, into a depth whose arrays are used again.
    ///
    /// - Returns: whether it could be read; `depth` stays as it is when not.
    @discardableResult
    public func copyDepth(levels: Int, into depth: inout BookDepth) -> Bool {
        guard isReadable else { return false }
        depth.time = time
        LocalBook.copy(bids, levels, &depth.bids)
        LocalBook.copy(asks, levels, &depth.asks)
        return true
    }

    /// The best levels of each side in a depth of its own; `nil` when it can't be read.
    public func depth(levels: Int) -> BookDepth? {
        var depth = BookDepth(time: time, bids: [], asks: [])
        return copyDepth(levels: levels, into: &depth) ? depth : nil
    }

    private static func copy(_ side: BookSide, _ count: Int, _ levels: inout [BookLevel]) {
        levels.removeAll(keepingCapacity: true)
        guard count > 0 else { return }
        side.forEachKnown { level in
            levels.append(level)
            return levels.count < count
        }
    }

    /// How far a side of a book is known.
    public struct Reach: Sendable, Hashable {
        /// How many levels are kept.
        public var levels: Int
        /// The price up to which every level is known: beyond the last level of a snapshot, and of what was dropped,
        /// there may be others. `nil` when the whole side is known.
        public var completeTo: Price?
    }

    /// How far a side is known: bids for a buy, asks for a sell.
    public func reach(of side: Side) -> Reach {
        let side = side == .buy ? bids : asks
        return Reach(levels: side.count, completeTo: side.completeTo)
    }

    /// Every level that is kept of a side, best first, whatever the state. Takes memory; for tests and inspection.
    public func allLevels(of side: Side) -> [BookLevel] { (side == .buy ? bids : asks).levels }
}
