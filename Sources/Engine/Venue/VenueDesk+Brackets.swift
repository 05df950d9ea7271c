import Market
import Trading
import Venues

// An entry leaves together with what protects it, so that no moment is without protection in which this program would have to be
// there. Where the venue does not take that, the kernel hears that the protection was not sent, keeps it, and places it when
// the entry has ended.
extension VenueDesk {
    func place(_ entry: OutboundOrder, protecting protection: [OutboundOrder], _ listID: ClientOrderID) async {
        let all = [entry] + protection
        let placements = all.compactMap(placement)
        guard placements.count == all.count else { return notTraded(entry, protection) }
        let kind: OrderListPlacement.Kind = protection.count == 2 ? .bracket : .sequence
        guard venue.capabilities.has(protection.count == 2 ? .bracket : .sequence),
            venue.canSequence(ordersOf: placements[0].instrument)
        else {
            tell(
                protection.map { OrderReport(order: $0.order.id, time: $0.order.updatedAt, kind: .rejected(.notSent)) })
            return await place(entry)
        }
        // The stop may have come while this waited.
        if isClosedForOpening { return reject(entry, protection, .emergencyStop) }
        let objections = venue.objections(to: placements[0], given: entry.circumstances)
        guard objections.isEmpty else {
            let words = objections.map { "\($0.rule): \($0.words)" }.joined(separator: "; ")
            return reject(
                entry, protection, .invalidTerms, "the venue's rules are against it, so it was not sent: \(words)")
        }
        let outcome = await RequestLog.$opening.withValue(gate) {
            await venue.place(OrderListPlacement(clientListID: listID.description, kind, placements))
        }
        heed(outcome)
        tell(all.flatMap { reports(of: $0, outcome) }, words(outcome, entry.order))
    }

    /// What a list's outcome is to one of its orders.
    private func reports(of outbound: OutboundOrder, _ outcome: RequestOutcome<OrderListReceipt>) -> [OrderReport] {
        let order = outbound.order
        func report(_ kind: OrderReport.Kind) -> [OrderReport] {
            [OrderReport(order: order.id, time: order.updatedAt, kind: kind)]
        }
        switch outcome {
        case .confirmed(let list):
            // Taken, and not told how it stands: it is asked for.
            guard let standing = list.orders.first(where: { $0.clientOrderID == outbound.clientID.description }) else {
                return report(.unanswered)
            }
            let executions: [VenueExecution]? = standing.status.filled.isZero ? [] : nil
            return OrderReceipt(order: standing, executions: executions).reports(as: order.id, valuing: worth)
        case .refused(let refusal): return report(.rejected(refusal.orderReason))
        case .denied: return report(.rejected(.notSent))
        case .unknown: return report(.unanswered)
        }
    }

    /// Tells that an entry did not leave, and with it what would have protected it.
    private func reject(
        _ entry: OutboundOrder, _ protection: [OutboundOrder], _ reason: OrderReason, _ words: String? = nil
    ) {
        reject(entry.order, reason, words)
        for outbound in protection { reject(outbound.order, reason) }
    }

    private func notTraded(_ entry: OutboundOrder, _ protection: [OutboundOrder]) {
        notTraded(entry)
        for outbound in protection { reject(outbound.order, .invalidTerms) }
    }
}
