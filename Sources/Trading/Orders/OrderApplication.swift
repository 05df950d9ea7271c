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
        case .filled(let fill): outcome = applyFill(fill, at: report.time, index: index)
        case .status(let status): outcome = applyStatus(status, at: report.time, index: index)
        case .accepted:
            entries[index].order.isAcknowledged = true
            outcome = applyNews(.accepted, report, index: index)
        case .rejected: outcome = applyNews(.rejected, report, index: index)
        case .canceled: outcome = applyNews(.canceled, report, index: index)
        case .expired: outcome = applyNews(.expired, report, index: index)
        case .triggered: outcome = applyNews(.triggered, report, index: index)
        case .cancelRejected: outcome = applyNews(.cancelRefused, report, index: index)
        case .amended: outcome = applyNews(.amended, report, index: index)
        case .amendRejected: outcome = applyNews(.amendRefused, report, index: index)
        case .unanswered: outcome = applyNews(.unanswered, report, index: index)
        case .notFound: outcome = applyNews(.notFound, report, index: index)
        case .cancelUnanswered: outcome = applyNews(.cancelUnanswered, report, index: index)
        case .amendUnanswered: outcome = applyNews(.amendUnanswered, report, index: index)
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

    private mutating func applyFill(_ fill: Fill, at time: Timestamp, index: Int) -> Outcome {
        let before = entries[index].order.state
        if before == .denied || before == .initialized { return .anomaly }
        let trade = KnownTrade(fill)
        if let known = knownTrade(fill.tradeID, index) { return known == trade ? .duplicateFill : .conflictingFill }
        let isInferredBefore = !fill.isInferred && fill.quantity <= untold(index)
        if entries[index].firstTrade == nil {
            entries[index].firstTrade = trade
        } else {
            entries[index].furtherTrades.append(trade)
        }
        if isInferredBefore { return .inferredBefore }
        entries[index].order.filled = entries[index].order.filled + fill.quantity
        entries[index].order.quoteFees += fill.quoteFee
        entries[index].order.baseFees = entries[index].order.baseFees + fill.baseFee
        entries[index].order.updatedAt = max(entries[index].order.updatedAt, time)
        switch before.transition(on: entries[index].order.isComplete ? .filledWholly : .filledInPart) {
        case .move(let state), .revive(let state): OrderLedger.move(&entries[index].order, to: state, at: time)
        case .stay, .alert, .ask, .askIfLater, .prove: break
        }
        return .filled(isLate: before.isClosed)
    }

    private func knownTrade(_ id: UInt64, _ index: Int) -> KnownTrade? {
        guard let first = entries[index].firstTrade else { return nil }
        return first.id == id ? first : entries[index].furtherTrades.first { $0.id == id }
    }

    /// How much of an order's fills was inferred and has not been told since: fills inferred, less the trades that are
    /// known and were not booked.
    private func untold(_ index: Int) -> Quantity {
        guard let first = entries[index].firstTrade else { return .zero }
        var inferred = first.id & Fill.inferredBit != 0 ? first.quantity : .zero
        var known = first.quantity
        for trade in entries[index].furtherTrades {
            known = known + trade.quantity
            if trade.id & Fill.inferredBit != 0 { inferred = inferred + trade.quantity }
        }
        return inferred.isZero ? .zero : inferred - (known - entries[index].order.filled)
    }

    // MARK: Everything else

    private mutating func applyNews(_ news: OrderNews, _ report: OrderReport, index: Int) -> Outcome {
        let transition = entries[index].order.state.transition(on: news)
        let isChanged = OrderLedger.applyTerms(report, to: &entries[index].order)
        switch transition {
        case .stay:
            if isChanged { entries[index].order.updatedAt = max(entries[index].order.updatedAt, report.time) }
            return isChanged ? .changed : .unchanged
        case .alert:
            return .anomaly
        case .ask:
            if case .cancelUnanswered = report.kind, !isChanged { return .unchanged }
            if case .amendUnanswered = report.kind, !isChanged { return .unchanged }
            return .doubtful(isChanged: isChanged)
        case .askIfLater:
            return report.time > entries[index].order.updatedAt ? .lateAcceptance : .unchanged
        case .prove(let state):
            return .absent(state)
        case .move(let state):
            OrderLedger.move(&entries[index].order, to: state, at: report.time)
            return state == .unknown ? .doubtful(isChanged: true) : .changed
        case .revive(let state):
            OrderLedger.move(&entries[index].order, to: state, at: report.time)
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
