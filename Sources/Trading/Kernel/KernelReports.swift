import Market

// What venues say of orders.
extension Kernel {
    func reported(_ report: OrderReport, _ effects: inout [Effect]) {
        advance(to: report.time, &effects)
        // The reason we cancelled for says more than the venue's "cancelled".
        let ownReason = ledger.pendingCancelReason(report.order)
        let outcome = ledger.apply(report)
        guard outcome != .unknownOrder, var order = ledger[report.order] else {
            alert(
                .warning, "unknown-order", "a report came for order \(report.order.rawValue), which is not known",
                order: report.order, &effects)
            return
        }
        if order.state == .canceled, let ownReason, ownReason != .none, order.reason != ownReason {
            ledger.update(order.id) { $0.reason = ownReason }
            order.reason = ownReason
        }
        switch outcome {
        case .unknownOrder:
            return
        case .unchanged:
            return reconsider(report, &effects)
        case .duplicateFill:
            // The answer to a question lists every fill, those that are known too.
            guard inquiry(order.id) == nil else { return }
            alert(
                .info, "duplicate-fill", "order \(order.id.rawValue) reported a trade twice; counted once",
                order: order.id, &effects)
            return
        case .conflictingFill:
            alert(
                .warning, "conflicting-fill",
                "order \(order.id.rawValue) reported a trade that is booked already, and not as this; the first counts",
                instrument: order.request.instrument, strategy: order.owner, order: order.id, &effects)
            return
        case .inferredBefore:
            alert(
                .info, "inferred-fill",
                "order \(order.id.rawValue) reported a trade that was inferred before and is booked; asking for its count",
                instrument: order.request.instrument, strategy: order.owner, order: order.id, &effects)
            return beginInquiry(order.id)
        case .anomaly:
            alert(
                .warning, "impossible-report",
                "order \(order.id.rawValue) is \(order.state.name) and got a report that does not fit",
                order: order.id, &effects)
            return
        case .lateAcceptance:
            alert(
                .warning, "works-after-all",
                "order \(order.id.rawValue) is \(order.state.name), and its venue says later that it works; asking",
                instrument: order.request.instrument, strategy: order.owner, order: order.id, &effects)
            return beginInquiry(order.id)
        case .doubtful(let isChanged):
            doubt(order, report, &effects)
            guard isChanged else { return }
        case .absent(let state):
            guard noteAbsence(order.id, state, &effects) else { return }
        case .gap(let missing):
            if case .status(let status) = report.kind, noteGap(order.id, missing, status, &effects) {
                reported(report, &effects)
            }
            return
        case .revived:
            alert(
                .warning, "revived", "order \(order.id.rawValue) was given up as closed and works after all",
                instrument: order.request.instrument, strategy: order.owner, order: order.id, &effects)
            takeBack(order, &effects)
            takeBackOfBracket(order, &effects)
        case .filled(let isLate):
            if case .filled(let fill) = report.kind { book(fill, order, isLate: isLate, at: report.time, &effects) }
            if isLate && !order.state.isClosed { takeBack(order, &effects) }
        case .changed:
            break
        }
        reconsider(report, &effects)
        if options.recording == .everything { recordOrder(ledger[order.id] ?? order, &effects) }
        // What was refused is not asked for again at once: the same answer would come, for ever.
        switch report.kind {
        case .amendRejected, .cancelRejected: return
        default: settle(order.id, &effects)
        }
    }

