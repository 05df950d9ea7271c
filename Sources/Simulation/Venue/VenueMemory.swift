import Market
import Trading

/// What a venue can still tell of orders and fills that are over: the newest ones, as many as it was asked to keep.
struct VenueMemory: Sendable {
    /// An order that is over.
    struct Closed: Sendable {
        var order: WorkingOrder
        var state: OrderState
        var reason: OrderReason
        var time: Timestamp
    }

    /// How many of each are kept; twice as many are held before the older half goes, so that keeping costs no more than
    /// appending.
    let kept: Int
    /// Closed orders, in the order they ended.
    var closed: [Closed] = []
    /// Fills, oldest first.
    var fills: [FillRecord] = []

    init(kept: Int) { self.kept = max(0, kept) }

    var isKeeping: Bool { kept > 0 }

    mutating func note(_ fill: Fill, of order: WorkingOrder, at time: Timestamp) {
        if fills.count >= 2 * kept { fills.removeFirst(fills.count - kept) }
        fills.append(
            FillRecord(
                order: order.id, owner: order.owner, instrument: order.request.instrument, side: order.request.side,
                time: time, fill: fill, purpose: order.request.purpose))
    }

    mutating func note(_ order: WorkingOrder, endedBy kind: OrderReport.Kind, at time: Timestamp) {
        switch kind {
        case .rejected(let reason): note(order, .rejected, reason, at: time)
        case .canceled(let reason): note(order, .canceled, reason, at: time)
        case .expired(let reason): note(order, .expired, reason, at: time)
        default: break
        }
    }

    mutating func note(_ order: WorkingOrder, _ state: OrderState, _ reason: OrderReason, at time: Timestamp) {
        if closed.count >= 2 * kept { closed.removeFirst(closed.count - kept) }
        closed.append(Closed(order: order, state: state, reason: reason, time: time))
    }
}
