public import Market

// Entries of a person's with what protects them.
//
// The protective orders are orders from the beginning, so that they can be seen, judged and cancelled: they wait until the entry
// has ended, and are placed then for what it bought and can be sold. Where the venue takes the three as one request they leave
// together with the entry, and wait there. Whatever becomes of them, an entry that has bought something is protected, as long
// as nobody took the protection away.
extension Kernel {
    // MARK: - The beginning

    /// Places an order by hand, with what protects it where it asks for that.
    func place(_ request: OrderRequest, _ owner: StrategyID, _ effects: inout [Effect]) {
        let entry = submit(request, owner: owner, &effects)
        guard entry.state == .submitting, request.protection != nil else { return }
        let group = begin(entry, isTogether: leavesTogether(request))
        guard let bracket = brackets.last else { return }
        for child in protectiveOrders(of: bracket, expected(request), group) {
            append(child, owner: owner, isHeld: !bracket.isTogether, &effects)
        }
    }

    /// Whether an entry leaves as one request with what protects it. A venue where a sale locks what it sells takes that for
    /// limit orders; who carries the orders there says so where it does not.
    private func leavesTogether(_ request: OrderRequest) -> Bool {
        options.locksHoldings && request.type == .limit && request.timeInForce == .goodTilCancelled
    }

    /// Begins to follow an entry. Gives the group of its protective orders.
    @discardableResult
    private func begin(_ entry: Order, isTogether: Bool) -> UInt64 {
        nextGroup += 1
        var bracket = Bracket(
            entry: entry.id, owner: entry.owner, instrument: entry.request.instrument, side: entry.request.side,
            protection: entry.request.protection ?? EntryProtection(), group: nextGroup)
        bracket.isTogether = isTogether
        brackets.append(bracket)
        return nextGroup
    }

    /// Checks what an entry asks for its protection: that there is something to protect, that the prices stand on their sides
    /// of the entry's, and every rule of the instrument for the orders that follow. An entry whose stop would be refused must
    /// not leave.
    func checkProtection(_ order: Order, _ outcomes: inout [CheckOutcome]) {
        let request = order.request
        guard let protection = request.protection else { return }
        let slot = instruments[request.instrument.index]
        guard let price = request.limitPrice ?? request.triggerPrice ?? slot.mark else {
            return outcomes.append(CheckOutcome(.protection, isPassed: false))
        }
        let isLong = request.side == .buy
        var fits = order.owner.isManual && !request.isReduceOnly && request.quantity.mantissa > 0
        fits = fits && protection.count > 0 && (isLong || slot.instrument.kind.allowsShort)
        // What takes at once takes at the market's price, and the stop has to stand beyond that.
        var nearest = price
        if !request.type.hasTrigger, let mark = slot.mark { nearest = isLong ? min(price, mark) : max(price, mark) }
        if let stop = protection.stop { fits = fits && (isLong ? stop < nearest : stop > nearest) }
        if let target = protection.target { fits = fits && (isLong ? target > price : target < price) }
        outcomes.append(CheckOutcome(.protection, isPassed: fits))
        guard fits else { return }
        let bracket = Bracket(
            entry: order.id, owner: order.owner, instrument: request.instrument, side: request.side,
            protection: protection, group: 0)
        for child in protectiveOrders(of: bracket, expected(request), 0) {
            outcomes += rules(child, reference: price)
        }
    }

    /// What may be protected of an entry that fills wholly: a venue that takes its fee out of what was bought leaves less, and
    /// what waits there must not be for more than there is.
    private func expected(_ request: OrderRequest) -> Quantity {
        let instrument = instruments[request.instrument.index].instrument
        guard options.locksHoldings, request.side == .buy, instrument.kind == .spot else { return request.quantity }
        let fee = (Int128(request.quantity.mantissa) * Int128(options.feeEstimate.units))
            .divided(by: Int128(Ratio.one.units), rounding: .up)
        return Quantity(mantissa: request.quantity.mantissa - Int64(clamping: fee))
    }

    /// The outcomes of an instrument's rules for an order.
    func rules(_ request: OrderRequest, reference: Price?) -> [CheckOutcome] {
        let instrument = instruments[request.instrument.index].instrument
        let terms = InstrumentValidation.terms(request, instrument, reference: reference)
        guard terms.isPassed else { return [terms] }
        return [terms] + InstrumentValidation.check(request, instrument, reference: reference)
    }

