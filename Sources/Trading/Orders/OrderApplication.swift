import Market

// What reports do to the orders of a ledger.
extension OrderLedger {
    /// What applying a report did.
    enum Outcome: Equatable {
        /// Nothing that anybody must know.
        case unchanged
        /// State, terms or flags changed.
        case changed
        /// A fill to book; `isLate` when the order was closed before.
        case filled(isLate: Bool)
        /// The same trade once more; dropped.
        case duplicateFill
        /// A trade that is booked with another price or quantity; dropped.
        case conflictingFill
        /// A trade that may be one that an inferred fill stands for: remembered, and booked once only. The order's count
        /// tells whether it was another.
        case inferredBefore
        /// It contradicts what was known.
        case anomaly
        /// It moved an order that was closed.
        case revived
        /// The order may have changed, and its venue must be asked.
        case doubtful(isChanged: Bool)
        /// It says that a closed order works, later than what closed it.
        case lateAcceptance
        /// The venue does not know the order; once that is proved it moves to this state.
        case absent(OrderState)
        /// The venue counts more filled than it reported.
        case gap(Quantity)
        /// No such order.
        case unknownOrder
    }

    /// Applies what a venue said. The caller books the fill when the outcome is `filled`.
    mutating func apply(_ report: OrderReport) -> Outcome {
        guard let index = index(report.order) else { return .unknownOrder }
        let before = entries[index].order.state
        let outcome: Outcome
        switch report.kind {
        case .filled(let fill): outcome = OrderLedger.apply(fill, at: report.time, to: &entries[index])
        case .status(let status): outcome = applyStatus(status, at: report.time, index: index)
        case .accepted:
            entries[index].order.isAcknowledged = true
            outcome = OrderLedger.apply(.accepted, report, to: &entries[index].order)
        case .rejected: outcome = OrderLedger.apply(.rejected, report, to: &entries[index].order)
        case .canceled: outcome = OrderLedger.apply(.canceled, report, to: &entries[index].order)
        case .expired: outcome = OrderLedger.apply(.expired, report, to: &entries[index].order)
        case .triggered: outcome = OrderLedger.apply(.triggered, report, to: &entries[index].order)
        case .cancelRejected: outcome = OrderLedger.apply(.cancelRefused, report, to: &entries[index].order)
        case .amended: outcome = OrderLedger.apply(.amended, report, to: &entries[index].order)
        case .amendRejected: outcome = OrderLedger.apply(.amendRefused, report, to: &entries[index].order)
        case .unanswered: outcome = OrderLedger.apply(.unanswered, report, to: &entries[index].order)
        case .notFound: outcome = OrderLedger.apply(.notFound, report, to: &entries[index].order)
        case .cancelUnanswered: outcome = OrderLedger.apply(.cancelUnanswered, report, to: &entries[index].order)
        case .amendUnanswered: outcome = OrderLedger.apply(.amendUnanswered, report, to: &entries[index].order)
        }
        noteClosure(report.order, wasClosed: before.isClosed, isClosed: entries[index].order.state.isClosed)
        return outcome
    }

    /// Closes an order whose absence from its venue is proved.
    mutating func giveUp(_ id: OrderID, as state: OrderState, at time: Timestamp) {
        update(id) {
            if $0.reason == .none || state == .lost { $0.reason = .lost }
            OrderLedger.move(&$0, to: state, at: time)
        }
    }

    // MARK: Fills

    private static func apply(_ fill: Fill, at time: Timestamp, to entry: inout Entry) -> Outcome {
        let before = entry.order.state
        if before == .denied || before == .initialized { return .anomaly }
        let trade = KnownTrade(fill)
        if let known = entry.knownTrade(fill.tradeID) { return known == trade ? .duplicateFill : .conflictingFill }
        let isInferredBefore = !fill.isInferred && fill.quantity <= entry.untold
        if entry.firstTrade == nil {
            entry.firstTrade = trade
        } else {
            entry.furtherTrades.append(trade)
        }
        if isInferredBefore { return .inferredBefore }
        entry.order.filled = entry.order.filled + fill.quantity
        entry.order.quoteFees += fill.quoteFee
        entry.order.baseFees = entry.order.baseFees + fill.baseFee
        entry.order.updatedAt = max(entry.order.updatedAt, time)
        switch before.transition(on: entry.order.isComplete ? .filledWholly : .filledInPart) {
        case .move(let state), .revive(let state): move(&entry.order, to: state, at: time)
        case .stay, .alert, .ask, .askIfLater, .prove: break
        }
        return .filled(isLate: before.isClosed)
    }

