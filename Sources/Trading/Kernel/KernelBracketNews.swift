import Market

// What becomes known of entries that carry their protection.
extension Kernel {
    /// Counts what an entry opened, and what its protective orders closed.
    func noteBracketFill(_ fill: Fill, _ order: Order) {
        if order.request.protection != nil {
            if !brackets.contains(where: { $0.entry == order.id }) {
                // It was taken for ended, and had bought nothing that was not closed again.
                beginBracket(order, isTogether: false)
            }
            guard let place = brackets.firstIndex(where: { $0.entry == order.id }) else { return }
            let fee = order.request.side == .buy ? fill.baseFee : .zero
            brackets[place].opened = brackets[place].opened + fill.quantity - fee
        } else if let place = bracketIndex(of: order) {
            brackets[place].closed = brackets[place].closed + fill.quantity
        }
    }

    /// The bracket that an order closes: a protective one, or one at the market in place of those.
    func bracketIndex(of order: Order) -> Int? {
        guard !brackets.isEmpty, order.request.group != 0, order.owner.isManual else { return nil }
        return brackets.firstIndex { $0.group == order.request.group }
    }

    /// Whether a protective order waits for its entry, here or at the venue: it protects nothing yet, and locks nothing.
    public func isWaitingForEntry(_ order: Order) -> Bool {
        guard let place = bracketIndex(of: order), let entry = ledger[brackets[place].entry] else { return false }
        // Where nothing is locked a stop works beside an entry that has filled in part.
        return !entry.state.isClosed && (options.locksHoldings || order.state == .initialized)
    }

    /// Notes that a protective order is cancelled for good.
    func noteWithdrawal(of order: Order, _ reason: OrderReason) {
        guard reason == .cancelledByOperator || reason == .emergencyStop, order.request.purpose.isProtective,
            let place = bracketIndex(of: order)
        else { return }
        brackets[place].isWithdrawn = true
    }

    /// Notes that what protects entries in an instrument, or in all, is taken away.
    func withdrawBrackets(in instrument: InstrumentID? = nil) {
        for place in brackets.indices where instrument == nil || brackets[place].instrument == instrument {
            brackets[place].isWithdrawn = true
        }
    }

    /// Cancels what goes with a protective order that a person cancels: the other one, and an entry that still works, which
    /// would be left without them.
    func cancelCompanions(of order: Order, _ effects: inout [Effect]) {
        guard order.request.purpose.isProtective, let place = bracketIndex(of: order) else { return }
        let bracket = brackets[place]
        for other in protection(of: bracket) where other.id != order.id {
            cancel(other, .cancelledByOperator, &effects)
        }
        if let entry = ledger[bracket.entry] { cancel(entry, .cancelledByOperator, &effects) }
    }

    /// Finds a place for an order that was closed and works after all.
    func takeBackOfBracket(_ order: Order, _ effects: inout [Effect]) {
        guard order.owner.isManual, let current = ledger[order.id], !current.state.isClosed else { return }
        if order.request.protection != nil {
            if !brackets.contains(where: { $0.entry == order.id }) { beginBracket(order, isTogether: false) }
        } else if order.request.purpose.isProtective {
            let isReplaced = openOrders.contains {
                $0.id != order.id && $0.request.group == order.request.group
                    && $0.request.purpose == order.request.purpose
            }
            if isReplaced || bracketIndex(of: order) == nil { cancel(current, .superseded, &effects) }
        }
    }

    /// The open protective orders of a bracket, oldest first.
    func protection(of bracket: Bracket) -> [Order] {
        openOrders.filter {
            $0.request.group == bracket.group && $0.owner == bracket.owner && $0.request.purpose.isProtective
        }
    }
}
