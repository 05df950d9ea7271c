import Market

// Orders that nobody is sure about: noticing them, asking about them, giving them up.
extension Kernel {
    /// Notices silence and puts the questions that are due. Timers come here.
    func inquire(_ effects: inout [Effect]) {
        noticeSilence(&effects)
        for place in inquiries.indices where inquiries[place].nextQuestion <= now {
            inquiries[place].questions += 1
            inquiries[place].nextQuestion = now.adding(
                seconds: options.inquiry.pause(after: inquiries[place].questions))
            effects.append(.query(inquiries[place].order))
        }
    }

    private func noticeSilence(_ effects: inout [Effect]) {
        guard !ledger.open.isEmpty else { return }
        for id in ledger.silent(since: now.adding(seconds: -options.inquiry.answerSeconds)) {
            guard let order = ledger[id] else { continue }
            let isUnaccepted = order.state == .partiallyFilled && !order.isAcknowledged
            if order.state == .submitting || isUnaccepted && inquiry(id) == nil {
                reported(OrderReport(order: id, time: now, kind: .unanswered), &effects)
            }
            if order.isCancelPending && !order.isCancelUnanswered {
                reported(OrderReport(order: id, time: now, kind: .cancelUnanswered), &effects)
            }
            if order.isAmendPending && !order.isAmendUnanswered {
                reported(OrderReport(order: id, time: now, kind: .amendUnanswered), &effects)
            }
        }
    }

    /// Tells of an order that something is not known of, and begins to ask about it.
    func doubt(_ order: Order, _ report: OrderReport, _ effects: inout [Effect]) {
        let text: String
        switch report.kind {
        case .unanswered: text = "order \(order.id.rawValue): nobody answered; asking its venue before anything else"
        case .cancelUnanswered: text = "order \(order.id.rawValue): nobody answered its cancel; asking its venue"
        case .amendUnanswered: text = "order \(order.id.rawValue): nobody answered its amendment; asking its venue"
        case .notFound: text = "order \(order.id.rawValue): its venue does not know it; asking again"
        case .status:
            // A view older than what is known: the questions go on where there are any.
            if !order.state.isClosed { beginInquiry(order.id) }
            return
        default:
            let isKnown = order.state != .submitting && order.state != .unknown
            return beginInquiry(order.id, isFromRefusal: isKnown)
        }
        beginInquiry(order.id)
        // The venue's first word that it does not know the order counts.
        if case .notFound = report.kind, let place = inquiry(order.id) { inquiries[place].absences += 1 }
        alert(
            .warning, "unanswered", text, instrument: order.request.instrument, strategy: order.owner, order: order.id,
            &effects)
    }

    /// Finds a place for an order that was closed and works after all: its own, or none where another order took it or
    /// where it would open what may not be opened now.
    func takeBack(_ order: Order, _ effects: inout [Effect]) {
        guard let current = ledger[order.id], !current.state.isClosed, let slot = slot(order.owner) else { return }
        let holder: OrderID?
        switch order.request.purpose {
        case .entry: holder = slot.entry
        case .exit, .close: holder = slot.exit
        case .stopLoss, .trailingStop: holder = slot.stop
        case .takeProfit: holder = slot.target
        case .manual, .reconciliation, .liquidation: return
        }
        let mayOpen = tradingState == .active && slot.registration.status == .enabled
        if holder.map({ $0 != order.id }) ?? false || order.request.purpose == .entry && !mayOpen {
            cancel(current, .superseded, &effects)
        } else {
            remember(current)
        }
    }

    /// Begins to ask about an order; the first question waits a little, for the answer may be on its way.
    func beginInquiry(_ id: OrderID, isFromRefusal: Bool = false) {
        if let place = inquiry(id) {
            if !isFromRefusal { inquiries[place].isFromRefusal = false }
            return
        }
        let due = now.adding(seconds: options.inquiry.pause(after: 0))
        let place = inquiries.firstIndex { $0.order > id } ?? inquiries.count
        inquiries.insert(
            Inquiry(order: id, since: now, nextQuestion: due, isFromRefusal: isFromRefusal), at: place)
    }

