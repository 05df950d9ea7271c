import Market

/// A level of a recorded book as the venue knows it. Quantities are units of the instrument's scale.
struct VenueLevel: Sendable, Hashable {
    let price: Price
    /// The quantity that was told last.
    var told: Int64
    /// What of it has not traded since, as far as prints say.
    var shown: Int64
    /// What own orders took of it; a quantity told anew that differs from the last ends the memory.
    var taken: Int64 = 0

    init(_ level: BookLevel) {
        price = level.price
        told = level.quantity.mantissa
        shown = told
    }

    init(price: Price, told: Int64, shown: Int64, taken: Int64) {
        self.price = price
        self.told = told
        self.shown = shown
        self.taken = taken
    }

    /// Another quantity is told of it.
    mutating func tell(_ quantity: Int64) {
        if quantity != told { taken = 0 }
        told = quantity
        shown = quantity
    }
}

/// The book of an instrument as it was recorded, with what prints and own orders took out of it since.
///
/// Own orders are not in it: nobody else saw them. Quotes and prints that come after a book keep its top true until the next
/// one.
struct VenueBook: Sendable, Hashable {
    /// How long after it was told a book is believed, in nanoseconds: as long as the risk gate believes a price unless told
    /// otherwise.
    static let lifetime: Int64 = 30_000_000_000

    /// Whether a book was told, and none has taken its place that is none.
    private(set) var isKnown = false
    /// When it was told last.
    private(set) var time = Timestamp.epoch
    /// Bids, highest first.
    private(set) var bids: [VenueLevel] = []
    /// Asks, lowest first.
    private(set) var asks: [VenueLevel] = []
    private var spare: [VenueLevel] = []

    /// No book.
    init() {}

    /// A book that was known before; its levels in order.
    init(time: Timestamp, bids: [VenueLevel], asks: [VenueLevel]) {
        isKnown = true
        self.time = time
        self.bids = bids
        self.asks = asks
    }

    /// Whether it is believed at an instant.
    func isFresh(at time: Timestamp) -> Bool {
        isKnown && time.nanoseconds &- self.time.nanoseconds <= VenueBook.lifetime
    }

    /// The levels that orders of a side take from.
    func facing(_ side: Side) -> [VenueLevel] { side == .buy ? asks : bids }

    /// The best price of a side that something is shown at: of bids for a buy.
    func best(_ side: Side) -> Price? { (side == .buy ? bids : asks).first { $0.shown > 0 }?.price }

    /// What is shown at a price of a side: nothing between its levels; `nil` beyond the last that is told, where nobody
    /// knows. O(levels).
    func shown(_ side: Side, at price: Price) -> Int64? {
        let levels = side == .buy ? bids : asks
        guard let last = levels.last else { return nil }
        if VenueBook.isBetter(last.price, price, side) { return nil }
        return levels.first { $0.price == price }?.shown ?? 0
    }

    /// Whether a price is better for those who wait on a side: a higher bid, a lower ask.
    private static func isBetter(_ price: Price, _ other: Price, _ side: Side) -> Bool {
        side == .buy ? price > other : price < other
    }

    // MARK: - What is told

    /// Nothing is known any more.
    mutating func forget() {
        isKnown = false
        bids.removeAll(keepingCapacity: true)
        asks.removeAll(keepingCapacity: true)
    }

    /// Takes a book. One without both sides, or whose levels are out of order, is none: nothing is known then. O(levels).
    ///
    /// - Returns: whether it is one.
    mutating func tell(_ depth: BookDepth) -> Bool {
        guard let bid = depth.bids.first, let ask = depth.asks.first, bid.price < ask.price,
            VenueBook.isInOrder(depth.bids, .buy), VenueBook.isInOrder(depth.asks, .sell)
        else {
            forget()
            return false
        }
        merge(depth.bids, .buy)
        merge(depth.asks, .sell)
        isKnown = true
        time = depth.time
        return true
    }

    private static func isInOrder(_ levels: [BookLevel], _ side: Side) -> Bool {
        var last: Price?
        for level in levels {
            guard level.price.mantissa > 0, level.quantity.mantissa > 0 else { return false }
            if let last, !isBetter(last, level.price, side) { return false }
            last = level.price
        }
        return true
    }

    /// Puts levels in the place of those of a side; what was taken of one whose quantity is the same stays taken.
    private mutating func merge(_ levels: [BookLevel], _ side: Side) {
        spare.removeAll(keepingCapacity: true)
        let old = side == .buy ? bids : asks
        var place = 0
        for level in levels {
            while place < old.count, VenueBook.isBetter(old[place].price, level.price, side) { place += 1 }
            if place < old.count, old[place].price == level.price {
                var known = old[place]
                known.tell(level.quantity.mantissa)
                spare.append(known)
            } else {
                spare.append(VenueLevel(level))
            }
        }
        if side == .buy { swap(&bids, &spare) } else { swap(&asks, &spare) }
    }

    /// Takes a newer best bid and ask: what stood before them is gone, and they show what they say. A size of zero says
    /// nothing.
    mutating func take(_ quote: Quote) {
        guard isKnown else { return }
        top(.buy, quote.bid, quote.bidSize.mantissa)
        top(.sell, quote.ask, quote.askSize.mantissa)
    }

    private mutating func top(_ side: Side, _ price: Price, _ quantity: Int64) {
        removeBefore(side, price)
        guard quantity > 0 else { return }
        let levels: WritableKeyPath<VenueBook, [VenueLevel]> = side == .buy ? \.bids : \.asks
        if self[keyPath: levels].first?.price == price {
            self[keyPath: levels][0].tell(quantity)
        } else {
            self[keyPath: levels].insert(
                VenueLevel(BookLevel(price: price, quantity: Quantity(mantissa: quantity))), at: 0)
        }
    }

    /// Takes a print: it took from the side that its aggressor faced, what stood before its price is gone.
    mutating func take(_ print: TradePrint) {
        guard isKnown else { return }
        let side: Side = print.aggressor == .buy ? .sell : .buy
        removeBefore(side, print.price)
        if side == .buy, bids.first?.price == print.price {
            bids[0].shown = max(bids[0].shown - print.quantity.mantissa, 0)
        } else if side == .sell, asks.first?.price == print.price {
            asks[0].shown = max(asks[0].shown - print.quantity.mantissa, 0)
        }
    }

    private mutating func removeBefore(_ side: Side, _ price: Price) {
        if side == .buy {
            let count = bids.firstIndex { $0.price <= price } ?? bids.count
            if count > 0 { bids.removeFirst(count) }
        } else {
            let count = asks.firstIndex { $0.price >= price } ?? asks.count
            if count > 0 { asks.removeFirst(count) }
        }
    }

    /// Notes that an order of a side took from the level at a place.
    mutating func note(taken quantity: Int64, by side: Side, at place: Int) {
        if side == .buy { asks[place].taken += quantity } else { bids[place].taken += quantity }
    }
}
