import Market

/// What a market has said and nobody has taken yet.
///
/// **Overflow**: while whoever takes lags, best prices take the place of older ones of the same instrument, books of one of
/// which a book waits are left out, and beyond the capacity trades of the tape are counted instead of kept; candles, losses
/// and returns are always kept.
struct LiveQueue {
    /// How many may wait before the newest best prices replace older ones.
    static let softCapacity = 8_192
    /// How many may wait before trades are left out.
    static let capacity = 131_072

    private var updates: [LiveUpdate] = []
    /// Where the newest book and the newest best prices of each instrument wait.
    private var depths: [Int?]
    private var quotes: [Int?]
    /// Trades that were left out since the last taking.
    private var lost = 0

    init(instrumentCount: Int) {
        depths = Array(repeating: nil, count: instrumentCount)
        quotes = depths
    }

    var isEmpty: Bool { updates.isEmpty }

    mutating func append(_ update: LiveUpdate) {
        switch update {
        case .depth(let place, let depth):
            // Orders may meet it, so that a newer one must not stand before what came before it, and the next one is a
            // moment away. That nothing is known of a book any more is always told.
            if updates.count >= LiveQueue.softCapacity, !depth.bids.isEmpty, let index = depths[place],
                case .depth(_, let waiting) = updates[index], !waiting.bids.isEmpty
            {
                return
            }
            depths[place] = updates.count
        case .quote(let place, _):
            if updates.count >= LiveQueue.softCapacity, let index = quotes[place] {
                updates[index] = update
                return
            }
            quotes[place] = updates.count
        case .print where updates.count >= LiveQueue.capacity:
            lost += 1
            return
        case .late(_, let prints, _) where updates.count >= LiveQueue.capacity:
            lost += prints.count
            return
        default: break
        }
        updates.append(update)
    }

    /// Moves what waits behind `taken`.
    mutating func take(into taken: inout [LiveUpdate]) {
        taken.append(contentsOf: updates)
        updates.removeAll(keepingCapacity: updates.count <= LiveQueue.softCapacity)
        for place in depths.indices {
            depths[place] = nil
            quotes[place] = nil
        }
        if lost > 0 {
            taken.append(
                .remark(kind: "trades-left-out", text: "\(lost) trades of the tape were left out: too much waited"))
            lost = 0
        }
    }
}
