import Market

// From a strategy's signal to orders.
extension Kernel {
    func act(on signal: Signal, _ slot: StrategySlot, _ candle: Candle, _ effects: inout [Effect]) {
        var position = positions[slot.position]
        // A remainder that no order can close counts as nothing; it goes with the next exit.
        if isDust(position) { position.quantity = .zero }
        let outcome: String
        switch signal.direction {
        case .flat:
            outcome = leave(slot, position, &effects)
        case .long where position.quantity.mantissa > 0, .short where position.quantity.mantissa < 0:
            // Whatever it wanted to leave before, it wants to stay now.
            if !isFlattening { forgetExit(slot.id, slot.registration.instrument) }
            outcome = say("already \(signal.direction.name)")
        case .short where !instruments[slot.registration.instrument.index].instrument.kind.allowsShort:
            let leaving = leave(slot, position, &effects)
            outcome = say(leaving + "; no shorts on a spot instrument")
        case .long, .short:
            let leaving = position.isFlat ? "" : leave(slot, position, &effects)
            let entering = enter(slot, signal, &effects)
            outcome = say(leaving.isEmpty ? entering : leaving + "; " + entering)
        }
        if options.recording == .everything {
            // What protects an entry stands in the strategy's own record.
            var signal = signal
            signal.protection = nil
            record(
                .signal(
                    SignalRecord(
                        strategy: slot.id, instrument: slot.registration.instrument, time: now, price: candle.close,
                        signal: signal, outcome: outcome)), &effects)
        }
    }

    /// Whether a position is flat, or smaller than any order that could close it.
    @inline(__always)
    func isDust(_ position: Position) -> Bool {
        isRest(position) || options.locksHoldings && isBelowSmallestOrder(position)
    }

    /// Whether a position is flat, or a rest below the step.
    @inline(__always)
    func isRest(_ position: Position) -> Bool { position.isDust(instruments[position.instrument.index].instrument) }

    /// Whether a holding is worth less than the smallest order that its venue takes. It can't be sold alone, and no stop can
    /// protect it: it goes with the next exit.
    private func isBelowSmallestOrder(_ position: Position) -> Bool {
        isBelowSmallestOrder(
            position.closable(instruments[position.instrument.index].instrument), of: position.instrument)
    }

    /// Whether a quantity is less, or worth less at its mark, than the smallest order that its venue takes.
    func isBelowSmallestOrder(_ quantity: Quantity, of id: InstrumentID) -> Bool {
        let slot = instruments[id.index]
        if quantity < slot.instrument.rules.minimumQuantity { return true }
        guard slot.instrument.rules.minimumNotional > 0, let mark = slot.mark else { return false }
        // The rule is in units of 10^−8, money in units of 10^−16.
        return slot.instrument.notional(mark, quantity).units < Int128(slot.instrument.rules.minimumNotional)
            * 100_000_000
    }

    /// A text for the record, made only where there is one.
    private func say(_ text: @autoclosure () -> String) -> String {
        options.recording == .everything ? text() : ""
    }

    /// Closes what the strategy holds and withdraws an entry that has not filled.
    private func leave(_ slot: StrategySlot, _ position: Position, _ effects: inout [Effect]) -> String {
        var outcome = ""
        if let entry = slot.entry, let order = ledger[entry], !order.isCancelPending {
            cancel(order, .cancelledByStrategy, &effects)
            outcome = say("entry \(entry.rawValue) withdrawn; ")
        }
        if position.isFlat { return say(outcome + "nothing to close") }
        if let exit = slot.exit { return say(outcome + "exit \(exit.rawValue) already working") }
        guard let order = submitExit(position, .exit, &effects) else {
            return say(outcome + "nothing of it can be sold now")
        }
        return outcome + describe(order)
    }

    private func enter(_ slot: StrategySlot, _ signal: Signal, _ effects: inout [Effect]) -> String {
        if let entry = slot.entry { return say("entry \(entry.rawValue) already working") }
        let id = slot.registration.instrument
        guard let mark = instruments[id.index].mark else { return "no price yet" }
        adopt(signal.protection, slot, &effects)
        let side: Side = signal.direction == .long ? .buy : .sell
        // Reversing: the exit was sent just before and frees what the position is worth.
        let free =
            isDust(positions[slot.position])
            ? freeCash(for: slot) : freeCash(for: slot) + reversalProceeds(positions[slot.position].quantity, id)
        var request = OrderRequest(instrument: id, side: side, type: .market, quantity: .zero, purpose: .entry)
        switch slot.registration.sizing {
        case .quantity(let quantity):
            let instrument = instruments[id.index].instrument
            request.quantity = instrument.bounded(scaled(quantity, signal.strength), for: .market)
                .rounded(toStep: instrument.quantityStep(of: .market), .down)
        case .allIn:
            size(&request, scaled(free, signal.strength), at: mark)
        case .equityShare(let share):
            let wanted = leveraged(equity(for: slot)).share(share, rounding: .down)
            let scaled = scaled(wanted, signal.strength)
            size(&request, scaled < free ? scaled : free, at: mark)
        }
        return describe(submit(request, owner: slot.id, &effects))
    }

