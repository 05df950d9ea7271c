import Market
import Trading
import Venues

// A stop takes the place of another. The kernel keeps both open until it hears of the new one: where that was refused the old
// one stays, and the venue is asked how it stands.
extension VenueDesk {
    func replace(_ old: OutboundOrder, by new: OutboundOrder) async {
        guard let placement = placement(new) else { return notTraded(new) }
        guard venue.capabilities.has(.replacing), venue.canReplace(ordersOf: placement.instrument) else {
            return await withdraw(old, thenPlace: new)
        }
        let outcome = await venue.replace(old.clientID.description, by: placement, isStrict: true)
        heed(outcome)
        switch outcome {
        case .confirmed(let halves): await tell(halves, old, new)
        case .refused(let refusal) where refusal.isAboutCounts:
            // The venue counts the new one as if the old one stayed, and there is no room for both.
            await withdraw(old, thenPlace: new)
        case .refused(let refusal):
            reject(
                new.order, refusal.replacementReason,
                "was not taken in the place of \(old.order.id.rawValue): \(refusal)")
        case .denied(let denial): reject(new.order, .notSent, "was not sent: \(denial)")
        case .unknown(let doubt): tellUnknown(old, new, doubt)
        }
    }

    private func tellUnknown(_ old: OutboundOrder, _ new: OutboundOrder, _ doubt: VenueDoubt) {
        let time = new.order.updatedAt
        tell(
            [
                OrderReport(order: new.order.id, time: time, kind: .unanswered),
                OrderReport(order: old.order.id, time: old.order.updatedAt, kind: .cancelUnanswered),
            ],
            "nobody knows whether order \(new.order.id.rawValue) took the place of \(old.order.id.rawValue): \(doubt)")
    }

    private func tell(_ halves: OrderReplacement, _ old: OutboundOrder, _ new: OutboundOrder) async {
        switch halves.cancelled {
        case .confirmed(let standing)?: await tellWhole(standing, old.order)
        case .refused?:
            // It has filled, or ended; what it says of itself tells which.
            let answer = await venue.receipt(
                old.clientID.description, of: instruments[old.instrument.name] ?? old.instrument)
            if case .confirmed(let receipt?) = answer, !receipt.order.isOpen {
                tell(receipt.answers(as: old.order.id, valuing: worth), paidElsewhere: receipt.feesPaidElsewhere)
            }
        case .unknown?:
            tell([OrderReport(order: old.order.id, time: old.order.updatedAt, kind: .cancelUnanswered)])
        case .denied?, nil: break
        }
        guard let placed = halves.placed else {
            return reject(
                new.order, .notSent, "was not placed, because order \(old.order.id.rawValue) could not be cancelled")
        }
        heed(placed)
        tell(
            placed.reports(as: new.order.id, at: new.order.updatedAt, valuing: worth),
            paidElsewhere: placed.value?.feesPaidElsewhere ?? [:], words(placed, new.order))
    }

    /// Where a venue can't exchange orders: a cancel, and the new one as soon as the old one is known to be gone unfilled.
    private func withdraw(_ old: OutboundOrder, thenPlace new: OutboundOrder) async {
        guard let instrument = instruments[old.instrument.name] else { return notTraded(new) }
        let outcome = await venue.cancel(old.clientID.description, of: instrument)
        heed(outcome)
        switch outcome {
        case .confirmed(let standing):
            await tellWhole(standing, old.order)
            // What is left is for the kernel to say.
            guard standing.status.filled.isZero else { return reject(new.order, .notSent) }
            await place(new)
        case .unknown(let doubt):
            // The new one never leaves; the old one may be gone, and its cancel is safe to repeat.
            reject(
                new.order, .notSent, "was not sent: nobody answered the cancel of \(old.order.id.rawValue): \(doubt)")
        case .refused(let refusal):
            reject(new.order, .notSent, "was not sent: order \(old.order.id.rawValue) was not cancelled: \(refusal)")
        case .denied(let denial): reject(new.order, .notSent, "was not sent: \(denial)")
        }
    }
}

extension VenueRefusal {
    /// Whether an order was refused because too many are open.
    fileprivate var isAboutCounts: Bool { reason == .filter && words.contains("MAX_NUM") }

    /// The kernel's reason where nothing of a replacement was done: that the market is beyond the new stop says nothing of
    /// the old one, which works.
    fileprivate var replacementReason: OrderReason { orderReason == .overtaken ? .venue : orderReason }
}