    /// The stop and the target of a bracket for a quantity, which is rounded down to the step of both.
    private func protectiveOrders(of bracket: Bracket, _ quantity: Quantity, _ group: UInt64) -> [OrderRequest] {
        let instrument = instruments[bracket.instrument.index].instrument
        var quantity = quantity
        if bracket.protection.stop != nil {
            quantity = quantity.rounded(toStep: instrument.quantityStep(of: .stop), .down)
        }
        if bracket.protection.target != nil {
            quantity = quantity.rounded(toStep: instrument.quantityStep(of: .limit), .down)
        }
        func request(_ type: OrderType, limit: Price?, trigger: Price?, _ purpose: OrderPurpose) -> OrderRequest {
            OrderRequest(
                instrument: bracket.instrument, side: bracket.side == .buy ? .sell : .buy, type: type,
                quantity: quantity, limitPrice: limit, triggerPrice: trigger, isReduceOnly: true, purpose: purpose,
                group: group)
        }
        return [
            bracket.protection.stop.map { request(.stop, limit: nil, trigger: $0, .stopLoss) },
            bracket.protection.target.map { request(.limit, limit: $0, trigger: nil, .takeProfit) },
        ].compactMap { $0 }
    }

    /// Numbers a protective order of an entry that works. There is nothing to reduce yet, so that its instrument's rules alone
    /// are held against it.
    ///
    /// - Parameter isHeld: whether it waits here, and not at the venue.
    private func append(
        _ request: OrderRequest, owner: StrategyID, isHeld: Bool, _ effects: inout [Effect]
    ) {
        var order = Order(
            id: ledger.nextID, owner: owner, request: request, quote: account.currency,
            decisionPrice: instruments[request.instrument.index].mark ?? .zero, createdAt: now)
        if !isHeld { order.state = .submitting }
        ledger.append(order)
        if options.recording == .everything {
            let outcomes = rules(request, reference: request.limitPrice ?? request.triggerPrice)
            record(.verdict(Verdict(order: order.id, time: now, outcomes: outcomes)), &effects)
        }
        recordOrder(order, &effects)
        if !isHeld { effects.append(.submit(order)) }
    }

    // MARK: - What is told

    /// Counts what an entry opened, and what its protective orders closed.
    func noteBracketFill(_ fill: Fill, _ order: Order) {
        if order.request.protection != nil {
            if !brackets.contains(where: { $0.entry == order.id }) {
                // It was taken for ended, and had bought nothing that was not closed again.
                begin(order, isTogether: false)
            }
            guard let place = brackets.firstIndex(where: { $0.entry == order.id }) else { return }
            let fee = order.request.side == .buy ? fill.baseFee : .zero
            brackets[place].opened = brackets[place].opened + fill.quantity - fee
        } else if let place = bracketIndex(of: order) {
            brackets[place].closed = brackets[place].closed + fill.quantity
        }
    }

    /// The bracket that an order closes: a protective one, or one at the market in place of those.
    private func bracketIndex(of order: Order) -> Int? {
        guard !brackets.isEmpty, order.request.group != 0, order.owner.isManual else { return nil }
        return brackets.firstIndex { $0.group == order.request.group }
    }

    /// Whether a protective order waits for its entry, here or at the venue: it protects nothing yet, and locks nothing.
    public func isWaitingForEntry(_ order: Order) -> Bool {
        guard let place = bracketIndex(of: order), let entry = ledger[brackets[place].entry] else { return false }
        return !entry.state.isClosed
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
            if !brackets.contains(where: { $0.entry == order.id }) { begin(order, isTogether: false) }
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

    // MARK: - What follows

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
        if let entry, !entry.state.isClosed { return wait(for: entry, place, open, &effects) }
        let quantity = protectable(place)
        let wanted = protectiveOrders(of: bracket, quantity, group)
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
        for request in protectiveOrders(of: bracket, expected(entry.request), bracket.group)
        where !open.contains(where: { $0.request.purpose == request.purpose }) {
            brackets[place].isTogether = false
            append(request, owner: bracket.owner, isHeld: true, &effects)
        }
    }

    /// How much of a bracket's position its protective orders are to close: what is left of it, and no more than is held and
    /// not protected by brackets before it.
    private func protectable(_ place: Int) -> Quantity {
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
            refusalText {
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
        let instrument = instruments[bracket.instrument.index].instrument
        submit(
            OrderRequest(
                instrument: bracket.instrument, side: bracket.side == .buy ? .sell : .buy, type: .market,
                quantity: quantity.rounded(toStep: instrument.quantityStep(of: .market), .down), isReduceOnly: true,
                purpose: .close, group: bracket.group),
            owner: bracket.owner, &effects)
    }
}