    /// Books an execution into order, position and account.
    private func book(
        _ reported: Fill, _ order: Order, isLate: Bool, at time: Timestamp, _ effects: inout [Effect]
    ) {
        let request = order.request
        let place = request.instrument.index
        let fill = withExactFee(reported, order)
        let notional = instruments[place].instrument.notional(fill.price, fill.quantity)
        ledger.update(order.id) { $0.filledNotional += notional }
        noteBracketFill(fill, order)
        let index = positionIndex(order.owner, request.instrument)
        let before = positions[index].quantity
        let trip = positions[index].book(
            fill, side: request.side, at: time, purpose: request.purpose, instruments[place].instrument)
        if request.side == .buy { account.cash -= notional } else { account.cash += notional }
        account.cash -= fill.quoteFee
        account.fees += fill.quoteFee + instruments[place].instrument.notional(fill.price, fill.baseFee)
        updateHeld(index)
        if request.side == .sell, !fill.baseFee.isZero {
            // What the seller has left does not pay the fee: it was taken from what others hold of the asset.
            let taken = before - fill.quantity - positions[index].quantity
            payForSale(fill.baseFee - max(.zero, taken), at: fill.price, request.instrument, &effects)
        }
        if instruments[place].mark == nil { instruments[place].mark = fill.price }
        revalue()
        if options.recording == .everything {
            record(
                .fill(
                    FillRecord(
                        order: order.id, owner: order.owner, instrument: request.instrument, side: request.side,
                        time: time, fill: fill, purpose: request.purpose)), &effects)
            record(.position(positions[index]), &effects)
        }
        if let trip { record(.trip(trip), &effects) }
        if isLate {
            alert(
                .warning, "late-fill", "order \(order.id.rawValue) filled after it was \(order.state.name); booked",
                instrument: request.instrument, strategy: order.owner, order: order.id, &effects)
        }
        if !order.overfill.isZero {
            alert(
                .warning, "overfill", "order \(order.id.rawValue) filled more than was asked; booked",
                instrument: request.instrument, strategy: order.owner, order: order.id, &effects)
        }
        if let slot = slot(order.owner) {
            if slot.position == index { noteStanding(slot) }
            if !slot.isSuspended {
                options.probe?.enter(slot.id)
                slot.strategy.onFill(fill, side: request.side)
                options.probe?.leave()
            }
        }
        if hasBreakers { checkBreakers(&effects) }
    }

    /// Takes a fee in the asset that was sold from what nobody's strategy holds of it.
    private func payForSale(
        _ fee: Quantity, at price: Price, _ instrument: InstrumentID, _ effects: inout [Effect]
    ) {
        let own = positions.firstIndex { $0.owner.isManual && $0.instrument == instrument }
        guard fee.mantissa > 0, let own, positions[own].quantity.mantissa > 0 else { return }
        positions[own].giveUp(fee, at: price, instruments[instrument.index].instrument)
        updateHeld(own)
        if options.recording == .everything { record(.position(positions[own]), &effects) }
    }

    private func updateHeld(_ index: Int) {
        let instrument = positions[index].instrument.index
        let place = instruments[instrument].held.firstIndex(of: index)
        if positions[index].isFlat {
            if let place {
                instruments[instrument].held.remove(at: place)
                openPositionCount -= 1
            }
        } else if place == nil {
            instruments[instrument].held.append(index)
            openPositionCount += 1
        }
    }

    /// What follows from an order's new state: forget it when closed, protect what is held, go on flattening.
    private func settle(_ id: OrderID, _ effects: inout [Effect]) {
        guard let order = ledger[id] else { return }
        let slot = slot(order.owner)
        if order.state.isClosed {
            slot?.forget(order.id)
            followExit(order, &effects)
        }
        if let slot, slot.registration.instrument == order.request.instrument {
            if concludeReplacement(by: order, slot, &effects) {
                protect(slot, isRenewing: true, &effects)
            } else if order.state == .rejected && order.request.purpose.isProtective, wasOvertaken(order) {
                closeOvertaken(slot, &effects)
            } else if order.state == .rejected && order.request.purpose.isProtective {
                alert(
                    .critical, "unprotected", "protective order \(order.id.rawValue) was \(order.reason.text)",
                    instrument: order.request.instrument, strategy: slot.id, order: order.id, &effects)
                // A stop that was refused with its target goes by itself at once; alone it is not asked for again.
                if hasPredecessor(order, endedBy: .superseded) || wasRefused(order.request, of: slot.id) {
                    protect(slot, isRenewing: true, &effects)
                }
            } else {
                protect(slot, isRenewing: wasRenewed(order), &effects)
            }
            if options.locksHoldings { noteProtectionInDoubt(slot, &effects) }
        }
        if order.state.isClosed { releaseHeld(after: order, &effects) }
        followBrackets(after: id, &effects)
        if order.state == .rejected || order.state == .expired, !isWaitingForEntry(order) {
            alert(
                .warning, Alert.rejected,
                refusalText { "order \(order.id.rawValue) \(order.state.name): \(order.reason.text)" },
                instrument: order.request.instrument, strategy: order.owner, order: order.id, &effects)
        }
        if isFlattening { continueFlattening(&effects) }
    }
}
