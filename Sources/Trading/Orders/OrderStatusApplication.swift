import Market

// What the answer to a question does to an order.
extension OrderLedger {
    /// Applies a venue's full view of an order. Facts only grow: a view that counts less filled than is known, or that is
    /// older than what is known, is passed over and asked for again.
    mutating func applyStatus(_ status: OrderStatus, at time: Timestamp, index: Int) -> Outcome {
        let order = entries[index].order
        if order.state == .initialized || order.state == .denied { return .anomaly }
        if status.filled > order.filled { return .gap(status.filled - order.filled) }
        if status.filled < order.filled || time < order.updatedAt { return .doubtful(isChanged: false) }
        guard let news = OrderLedger.news(of: status.state) else { return .anomaly }
        entries[index].order.isAcknowledged = true
        let isChanged = order.state.isClosed ? false : adoptTerms(status, at: time, index: index)
        switch entries[index].order.state.transition(on: news) {
        case .move(let state):
            if state.isClosed { entries[index].order.reason = status.reason }
            OrderLedger.move(&entries[index].order, to: state, at: time)
            return .changed
        case .revive(let state):
            entries[index].order.reason = .none
            OrderLedger.move(&entries[index].order, to: state, at: time)
            return .revived
        case .askIfLater:
            // It was asked for, and it is later than what closed the order: this is the proof.
            guard time > order.updatedAt else { return .unchanged }
            entries[index].order.reason = .none
            OrderLedger.move(&entries[index].order, to: status.state, at: time)
            return .revived
        case .stay, .alert, .ask, .prove:
            return isChanged ? .changed : .unchanged
        }
    }

    /// The column of the table that a state in a venue's view belongs to; fills are booked by then.
    private static func news(of state: OrderState) -> OrderNews? {
        switch state {
        case .accepted, .partiallyFilled: return .accepted
        case .triggered: return .triggered
        case .filled: return .filledWholly
        case .canceled: return .canceled
        case .expired: return .expired
        case .rejected: return .rejected
        case .initialized, .denied, .submitting, .unknown, .lost: return nil
        }
    }

    /// Takes over the terms in force, which answers an amendment that nobody answered.
    private mutating func adoptTerms(_ status: OrderStatus, at time: Timestamp, index: Int) -> Bool {
        guard time >= entries[index].order.termsAt else { return false }
        var order = entries[index].order
        if order.request.quantity != status.quantity && !status.quantity.isZero {
            order.request.quantity = status.quantity
        }
        if let limit = status.limitPrice { order.request.limitPrice = limit }
        if let trigger = status.triggerPrice { order.request.triggerPrice = trigger }
        if order.isAmendUnanswered {
            order.isAmendPending = false
            order.isAmendUnanswered = false
        }
        guard order != entries[index].order else { return false }
        order.termsAt = time
        if order.isComplete { OrderLedger.move(&order, to: .filled, at: time) }
        entries[index].order = order
        return true
    }
}
