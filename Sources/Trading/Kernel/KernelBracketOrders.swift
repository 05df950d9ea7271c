import Market

// Placing and resizing what protects an entry that has ended.
extension Kernel {
    /// Keeps each protective order for itself: lets go the one that waits, resizes the one that works, places a missing one.
    func keepEach(_ place: Int, _ wanted: [OrderRequest], _ open: [Order], _ effects: inout [Effect]) {
        let allowed = allowed(wanted, place, open, &effects)
        if endsUnprotected(place, allowed) { return }
        for request in allowed {
            guard let order = open.first(where: { $0.request.purpose == request.purpose }) else {
                if mayPlace(brackets[place]) { submit(request, place, &effects) }
                continue
            }
            bring(order, to: request.quantity, &effects)
        }
    }

    /// Lets go a protective order that waits, for a quantity; has one that works close just that.
    private func bring(_ order: Order, to quantity: Quantity, _ effects: inout [Effect]) {
        if order.state == .initialized {
            release(order, quantity, &effects)
        } else if order.leaves != quantity, !order.isCancelPending, !order.isAmendPending {
            amend(order.id, OrderAmendment(quantity: order.filled + quantity), &effects)
        }
    }

    /// Has the stop of an entry that still works close what that has bought so far, and grow with it.
    ///
    /// An entry may be filled in part while the price goes on to its stop: a simulated venue gives no more than its share of a
    /// bar's volume. The target waits for the entry's end. A stop that goes off ends the entry: what it would go on buying
    /// would be sold again.
    func protectPart(of entry: Order, _ place: Int, _ open: [Order], _ effects: inout [Effect]) {
        let bracket = brackets[place]
        let stop = open.first { $0.request.purpose.isStop }
        let hasGoneOff = stop.map { $0.state == .triggered || !$0.filled.isZero } ?? false
        if hasGoneOff || !bracket.closed.isZero { cancel(entry, .stopWentOff, &effects) }
        if hasWorkingClose(bracket.owner, bracket.instrument) { return }
        let wanted = protectiveOrders(of: bracket, rest(ofBracketAt: place))
        guard let request = wanted.first(where: { $0.purpose.isStop }) else { return }
        guard !request.quantity.isZero else {
            // Somebody closed what it had bought.
            if let stop, stop.state != .initialized { cancel(stop, .nothingToReduce, &effects) }
            return
        }
        // What is too small for an order of its own may still grow.
        guard isWithinRules(request) else { return }
        if let stop {
            bring(stop, to: request.quantity, &effects)
        } else if mayPlace(bracket) {
            submit(request, place, &effects)
        }
    }

    /// Keeps a stop and a target as one pair, where a sale locks what it sells: places both together, and withdraws both where
    /// one is missing or they are of another size; once they are gone they are placed anew.
    func keepTogether(_ place: Int, _ wanted: [OrderRequest], _ open: [Order], _ effects: inout [Effect]) {
        let working = open.filter { $0.state != .initialized }
        let owner = brackets[place].owner
        let hasStop = wanted.contains { $0.purpose.isStop && isWithinRules($0) }
        let wanted = hasStop ? wanted.filter { !wasRefused($0, of: owner) } : wanted
        guard working.isEmpty else {
            let isWhole = wanted.allSatisfy { request in
                working.contains { $0.request.purpose == request.purpose } || !isWithinRules(request)
            }
            let isRight = wanted.allSatisfy { request in
                working.allSatisfy { $0.request.purpose != request.purpose || covers($0, request) }
            }
            if isWhole && isRight { return }
            for order in working where !order.isCancelPending { cancel(order, .superseded, &effects) }
            return
        }
        let allowed = allowed(wanted, place, open, &effects)
        if endsUnprotected(place, allowed) { return }
        guard mayPlace(brackets[place]) else { return }
        brackets[place].isTogether = false
        for request in allowed {
            if let order = open.first(where: { $0.request.purpose == request.purpose }) {
                release(order, request.quantity, &effects)
            } else {
                submit(request, place, &effects)
            }
        }
    }

    private func submit(_ request: OrderRequest, _ place: Int, _ effects: inout [Effect]) {
        let order = submit(request, owner: brackets[place].owner, &effects)
        if order.state == .denied { noteFailure(order, place, &effects) }
    }

    /// Ends a bracket that nothing can protect; a person was told.
    private func endsUnprotected(_ place: Int, _ allowed: [OrderRequest]) -> Bool {
        guard allowed.isEmpty, protection(of: brackets[place]).isEmpty else { return false }
        brackets.remove(at: place)
        return true
    }

    /// Whether an order sells what it should, but for a rest that is too small to be sold by itself.
    private func covers(_ order: Order, _ request: OrderRequest) -> Bool {
        guard order.leaves < request.quantity else { return order.leaves == request.quantity }
        var rest = request
        rest.quantity = request.quantity - order.leaves
        return !isWithinRules(rest)
    }

    /// The orders that their instrument's rules allow. A stop that is too small at its price must not keep the target from
    /// working; what waits for nothing ends, and a person is told.
    private func allowed(
        _ wanted: [OrderRequest], _ place: Int, _ open: [Order], _ effects: inout [Effect]
    ) -> [OrderRequest] {
        wanted.filter { request in
            if isWithinRules(request) { return true }
            let held = open.first { $0.request.purpose == request.purpose && $0.state == .initialized }
            if let held { finishHeld(held, .tooSmall, &effects) }
            if held != nil || brackets[place].failedAt == nil {
                // Told once; it hinders no other order.
                brackets[place].failedAt = brackets[place].failedAt ?? .epoch
                let problems = rules(request, reference: instruments[request.instrument.index].mark)
                    .filter { !$0.isPassed }.map(\.text).joined(separator: ", ")
                alert(
                    .critical, "unprotected",
                    eventText {
                        "what entry \(brackets[place].entry.rawValue) came to has no \(request.purpose.name) order, for the "
                            + "instrument's rules refuse it: \(problems)"
                    },
                    instrument: request.instrument, strategy: brackets[place].owner, order: brackets[place].entry,
                    &effects)
            }
            return false
        }
    }
}
