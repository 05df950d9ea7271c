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

// What the venue lists.
extension SimulatedVenue {
    /// Everything that a comparison needs: working orders, remembered fills since an instant, what is held, the cash.
    ///
    /// A venue that remembers nothing can't tell its fills.
    public func view(at time: Timestamp, fillsSince start: Timestamp) -> VenueView {
        let open = openOrderIDs.compactMap { id in
            locate(id).map { index, position in
                let order = books[index][position]
                return VenueOrder(
                    venueID: String(id.rawValue), order: id.isExternal ? nil : id, instrument: order.request.instrument,
                    side: order.request.side, status: status(order))
            }
        }
        let fills = memory.fills.filter { $0.time >= start }.map {
            VenueFill(
                order: $0.order.isExternal ? nil : $0.order, instrument: $0.instrument, side: $0.side, time: $0.time,
                fill: $0.fill)
        }
        let positions = holdings.indices.compactMap { index in
            let net = holdings[index].reduce(Quantity.zero) { $0 + $1.quantity }
            return net.isZero ? nil : VenuePosition(instrument: InstrumentID(index), quantity: net)
        }
        return VenueView(
            time: time, openOrders: open, fills: memory.isKeeping ? fills : nil, positions: positions, cash: cash)
    }
}

extension OrderID {
    /// Numbers from here on are not the kernel's: orders that somebody else placed on the account.
    static let firstExternal = OrderID(rawValue: 1 << 63)

    /// Whether somebody else placed it.
    var isExternal: Bool { self >= OrderID.firstExternal }
}
