import Market

/// Every order the kernel knows: those that work, and the recently closed ones (a fill may come late).
///
/// Entries stand in order of their numbers, so look-up is a subtraction where no number is missing behind an order, which
/// is the rule, and a binary search otherwise. Once more than twice `closedKept` orders are
/// held, closed ones are forgotten from the oldest on.
struct OrderLedger {
    /// A trade that is booked: its id and what it must look like when it is reported once more.
    struct KnownTrade: Hashable {
        var id: UInt64
        var price: Price
        var quantity: Quantity

        init(_ fill: Fill) {
            id = fill.tradeID
            price = fill.price
            quantity = fill.quantity
        }
    }

    /// An order and the trades booked on it; most orders have one, which needs no memory of its own.
    struct Entry {
        var order: Order
        var firstTrade: KnownTrade?
        var furtherTrades: [KnownTrade]
    }

    var entries: [Entry] = []
    var next: UInt64
    private let closedKept: Int

    /// Orders that are not closed, oldest first.
    var open: [OrderID] = []

    init(nextID: UInt64, closedKept: Int) {
        next = nextID
        self.closedKept = max(1, closedKept)
    }

    /// The number that the next order gets.
    var nextID: OrderID { OrderID(rawValue: next) }

    /// The order numbered `id`, or `nil` when it is unknown or forgotten.
    subscript(_ id: OrderID) -> Order? {
        guard let index = index(id) else { return nil }
        return entries[index].order
    }

    /// How many of the orders that are not closed satisfy a condition.
    func countOpen(where condition: (Order) -> Bool) -> Int {
        var count = 0
        for id in open {
            if let index = index(id), condition(entries[index].order) { count += 1 }
        }
        return count
    }

    /// Orders that asked something of their venue before `time` and have had no answer.
    func silent(since time: Timestamp) -> [OrderID] {
        var silent: [OrderID] = []
        for id in open {
            guard let index = index(id), entries[index].order.requestedAt <= time else { continue }
            if entries[index].order.awaitsAnswer { silent.append(id) }
        }
        return silent
    }

    /// Whether a trade made here was booked already, on whichever order. O(orders).
    func hasBooked(inferred trade: UInt64) -> Bool {
        let id = trade | Fill.inferredBit
        return entries.contains { $0.firstTrade?.id == id || $0.furtherTrades.contains { $0.id == id } }
    }

    /// Whether a trade is booked on an order with this price and quantity.
    func hasBooked(_ fill: Fill, of order: OrderID) -> Bool {
        guard let index = index(order) else { return false }
        let trade = KnownTrade(fill)
        return entries[index].firstTrade == trade || entries[index].furtherTrades.contains(trade)
    }

    /// Why a working order is being cancelled; `nil` when no cancel is under way.
    func pendingCancelReason(_ id: OrderID) -> OrderReason? {
        guard let index = index(id), entries[index].order.isCancelPending else { return nil }
        return entries[index].order.reason
    }

    /// Adds a new order.
    ///
    /// - Precondition: its number is `nextID`.
    mutating func append(_ order: Order) {
        precondition(order.id == nextID, "orders are numbered without gaps")
        next += 1
        add(order)
    }

    /// Takes in a working order of an earlier session.
    ///
    /// - Precondition: its number is above those taken in before and below `nextID`.
    mutating func restore(_ order: Order) {
        precondition(order.id < nextID && entries.last.map { $0.order.id < order.id } ?? true, "orders come in order")
        add(order)
    }

    private mutating func add(_ order: Order) {
        if entries.count >= 2 * closedKept + open.count { forgetOldest() }
        entries.append(Entry(order: order, firstTrade: nil, furtherTrades: []))
        if !order.state.isClosed { open.append(order.id) }
    }

    /// Sets flags, terms or the state of an order that exists.
    mutating func update(_ id: OrderID, _ change: (inout Order) -> Void) {
        guard let index = index(id) else { return }
        let wasClosed = entries[index].order.state.isClosed
        change(&entries[index].order)
        noteClosure(id, wasClosed: wasClosed, isClosed: entries[index].order.state.isClosed)
    }

    mutating func noteClosure(_ id: OrderID, wasClosed: Bool, isClosed: Bool) {
        if !wasClosed && isClosed {
            open.removeAll { $0 == id }
        } else if wasClosed && !isClosed {
            open.append(id)
        }
    }

    func index(_ id: OrderID) -> Int? {
        guard let last = entries.last?.order.id, id <= last else { return nil }
        // Between an order and the newest there is at most an entry for each number: this is where it stands when none
        // of them was forgotten, and never behind it.
        let earliest = entries.count - 1 - Int(clamping: last.rawValue - id.rawValue)
        if earliest >= 0 && entries[earliest].order.id == id { return earliest }
        var low = max(earliest, 0)
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].order.id < id { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].order.id == id ? low : nil
    }

    private mutating func forgetOldest() {
        var surplus = entries.count - open.count - closedKept
        // Mostly the oldest are closed, one behind the other, and go in one move.
        let first = min(entries.firstIndex { !$0.order.state.isClosed } ?? entries.count, surplus)
        entries.removeFirst(first)
        surplus -= first
        guard surplus > 0 else { return }
        entries.removeAll { entry in
            guard surplus > 0, entry.order.state.isClosed else { return false }
            surplus -= 1
            return true
        }
    }
}