    /// Takes over the protection that an entry asks for, so that it holds over a restart as any other does.
    private func adopt(_ protection: Protection?, _ slot: StrategySlot, _ effects: inout [Effect]) {
        guard let protection, protection != slot.registration.protection else { return }
        slot.registration.protection = protection
        record(.strategy(slot.registration, reason: ""), &effects)
    }

    /// The share of an amount that a signal's strength asks for, rounded down; all of it at 1.
    private func scaled(_ amount: Money, _ strength: Double) -> Money {
        strength >= 1 ? amount : amount.share(Kernel.share(strength), rounding: .down)
    }

    private func scaled(_ quantity: Quantity, _ strength: Double) -> Quantity {
        guard strength < 1 else { return quantity }
        let units = Int128(quantity.mantissa) * Int128(Kernel.share(strength).units) / Int128(Ratio.one.units)
        return Quantity(mantissa: Int64(units))
    }

    private static func share(_ strength: Double) -> Ratio {
        strength > 0 ? Ratio(units: Int64((strength * 1e8).rounded(.down))) : .zero
    }

    /// A buy says what to spend and lets the venue find the quantity at the fill, and so does a short on margin; a short on
    /// a cash account needs a quantity now. An amount that is worth more than the largest order at the market is that order.
    private func size(_ request: inout OrderRequest, _ amount: Money, at mark: Price) {
        let instrument = instruments[request.instrument.index].instrument
        let step = instrument.quantityStep(of: .market)
        if request.side == .buy || options.leverage != nil {
            let affordable = affordable(amount, at: mark, instrument)
            let bounded = instrument.bounded(affordable, for: .market)
            if bounded < affordable {
                request.quantity = bounded.rounded(toStep: step, .down)
            } else {
                request.spend = amount
            }
            return
        }
        request.quantity = instrument.bounded(affordable(amount, at: mark, instrument), for: .market).rounded(
            toStep: step, .down)
    }

    /// The quantity that an amount is worth with its fee.
    private func affordable(_ amount: Money, at mark: Price, _ instrument: Instrument) -> Quantity {
        instrument.quantity(for: amount, at: mark.moved(by: options.feeEstimate, rounding: .up))
    }

    private func describe(_ order: Order) -> String {
        guard options.recording == .everything else { return "" }
        if order.state == .denied { return "order \(order.id.rawValue) denied" }
        return "order \(order.id.rawValue)"
    }

    /// Cash that nothing has a claim on: working orders reserve theirs, shorts their worth twice over (proceeds and
    /// margin, which makes one times the equity the most that can be short). On margin it is what may be opened: the
    /// leverage times the equity, less what is held and reserved.
    var freeCash: Money {
        var free = account.cash
        for id in ledger.open {
            guard let order = ledger[id] else { continue }
            free -= reservation(order)
        }
        free -= shortReservation()
        for place in positions.indices where positions[place].quantity.mantissa < 0 {
            let index = positions[place].instrument.index
            guard let mark = instruments[index].mark else { continue }
            let worth = instruments[index].instrument.notional(mark, positions[place].quantity)
            free += worth + worth
        }
        // Cash less a long's worth is the equity: so is what is left here. Each further time adds it once more.
        return free + leveraged(account.equity) - account.equity
    }

    /// What closing a position at its mark would free, fees taken off.
    func reversalProceeds(_ held: Quantity, _ instrument: InstrumentID) -> Money {
        let index = instrument.index
        guard let mark = instruments[index].mark else { return .zero(account.currency) }
        let worth = instruments[index].instrument.notional(mark, held.magnitude)
        return worth - worth.share(options.feeEstimate, rounding: .up)
    }

    /// An amount as many times as the account's margin carries it.
    func leveraged(_ amount: Money) -> Money {
        guard let leverage = options.leverage, leverage > 1 else { return amount }
        return Money(units: amount.units * Int128(leverage), amount.currency)
    }

    /// What a working buy has a claim on: an amount to spend, or what is left of it with its fee.
    func reservation(_ order: Order) -> Money {
        guard order.request.side == .buy, !order.request.isReduceOnly else { return .zero(account.currency) }
        let notional = openNotional(order)
        if order.request.spend != nil, order.request.quantity.isZero { return notional }
        return notional + notional.share(options.feeEstimate, rounding: .up)
    }
}