    func endInquiry(_ id: OrderID) {
        if let place = inquiry(id) { inquiries.remove(at: place) }
    }

    func inquiry(_ id: OrderID) -> Int? {
        inquiries.isEmpty ? nil : inquiries.firstIndex { $0.order == id }
    }

    /// Counts a proof of absence; gives the order up once there are enough and no request can still be on its way.
    ///
    /// - Returns: whether it was given up.
    func noteAbsence(_ id: OrderID, _ state: OrderState, _ effects: inout [Effect]) -> Bool {
        beginInquiry(id)
        guard let place = inquiry(id) else { return false }
        inquiries[place].absences += 1
        let age = now.nanoseconds(since: inquiries[place].since)
        guard inquiries[place].absences >= options.inquiry.absencesNeeded,
            age >= options.inquiry.validitySeconds * 1_000_000_000, let order = ledger[id]
        else { return false }
        ledger.giveUp(id, as: state, at: now)
        alert(
            .critical, "lost",
            "order \(id.rawValue) was \(order.state.name) and its venue does not know it: \(state.name)",
            instrument: order.request.instrument, strategy: order.owner, order: id, &effects)
        return true
    }

    /// The venue counts more filled than it reported fills for. The fills may be on their way; when they still are missing
    /// after some questions, one fill is inferred that makes up for them.
    ///
    /// - Returns: whether one was booked.
    func noteGap(_ id: OrderID, _ missing: Quantity, _ status: OrderStatus, _ effects: inout [Effect]) -> Bool {
        beginInquiry(id)
        guard let place = inquiry(id), let order = ledger[id] else { return false }
        inquiries[place].gaps += 1
        guard inquiries[place].gaps > options.inquiry.absencesNeeded,
            let price = inferredPrice(order, missing, status)
        else { return false }
        let fill = Fill(
            tradeID: InferredTrade.id(order: id, from: order.filled, to: status.filled), price: price,
            quantity: missing, quoteFee: .zero(account.currency), liquidity: .taker)
        alert(
            .critical, "inferred-fill",
            "order \(id.rawValue): the venue counts \(missing.mantissa) more filled than it reported; booked at "
                + instruments[order.request.instrument.index].instrument.text(price),
            instrument: order.request.instrument, strategy: order.owner, order: id, &effects)
        reported(OrderReport(order: id, time: now, kind: .filled(fill)), &effects)
        return true
    }

    private func inferredPrice(_ order: Order, _ missing: Quantity, _ status: OrderStatus) -> Price? {
        let instrument = instruments[order.request.instrument.index].instrument
        if let notional = status.filledNotional, notional > order.filledNotional {
            return instrument.averagePrice(notional - order.filledNotional, missing, rounding: .halfEven)
        }
        return order.request.limitPrice ?? instruments[order.request.instrument.index].mark
    }

    /// What follows for an order in doubt from what was just heard: a cancel that is still wanted is sent again to an order
    /// that works, and the questions end where nothing is left to ask.
    func reconsider(_ report: OrderReport, _ effects: inout [Effect]) {
        guard let order = ledger[report.order] else { return }
        if order.isCancelUnanswered && order.state != .submitting && order.state != .unknown, !isLeftToSuccessor(order)
        {
            switch report.kind {
            case .accepted, .triggered, .filled, .status:
                ledger.update(order.id) {
                    $0.isCancelUnanswered = false
                    $0.requestedAt = now
                }
                effects.append(.cancel(order.id))
            default: break
            }
        }
        if !order.isAcknowledged && (order.state == .canceled || order.state == .expired) {
            // It ended before it was accepted: fills may have been lost with the acceptance.
            if case .status = report.kind {} else { beginInquiry(order.id) }
        }
        guard let place = inquiry(order.id) else { return }
        switch report.kind {
        case .status: endInquiry(order.id)
        case .notFound where order.state.isClosed: endInquiry(order.id)
        case .filled where order.state == .filled && order.overfill.isZero: endInquiry(order.id)
        default: if order.state.isClosed && inquiries[place].isFromRefusal { endInquiry(order.id) }
        }
    }
}
