import Market

// What follows for the protection of an entry from what it has become.
extension Kernel {
    /// Tries again what the brackets are owed.
    func retryBrackets(_ effects: inout [Effect]) {
        guard !brackets.isEmpty, now.seconds % 10 == 0 else { return }
        for group in brackets.map(\.group) { follow(group, isLater: true, &effects) }
    }

    /// What follows for the brackets of an owner from what an order of theirs has become.
    func followBrackets(after id: OrderID, _ effects: inout [Effect]) {
        guard !brackets.isEmpty, let order = ledger[id], order.owner.isManual else { return }
        for bracket in brackets
        where bracket.owner == order.owner && bracket.instrument == order.request.instrument {
            let isOwn = bracket.entry == id || bracket.group == order.request.group
            if isOwn || order.state.isClosed { follow(bracket.group, after: isOwn ? order : nil, &effects) }
        }
    }

    /// Brings what protects an entry in line with what the entry came to.
    ///
    /// - Parameters:
    ///   - order: an order of the bracket of which something was heard.
    ///   - isLater: whether some time has passed in which a venue could have ended orders by itself: what still works then is
    ///     cancelled.
    private func follow(
        _ group: UInt64, after order: Order? = nil, isLater: Bool = false, _ effects: inout [Effect]
    ) {
        guard let place = brackets.firstIndex(where: { $0.group == group }) else { return }
        let bracket = brackets[place]
        let open = protection(of: bracket)
        let entry = ledger[bracket.entry]
        if bracket.isWithdrawn {
            if open.isEmpty, entry?.state.isClosed ?? true { brackets.remove(at: place) }
            return
        }
        if let entry, !entry.state.isClosed {
            if !options.locksHoldings {
                if let order, hasFailed(order, in: bracket) { noteFailure(order, place, &effects) }
                protectPart(of: entry, place, open, &effects)
            }
            return wait(for: entry, place, protection(of: bracket), &effects)
        }
        let quantity = rest(ofBracketAt: place)
        let wanted = protectiveOrders(of: bracket, quantity)
        guard let size = wanted.first?.quantity, !size.isZero else {
            return finish(place, open, isLater: isLater, &effects)
        }
        if !bracket.closed.isZero, !wanted.contains(where: isWithinRules) {
            // Too small a rest for an order of its own; one that works on it may finish it.
            return open.contains { !$0.filled.isZero } ? () : finish(place, open, isLater: isLater, &effects)
        }
        let failed = order.flatMap { hasFailed($0, in: bracket) ? $0 : nil }
        if let failed, !bracket.isTogether { noteFailure(failed, place, &effects) }
        // What closes the position needs what its protection would lock.
        if hasWorkingClose(bracket.owner, bracket.instrument) { return }
        let working = open.filter { $0.state != .initialized }
        if bracket.isTogether, failed != nil || entry.map({ $0.state != .filled }) ?? false, !working.isEmpty {
            // The venue ends them with the entry, or with the one that failed: their end is on its way, or was lost.
            for other in working where !other.isCancelPending {
                if isLater { cancel(other, .superseded, &effects) } else { beginInquiry(other.id, isFromRefusal: true) }
            }
            return
        }
        if let failed, !working.isEmpty || failed.reason == .overtaken && options.locksHoldings {
            // Of a pair both fail, one after the other.
            if working.isEmpty { closeOvertaken(bracket, size, &effects) }
            return
        }
        if options.locksHoldings {
            keepTogether(place, wanted, open, &effects)
        } else {
            keepEach(place, wanted, open, &effects)
        }
    }

    /// Sees to it that an entry that works has its protection waiting: what the venue would not take waits here.
    private func wait(for entry: Order, _ place: Int, _ open: [Order], _ effects: inout [Effect]) {
        guard !entry.isCancelPending else { return }
        let bracket = brackets[place]
        for request in protectiveOrders(of: bracket, protectable(entry.request))
        where !open.contains(where: { $0.request.purpose == request.purpose }) {
            // The stop of what has been bought so far has its own end.
            if request.purpose.isStop, !options.locksHoldings, !bracket.opened.isZero { continue }
            brackets[place].isTogether = false
            appendProtection(request, owner: bracket.owner, isHeld: true, &effects)
        }
    }

