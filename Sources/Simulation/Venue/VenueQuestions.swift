public import Market
public import Trading

// What the venue answers when it is asked.
extension SimulatedVenue {
    /// Tells what became of an order: the fills that it remembers of it, then where it stands, or that it does not know
    /// it.
    public mutating func query(_ order: OrderID, at time: Timestamp) {
        guard let status = status(of: order) else { return report(order, .notFound, at: time) }
        for record in memory.fills where record.order == order { report(order, .filled(record.fill), at: record.time) }
        report(order, .status(status), at: time)
    }

    /// Where an order stands, as long as the venue remembers it. O(orders).
    func status(of order: OrderID) -> OrderStatus? {
        if let (index, position) = locate(order) { return status(books[index][position]) }
        guard let closed = memory.closed.last(where: { $0.order.id == order }) else { return nil }
        var status = status(closed.order)
        status.state = closed.state
        status.reason = closed.reason
        return status
    }

    private func status(_ order: WorkingOrder) -> OrderStatus {
        let state: OrderState
        if !order.filled.isZero {
            state = .partiallyFilled
        } else if order.isTriggered {
            state = .triggered
        } else {
            state = .accepted
        }
        return OrderStatus(
            state: state, quantity: order.request.quantity, limitPrice: order.request.limitPrice,
            triggerPrice: order.request.triggerPrice, filled: order.filled)
    }
}
