public import Market

// The risk gate: every order passes here, manual ones too, before it leaves. All failures are reported, not the first.
extension Kernel {
    /// Judges an order; what was looked at stands in `outcomes` until the next is judged.
    ///
    /// - Returns: whether every check passed.
    func judge(_ order: Order) -> Bool {
        outcomes.removeAll(keepingCapacity: true)
        check(order, &outcomes)
        return outcomes.allSatisfy(\.isPassed)
    }

    private func check(_ order: Order, _ outcomes: inout [CheckOutcome]) {
        let index = order.request.instrument.index
        let mark = instruments[index].mark
        let terms = InstrumentValidation.terms(order.request, instruments[index].instrument, reference: mark)
        outcomes.append(terms)
        guard terms.isPassed else { return }
        InstrumentValidation.check(order.request, instruments[index].instrument, reference: mark, into: &outcomes)
        // The account's band catches mistyped prices; a stop or target comes from the strategy's own settings, and one that
        // is denied would leave a position unprotected.
        if let band = limits.priceBand, let mark, !order.request.purpose.isProtective {
            for price in [
                order.request.limitPrice, order.request.triggerPrice, order.request.firstTrigger(at: mark),
            ] {
                if let price { outcomes.append(InstrumentValidation.band(.priceBand, price, mark, allowed: band)) }
            }
        }
        checkProtection(order, &outcomes)
        checkDuplicate(order, &outcomes)
        var held = quantity(of: order.owner, order.request.instrument)
        let released = released(by: order, held)
        if released.units > 0 { held = .zero }
        if order.request.isReduceOnly {
            checkReduction(order, held, &outcomes)
        }
        if isOpening(order, held) {
            checkPermission(order, &outcomes)
            checkSizes(order, held, released: released, &outcomes)
            checkLosses(order, &outcomes)
        }
    }

    /// What a position frees when it is reversed: the strategy's exit is on its way, and its entry the other way follows
    /// it. Zero for every other order.
    private func released(by order: Order, _ held: Quantity) -> Money {
        guard order.request.purpose == .entry, !held.isZero, slot(order.owner)?.exit != nil,
            (held.mantissa > 0) == (order.request.side == .sell)
        else { return .zero(account.currency) }
        return reversalProceeds(held, order.request.instrument)
    }

    /// Whether a working order could make its owner's position larger, whoever placed it: one by hand as well as an entry.
    func mayOpen(_ order: Order) -> Bool {
        let held = quantity(of: order.owner, order.request.instrument)
        // It counts among those that work already.
        let isClosing = !held.isZero && (held.mantissa > 0) != (order.request.side == .buy)
        let closes = isClosing && order.request.purpose != .entry && order.leaves <= held.magnitude
        return !order.request.isReduceOnly && !closes
    }

    /// Whether the order could make its owner's position larger.
    private func isOpening(_ order: Order, _ held: Quantity) -> Bool {
        if order.request.isReduceOnly { return false }
        let isDust = held.magnitude < instruments[order.request.instrument.index].instrument.quantityStep(of: .market)
        if isDust || (held.mantissa > 0) == (order.request.side == .buy) { return true }
        return order.request.quantity > held.magnitude - workingQuantity(like: order) || order.request.spend != nil
    }

    private func checkDuplicate(_ order: Order, _ outcomes: inout [CheckOutcome]) {
        guard !order.owner.isManual else { return }
        let request = order.request
        let count = ledger.countOpen {
            $0.owner == order.owner && $0.request.instrument == request.instrument
                && $0.request.side == request.side && $0.request.purpose == request.purpose && !$0.isCancelPending
        }
        outcomes.append(CheckOutcome(.duplicate, isPassed: count == 0, value: Int128(count)))
    }

    private func checkReduction(_ order: Order, _ held: Quantity, _ outcomes: inout [CheckOutcome]) {
        let reducible = (held.mantissa > 0) == (order.request.side == .sell) ? held.magnitude : .zero
        outcomes.append(
            CheckOutcome(
                .reduceOnly, isPassed: order.request.quantity <= reducible && !held.isZero,
                value: Int128(order.request.quantity.mantissa), limit: Int128(reducible.mantissa),
                unit: .quantity(scale: instruments[order.request.instrument.index].instrument.quantityScale)))
    }

    private func checkPermission(_ order: Order, _ outcomes: inout [CheckOutcome]) {
        outcomes.append(CheckOutcome(.halt, isPassed: tradingState == .active))
        if let slot = slot(order.owner) {
            outcomes.append(CheckOutcome(.strategyStatus, isPassed: slot.registration.status == .enabled))
        }
        if !inquiries.isEmpty {
            // What may have been sent already is not sent once more.
            let count = ledger.countOpen {
                $0.owner == order.owner && $0.request.instrument == order.request.instrument && $0.state == .unknown
            }
            outcomes.append(CheckOutcome(.unknownOrder, isPassed: count == 0, value: Int128(count)))
        }
        if !blocks.isEmpty {
            let isBlocked = blocks.contains { $0.instrument == order.request.instrument }
            outcomes.append(CheckOutcome(.unreconciled, isPassed: !isBlocked))
        }
        if let limit = limits.maximumOpenOrders {
            let count = ledger.open.count + 1 + (order.request.protection?.count ?? 0)
            outcomes.append(
                CheckOutcome(.openOrders, isPassed: count <= limit, value: Int128(count), limit: Int128(limit)))
        }
        if let limit = limits.maximumDataAgeSeconds {
            let heard = instruments[order.request.instrument.index].lastHeard
            let age = Int128(now.nanoseconds(since: heard)) / 1_000_000_000
            outcomes.append(
                CheckOutcome(
                    .staleData, isPassed: age <= Int128(limit), value: age, limit: Int128(limit), unit: .seconds))
        }
    }