    // MARK: Everything else

    private static func apply(_ news: OrderNews, _ report: OrderReport, to order: inout Order) -> Outcome {
        let transition = order.state.transition(on: news)
        let isChanged = applyTerms(report, to: &order)
        switch transition {
        case .stay:
            if isChanged { order.updatedAt = max(order.updatedAt, report.time) }
            return isChanged ? .changed : .unchanged
        case .alert:
            return .anomaly
        case .ask:
            if case .cancelUnanswered = report.kind, !isChanged { return .unchanged }
            if case .amendUnanswered = report.kind, !isChanged { return .unchanged }
            return .doubtful(isChanged: isChanged)
        case .askIfLater:
            return report.time > order.updatedAt ? .lateAcceptance : .unchanged
        case .prove(let state):
            return .absent(state)
        case .move(let state):
            move(&order, to: state, at: report.time)
            return state == .unknown ? .doubtful(isChanged: true) : .changed
        case .revive(let state):
            move(&order, to: state, at: report.time)
            return .revived
        }
    }

    /// Moves an order to a state; nothing is on its way to a closed one.
    static func move(_ order: inout Order, to state: OrderState, at time: Timestamp) {
        let isWorking = state == .accepted || state == .triggered
        order.state = isWorking && !order.filled.isZero ? .partiallyFilled : state
        order.updatedAt = max(order.updatedAt, time)
        guard state.isClosed else { return }
        order.isCancelPending = false
        order.isAmendPending = false
        order.isCancelUnanswered = false
        order.isAmendUnanswered = false
    }

    /// Takes over reasons, new terms and what became of requests; says whether anything changed.
    private static func applyTerms(_ report: OrderReport, to order: inout Order) -> Bool {
        switch report.kind {
        case .rejected(let reason), .canceled(let reason), .expired(let reason):
            if !order.state.isClosed || order.state == .lost { order.reason = reason }
            return false
        case .amended(let amendment):
            guard !order.state.isClosed, report.time >= order.termsAt else { return false }
            order.termsAt = report.time
            if let quantity = amendment.quantity { order.request.quantity = quantity }
            if let limit = amendment.limitPrice { order.request.limitPrice = limit }
            if let trigger = amendment.triggerPrice { order.request.triggerPrice = trigger }
            order.isAmendPending = false
            order.isAmendUnanswered = false
            // The fills may have come before the quantity that they complete.
            if order.isComplete { move(&order, to: .filled, at: report.time) }
            return true
        case .cancelRejected:
            guard order.isCancelPending else { return false }
            if order.state == .submitting || order.state == .unknown {
                // The cancel may have overtaken the order: it stays wanted until the order is known to work.
                order.isCancelUnanswered = true
            } else {
                order.isCancelPending = false
                order.isCancelUnanswered = false
                order.reason = .none
            }
            return true
        case .amendRejected:
            let wasPending = order.isAmendPending
            order.isAmendPending = false
            order.isAmendUnanswered = false
            return wasPending
        case .cancelUnanswered:
            guard order.isCancelPending, !order.isCancelUnanswered else { return false }
            order.isCancelUnanswered = true
            return true
        case .amendUnanswered:
            guard order.isAmendPending, !order.isAmendUnanswered else { return false }
            order.isAmendUnanswered = true
            return true
        case .accepted, .filled, .triggered, .unanswered, .notFound, .status:
            return false
        }
    }
}

extension OrderLedger.Entry {
    /// The trade of an id, where it is booked.
    fileprivate func knownTrade(_ id: UInt64) -> OrderLedger.KnownTrade? {
        guard let firstTrade else { return nil }
        return firstTrade.id == id ? firstTrade : furtherTrades.first { $0.id == id }
    }

    /// How much of an order's fills was inferred and has not been told since: fills inferred, less the trades that are
    /// known and were not booked.
    fileprivate var untold: Quantity {
        guard let firstTrade else { return .zero }
        var inferred = firstTrade.id & Fill.inferredBit != 0 ? firstTrade.quantity : .zero
        var known = firstTrade.quantity
        for trade in furtherTrades {
            known = known + trade.quantity
            if trade.id & Fill.inferredBit != 0 { inferred = inferred + trade.quantity }
        }
        return inferred.isZero ? .zero : inferred - (known - order.filled)
    }
}