    /// How much of a bracket's position its protective orders are to close: what is left of it, and no more than is held and
    /// not protected by brackets before it.
    func rest(ofBracketAt place: Int) -> Quantity {
        let bracket = brackets[place]
        let position = position(bracket.owner, bracket.instrument)
        guard (position.quantity.mantissa > 0) == (bracket.side == .buy), !isDust(position) else { return .zero }
        var free = position.quantity.magnitude
        for other in brackets[..<place]
        where other.owner == bracket.owner && other.instrument == bracket.instrument && !other.isWithdrawn {
            if other.side == bracket.side { free = free - other.rest }
        }
        return max(.zero, min(free, bracket.rest))
    }

    /// Ends what protected an entry of which nothing is left, and the bracket with the last of it.
    private func finish(_ place: Int, _ open: [Order], isLater: Bool, _ effects: inout [Effect]) {
        let bracket = brackets[place]
        for order in open {
            if order.state == .initialized {
                finishHeld(order, .nothingToReduce, &effects)
            } else if options.locksHoldings, !isLater, bracket.isTogether || !bracket.closed.isZero {
                // One of a pair: its venue ends it by itself.
                beginInquiry(order.id, isFromRefusal: true)
            } else {
                cancel(order, .nothingToReduce, &effects)
            }
        }
        if protection(of: bracket).isEmpty { brackets.remove(at: place) }
    }

    // MARK: - Failures

    /// Whether a protective order came to nothing, for another reason than that somebody wanted it to.
    private func hasFailed(_ order: Order, in bracket: Bracket) -> Bool {
        guard order.request.group == bracket.group, order.request.purpose.isProtective else { return false }
        switch order.state {
        case .rejected, .lost, .denied: return true
        case .expired: return order.reason != .groupFilled
        case .initialized, .submitting, .unknown, .accepted, .triggered, .partiallyFilled, .filled, .canceled:
            return false
        }
    }

    func noteFailure(_ order: Order, _ place: Int, _ effects: inout [Effect]) {
        brackets[place].failedAt = now
        alert(
            .critical, "unprotected",
            eventText {
                "protective order \(order.id.rawValue) of entry \(brackets[place].entry.rawValue) is "
                    + "\(order.state.name): \(order.reason.text)"
            },
            instrument: order.request.instrument, strategy: order.owner, order: order.id, &effects)
    }

    /// For how long nothing is placed after a failure, in seconds.
    private static let pauseAfterFailure: Int64 = 9

    func mayPlace(_ bracket: Bracket) -> Bool {
        guard let failedAt = bracket.failedAt else { return true }
        return now.nanoseconds(since: failedAt) >= Kernel.pauseAfterFailure * 1_000_000_000
    }

    /// Closes at the market what a stop or a target should have closed.
    private func closeOvertaken(_ bracket: Bracket, _ quantity: Quantity, _ effects: inout [Effect]) {
        alert(
            .warning, "overtaken",
            "the market is beyond the stop or the target of entry \(bracket.entry.rawValue) already; closing at the market",
            instrument: bracket.instrument, strategy: bracket.owner, order: bracket.entry, &effects)
        let side: Side = bracket.side == .buy ? .sell : .buy
        let closable = closableNow(quantity, of: bracket.instrument, owner: bracket.owner, side: side)
        guard !closable.isZero else {
            return noteBoundExit(position(bracket.owner, bracket.instrument), &effects)
        }
        submit(
            OrderRequest(
                instrument: bracket.instrument, side: side, type: .market, quantity: closable, isReduceOnly: true,
                purpose: .close, group: bracket.group),
            owner: bracket.owner, &effects)
    }
}
