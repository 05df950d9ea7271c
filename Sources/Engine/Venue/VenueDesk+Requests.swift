import Market
import Trading
import Venues

// What each request is at the venue, and what its outcome is to the kernel.
extension VenueDesk {
    func place(_ outbound: OutboundOrder) async {
        let order = outbound.order
        guard let placement = placement(outbound) else { return notTraded(outbound) }
        if !order.request.isReduceOnly {
            // The stop may have come while this waited.
            if isClosedForOpening { return reject(order, .emergencyStop) }
            // What closes or protects a position is the venue's to judge: a rule read wrongly must not leave it open.
            let objections = venue.objections(to: placement, given: outbound.circumstances)
            if !objections.isEmpty {
                let words = objections.map { "\($0.rule): \($0.words)" }.joined(separator: "; ")
                return reject(order, .invalidTerms, "the venue's rules are against it, so it was not sent: \(words)")
            }
        }
        let outcome = await RequestLog.$opening.withValue(order.request.isReduceOnly ? nil : gate) {
            await venue.place(placement)
        }
        heed(outcome)
        tell(
            outcome.reports(as: order.id, at: order.updatedAt, valuing: worth),
            paidElsewhere: outcome.value?.feesPaidElsewhere ?? [:], words(outcome, order))
    }

    /// Tells of a venue that does not take the key.
    func heed<Value>(_ outcome: RequestOutcome<Value>) {
        guard case .refused(let refusal) = outcome, refusal.reason == .credentials else { return }
        inbox.tell { $0.keyRefused("\(refusal)") }
    }

    func place(_ stop: OutboundOrder, _ target: OutboundOrder, _ listID: ClientOrderID) async {
        guard let first = placement(stop), let second = placement(target) else {
            notTraded(stop)
            return notTraded(target)
        }
        let outcome = await venue.place(
            OrderListPlacement(clientListID: listID.description, .pair, [first, second]))
        heed(outcome)
        var reports: [OrderReport] = []
        for outbound in [stop, target] {
            let order = outbound.order
            let own = outcome.map { list in list.orders.first { $0.clientOrderID == outbound.clientID.description } }
            switch own {
            case .confirmed(let standing?):
                let executions: [VenueExecution]? = standing.status.filled.isZero ? [] : nil
                reports += OrderReceipt(order: standing, executions: executions).reports(as: order.id, valuing: worth)
            // Taken, and not told how it stands: it is asked for.
            case .confirmed(nil), .unknown:
                reports.append(OrderReport(order: order.id, time: order.updatedAt, kind: .unanswered))
            case .refused(let refusal):
                // A target that would take is past its price: what it wanted can be had at the market.
                let reason = refusal.reason == .wouldTake ? .overtaken : refusal.orderReason
                reports.append(OrderReport(order: order.id, time: order.updatedAt, kind: .rejected(reason)))
            case .denied:
                reports.append(OrderReport(order: order.id, time: order.updatedAt, kind: .rejected(.notSent)))
            }
        }
        tell(reports, words(outcome, stop.order))
    }

    /// Asks for a cancel. It stays wanted until the order is known to have ended, whatever the venue says of the request: the
    /// kernel asks, and sends it again to an order that works.
    func cancel(_ outbound: OutboundOrder) async {
        let order = outbound.order
        let wanted = OrderReport(order: order.id, time: order.updatedAt, kind: .cancelUnanswered)
        func words(_ what: String) -> String { "order \(order.id.rawValue): its cancel \(what); it is tried again" }
        guard let instrument = instruments[outbound.instrument.name] else {
            return tell([wanted], words("can't be sent: \(outbound.instrument.name) is not traded in this session"))
        }
        let outcome = await venue.cancel(outbound.clientID.description, of: instrument)
        heed(outcome)
        switch outcome {
        case .confirmed(let standing): await tellWhole(standing, order)
        case .refused(let refusal):
            // It has ended, or has not come there yet; what it says of itself tells which.
            let answer = await venue.receipt(outbound.clientID.description, of: instrument)
            if case .confirmed(let receipt?) = answer, !receipt.order.isOpen {
                let answers = receipt.answers(as: order.id, valuing: worth)
                return tell(answers.isEmpty ? [wanted] : answers, paidElsewhere: receipt.feesPaidElsewhere)
            }
            let isUsual = refusal.reason == .noSuchOrder || refusal.reason == .archived
            tell([wanted], isUsual ? nil : words("was refused: \(refusal)"))
        case .denied(let denial): tell([wanted], words("was not sent (\(denial))"))
        case .unknown: tell([wanted])
        }
    }

    /// Asks for the cancel of another client's order that a person has claimed; returns at once.
    func cancelClaimed(_ order: ExternalOrderView, of instrument: Instrument) {
        guard let traded = instruments[instrument.name] else { return }
        Task {
            let words: String?
            let outcome = await venue.cancel(order.clientOrderID, of: traded)
            heed(outcome)
            switch outcome {
            case .confirmed: words = nil
            case .refused(let refusal) where refusal.reason == .noSuchOrder || refusal.reason == .archived: words = nil
            case .refused(let refusal): words = "was refused: \(refusal)"
            case .denied(let denial): words = "was not sent (\(denial))"
            case .unknown(let doubt): words = "was not answered (\(doubt))"
            }
            inbox.tell { $0.heardOfCancel(order, words) }
        }
    }