    private func checkSizes(
        _ order: Order, _ held: Quantity, released: Money, _ outcomes: inout [CheckOutcome]
    ) {
        let request = order.request
        let index = request.instrument.index
        guard let price = request.reckonedPrice(at: instruments[index].mark) else {
            // Without any price nothing can be sized: better not at all than blindly.
            outcomes.append(CheckOutcome(.staleData, isPassed: false))
            return
        }
        let notional = request.spend ?? instruments[index].instrument.notional(price, request.quantity)
        let signed = request.side == .buy ? notional : -notional
        checkShorting(order, held, &outcomes)
        if let limit = limits.maximumOrderNotional { limitMoney(.orderNotional, notional, limit, &outcomes) }
        let mark = instruments[index].mark ?? price
        if let limit = limits.maximumPositionNotional {
            limitMoney(.positionNotional, positionAfter(order, held, signed, mark), limit, &outcomes)
        }
        if let limits = slot(order.owner)?.registration.limits, limits.limitsSize {
            let own = ownPositionAfter(order, held, signed, mark)
            if let limit = limits.maximumPositionNotional { limitMoney(.strategyNotional, own, limit, &outcomes) }
            if let limit = limits.maximumShare { limitShare(.strategyShare, own, limit, &outcomes) }
        }
        if let limit = limits.maximumExposure {
            limitShare(.exposure, exposureAfter(order, held, notional, mark), limit, &outcomes)
        }
        checkBalance(order, notional, released: released, &outcomes)
    }

    private func checkShorting(_ order: Order, _ held: Quantity, _ outcomes: inout [CheckOutcome]) {
        let request = order.request
        guard request.side == .sell else { return }
        let index = request.instrument.index
        let left = held - workingQuantity(like: order)
        let after = left - request.quantity
        outcomes.append(
            CheckOutcome(
                .shorting, isPassed: instruments[index].instrument.kind.allowsShort || after.mantissa >= 0,
                value: Int128(request.quantity.mantissa), limit: Int128(max(0, left.mantissa)),
                unit: .quantity(scale: instruments[index].instrument.quantityScale)))
    }

    /// The sum of all positions' notionals at their marks, without sign.
    public var exposure: Money {
        var total = Money.zero(account.currency)
        for position in positions where !position.isFlat {
            guard let mark = instruments[position.instrument.index].mark else { continue }
            total += instruments[position.instrument.index].instrument.notional(mark, position.quantity.magnitude)
        }
        return total
    }

    private func checkBalance(
        _ order: Order, _ notional: Money, released: Money, _ outcomes: inout [CheckOutcome]
    ) {
        var needed = notional
        if order.request.spend == nil { needed += notional.share(options.feeEstimate, rounding: .up) }
        let free = (slot(order.owner).map(freeCash(for:)) ?? freeCash) + released
        outcomes.append(
            CheckOutcome(
                .balance, isPassed: needed.units <= free.units, value: needed.units, limit: free.units, unit: .money))
    }

    private func checkLosses(_ order: Order, _ outcomes: inout [CheckOutcome]) {
        if let limit = limits.maximumDrawdown {
            let value = account.drawdown
            outcomes.append(ratio(.drawdown, value, limit))
        }
        if let limit = limits.maximumDailyLoss { outcomes.append(ratio(.dailyLoss, dailyLoss, limit)) }
        if let slot = slot(order.owner), let limit = slot.registration.limits.maximumDrawdown {
            outcomes.append(ratio(.strategyDrawdown, drawdown(of: slot), limit))
        }
    }

    private func ratio(_ check: RiskCheck, _ value: Ratio, _ limit: Ratio) -> CheckOutcome {
        CheckOutcome(
            check, isPassed: value < limit, value: Int128(value.units), limit: Int128(limit.units), unit: .ratio)
    }

    private func limitMoney(_ check: RiskCheck, _ value: Money, _ limit: Money, _ outcomes: inout [CheckOutcome]) {
        outcomes.append(
            CheckOutcome(
                check, isPassed: value.units <= limit.units, value: value.units, limit: limit.units, unit: .money))
    }

    private func limitShare(_ check: RiskCheck, _ value: Money, _ limit: Ratio, _ outcomes: inout [CheckOutcome]) {
        let share = account.equity.units > 0 ? Account.share(value.units, of: account.equity.units) : .one
        outcomes.append(
            CheckOutcome(
                check, isPassed: share <= limit, value: Int128(share.units), limit: Int128(limit.units), unit: .ratio))
    }
}
