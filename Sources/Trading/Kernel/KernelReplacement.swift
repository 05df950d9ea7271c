import Market

// Moving a stop where a sale locks what it sells (`KernelOptions.locksHoldings`).
//
// A second stop can't be placed beside the first, and between a cancel and another order there would be none. So the two leave
// in one step, and whoever sends them asks for both at once: the old one goes only where it had not filled, and the new one
// comes only where the old one went. Until it is known what came of that both are open by the books; the newer stands in the
// strategy's slot, and the older is remembered by being an older stop of the same owner.
extension Kernel {
    /// For how long a stop is left as it is after another could not take its place, in seconds: at once the same would come
    /// of it, for ever.
    private static let replacementPause: Int64 = 9

    /// Puts a stop in the place of one that works alone: at another price, or of another size.
    func replaceStop(_ old: Order, by request: OrderRequest, _ slot: StrategySlot, _ effects: inout [Effect]) {
        // It is on its way, or its fate is not known: what follows is seen when it is.
        if old.isCancelPending || old.state == .submitting || old.state == .unknown { return }
        // It took the place of one that is not known to be gone: one after the other.
        if predecessor(of: old) != nil { return }
        // What fills can't be exchanged without knowing how much is left.
        guard old.state == .accepted else { return renew([old], &effects) }
        guard !hasJustFailedToReplace(old), slot.exit == nil else { return }
        // The gate counts what works and is not being cancelled; where it says no, the old one stays.
        ledger.update(old.id) { $0.isCancelPending = true }
        let new = submit(request, owner: slot.id, &effects)
        ledger.update(old.id) { $0.isCancelPending = false }
        guard new.state == .submitting, let old = ledger[old.id] else { return }
        cancel(old, .superseded, &effects)
    }

    private func hasJustFailedToReplace(_ old: Order) -> Bool {
        let last = ledger.entries.last { $0.order.id > old.id && isSameStop($0.order, as: old) }?.order
        guard let last, last.state == .rejected || last.state == .lost else { return false }
        return now.nanoseconds(since: last.updatedAt) < Kernel.replacementPause * 1_000_000_000
    }

    /// Whether both are stops of one owner in one instrument.
    private func isSameStop(_ order: Order, as other: Order) -> Bool {
        order.request.purpose.isStop && other.request.purpose.isStop && order.owner == other.owner
            && order.request.instrument == other.request.instrument
    }

    /// The open stop that was sent to take an order's place.
    func successor(of order: Order) -> Order? {
        // Stops of a person's belong to entries, of which there may be several.
        guard options.locksHoldings, order.request.purpose.isStop, !order.owner.isManual else { return nil }
        return openOrders.last { $0.id > order.id && isSameStop($0, as: order) }
    }

    /// The open stop whose place an order was sent to take.
    func predecessor(of order: Order) -> Order? {
        guard options.locksHoldings, order.request.purpose.isStop, !order.owner.isManual else { return nil }
        return openOrders.last { $0.id < order.id && isSameStop($0, as: order) }
    }

    /// Whether an order's cancel must not be asked for by itself: it went out as half of a replacement, and while nobody
    /// knows what became of the other half the old stop may be all there is.
    func isLeftToSuccessor(_ order: Order) -> Bool {
        guard order.reason == .superseded, let new = successor(of: order) else { return false }
        return !new.isCancelPending && (new.state == .submitting || new.state == .unknown)
    }

    /// What follows for the stop whose place another was to take, once it is known whether that one works.
    ///
    /// - Returns: whether the old one stays.
    func concludeReplacement(by order: Order, _ slot: StrategySlot, _ effects: inout [Effect]) -> Bool {
        guard let old = predecessor(of: order) else { return false }
        switch order.state {
        case .accepted, .triggered, .partiallyFilled, .filled:
            // The venue has exchanged them: the end of the old one is on its way, or was lost.
            if old.isCancelUnanswered { beginInquiry(old.id) }
            return false
        case .rejected, .lost: return stay(with: old, insteadOf: order, slot, &effects)
        case .initialized, .denied, .submitting, .unknown, .canceled, .expired: return false
        }
    }

    /// The old stop stays in its place; whether it works is asked, for the answer that told of the new one may not have told
    /// of it.
    private func stay(
        with old: Order, insteadOf order: Order, _ slot: StrategySlot, _ effects: inout [Effect]
    ) -> Bool {
        slot.stop = old.id
        // What the emergency stop or a person wants cancelled goes on being so.
        if old.isCancelPending, old.reason == .superseded {
            ledger.update(old.id) {
                $0.isCancelPending = false
                $0.isCancelUnanswered = false
                $0.reason = .none
            }
            if let kept = ledger[old.id] { recordOrder(kept, &effects) }
        }
        beginInquiry(old.id)
        alert(
            .warning, "stop-not-moved",
            eventText {
                "stop \(old.id.rawValue) stays where it is: order \(order.id.rawValue), which was to take its place, is "
                    + "\(order.state.name) (\(order.reason.text)); its venue is asked"
            },
            instrument: old.request.instrument, strategy: slot.id, order: old.id, &effects)
        // An exit that waits for it still does.
        let isAwaited = openOrders.contains { $0.owner == slot.id && $0.state == .initialized }
        if isAwaited, let kept = ledger[old.id] { cancel(kept, .superseded, &effects) }
        return true
    }

    /// Whether a stop that was refused was to take the place of one that is gone, for this reason: nothing protects the
    /// position now.
    func hasPredecessor(_ order: Order, endedBy reason: OrderReason) -> Bool {
        guard options.locksHoldings, order.request.purpose.isStop, order.state == .rejected,
            let old = ledger.entries.last(where: { $0.order.id < order.id && isSameStop($0.order, as: order) })?.order
        else { return false }
        return old.state == .canceled && old.reason == reason && old.updatedAt >= order.createdAt
    }

    /// Tells a person when the only stop of a position is one of which nobody knows whether it works.
    func noteProtectionInDoubt(_ slot: StrategySlot, _ effects: inout [Effect]) {
        guard options.locksHoldings, let id = slot.stop, let stop = ledger[id], stop.state == .unknown,
            predecessor(of: stop) == nil, !isDust(positions[slot.position])
        else { return }
        alert(
            .critical, "protection-in-doubt",
            "\(slot.registration.name): nobody knows whether stop \(id.rawValue) works, and there is no other; its venue is "
                + "being asked",
            instrument: stop.request.instrument, strategy: slot.id, order: id, &effects)
    }
}
