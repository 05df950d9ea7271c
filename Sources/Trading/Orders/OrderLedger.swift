import Market

/// Every order the kernel knows: those that work, and the recently closed ones (a fill may come late).
///
/// Entries stand in order of their numbers, so look-up is a subtraction where no number is missing behind an order, which
/// is the rule, and a binary search otherwise. Once more than twice `closedKept` orders are
/// held, closed ones are forgotten from the oldest on.
struct OrderLedger {
    private struct Entry {
        var order: Order
        var firstTrade: UInt64?
        var furtherTrades: [UInt64]
    }

    /// What applying a report did.
    enum Outcome: Equatable {
        /// Nothing that anybody must know.
        case unchanged
        /// State, terms or fills changed.
        case changed
        /// A fill to book; `isLate` when the order was closed before.
        case filled(isLate: Bool)
        /// The same trade once more; dropped.
        case duplicateFill
        /// It contradicts what was known.
        case anomaly
        /// It moved an order that was closed without proof.
        case revived
        /// No such order.
        case unknownOrder
    }

    private var entries: [Entry] = []
    private var next: UInt64
    private let closedKept: Int

    /// Orders that are not closed, oldest first.
    private(set) var open: [OrderID] = []

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

    /// Applies what a venue said. The caller books the fill when the outcome is `filled`.
    mutating func apply(_ report: OrderReport) -> Outcome {
        guard let index = index(report.order) else { return .unknownOrder }
        let before = entries[index].order.state
        let outcome: Outcome
        if case .filled(let fill) = report.kind {
            outcome = applyFill(fill, at: report.time, index: index)
        } else {
            outcome = applyOther(report, index: index)
        }
        noteClosure(report.order, wasClosed: before.isClosed, isClosed: entries[index].order.state.isClosed)
        return outcome
    }

    private mutating func applyFill(_ fill: Fill, at time: Timestamp, index: Int) -> Outcome {
        let before = entries[index].order.state
        if before == .denied || before == .initialized { return .anomaly }
        if entries[index].firstTrade == fill.tradeID || entries[index].furtherTrades.contains(fill.tradeID) {
            return .duplicateFill
        }
        if entries[index].firstTrade == nil {
            entries[index].firstTrade = fill.tradeID
        } else {
            entries[index].furtherTrades.append(fill.tradeID)
        }
        entries[index].order.filled = entries[index].order.filled + fill.quantity
        entries[index].order.quoteFees += fill.quoteFee
        entries[index].order.baseFees = entries[index].order.baseFees + fill.baseFee
        entries[index].order.updatedAt = time
        let quantity = entries[index].order.request.quantity
        if quantity.mantissa > 0 && entries[index].order.filled >= quantity {
            entries[index].order.state = .filled
            entries[index].order.isCancelPending = false
            entries[index].order.isAmendPending = false
        } else if !before.isClosed || before == .lost {
            entries[index].order.state = .partiallyFilled
        }
        return .filled(isLate: before.isClosed)
    }

    private mutating func applyOther(_ report: OrderReport, index: Int) -> Outcome {
        let transition = entries[index].order.state.transition(on: report.kind)
        let isChanged = applyTerms(report.kind, index: index)
        switch transition {
        case .stay:
            if isChanged { entries[index].order.updatedAt = report.time }
            return isChanged ? .changed : .unchanged
        case .anomaly:
            return .anomaly
        case .move(let state), .revive(let state):
            entries[index].order.state = state
            entries[index].order.updatedAt = report.time
            if state.isClosed {
                entries[index].order.isCancelPending = false
                entries[index].order.isAmendPending = false
            }
            if case .revive = transition { return .revived }
            return .changed
        }
    }

    /// Takes over reasons, new terms and the end of pending requests; says whether anything changed.
    private mutating func applyTerms(_ kind: OrderReport.Kind, index: Int) -> Bool {
        let state = entries[index].order.state
        switch kind {
        case .rejected(let reason), .canceled(let reason), .expired(let reason):
            if !state.isClosed || state == .lost { entries[index].order.reason = reason }
            return false
        case .amended(let amendment):
            guard !state.isClosed else { return false }
            if let quantity = amendment.quantity { entries[index].order.request.quantity = quantity }
            if let limit = amendment.limitPrice { entries[index].order.request.limitPrice = limit }
            if let trigger = amendment.triggerPrice { entries[index].order.request.triggerPrice = trigger }
            entries[index].order.isAmendPending = false
            return true
        case .cancelRejected:
            let wasPending = entries[index].order.isCancelPending
            entries[index].order.isCancelPending = false
            return wasPending
        case .amendRejected:
            let wasPending = entries[index].order.isAmendPending
            entries[index].order.isAmendPending = false
            return wasPending
        case .accepted, .filled, .triggered, .unanswered, .notFound:
            return false
        }
    }

    private mutating func noteClosure(_ id: OrderID, wasClosed: Bool, isClosed: Bool) {
        if !wasClosed && isClosed {
            open.removeAll { $0 == id }
        } else if wasClosed && !isClosed {
            open.append(id)
        }
    }

    private func index(_ id: OrderID) -> Int? {
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
        entries.removeAll { entry in
            guard surplus > 0, entry.order.state.isClosed else { return false }
            surplus -= 1
            return true
        }
    }
}
