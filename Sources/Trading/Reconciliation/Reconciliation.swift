public import Market

/// Compares what we hold to be true with what a venue says: a function of the two and nothing else, for the start of a
/// session and for every reconnection.
///
/// Fills come first, then orders, then positions as they will be once those fills are booked, then cash. Nothing is
/// concluded from what could not be read, from an order that moved a moment ago, or from an order that is missing on a
/// list. docs/orders.md says what each step means.
public struct Reconciliation {
    /// How long an order must have been quiet before a list is held against it.
    public static let quietSeconds: Int64 = 5

    let ours: ReconciliationView
    /// Since when what happened to orders may be missing in what the venue says.
    private let since: Timestamp?
    let venue: VenueView
    private(set) var steps: [ReconciliationStep] = []
    /// Fills found missing: by order, and as changes of positions (by instrument) and of cash.
    private var missing: [(order: OrderID, quantity: Quantity)] = []
    private(set) var change: [Int64]
    private(set) var cash: Money
    /// Instruments with an order whose fate this comparison could not settle.
    private(set) var isOpenToDoubt: [Bool]

    /// Everything in which the two differ, in the order in which it should be dealt with. Equal views give nothing.
    ///
    /// - Parameter since: when the venue's word began to be read, where that takes time: nothing is concluded of instruments
    ///   whose orders moved from then on.
    public static func compare(
        ours: ReconciliationView, venue: VenueView, since: Timestamp? = nil
    ) -> [ReconciliationStep] {
        var comparison = Reconciliation(ours, venue, since)
        comparison.compareFills()
        comparison.compareOrders()
        comparison.steps += comparison.positionSteps() + comparison.balanceSteps()
        return comparison.steps
    }

    private init(_ ours: ReconciliationView, _ venue: VenueView, _ since: Timestamp?) {
        self.ours = ours
        self.since = since
        self.venue = venue
        change = Array(repeating: 0, count: ours.instruments.count)
        isOpenToDoubt = Array(repeating: false, count: ours.instruments.count)
        cash = ours.cash
    }

    // MARK: - Fills

    private mutating func compareFills() {
        let fills = (venue.fills ?? []).enumerated().sorted {
            ($0.element.time, $0.element.fill.tradeID, $0.offset) < (
                $1.element.time, $1.element.fill.tradeID, $1.offset
            )
        }
        var found: [ReconciliationView.Trade] = []
        for (_, listed) in fills {
            // A fill of somebody else's order shows in the position.
            guard let id = listed.order, let order = ours.order(id), order.state != .denied else { continue }
            // A fill that was inferred stands for what was not told: which of these it is can't be known.
            if hasInferred(id) { continue }
            let trade = ReconciliationView.Trade(
                order: id, tradeID: listed.fill.tradeID, price: listed.fill.price, quantity: listed.fill.quantity)
            if let known = ours.trade(id, trade.tradeID) ?? found.first(where: { $0.isSame(as: trade) }) {
                if known != trade { steps.append(.conflict(listed)) }
                continue
            }
            found.append(trade)
            take(listed, of: order)
        }
    }

    private mutating func take(_ listed: VenueFill, of order: Order) {
        steps.append(.report(OrderReport(order: order.id, time: listed.time, kind: .filled(listed.fill))))
        let index = order.request.instrument.index
        let fill = listed.fill
        if let place = missing.firstIndex(where: { $0.order == order.id }) {
            missing[place].quantity = missing[place].quantity + fill.quantity
        } else {
            missing.append((order.id, fill.quantity))
        }
        let notional = ours.instruments[index].notional(fill.price, fill.quantity)
        change[index] += fill.quantity.mantissa * order.request.side.sign - fill.baseFee.mantissa
        if order.request.side == .buy { cash -= notional } else { cash += notional }
        cash -= fill.quoteFee
    }

    private func hasInferred(_ id: OrderID) -> Bool {
        ours.trades.contains { $0.order == id && $0.tradeID & Fill.inferredBit != 0 }
    }

    /// What of an order will have filled once the fills found missing are booked.
    private func filled(_ order: Order) -> Quantity {
        missing.first { $0.order == order.id }.map { order.filled + $0.quantity } ?? order.filled
    }

    // MARK: - Orders

    private mutating func compareOrders() {
        if let since {
            for order in ours.orders where order.updatedAt >= since || order.requestedAt >= since { doubt(order) }
        }
        guard let listed = venue.openOrders else {
            for order in ours.orders where order.mayBeAtVenue { doubt(order) }
            return
        }
        var seen: [OrderID] = []
        var seenExternals: [String] = []
        for entry in listed {
            if let id = entry.order, let order = ours.order(id) {
                if seen.contains(id) { continue }
                seen.append(id)
                compare(order, entry)
            } else if !ours.externals.contains(entry.venueID), !seenExternals.contains(entry.venueID) {
                seenExternals.append(entry.venueID)
                steps.append(.external(entry))
            }
        }
        for order in ours.orders where order.mayBeAtVenue && !seen.contains(order.id) {
            if isTouched(order) {
                doubt(order)
            } else if order.request.quantity.isZero || filled(order) < order.request.quantity {
                // Missing on a list proves nothing: lists lag, and some leave out conditional orders.
                steps.append(.query(order.id))
                doubt(order)
            }
        }
    }

    /// One order that the venue lists as working.
    private mutating func compare(_ order: Order, _ entry: VenueOrder) {
        if isTouched(order) { return doubt(order) }
        let filled = filled(order)
        if order.state.isClosed && order.state != .lost {
            // The list may be older than the end; one question tells.
            steps.append(.query(order.id))
            return doubt(order)
        }
        if entry.status.filled > filled { doubt(order) }
        guard isDifferent(order, filled: filled, entry.status) else { return }
        steps.append(.report(OrderReport(order: order.id, time: venue.time, kind: .status(entry.status))))
    }

    private func isDifferent(_ order: Order, filled: Quantity, _ status: OrderStatus) -> Bool {
        switch order.state {
        case .submitting, .unknown, .lost: return true
        case .accepted where status.state == .triggered: return true
        default: break
        }
        return status.filled > filled || !status.quantity.isZero && status.quantity != order.request.quantity
            || status.limitPrice ?? order.request.limitPrice != order.request.limitPrice
            || status.triggerPrice ?? order.request.triggerPrice != order.request.triggerPrice
    }

    /// Whether something happened to an order a moment ago, so that the two sides may not have heard the same yet.
    private func isTouched(_ order: Order) -> Bool {
        let quiet = ours.now.adding(seconds: -Reconciliation.quietSeconds)
        return order.updatedAt > quiet || order.requestedAt > quiet
    }

    private mutating func doubt(_ order: Order) { isOpenToDoubt[order.request.instrument.index] = true }

    // MARK: - Cash

    private func balanceSteps() -> [ReconciliationStep] {
        guard let theirs = venue.cash, venue.fills != nil, !isOpenToDoubt.contains(true), theirs != cash else {
            return []
        }
        return [.balance(ours: cash, venue: theirs)]
    }
}

extension ReconciliationView.Trade {
    fileprivate func isSame(as other: ReconciliationView.Trade) -> Bool {
        order == other.order && tradeID == other.tradeID
    }
}
