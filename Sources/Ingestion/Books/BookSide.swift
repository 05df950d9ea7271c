import Market

/// One side of a book: levels in order, the best at the end.
///
/// The levels stand in blocks of some dozens, so that a change anywhere moves a kilobyte at most: most changes are near
/// the best price, but a venue also tells those thousands of levels away. A change costs O(log n); the best level is
/// found at once.
struct BookSide: Sendable {
    /// A level as it is kept: the greater the key, the better the price.
    private struct Entry: Sendable {
        var key: Int64
        var quantity: Int64
    }

    /// Prices of asks are kept negated: then both sides are in ascending order.
    private let sign: Int64
    /// The most levels that are kept.
    private let limit: Int
    private var blocks: [ContiguousArray<Entry>] = []
    /// The key of each block's first level.
    private var firstKeys: ContiguousArray<Int64> = []
    private(set) var count = 0
    /// Every level with this key or a greater one is known; below it there may be some that nobody told.
    private var completeFrom = Int64.min

    private static let blockSize = 64

    init(_ side: Side, limit: Int) {
        sign = side.sign
        self.limit = limit
    }

    /// The best level.
    var best: BookLevel? {
        guard let entry = blocks.last?.last else { return nil }
        return level(entry)
    }

    /// The price up to which every level is known; `nil` when all are.
    var completeTo: Price? { completeFrom == .min ? nil : Price(mantissa: sign * completeFrom) }

    /// Whether at least so many levels in a row from the best are known, or all there are.
    func knows(_ wanted: Int) -> Bool {
        if completeFrom == .min { return true }
        var known = 0
        for block in blocks.reversed() {
            if let first = block.first, first.key < completeFrom {
                return known + block.count(where: { $0.key >= completeFrom }) >= wanted
            }
            known += block.count
            if known >= wanted { return true }
        }
        return false
    }

    /// Takes the levels of a snapshot, best first, in place of all others.
    ///
    /// - Parameter isWhole: whether there are no further levels.
    mutating func replace(_ levels: [BookLevel], isWhole: Bool) {
        let kept = levels.prefix(limit)
        blocks.removeAll(keepingCapacity: true)
        firstKeys.removeAll(keepingCapacity: true)
        count = kept.count
        completeFrom = isWhole && kept.count == levels.count ? .min : kept.last.map { sign * $0.price.mantissa } ?? .min
        var block = BookSide.emptyBlock()
        for level in kept.reversed() {
            // Blocks begin with room for what comes between.
            if block.count == BookSide.blockSize * 3 / 4 {
                append(block)
                block = BookSide.emptyBlock()
            }
            block.append(Entry(key: sign * level.price.mantissa, quantity: level.quantity.mantissa))
        }
        if !block.isEmpty { append(block) }
    }

    private static func emptyBlock() -> ContiguousArray<Entry> {
        var block = ContiguousArray<Entry>()
        block.reserveCapacity(blockSize)
        return block
    }

    private mutating func append(_ block: ContiguousArray<Entry>) {
        firstKeys.append(block[0].key)
        blocks.append(block)
    }

    /// Sets a level to a quantity; zero removes it, and to remove what is not there is no mistake.
    @inline(__always)
    mutating func set(_ level: BookLevel) {
        let key = sign * level.price.mantissa
        let block = block(of: key)
        guard block >= 0 else {
            if level.quantity.mantissa > 0 { insertFirst(Entry(key: key, quantity: level.quantity.mantissa)) }
            return
        }
        let place = BookSide.place(of: key, in: blocks[block])
        let isThere = place < blocks[block].count && blocks[block][place].key == key
        if level.quantity.mantissa > 0 {
            if isThere {
                blocks[block][place].quantity = level.quantity.mantissa
            } else {
                insert(Entry(key: key, quantity: level.quantity.mantissa), block, place)
            }
        } else if isThere {
            remove(block, place)
        }
    }

    /// The block in which a key belongs: the last that does not begin behind it; −1 when all do.
    @inline(__always)
    private func block(of key: Int64) -> Int {
        var (low, high) = (0, firstKeys.count)
        // Most changes are near the best price.
        if high > 0, firstKeys[high - 1] <= key { return high - 1 }
        while low < high {
            let middle = (low + high) >> 1
            if firstKeys[middle] <= key { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }

    /// Where a key is in a block, or would be.
    @inline(__always)
    private static func place(of key: Int64, in block: ContiguousArray<Entry>) -> Int {
        block.withUnsafeBufferPointer { block in
            var (low, high) = (0, block.count)
            while low < high {
                let middle = (low + high) >> 1
                if block[middle].key < key { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }

    /// Inserts what is worse than all there is.
    private mutating func insertFirst(_ entry: Entry) {
        if blocks.isEmpty {
            var block = BookSide.emptyBlock()
            block.append(entry)
            append(block)
            count += 1
        } else {
            insert(entry, 0, 0)
        }
    }

    private mutating func insert(_ entry: Entry, _ block: Int, _ place: Int) {
        blocks[block].insert(entry, at: place)
        if place == 0 { firstKeys[block] = entry.key }
        count += 1
        if blocks[block].count >= BookSide.blockSize { split(block) }
        if count > limit { dropWorst() }
    }

    private mutating func split(_ block: Int) {
        let half = BookSide.blockSize / 2
        var upper = BookSide.emptyBlock()
        upper.append(contentsOf: blocks[block][half...])
        blocks[block].removeSubrange(half...)
        firstKeys.insert(upper[0].key, at: block + 1)
        blocks.insert(upper, at: block + 1)
    }

    private mutating func remove(_ block: Int, _ place: Int) {
        blocks[block].remove(at: place)
        count -= 1
        if blocks[block].isEmpty {
            blocks.remove(at: block)
            firstKeys.remove(at: block)
        } else if place == 0 {
            firstKeys[block] = blocks[block][0].key
        }
    }

    private mutating func dropWorst() {
        completeFrom = max(completeFrom, firstKeys[0] + 1)
        remove(0, 0)
    }

    private func level(_ entry: Entry) -> BookLevel {
        BookLevel(price: Price(mantissa: sign * entry.key), quantity: Quantity(mantissa: entry.quantity))
    }

    /// Calls `body` for each level from the best on, as far as every level is known, until it says no.
    ///
    /// - Returns: whether what was asked for was all known: `false` when `body` would have gone on behind that.
    @discardableResult
    @inline(__always)
    func forEachKnown(_ body: (BookLevel) -> Bool) -> Bool {
        for block in blocks.reversed() {
            for entry in block.reversed() {
                if entry.key < completeFrom { return false }
                if !body(level(entry)) { return true }
            }
        }
        return completeFrom == .min
    }

    /// Every level, best first, known in a row or not.
    var levels: [BookLevel] { blocks.reversed().flatMap { $0.reversed().map(level) } }
}