    /// Tells how a cancelled order stands. What it filled with is told by the stream; where that is behind, it is asked for.
    func tellWhole(_ standing: StandingOrder, _ order: Order) async {
        guard standing.status.filled > order.filled else { return tell([standing.report(as: order.id)]) }
        let answer = await venue.receipt(standing.clientOrderID, of: standing.instrument)
        if case .confirmed(let receipt?) = answer, receipt.executions != nil {
            return tell(
                receipt.answers(as: order.id, valuing: worth), paidElsewhere: receipt.feesPaidElsewhere)
        }
        tell([standing.report(as: order.id)])
    }

    /// Asks what became of an order; an answer that does not come is none, and the kernel asks again.
    func ask(_ outbound: OutboundOrder) async {
        guard let instrument = instruments[outbound.instrument.name] else { return }
        let id = outbound.order.id
        let gaps = standing.gaps
        let outcome = await venue.receipt(outbound.clientID.description, of: instrument)
        heed(outcome)
        switch outcome {
        case .confirmed(let receipt?):
            tell(receipt.answers(as: id, valuing: worth), paidElsewhere: receipt.feesPaidElsewhere)
        case .confirmed(nil): await proveAbsence(of: outbound, instrument, gaps)
        // It ended long ago, with nothing filled: of such orders alone the venue keeps no record.
        case .refused(let refusal) where refusal.reason == .archived:
            tell([OrderReport(order: id, time: outbound.order.updatedAt, kind: .canceled(.venue))])
        case .refused(let refusal):
            tell([], "order \(id.rawValue): its venue does not say what became of it: \(refusal)")
        case .denied, .unknown: break
        }
    }

    /// An order that the venue does not know may still be among its open ones, where its lists lag behind; and it may have been
    /// told of while the account's events were lost. Neither is taken for a proof that it never came.
    private func proveAbsence(of outbound: OutboundOrder, _ instrument: Instrument, _ gaps: Int) async {
        guard case .confirmed(let open) = await venue.openOrders(of: instrument) else { return }
        let id = outbound.order.id
        if let found = open.first(where: { $0.clientOrderID == outbound.clientID.description }) {
            return await tellWhole(found, outbound.order)
        }
        // While no events come that would tell of it, only time proves it: long after a request was made it can't come any more.
        let age = EngineClock.wall.now().nanoseconds(since: outbound.order.requestedAt)
        let isLongGone = age > VenueDesk.longestWay
        guard standing.isStanding && standing.gaps == gaps || isLongGone else { return }
        tell([OrderReport(order: id, time: outbound.order.updatedAt, kind: .notFound)])
    }

    // MARK: -

    func placement(_ outbound: OutboundOrder) -> OrderPlacement? {
        instruments[outbound.instrument.name].map {
            OrderPlacement(outbound.order.request, of: $0, clientOrderID: outbound.clientID)
        }
    }

    func notTraded(_ outbound: OutboundOrder) {
        let name = outbound.instrument.name
        reject(outbound.order, .invalidTerms, "\(name) is not among what is traded in this session ('feed: symbols')")
    }

    func reject(_ order: Order, _ reason: OrderReason, _ words: String? = nil) {
        tell(
            [OrderReport(order: order.id, time: order.updatedAt, kind: .rejected(reason))],
            words.map { "order \(order.id.rawValue): \($0)" })
    }

    func words<Value>(_ outcome: RequestOutcome<Value>, _ order: Order) -> String? {
        switch outcome {
        case .confirmed: return nil
        case .refused(let refusal): return "order \(order.id.rawValue) was refused: \(refusal)"
        case .denied(let denial): return "order \(order.id.rawValue) was not sent: \(denial)"
        case .unknown(let doubt): return "order \(order.id.rawValue): nobody knows whether it was taken: \(doubt)"
        }
    }
}

extension OrderReceipt {
    /// The fees that were taken in a third currency, by their trade.
    var feesPaidElsewhere: [TradeKey: Money] { (executions ?? []).feesElsewhere }

    /// The kernel's reports of an answer to a question: its fills, then where it stands. None while what it filled with can't
    /// be told: the kernel asks again, and infers nothing from half an answer.
    func answers(as id: OrderID, valuing worth: (VenueExecution) -> Money?) -> [OrderReport] {
        guard let executions else { return [] }
        let fills = executions.compactMap { $0.report(as: id, valuing: worth) }
        guard fills.count == executions.count else { return [] }
        return fills + [order.report(as: id)]
    }
}

/// What tells a trade: a venue's numbers are unique within an instrument.
struct TradeKey: Hashable, Sendable {
    /// The name of the instrument.
    let instrument: String
    /// The venue's number.
    let trade: UInt64
}

extension [VenueExecution] {
    /// The fees that were taken in a third currency, by their trade.
    var feesElsewhere: [TradeKey: Money] {
        var fees: [TradeKey: Money] = [:]
        for execution in self where execution.isFeeElsewhere {
            fees[TradeKey(instrument: execution.instrument.name, trade: execution.tradeID)] = execution.fee
        }
        return fees
    }
}
